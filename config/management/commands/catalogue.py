"""Gather the texts of the house into the English catalogue, and compile it; or check that it is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import catalogue

SHOWN = 40


class Command(BaseCommand):
    help = "Bring locale/en up to date with the texts of the pages, forms, rules and rulebook; --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where a translation is missing or stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with the texts at fault, where --check finds any."""
        if options["check"]:
            found = catalogue.stale()
            if found:
                raise CommandError(
                    "\n".join([*found[:SHOWN], f"{len(found)} in all. Run manage.py catalogue, then translate."])
                )
            self.stdout.write("The English catalogue is whole.")
            return
        made = catalogue.write()
        missing = catalogue.flaws(made)
        self.stdout.write(f"{len(made)} texts, {len(missing)} to look at.")
