"""`manage.py make_seal_key`: the first key that signs the trail's heads, written once, outside the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import keys


class Command(BaseCommand):
    help = "Make the Ed25519 key that signs the trail's heads (TACT_SEAL_KEY). Never replaces one: see rotate_seal_key."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.SEAL_KEY)
        try:
            made = keys.make_seal_key(path)
        except OSError as error:
            raise CommandError(
                _("La clé du sceau n’a pas pu être écrite dans %(path)s : %(why)s.")
                % {"path": path, "why": error.strerror},
                returncode=2,
            ) from error
        if made:
            text = _(
                "Clé du sceau écrite dans %(path)s. Gardez-en une copie hors de cette machine ; le web ne doit pas la lire."
            )
        else:
            text = _("Une clé du sceau est déjà dans %(path)s : elle n’a pas été touchée.")
        self.stdout.write(text % {"path": path})
