"""Take stored decisions again: ``manage.py replay``, and under another edition of the rules: ``--rulebook DIR``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partners import clock
from sharing import replay
from sharing.management import replay_report
from sharing.management.piping import until_the_reader_leaves
from sharing.models import DecisionRecord

ALL_THE_SAME, SOME_DIFFER, SOME_UNREADABLE = 0, 1, 2
BETWEEN_TWO_LINES = 0.2  # seconds, on a terminal


class Progress:
    """How far it is, and how fast: one line that redraws itself on a terminal; elsewhere, where asked, one at each tenth."""

    def __init__(self, stream: Any, expected: int, *, asked: bool) -> None:
        self._stream, self._expected = stream, max(expected, 1)
        self._drawn = bool(stream.isatty())
        self._shown = self._drawn or asked
        self._started = self._told_at = time.monotonic()
        self._told = 0

    def __call__(self, done: int) -> None:
        """Say it, where it is time to."""
        if not self._shown:
            return
        now = time.monotonic()
        percent = min(100 * done // self._expected, 100)
        if self._drawn:
            if now - self._told_at < BETWEEN_TWO_LINES and done < self._expected:
                return
        elif percent // 10 == self._told:
            return
        self._told, self._told_at = percent // 10, now
        line = _("%(percent)s %%, %(done)s décisions sur %(expected)s, %(rate)s par seconde") % {
            "percent": percent,
            "done": done,
            "expected": self._expected,
            "rate": round(done / max(now - self._started, 0.001)),
        }
        over = done >= self._expected
        self._stream.write(f"\r{line}" if self._drawn else line, ending="\n" if over or not self._drawn else "")
        self._stream.flush()


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ArgumentTypeError(_("«\u00a0%(day)s\u00a0» n’est pas un jour (AAAA-MM-JJ)") % {"day": written}) from error


class Command(BaseCommand):
    """Lists the decisions that would now come out otherwise, and by which norm; writes nothing, shows no name."""

    help = (
        "Reprend les décisions enregistrées sur leurs faits, et liste celles qui seraient autres. "
        "Statut : 0 si toutes sont les mêmes, 1 si certaines diffèrent, 2 si certaines ne peuvent pas être lues."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=_day, metavar="JOUR", help="seulement les décisions de ce jour et d’après")
        parser.add_argument("--case", metavar="RÉFÉRENCE", help="seulement celles de cette situation (2026-0143)")
        parser.add_argument("--json", action="store_true", help="un objet JSON par ligne, le bilan en dernier")
        parser.add_argument("--progress", action="store_true", help="dit l’avancement même hors d’un terminal")
        parser.add_argument("--rulebook", type=Path, metavar="DOSSIER", help="sous les règles de cet autre dossier")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Replay and report. Exits with SOME_DIFFER or SOME_UNREADABLE; one sentence where it cannot start."""
        if options["rulebook"] is not None:
            sys.exit(_under(options["rulebook"], options))
        try:
            with until_the_reader_leaves(self.stdout), transaction.atomic():  # in a transaction, rows stream
                status = self._replayed(_chosen(options["since"], options["case"]), options)
        except DatabaseError as error:
            why = str(error).strip().split("\n", 1)[0]
            raise CommandError(
                _("Les décisions n’ont pas pu être lues\u00a0: %(why)s") % {"why": why}, returncode=SOME_UNREADABLE
            ) from error
        if status:
            sys.exit(status)

    def _replayed(self, records: QuerySet[DecisionRecord], options: dict[str, Any]) -> int:
        report = replay_report.AsJson if options["json"] else replay_report.AsText
        written = report(self.stdout)
        written.begin()
        altered = replay.altered_editions()
        written.altered(altered)
        progress = Progress(self.stderr, records.count(), asked=options["progress"])
        tally = replay.Tally()
        for one in replay.replay(records):
            tally.add(one)
            written.line(one)
            progress(tally.replayed)
        written.end(tally)
        if tally.unreadable or altered:
            return SOME_UNREADABLE
        return SOME_DIFFER if tally.differing else ALL_THE_SAME


def _chosen(since: date | None, case: str | None) -> QuerySet[DecisionRecord]:
    records = DecisionRecord.objects.all()
    if since is not None:
        records = records.filter(decided_at__gte=clock.start_of(since))
    if case is not None:
        records = records.filter(case__reference=case)
        if not records.exists():
            raise CommandError(
                _("Aucune décision pour la situation «\u00a0%(ref)s\u00a0».") % {"ref": case},
                returncode=SOME_UNREADABLE,
            )
    return records


def _under(folder: Path, options: dict[str, Any]) -> int:
    """The same command in a process of its own: the core reads its rulebook once, as it is imported."""
    if not folder.is_dir():
        raise CommandError(_("%(folder)s n’est pas un dossier.") % {"folder": folder}, returncode=SOME_UNREADABLE)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "replay"]
    if options["since"] is not None:
        command.append(f"--since={options['since'].isoformat()}")
    if options["case"] is not None:
        command.append(f"--case={options['case']}")
    command += [f"--{name}" for name in ("json", "progress") if options[name]]
    return subprocess.run(command, env={**os.environ, "TACT_RULEBOOK": str(folder.resolve())}, check=False).returncode
