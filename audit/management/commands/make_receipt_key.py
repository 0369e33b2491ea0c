"""`manage.py make_receipt_key`: the key that signs receipts, written once, outside the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit import signing


class Command(BaseCommand):
    help = "Make the Ed25519 key that signs the trail's receipts (TACT_RECEIPT_KEY). Never replaces one."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.RECEIPT_KEY)
        try:
            made = signing.make_key(path)
        except OSError as error:
            raise CommandError(
                _("La clé des reçus n’a pas pu être écrite dans %(path)s : %(why)s.")
                % {"path": path, "why": error.strerror},
                returncode=2,
            ) from error
        if made:
            text = _("Clé des reçus écrite dans %(path)s. Gardez-en une copie hors de cette machine.")
        else:
            text = _("Une clé des reçus est déjà dans %(path)s : elle n’a pas été touchée.")
        self.stdout.write(text % {"path": path})
