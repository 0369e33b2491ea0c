"""Entries that have no leaf yet: their receipts are what holds them until the seal, so each is read again."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

from . import content, tree
from .content import ReceiptCheck
from .faults import Fault, Flaw
from .reading import Row
from .sealed_windows import erased_among

WORKERS = min(4, os.cpu_count() or 1)
# Below the last head's horizon everything was sealed, unless it counts the transactions of another system (a restore).
BELOW_HORIZON = """
    SELECT e.id FROM audit_entry e,
        (SELECT horizon, system FROM audit_checkpoint ORDER BY size DESC LIMIT 1) head
    WHERE e.id = ANY (%s) AND e.xid < head.horizon
    AND head.system = (SELECT system_identifier FROM pg_control_system())
    AND head.horizon <= pg_snapshot_xmax(pg_current_snapshot())
"""
OLDEST = """
    SELECT coalesce(max(extract(epoch FROM clock_timestamp() - at)), 0) FROM audit_entry WHERE id = ANY (%s)
"""


def check(
    chunks: Iterable[list[Row]], receipts: ReceiptCheck, found: Callable[[Fault], None], *, content_too: bool = True
) -> Iterable[int]:
    """Check chunks of entries in threads (signing leaves the interpreter free); yields how many each held, in order.

    `content_too` False: of entries whose leaf was verified, the receipts alone.
    """
    waiting: deque[tuple[int, list[Future[list[Fault]]]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for rows in chunks:
            erased = _lawfully_erased(rows) if content_too else set()
            share = -(-len(rows) // WORKERS)
            waiting.append(
                (
                    len(rows),
                    [
                        pool.submit(_check_rows, rows[at : at + share], receipts, erased, content_too)
                        for at in range(0, len(rows), share)
                    ],
                )
            )
            while len(waiting) > 2:
                yield _settle(waiting.popleft(), found)
        while waiting:
            yield _settle(waiting.popleft(), found)


def _settle(batch: tuple[int, list[Future[list[Fault]]]], found: Callable[[Fault], None]) -> int:
    for future in batch[1]:
        for fault in future.result():
            found(fault)
    return batch[0]


def _check_rows(rows: list[Row], receipts: ReceiptCheck, erased: set[int], content_too: bool) -> list[Fault]:
    faults = []
    for row in rows:
        if content_too:
            flaws = tuple(
                flaw
                for flaw in content.entry_flaws(row, receipts)
                if flaw.code != "payload_missing" or row.id not in erased
            )
        else:
            flaws = () if receipts(row) else (Flaw("receipt"),)
        if flaws:
            faults.append(Fault(row.id, flaws, row.uuid.decode(), row.action.decode()))
    return faults


def _lawfully_erased(rows: list[Row]) -> set[int]:
    without = [row.id for row in rows if row.payload is None]
    with connection.cursor() as cursor:
        return erased_among(cursor, without)


def flaws_now(row: Row, receipts: ReceiptCheck) -> list[Flaw]:
    """Everything wrong with one entry, its leaf and a lawful erasure taken into account: what its own page says of it."""
    erased = _lawfully_erased([row])
    flaws = [
        flaw for flaw in content.entry_flaws(row, receipts) if flaw.code != "payload_missing" or row.id not in erased
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT index, leaf_hash FROM audit_leaf WHERE entry_ref = %s ORDER BY index", [row.id])
        flaws += [
            Flaw("not_as_sealed", str(index))
            for index, kept in cursor.fetchall()
            if bytes(kept) != tree.leaf_hash(row.body)
        ]
    return flaws


def left_behind(rows: list[Row]) -> list[Fault]:
    """Of these entries without leaf, those that a signed head should contain."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW_HORIZON, [[row.id for row in rows]])
        late = {one for (one,) in cursor.fetchall()}
    return [
        Fault(row.id, (Flaw("unsealed_below_horizon"),), row.uuid.decode(), row.action.decode())
        for row in rows
        if row.id in late
    ]


def oldest_seconds(rows: list[Row]) -> float:
    """The age of the oldest of these entries, in seconds, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [[row.id for row in rows]])
        return float(cursor.fetchone()[0])
