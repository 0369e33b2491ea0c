"""`manage.py restore_key receipt|seal FILE`: put a saved key back where the settings look for it, never over another."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config.backup import asking, keys


class Command(BaseCommand):
    help = "Put back a key that backup_key saved (TACT_RECEIPT_KEY, TACT_SEAL_KEY). Refuses where one is there."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=keys.KEYS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, default=None, metavar="FILE", help="the private key that opens it")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking.one_sentence():
            path = keys.put_back(
                which=options["which"], path=options["file"], identities=asking.identities(options["identity"])
            )
        self.stdout.write(_("Clé remise dans %(path)s.") % {"path": path})
