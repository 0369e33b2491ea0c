"""`manage.py make_backup_identity FILE`: a pair of keys for backups; the private one goes away from this machine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from config.backup import age, asking


class Command(BaseCommand):
    help = "Make a private key (age) in FILE, and print the public one, for the file of recipients."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        with asking.one_sentence():
            public = age.make_identity(options["file"])
        self.stderr.write(
            _("Clé privée écrite : gardez-la hors de cette machine, deux fois. Sans elle, rien ne s’ouvre.")
        )
        self.stdout.write(public)
