"""Write docs/rules.md from the rulebook, or say that it is out of step: ``manage.py write_rules [--check]``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sharing import rules_document


class Command(BaseCommand):
    """Same rulebook, same bytes; no database is needed."""

    help = "Écrit docs/rules.md d’après le livre des règles."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="n’écrit rien ; échoue si le document n’est pas à jour"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document; with ``--check``, raise CommandError where it is not that of this rulebook."""
        path, text = rules_document.RULES_DOCUMENT, rules_document.document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(
                    _("docs/rules.md n’est plus celui du livre des règles : lancer manage.py write_rules.")
                )
            return
        path.write_text(text, encoding="utf-8")
        self.stdout.write(_("%(file)s : %(lines)d lignes.") % {"file": path.name, "lines": text.count("\n")})
