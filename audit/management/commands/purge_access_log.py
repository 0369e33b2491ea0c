"""`manage.py purge_access_log`: make the months of the access log, and drop those that the policy no longer keeps."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import access_log


class Command(BaseCommand):
    help = "Make the next months of the access log and drop, whole, those older than ACCESS_LOG_MONTHS."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and touch nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            at = access_log.now()
            made = [] if options["dry_run"] else access_log.make_months(at=at)
            purged = access_log.purge(at=at, dry_run=options["dry_run"])
        except DatabaseError as error:
            why = str(error).strip().split("\n", 1)[0]
            raise CommandError(_("Rien n’a été effacé : %(why)s") % {"why": why}, returncode=2) from error
        for month in made:
            self.stdout.write(_("%(month)s : mois préparé.") % {"month": month})
        said = _("%(month)s : %(rows)s à effacer.") if options["dry_run"] else _("%(month)s : %(rows)s effacés.")
        for month, count in purged.rows.items():
            rows = ngettext("%(count)s accès", "%(count)s accès", count) % {
                "count": number_format(count, force_grouping=True)
            }
            self.stdout.write(said % {"month": month, "rows": rows})
        if not purged.rows:
            self.stdout.write(
                _("Rien à effacer : tout ce qui est noté date d’après le %(day)s.")
                % {"day": date_format(purged.kept_since, "j F Y")}
            )
