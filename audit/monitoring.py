"""The monitor: what must be true of the trail at every instant, looked at by the schedule; a fault raises its alarm.

Every minute: the clocks agree and none went back, each entry has its leaf, the latest heads are ours and lead to the last, the
guards are in place, receipts are made with the last key, the verification that was asked for was done. Every hour: each act has
its entry, and each entry its act.
Every night everything is read (`audit.verifying`).
"""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from . import alarms, comparing, findings, heads, inspection, keys, receipt_keys, references, verifying
from .access_log import now
from .faults import Fault
from .models import Checkpoint, Entry

SEALED_WITHIN = 60.0
"""Seconds within which an entry has its leaf."""
SECOND_LOOK_SECONDS = 3.0
CLOCKS_APART = 2.0
"""Seconds."""
VERIFIED_WITHIN = timedelta(hours=3)
STILL_WRITTEN = timedelta(minutes=2)
"""After a rotation, what was being written ends; then whoever signs with the former key was forgotten."""
LATE = timedelta(days=7)
MOST_RECEIPTS = 200
"""Of the newest entries, so many receipts are looked at, each minute of these days."""
MOST_HEADS = 100
"""Of the latest heads, so many lead to the last, each looked at; the night's verification reads them all."""


def watch() -> None:
    """Look at everything that costs little, raise what rings, and record in the trail what is not there yet."""
    at = now()
    verifying.ask_nightly()
    for look in (_clocks, _lag, _heads, _guards, _receipt_keys, _verification):
        look(at)
    alarms.write_down(at=at)


def watch_acts() -> None:
    """Each act has its entry, and each entry its act. Reads every act: seconds for a million."""
    at = now()
    with transaction.atomic():
        found = list(references.faults())
    findings.ring(found, at=at)
    alarms.write_down(at=at)


def _clocks(at: datetime) -> None:
    """Only the database's time is stored. It never goes back (abuse 21), and this machine's is not far from it."""
    last = Entry.objects.order_by("-id").values_list("at", flat=True).first()
    if last is not None and (back := (last - at).total_seconds()) > CLOCKS_APART:
        alarms.raise_alarm(kind="clock_set_back", found={"seconds": round(back)}, at=at)
    apart = seconds_apart()
    if apart > CLOCKS_APART:
        alarms.raise_alarm(kind="clocks_apart", found={"seconds": round(apart)}, at=at)


def seconds_apart() -> float:
    """How far this machine's clock is from the database's, at least: what the question itself took is not counted."""
    before = datetime.now(UTC)
    told = now()
    after = datetime.now(UTC)
    return max(0.0, (before - told).total_seconds(), (told - after).total_seconds())


def _lag(at: datetime) -> None:
    lag = heads.unsealed()
    if lag.seconds > SEALED_WITHIN:
        # An entry written this instant may speak of an earlier one: the sealer has it by the second look.
        time.sleep(SECOND_LOOK_SECONDS)
        lag = heads.unsealed()
    if lag.seconds > SEALED_WITHIN:
        alarms.raise_alarm(kind="sealer_silent", found={"waiting": lag.count, "seconds": round(lag.seconds)}, at=at)


def _heads(at: datetime) -> None:
    latest = heads.latest()
    if latest is None:
        return
    for one in Checkpoint.objects.order_by("-size")[:MOST_HEADS]:
        compared = comparing.compare(bytes(one.note), latest=latest)
        told = compared.head is not None and (compared.head.size, compared.head.root) == (one.size, bytes(one.root))
        if compared.answer is not comparing.Answer.EXTENDED or not told:
            answer = compared.answer if compared.answer is not comparing.Answer.EXTENDED else comparing.Answer.REWRITTEN
            alarms.raise_alarm(kind="heads_inconsistent", found={"size": one.size, "answer": answer}, at=at)
            return


def _guards(at: datetime) -> None:
    findings.ring([Fault(entry=None, flaws=(flaw,)) for flaw in inspection.flaws()], at=at)


def _receipt_keys(at: datetime) -> None:
    """The public half of the key in use is known, and nobody goes on signing with the one that it replaced."""
    with suppress(ImproperlyConfigured):  # no page signs anything then, and each says so
        receipt_keys.remember()
        known, own = receipt_keys.rows(), receipt_keys.own()
        if own.vkey not in {row.vkey for row in known}:
            alarms.raise_alarm(kind=keys.LOST, found={"key": own.vkey, "receipts": True}, at=at)
        led = receipt_keys.accepted(own, receipt_keys.statements(known))
        last = next((row for row in known if row.vkey == led[-1].key.vkey), None)
        succession = receipt_keys.read(bytes(last.statement)) if last and last.statement else None
        if last is None or succession is None:
            return
        if not last.at + STILL_WRITTEN < at or datetime.fromisoformat(succession.until) < at - LATE:
            return
        former = [receipt_keys.Accepted(succession.former)]
        recent = Entry.objects.filter(at__gt=last.at + STILL_WRITTEN).order_by("-at")[:MOST_RECEIPTS]
        if any(receipt_keys.holds(bytes(one.body), bytes(one.receipt), former) for one in recent):
            found = {"key": succession.former.vkey, "until": succession.until}
            alarms.raise_alarm(kind="former_receipt_key_used", found=found, at=at)


def _verification(at: datetime) -> None:
    job = verifying.asked()
    if job is not None and job.asked_at < at - VERIFIED_WITHIN:
        alarms.raise_alarm(kind="verification_overdue", found={"asked_at": job.asked_at.isoformat()}, at=at)
