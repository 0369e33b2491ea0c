"""`manage.py backup_key receipt|seal`: save one of the keys that prove the trail, encrypted, apart from the database.

Run where the key can be read (the seal's: beside the sealer). Exit status 0: it is saved, or was already; 2: why not.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config.backup import asking, keys


class Command(BaseCommand):
    help = "Save the key of receipts or of the seal, encrypted (age), in a folder of its own."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=keys.KEYS)
        parser.add_argument("--to", type=Path, default=None, metavar="FOLDER", help="default: TACT_BACKUPS/<which>")
        parser.add_argument(
            "--recipients", type=Path, default=None, metavar="FILE", help="public keys; default: TACT_KEY_RECIPIENTS"
        )

        parser.add_argument("--if-made", action="store_true", help="say so and end well where there is no such key yet")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = (options["to"] or settings.BACKUPS / options["which"]).expanduser().absolute()
        if options["if_made"] and not keys.place(options["which"]).exists():
            self.stdout.write(_("Il n’y a pas encore de clé %(path)s.") % {"path": keys.place(options["which"])})
            return
        with asking.one_sentence():
            to, remark = asking.recipients(options["recipients"], settings.KEY_RECIPIENTS)
            path = keys.save(which=options["which"], to=folder, recipients=to)
        if path is None:
            self.stdout.write(_("Cette clé est déjà sauvegardée dans %(folder)s.") % {"folder": folder})
            return
        self.stdout.write(_("Clé sauvegardée : gardez ce fichier ailleurs que la base, et ailleurs que l’autre clé."))
        if remark:
            self.stdout.write(remark)
        self.stdout.write(str(path))
