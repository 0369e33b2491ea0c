"""From the windows to the roots: the tiles above, the root of every signed head in one pass, the keys that signed them.

The root of each head is computed again from the entries' own bytes (where these differ from the tiles, the entry is at
fault already, and the tree is that of the tiles): two heads that hold are therefore consistent with each other.
"""

from collections.abc import Callable, Iterator, Sequence

from django.db import connection

from . import keys, notes, receipt_keys, tree
from .faults import Fault, Flaw
from .models import Alarm, Checkpoint, SealKey
from .reading import these
from .sealed_windows import TILE, Head, Window

MOST_SUSPECTS = 10_000
"""Entries whose receipts are read again where a head does not hold: what lies between two heads is far fewer."""

Found = Callable[[Fault], None]


class Climb:
    """Takes windows in their order; gives each fault as it finds it. Memory: what no full tile holds yet, at each height."""

    def __init__(self, found: Found, kept_roots: Sequence[int] = (), edge: tree.Frontier | None = None) -> None:
        self.found = found
        self.upper = edge or tree.Frontier()
        self.above: list[list[bytes]] = []
        self.whole = edge is None
        self.rows = keys.log_keys()
        self.signers = [notes.VerifierKey.parse(row.vkey) for row in self.rows]
        self.origin = self.signers[0].name if self.signers else ""
        self.wanted = set(kept_roots)
        self.roots: dict[int, bytes] = {}
        self.unknown: int | None = None
        self.heads = 0
        self.good = (self.upper.size) * TILE
        self.first_bad: Head | None = None
        self.bad_after = 0

    def take(self, window: Window) -> None:
        """The next window, whatever was found in it."""
        for fault in (*window.faults, *window.tree_faults):
            self.found(fault)
        roots = iter(window.tile_roots)
        heads = {head.size: head for head in window.heads}
        for edge in window.edges:
            self._raise_to(edge.size // TILE, roots)
            if window.unknown is not None and edge.size > window.unknown:
                break
            root = tree.Frontier(edge.size, [*self.upper.peaks, *edge.peaks]).root()
            if edge.size in self.wanted:
                self.roots[edge.size] = root
            if edge.size in heads:
                self._compare(heads[edge.size], root)
        self._raise_to(window.last // TILE, roots)
        for head in window.heads:
            self._note(head)
        if self.unknown is None:
            self.unknown = window.unknown

    def _raise_to(self, tiles: int, roots: Iterator[bytes]) -> None:
        while self.upper.size < tiles:
            root = next(roots)
            self.upper.append(root)
            if self.whole:
                self._above(1, (self.upper.size - 1), root)

    def _above(self, level: int, place: int, root: bytes) -> None:
        """A tile of each level is the roots of 256 of the level below."""
        if len(self.above) < level:
            self.above.append([])
        tile = self.above[level - 1]
        tile.append(root)
        if len(tile) < TILE:
            return
        number, hashes = place // TILE, b"".join(tile)
        self.above[level - 1] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT hashes, root FROM audit_tile WHERE level = %s AND number = %s", [level, number])
            kept = cursor.fetchone()
        reached = tree.packed_root(hashes)
        if kept is None:
            self._tree_fault(Flaw("tile_missing", f"{level}/{number}"))
        elif (bytes(kept[0]), bytes(kept[1])) != (hashes, reached):
            self._tree_fault(Flaw("tile_changed", f"{level}/{number}"))
        self._above(level + 1, number, reached)

    def _tree_fault(self, flaw: Flaw) -> None:
        self.found(Fault(None, (flaw,), place="tree"))

    def _compare(self, head: Head, root: bytes) -> None:
        """Whether today's leaves lead to this head; the first that they do not lead to says where they changed."""
        if self.unknown is not None:
            return
        if head.root == root:
            self.good = head.size if self.first_bad is None else self.good
        elif self.first_bad is None:
            self.first_bad = head
        else:
            self.bad_after += 1

    def _note(self, head: Head) -> None:
        self.heads += 1
        flaws = list(head.flaws)
        if head.origin and head.origin != self.origin:
            flaws.append(Flaw("head_origin", head.origin))
        row = keys.in_force(self.rows, head.size)
        if head.signer and (row is None or not row.vkey.startswith(f"{head.signer}+")):
            flaws.append(Flaw("head_key", head.signer))
        if flaws:
            self.found(Fault(None, tuple(flaws), place="head", named=str(head.size)))

    def end(self, size: int) -> None:
        """Everything was taken, ``size`` leaves in all: what concerns the tree as a whole."""
        if self.first_bad is not None:
            self._name_the_culprit(self.first_bad)
        if self.whole:
            self._count_tiles(size)
            self._count_heads(size)
            for fault in key_faults(self.rows, self.signers):
                self.found(fault)

    def _name_the_culprit(self, head: Head) -> None:
        """What changed is between this head and the last that held: its receipt, signed elsewhere, tells which entry it is."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT entry_ref FROM audit_leaf WHERE index >= %s AND index < %s ORDER BY index LIMIT %s",
                [self.good, head.size, MOST_SUSPECTS],
            )
            suspects = these(cursor, [row[0] for row in cursor.fetchall()])
        check = receipt_keys.checker()
        for row in suspects:
            if not check(row):
                self.found(Fault(row.id, (Flaw("receipt"),), row.uuid.decode(), row.action.decode()))
        between = f"{self.good}–{head.size - 1}"
        flaws = [Flaw("head_root", between)]
        if self.bad_after:
            flaws.append(Flaw("heads_after", str(self.bad_after)))
        self.found(Fault(None, tuple(flaws), place="head", named=str(head.size)))

    def _count_tiles(self, size: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT level, count(*), max(number) FROM audit_tile GROUP BY level ORDER BY level")
            for level, count, last in cursor.fetchall():
                wanted = size >> tree.TILE_HEIGHT * (level + 1) if level >= 0 else 0
                if count > wanted or last >= wanted:
                    self._tree_fault(Flaw("tile_added", f"{level}/{last}"))

    def _count_heads(self, size: int) -> None:
        last = Checkpoint.objects.order_by("-size").first()
        if last is None:
            if size:
                self._tree_fault(Flaw("leaves_without_head", str(size)))
        elif last.size > size:
            self.found(Fault(None, (Flaw("head_beyond", str(size)),), place="head", named=str(last.size)))
        elif last.size < size:
            self._tree_fault(Flaw("leaves_beyond_head", f"{last.size}–{size - 1}"))


def key_faults(rows: Sequence[SealKey], signers: Sequence[notes.VerifierKey]) -> list[Fault]:
    """The chain of keys: each introduced by the one before it. A key lost, and replaced, is what an alarm says (`audit.keys`)."""
    found = []
    lost = set(Alarm.objects.filter(kind=keys.LOST).values_list("found__key", flat=True))
    for before, row, key in zip([None, *signers], rows, signers, strict=False):
        introduced = row.statement is None if before is None else keys.introduced(row, before)
        if not introduced and not (row.statement is None and row.vkey in lost):
            found.append(Fault(None, (Flaw("key_statement", f"{key.name}+{key.id.hex()}"),), place="tree"))
    return found
