"""Check the whole trail: entries, leaves, tiles, signed heads, receipts, personal parts, acts, guards (ADR 0031).

Memory does not grow with the trail: windows, chunks, counts, and the first faults only. What the database and its key alone
cannot prove (trust.md) is said too: whoever holds both can rewrite everything, and only a head kept outside shows it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from . import erased, heads, inspection, kept_heads, reading, receipt_keys, references, tree, unsealed, window_readers
from .faults import Fault, Flaw, Tally
from .kept_heads import Kept
from .models import Checkpoint, Leaf
from .report import Report
from .sealed_tree import Climb
from .sealed_windows import LEAVES, TILE, Question, Window
from .unsealed import flaws_now

__all__ = ["Report", "entries_in_all", "flaws_now", "verify"]

Progress = Callable[[int, int], None]


def entries_in_all() -> int:
    """How many entries the trail holds (an index is counted: about 50 ms a million)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        count: int = cursor.fetchone()[0]
    return count


def verify(
    *,
    newest: int | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
    receipts: bool = False,
    since: Sequence[Kept] = (),
) -> Report:
    """Check everything; or the `newest` entries only (a few more: whole windows), and stop reading after `seconds`.

    `progress(checked, total)` is called as entries are read. `receipts`: read again those of sealed entries too, which their
    proofs replace. `since`: heads kept outside, which today's trail must extend. Acts and guards are always checked whole.
    Raises ImproperlyConfigured where the receipt key cannot be read and DatabaseError where the trail cannot.
    """
    return _Verification(newest, seconds, progress, receipts, since).done()


class _Verification:
    """One verification, from its snapshot to its report."""

    def __init__(
        self,
        newest: int | None,
        seconds: float | None,
        progress: Progress | None,
        receipts: bool,
        since: Sequence[Kept],
    ) -> None:
        self.began = time.monotonic()
        self.deadline = self.began + seconds if seconds is not None else None
        self.progress, self.receipts, self.since = progress, receipts, since
        self.newest = newest
        self.check = receipt_keys.checker()
        self.tally = Tally()
        self.partial = False
        self.report = Report(receipts=receipts, kept=tuple(one.name for one in since))

    def done(self) -> Report:
        report = self.report
        with _one_snapshot() as snapshot:
            self.total = entries_in_all()
            last = Leaf.objects.order_by("-index").first()
            report.size = last.index + 1 if last else 0
            first = self._first_leaf()
            climb = self._climb(first)
            question = Question(report.keys, tuple(climb.wanted))
            windows = window_readers.windows_of(first, report.size)
            # What this process looks at meanwhile, others read the leaves.
            with window_readers.reading(windows, question, snapshot) as found:
                self._not_sealed()
                for fault in (*references.faults(), *erased.faults(), *receipt_keys.faults()):
                    self.tally.add(fault)
                for flaw in inspection.flaws():
                    self.tally.add(Fault(entry=None, flaws=(flaw,)))
                report.event_guards = inspection.event_guards()
                self._sealed(found, climb)
            if self.receipts:
                self._receipts_of_sealed()
        report.faults, report.fault_count = self.tally.in_order, self.tally.count
        report.partial = self.partial
        report.seconds = time.monotonic() - self.began
        return report

    def _read(self, count: int) -> bool:
        """So many more were read; whether there is time for more."""
        self.report.entries += count
        if self.progress is not None:
            self.progress(self.report.entries, self.total)
        return self.deadline is None or time.monotonic() < self.deadline

    def _climb(self, first: int) -> Climb:
        """From the first leaf; or upon the tiles of those before, where the newest alone are read."""
        edge = None
        if first:
            edge = tree.Frontier(first // TILE, tree.Frontier.of(first, heads.node()).peaks)
            self.partial = True
        climb = Climb(self.tally.add, [one.head.size for one in self.since], edge)
        self.report.keys = tuple(key.vkey for key in climb.signers)
        return climb

    def _sealed(self, windows: Iterator[Window], climb: Climb) -> None:
        """Every leaf, and what is built upon them."""
        report, present = self.report, 0
        for window in windows:
            climb.take(window)
            report.leaves += window.last - window.first
            present += window.read
            if not self._read(window.read) and window.last < report.size:
                self.partial = True
                return
        climb.end(report.size)
        report.heads = climb.heads
        newest = Checkpoint.objects.order_by("-size").first()
        report.root = bytes(newest.root).hex() if newest else ""
        if not self.partial and present != self.total - report.unsealed:
            self._name_those_sealed_twice()
        for one in self.since:
            root = climb.roots.get(one.head.size)
            for fault in kept_heads.faults(one, size=report.size, origin=climb.origin, root=root, keys=climb.signers):
                self.tally.add(fault)

    def _first_leaf(self) -> int:
        if self.newest is None or self.newest >= self.total:
            return 0
        return max(0, self.report.size - self.newest) // LEAVES * LEAVES

    def _name_those_sealed_twice(self) -> None:
        """An entry has one leaf: a unique index says so, which whoever holds the base can drop."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT entry_ref, string_agg(index::text, ', ' ORDER BY index) FROM audit_leaf GROUP BY entry_ref"
                " HAVING count(*) > 1 ORDER BY entry_ref LIMIT %s",
                [references.MOST],
            )
            for entry, leaves in cursor.fetchall():
                self.tally.add(Fault(entry, (Flaw("sealed_twice", leaves),)))

    def _not_sealed(self) -> None:
        """Entries that no leaf has yet, each with its receipt."""
        report = self.report
        seen: list[float] = []

        def chunks() -> Iterator[list[reading.Row]]:
            for rows in reading.chunks(self._first_id(), sealed=False):
                for fault in unsealed.left_behind(rows):
                    self.tally.add(fault)
                report.unsealed += len(rows)
                seen.append(unsealed.oldest_seconds(rows))
                yield rows
                if self.deadline is not None and time.monotonic() >= self.deadline:
                    self.partial = self.partial or len(rows) == reading.CHUNK
                    return

        for count in unsealed.check(chunks(), self.check, self.tally.add):
            self._read(count)
        report.unsealed_seconds = max(seen, default=0.0)

    def _first_id(self) -> int:
        """The id where the `newest` entries begin; 0 where that is all of them."""
        if self.newest is None:
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM audit_entry ORDER BY id DESC OFFSET %s LIMIT 1", [self.newest])
            before = cursor.fetchone()
        self.partial = self.partial or before is not None
        return before[0] + 1 if before else 0

    def _receipts_of_sealed(self) -> None:
        rows = reading.chunks(self._first_id(), sealed=True)
        for _count in unsealed.check(rows, self.check, self.tally.add, content_too=False):
            if self.progress is not None:
                self.progress(self.report.entries, self.total)


@contextmanager
def _one_snapshot() -> Iterator[str | None]:
    """Every statement sees the same instant, whose name other connections can share; inside somebody's transaction, that
    transaction's own view, which nobody else sees: None.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if not outermost:
            yield None
            return
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot: str = cursor.fetchone()[0]
        yield snapshot
