"""`manage.py backup`: save the database, encrypted, as one moment saw it. Runs as the migrator, who reads everything.

Exit status 0: a file was written, and its path is the last line; 2: nothing was, and why.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.backup import asking, saving


class Command(BaseCommand):
    help = "Save the database, papers included, in one encrypted file (age). Keys are saved apart: backup_key."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=None, metavar="FOLDER", help="default: TACT_BACKUPS")
        parser.add_argument(
            "--recipients", type=Path, default=None, metavar="FILE", help="public keys; default: TACT_BACKUP_RECIPIENTS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = (options["to"] or settings.BACKUPS).expanduser().absolute()
        with asking.one_sentence():
            to, remark = asking.recipients(options["recipients"], settings.BACKUP_RECIPIENTS)
            saved = saving.save(to=folder, recipients=to)
            gone = saving.forget(folder=folder, days=settings.BACKUP_DAYS, at=timezone.now())
        self.stdout.write(
            _("Sauvegardé : %(size)s chiffrés ; journal de %(entries)s entrées, dernière tête signée de %(sealed)s.")
            % {
                "size": filesizeformat(saved.size),
                "entries": number_format(saved.entries, force_grouping=True),
                "sealed": number_format(saved.sealed, force_grouping=True),
            }
        )
        self.stdout.write(_("Empreinte à noter ailleurs (SHA-256) : %(digest)s") % {"digest": saved.digest})
        if gone:
            self.stdout.write(
                ngettext(
                    "%(count)s sauvegarde de plus de %(days)s jours a été effacée.",
                    "%(count)s sauvegardes de plus de %(days)s jours ont été effacées.",
                    len(gone),
                )
                % {"count": len(gone), "days": settings.BACKUP_DAYS}
            )
        if remark:
            self.stdout.write(remark)
        self.stdout.write(str(saved.path))
