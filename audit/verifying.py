"""The verification of the whole trail as a job: asked for, claimed by one worker, beating while it reads, made up for if it dies.

Its row in PostgreSQL is the whole of it: the queue only hurries it, and with the queue down it waits. Nothing of it runs in
the web.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from . import findings, verification, window_readers
from .access_log import now
from .models import Verification

log = structlog.get_logger(__name__)

LONGEST = timedelta(hours=6)
"""From its first beginning on: a verification of tens of millions of entries ends well before."""
STALE = timedelta(minutes=3)
"""Without a beat for so long, whoever was at it is dead: another begins again."""
NIGHT_HOUR = 2
"""In the house's time: the night's verification is asked for from then on, unless one was asked for since."""
BEAT_SECONDS = 1.0
MOST_ATTEMPTS = 5
LEFT_ALONE_SECONDS = 30.0
# Why it ended without an answer: the words are the page's.
NO_KEY, GIVEN_UP, TOO_LONG = "no_key", "given_up", "too_long"


class Instant(Func):
    """The database's instant, in the statement that writes it."""

    function = "clock_timestamp"
    output_field = DateTimeField()


class _Queue:
    """What this process knows of the queue: until when, by its own monotonic clock, not to call it again."""

    left_alone_until = 0.0


def asked() -> Verification | None:
    """The verification that waits or runs; None where there is none."""
    return Verification.objects.filter(ended_at=None).order_by("asked_at").first()


def ask(*, by: UUID | None) -> Verification:
    """Ask for a verification of everything, at the database's instant; where one waits or runs already, it is that one.

    `by`: the membership that asks, None for the schedule. A worker is hurried once it is committed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.verifying.ask'))")
        job = asked() or Verification.objects.create(asked_by=by, asked_at=now())
        transaction.on_commit(hurry, robust=True)
    return job


def ask_nightly() -> Verification | None:
    """The schedule's own, once a night; a night without the schedule is made up for as soon as it is back."""
    at = timezone.localtime(now())
    night = at.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    if at < night:
        night -= timedelta(days=1)
    if Verification.objects.filter(asked_at__gte=night).exists():
        return None
    return ask(by=None)


def hurry() -> None:
    """Ask a worker to begin now. With the queue down, the schedule does it once it is back."""
    if time.monotonic() < _Queue.left_alone_until:
        return
    from kombu.exceptions import OperationalError

    from audit.tasks import verify_asked

    try:
        verify_asked.apply_async(expires=60, retry=False)
    except OperationalError as error:
        _Queue.left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
        log.warning("verification.queue_down", error=type(error).__name__)


def carry_out() -> Verification | None:
    """Claim the verification that waits, or whose worker died, and do it; None where there is nothing to do.

    Raises DatabaseError where the trail cannot be read: its beat then stops, and it is begun again.
    """
    job = _claim()
    if job is None:
        return None
    found: dict[str, Any] = {"attempts": job.found["attempts"]}
    if found["attempts"] > MOST_ATTEMPTS:
        return _end(job, holds=None, found=found | {"stopped": GIVEN_UP})
    left = (job.started_at or job.asked_at) + LONGEST - now()
    if left <= timedelta(0):
        return _end(job, holds=None, found=found | {"stopped": TOO_LONG})
    began = time.monotonic()
    with _beating(job, seconds=left.total_seconds(), found=found) as beat:
        try:
            # At night there is time for every receipt: a trail that was removed and sealed again shows by them alone.
            report = verification.verify(progress=beat.reached, receipts=job.asked_by is None)
        except ImproperlyConfigured:
            return _end(job, holds=None, found=found | {"stopped": NO_KEY})
        except DatabaseError:
            if not beat.stopped:
                raise
    if beat.stopped:
        connection.close()
        job.refresh_from_db()
        return job
    found |= findings.kept(report.faults) | {
        "entries": report.entries,
        "count": report.fault_count,
        "size": report.size,
        "root": report.root,
        "event_guards": report.event_guards,
        "seconds": round(time.monotonic() - began, 1),
    }
    ended = _end(job, holds=report.holds, found=found)
    findings.ring(report.faults, at=ended.ended_at or ended.asked_at)
    return ended


def _claim() -> Verification | None:
    """One statement takes it: of two workers at once, one gets it."""
    job = asked()
    if job is None:
        return None
    free = Q(beat_at=None) | Q(beat_at__lt=Instant() - STALE)
    taken = Verification.objects.filter(free, pk=job.pk, ended_at=None).update(
        beat_at=Instant(),
        started_at=Coalesce(F("started_at"), Instant()),
        checked=0,
        found={"attempts": int(job.found.get("attempts", 0)) + 1},
    )
    if not taken:
        return None
    job.refresh_from_db()
    return job


def _end(job: Verification, *, holds: bool | None, found: dict[str, Any]) -> Verification:
    """Write the result, once: of two that thought themselves alone, the first says it."""
    many = found.get("entries", job.checked)
    Verification.objects.filter(pk=job.pk, ended_at=None).update(
        ended_at=Instant(), beat_at=Instant(), holds=holds, found=found, checked=many, total=many
    )
    job.refresh_from_db()
    return job


@dataclass(slots=True)
class Beat:
    """How far the reading is, told by the thread that reads and written by another: the first is in one long transaction."""

    checked: int = 0
    total: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    def reached(self, checked: int, total: int) -> None:
        """So many entries of so many were read."""
        self.checked, self.total = checked, total


@contextmanager
def _beating(job: Verification, *, seconds: float, found: dict[str, Any]) -> Iterator[Beat]:
    """As long as this lasts, the row says that somebody is at it, and how far; after so many seconds it is stopped.

    A thread cannot be: what it waits for is taken away, the server's process that answers it and the processes that read for it.
    """
    beat = Beat()
    connection.ensure_connection()
    reading = connection.connection.info.backend_pid
    deadline = time.monotonic() + seconds

    def write() -> None:
        try:
            while not beat.over.wait(BEAT_SECONDS):
                if time.monotonic() > deadline:
                    beat.stopped = True
                    _end(job, holds=None, found=found | {"stopped": TOO_LONG})
                    window_readers.stop()
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_terminate_backend(%s)", [reading])
                    return
                Verification.objects.filter(pk=job.pk, ended_at=None).update(
                    beat_at=Instant(), checked=beat.checked, total=beat.total
                )
        except Exception as error:  # without its beat it is begun again: nothing is lost
            log.warning("verification.beat_lost", error=type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=write, name="verification-beat", daemon=True)
    thread.start()
    try:
        yield beat
    finally:
        beat.over.set()
        thread.join()
