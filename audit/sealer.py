"""The process that seals, and goes on: one at a time, whatever dies around it (`manage.py seal`).

It needs PostgreSQL and its key, and nothing else: no queue, no web. Where PostgreSQL goes away, refuses for want of disk, or the
sealed tree is no longer the one that was signed, it says so once and tries again, less and less often.
"""

import time
from collections.abc import Callable
from datetime import date

from django.db import DatabaseError, InterfaceError, ProgrammingError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from . import sealing

TURN_LOCK = 0x7AC7_5EA2
"""Held by the process that seals, as long as its connection lives."""
AT_ONCE = 10 * sealing.BATCH
"""Entries sealed by one transaction at most: what a kill costs, and what others wait for."""
PATIENCE_SECONDS = (0.5, 1, 2, 5, 10)
SEARCH_HOUR = 3
"""From this hour on, Paris time, the day's search is due: what was passed over, which nothing should have been."""

Say = Callable[[str], None]


class Sealer:
    """One process's work. `say` gets a sentence for whoever reads its log; `every` is in seconds."""

    def __init__(self, *, every: float, say: Say) -> None:
        self.every, self.say = every, say
        self.failures = 0
        self.size = 0
        """Of the last head that it published."""
        self.searched_on: date | None = None
        self.has_turn = self.waiting = False

    def run(self) -> None:
        """For ever. Raises ImproperlyConfigured where the key or the trail's name is wrong, ProgrammingError without rights."""
        while True:
            time.sleep(self.step())

    def step(self) -> float:
        """One round; how long to wait before the next, in seconds."""
        began = time.monotonic()
        try:
            if not self.take_turn():
                return self.every
            self.seal_all()
        except ProgrammingError:
            raise
        except (DatabaseError, InterfaceError, sealing.SealBroken, OSError) as error:
            return self.fail(error)
        if self.failures:
            self.failures = 0
            self.say(_("Le scellement a repris."))
        # Never more than half of the time, where each round is long.
        return max(self.every - (time.monotonic() - began), time.monotonic() - began, 0.01)

    def take_turn(self) -> bool:
        """Whether this process is the one that seals; says once that it waits for another."""
        if self.has_turn and connection.connection is not None:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [TURN_LOCK])
            (taken,) = cursor.fetchone()
        if not taken and not self.waiting:
            self.say(_("Un autre processus scelle déjà ce journal : celui-ci attend son tour."))
        self.has_turn, self.waiting = taken, not taken
        return self.has_turn

    def seal_all(self) -> None:
        """What is committed now, and once a night what was passed over."""
        today = timezone.localtime()
        if self.searched_on != today.date() and (self.searched_on is None or today.hour >= SEARCH_HOUR):
            sealing.seal(search=True)
            self.searched_on = today.date()
        full = True
        while full:
            head = sealing.seal(limit=AT_ONCE)
            # What is written meanwhile waits for the next round: only what one transaction could not hold is gone on with.
            full = head is not None and head.size - self.size >= AT_ONCE
            self.size = head.size if head is not None else self.size

    def fail(self, error: Exception) -> float:
        """Say it once, leave the connection, wait longer each time."""
        if not self.failures:
            why = type(error.__cause__ or error).__name__ if isinstance(error, DatabaseError) else str(error)
            self.say(_("Le scellement est interrompu (%(why)s) : nouvel essai bientôt.") % {"why": why})
        connection.close()
        self.has_turn = False
        self.failures += 1
        return PATIENCE_SECONDS[min(self.failures, len(PATIENCE_SECONDS)) - 1]
