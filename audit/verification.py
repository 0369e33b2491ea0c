"""Check the whole trail in one stream: every entry's bytes, hash, receipt and payload, the acts, the guards.

Memory does not grow with the trail: chunks, counts, and the first faults only. What this cannot see is what the
database alone cannot prove (trust.md): an entry removed with its payload and its act, which the signed checkpoints see.
"""

import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from . import canonical, inspection, ledger, reading, references, signing
from .faults import Fault, Flaw, Tally
from .reading import Row

WORKERS = min(4, os.cpu_count() or 1)
KEYS = frozenset({"v", "uuid", "nonce", "at", "action", "actor", "case", "refs", "codes", "commitment"})
# The body's name of what a column repeats, and the column.
REPEATED = (("uuid", "uuid"), ("at", "at"), ("action", "action"), ("actor", "actor_ref"), ("case", "case_ref"))

ReceiptCheck = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found. `entries` were read; `partial` says that older ones, or the last ones, were not."""

    entries: int
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    partial: bool = False
    event_guards: bool = False
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Nothing wrong was found."""
        return self.fault_count == 0

    @property
    def first(self) -> Fault | None:
        """The earliest entry at fault; the guards come after the entries."""
        return self.faults[0] if self.faults else None


def entries_in_all() -> int:
    """How many entries the trail holds (an index is counted: about 50 ms a million)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        count: int = cursor.fetchone()[0]
    return count


def verify(*, newest: int | None = None, seconds: float | None = None) -> Report:
    """Check everything; or the `newest` entries only, and stop reading after `seconds`.

    Acts and guards are always checked whole. Raises ImproperlyConfigured where the receipt key cannot be read and
    DatabaseError where the trail cannot.
    """
    began = time.monotonic()
    check = signing.checker()
    tally = Tally()
    with _one_snapshot():
        first_id = _start_of(newest)
        deadline = began + seconds if seconds is not None else None
        entries, whole = _stream(first_id, deadline, check, tally)
        for fault in references.faults():
            tally.add(fault)
        for flaw in inspection.flaws():
            tally.add(Fault(entry=None, flaws=(flaw,)))
        event_guards = inspection.event_guards()
    return Report(
        entries=entries,
        faults=tally.in_order,
        fault_count=tally.count,
        partial=not whole or first_id > 0,
        event_guards=event_guards,
        seconds=time.monotonic() - began,
    )


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Every statement sees the same instant; inside somebody's transaction, that transaction's own view."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _start_of(newest: int | None) -> int:
    """The id where the `newest` entries begin; 0 where that is all of them."""
    if newest is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_entry ORDER BY id DESC OFFSET %s LIMIT 1", [newest])
        before = cursor.fetchone()
    return before[0] + 1 if before else 0


def _stream(first_id: int, deadline: float | None, check: ReceiptCheck, tally: Tally) -> tuple[int, bool]:
    """Read in order, check in threads (signing leaves the interpreter free); returns entries read, and if all were."""
    entries, whole = 0, True
    waiting: deque[Future[list[Fault]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for rows in reading.chunks(first_id):
            entries += len(rows)
            share = -(-len(rows) // WORKERS)
            for start in range(0, len(rows), share):
                waiting.append(pool.submit(_check_rows, rows[start : start + share], check))
            while len(waiting) > 2 * WORKERS:
                _settle(waiting.popleft(), tally)
            if deadline is not None and time.monotonic() > deadline:
                whole = len(rows) < reading.CHUNK
                break
        while waiting:
            _settle(waiting.popleft(), tally)
    return entries, whole


def _settle(batch: Future[list[Fault]], tally: Tally) -> None:
    for fault in batch.result():
        tally.add(fault)


def _check_rows(rows: list[Row], check: ReceiptCheck) -> list[Fault]:
    return [
        Fault(entry=row.id, uuid=row.uuid.decode(), action=row.action.decode(), flaws=tuple(flaws))
        for row in rows
        if (flaws := entry_flaws(row, check))
    ]


def entry_flaws(row: Row, check: ReceiptCheck) -> list[Flaw]:
    """Everything wrong with one entry as it stands in the database."""
    wrong: list[Flaw] = []
    body = _parsed(row.body, wrong)
    if body is not None:
        wrong += [Flaw("column", column) for name, column in REPEATED if not _says(body[name], getattr(row, column))]
        if row.payload is not None and canonical.commitment(row.salt or b"", row.payload) != body["commitment"]:
            wrong.append(Flaw("commitment"))
    if row.leaf_hash is None or canonical.leaf_hash(row.body) != row.leaf_hash:
        wrong.append(Flaw("leaf_hash"))
    if not check(row.body, row.receipt):
        wrong.append(Flaw("receipt"))
    if row.payload is None:
        wrong.append(Flaw("payload_missing"))
    return wrong


def _says(value: Any, column: bytes | None) -> bool:
    if isinstance(value, str):
        return value.encode() == column
    return value is None and column is None


def _parsed(raw: bytes, wrong: list[Flaw]) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
        same = canonical.encode(body) == raw
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested to exhaust whoever reads it
        wrong.append(Flaw("unreadable"))
        return None
    if not same:
        wrong.append(Flaw("not_canonical"))
    if not isinstance(body, dict) or body.keys() != KEYS:
        wrong.append(Flaw("format", "v"))
        return None
    if body["v"] != ledger.FORMAT:
        wrong.append(Flaw("format", f"v {body['v']}"))
    return body
