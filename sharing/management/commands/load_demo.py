"""`manage.py load_demo [--cases N] [--if-empty]`: load the demonstration territory.

Statistics for the planner are not asked for: ANALYZE belongs to the tables' owner, whom the application is not; autovacuum
makes them within the minute.
"""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sharing.demo import loading

WIDTH = 30  # of the bar, in characters
SILENT_SECONDS = 2.0


class Progress:
    """A bar that redraws itself on a terminal; elsewhere a line at each tenth. Silent where it is soon done."""

    def __init__(self, stream: Any, after: float = SILENT_SECONDS) -> None:
        self._stream, self._after = stream, after
        self._drawn = bool(getattr(stream, "isatty", lambda: False)())
        self._told = -1
        self._started = time.monotonic()

    def __call__(self, done: int, cases: int) -> None:
        percent = 100 * done // cases
        step = percent if self._drawn else percent // 10
        if step == self._told:
            return
        seconds = time.monotonic() - self._started
        if seconds < self._after:
            return
        self._told = step
        if self._drawn:
            filled = WIDTH * done // cases
            bar = "█" * filled + "·" * (WIDTH - filled)
            end = "\n" if done == cases else ""
            self._stream.write(f"\r{bar} {percent:3d} %  {done} / {cases} situations, {seconds:.0f} s{end}")
        else:
            self._stream.write(f"{percent:3d} %  {done} / {cases} situations, {seconds:.0f} s\n")
        self._stream.flush()


class Command(BaseCommand):
    help = "Charge le territoire de démonstration : institutions, professionnels, situations, accords, communications."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=loading.CASES, help="nombre de situations (45 par défaut)")
        parser.add_argument("--if-empty", action="store_true", help="ne fait rien si une institution existe déjà")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, unless this is production or something is already there. Exit status 1 with one sentence where it refuses."""
        if settings.PRODUCTION:
            raise CommandError(
                _("La démonstration ne se charge pas en production : ses comptes ont un mot de passe public.")
            )
        if options["cases"] < 1:
            raise CommandError(_("Demandez au moins une situation : --cases 1."))
        if not loading.is_empty():
            if options["if_empty"]:
                self.stdout.write(_("La base contient déjà des institutions : rien n’a été chargé."))
                return
            raise CommandError(
                _(
                    "La base contient déjà des institutions : la démonstration se charge dans une base vide "
                    "(make run la charge de lui-même ; --if-empty n’en fait pas une erreur)."
                )
            )
        started = time.monotonic()
        made = loading.load(cases=options["cases"], progress=Progress(sys.stderr))
        self.stdout.write(
            _(
                "%(cases)s situations, %(persons)s personnes, %(professionals)s professionnels, "
                "%(institutions)s institutions, en %(seconds)s s."
            )
            % {
                "cases": made.cases,
                "persons": made.persons,
                "professionals": made.professionals,
                "institutions": made.institutions,
                "seconds": f"{time.monotonic() - started:.1f}",
            }
        )
