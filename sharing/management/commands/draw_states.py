"""Write docs/states.md from the tables of states, or say that it is out of step: ``manage.py draw_states [--check]``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sharing import states_document


class Command(BaseCommand):
    """Same tables, same bytes; no database is needed."""

    help = "Dessine docs/states.md d’après les tables d’états."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="n’écrit rien ; échoue si le document n’est pas à jour"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the document; with ``--check``, raise CommandError where it is not that of these tables."""
        path, text = states_document.STATES_DOCUMENT, states_document.document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(
                    _("docs/states.md ne montre plus les tables d’états : lancer manage.py draw_states.")
                )
            return
        path.write_text(text, encoding="utf-8")
        self.stdout.write(_("%(file)s : %(lines)d lignes.") % {"file": path.name, "lines": text.count("\n")})
