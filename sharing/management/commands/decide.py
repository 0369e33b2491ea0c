"""Try scenarios on the decision core: ``manage.py decide FILE``; no database is needed."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sharing import scenarios
from sharing.decision import decide
from sharing.facts import UnreadableFactsError
from sharing.management.piping import until_the_reader_leaves
from sharing.outcome import Decision


class Command(BaseCommand):
    """Prints one JSON object a line: id, verdict, basis, reasons, duties, paths."""

    help = "Décide de scénarios écrits comme ceux de rulebook/scenarios/ : un objet JSON par ligne."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="fichier YAML de scénarios ; « - » pour l’entrée standard")

    def handle(self, *args: Any, **options: Any) -> None:
        """Decide each scenario; those that cannot be read are named on the error output, and the status is 1."""
        with until_the_reader_leaves(self.stdout):
            unreadable = self._decide(options["file"])
        if unreadable:
            sys.exit(1)

    def _decide(self, name: str) -> int:
        unreadable = 0
        try:
            for each in scenarios.read(_text(name)):
                if isinstance(each, scenarios.Unreadable):
                    unreadable += 1
                    self.stderr.write(_("Scénario %(id)s : %(why)s.") % {"id": each.id, "why": each.why})
                else:
                    self.stdout.write(json.dumps(_line(each.id, decide(each.facts, paths=True)), ensure_ascii=False))
        except UnreadableFactsError as error:
            raise CommandError(f"{name} : {error}.") from error
        return unreadable


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("%(file)s ne peut pas être lu : %(why)s.") % {"file": name, "why": error}) from error


def _line(scenario: str, decision: Decision) -> dict[str, Any]:
    plain = decision.to_plain()
    return {
        "id": scenario,
        "verdict": decision.verdict,
        "basis": decision.basis,
        "reasons": plain["reasons"],
        "duties": [duty.code for duty in decision.duties],
        "paths": plain["paths"],
    }
