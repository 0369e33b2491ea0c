"""Check the sealed trail by windows of 16 384 leaves: entries against leaves, leaves against tiles, notes against keys.

Each window is checked apart from the others, by whichever reader comes (`audit.window_readers`); `audit.sealed_tree` puts
them in order, climbs to the roots and compares these with the signed heads. Nothing here needs Django but its exceptions:
a cursor of psycopg2 is enough.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import content, notes, tree
from .checkpoint import Checkpoint
from .faults import Fault, Flaw
from .reading import ID, LENGTH, copied, fields, these

LEAVES = 1 << 14
TILE = tree.TILE_LEAVES
# No bound that PostgreSQL would have to guess: the entries of a window have neighbouring ids, but for a few.
WINDOW = """
    SELECT l.index, l.entry_ref, l.leaf_hash, e.leaf_hash = l.leaf_hash, p.salt, {says}, e.body, p.body
    FROM audit_leaf l
    LEFT JOIN (SELECT * FROM audit_entry {bounds_of_entry}) e ON e.id = l.entry_ref
    LEFT JOIN (SELECT * FROM audit_payload {bounds_of_payload}) p ON p.entry_id = e.id
    WHERE l.index >= {first:d} AND l.index < {last:d}
"""
SPREAD = 4 * LEAVES
MOST_SPANS = 5
# A sound row: eight fields, index, entry, the leaf's hash, whether the entry's column says the same, the salt, and the
# length of what follows.
ROW = struct.Struct("!hiqiqi32sibi32si")
ROW_FIELDS = 8
LEAF_HASH = slice(30, 62)


@dataclass(frozen=True, slots=True)
class Edge:
    """A size inside a window, of a signed head or of one kept outside: the subtrees within its last tile."""

    size: int
    peaks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head as its row has it: what is wrong with its note, and who signed it."""

    size: int
    root: bytes
    horizon: int
    system: int
    signer: str
    origin: str
    flaws: tuple[Flaw, ...] = ()


@dataclass(slots=True)
class Window:
    """What was found in the leaves first…last-1. `unknown`: the first leaf whose hash nothing gives any more."""

    first: int
    last: int
    read: int = 0
    absent: int = 0
    faults: list[Fault] = field(default_factory=list)
    tree_faults: list[Fault] = field(default_factory=list)
    tile_roots: list[bytes] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    unknown: int | None = None

    def hide(self, leaf: int) -> None:
        """Nothing gives the hash of this leaf any more: no root can be computed from here on."""
        self.unknown = leaf if self.unknown is None else min(self.unknown, leaf)


@dataclass(frozen=True, slots=True)
class Question:
    """What every reader is told: the keys of the log, and the sizes of the heads kept outside."""

    vkeys: tuple[str, ...]
    kept_sizes: tuple[int, ...] = ()


class Reader:
    """Checks windows, one after the other, on one connection; remembers what it saw of entries' shapes."""

    def __init__(self, cursor: Any, question: Question) -> None:
        self.cursor = cursor
        self.sound = content.glance()
        self.keys = [notes.VerifierKey.parse(one) for one in question.vkeys]
        self.kept_sizes = question.kept_sizes

    def window(self, first: int, last: int) -> Window:
        """The leaves first…last-1; ``first`` begins a window, ``last`` ends it or ends the tree."""
        found = Window(first, last)
        hashes = self._entries(found)
        self._tiles(found, hashes)
        found.heads = self._heads(first, last)
        self._edges(found, hashes)
        return found

    def _entries(self, window: Window) -> list[bytes | None]:
        """The hash of each entry of the window, computed here from its bytes; None where there is none."""
        first, sha256, sound = window.first, hashlib.sha256, self.sound
        hashes: list[bytes | None] = [None] * (window.last - first)
        doubtful: dict[int, list[tuple[int, bytes]]] = {}
        start, row_of, length_of = ROW.size, ROW.unpack_from, LENGTH.unpack_from
        for row in copied(self.cursor, self._query(window)):
            if len(row) > start:
                count, _, index, _, _, kept_length, kept, _, same, salt_length, salt, length = row_of(row)
                if count == ROW_FIELDS and kept_length == salt_length == tree.HASH_BYTES and same == 1 and length > 0:
                    says, at = row[start : start + length], start + length + LENGTH.size
                    end = at + length_of(row, at - LENGTH.size)[0]
                    body, payload = row[at:end], row[end + LENGTH.size :]
                    if sha256(b"\x00" + body).digest() == kept and payload and sound(says, body, salt, payload):
                        hashes[index - first] = kept
                        continue
            index, entry = ID.unpack_from(row, 6)[0], ID.unpack_from(row, 18)[0]
            doubtful.setdefault(entry, []).append((index, row[LEAF_HASH]))
        self._look_closer(window, doubtful, hashes)
        window.read = len(hashes) - window.absent
        return hashes

    def _query(self, window: Window) -> str:
        between = "WHERE {column} BETWEEN {low:d} AND {high:d}"
        self.cursor.execute(
            "SELECT min(entry_ref), max(entry_ref) FROM"
            " (SELECT entry_ref FROM audit_leaf WHERE index >= %s AND index < %s OFFSET 0) leaves",
            [window.first, window.last],
        )
        low, high = self.cursor.fetchone()
        near = low is not None and high - low < SPREAD
        return WINDOW.format(
            says=content.SAYS,
            bounds_of_entry=between.format(column="id", low=low, high=high) if near else "",
            bounds_of_payload=between.format(column="entry_id", low=low, high=high) if near else "",
            first=window.first,
            last=window.last,
        )

    def _look_closer(
        self, window: Window, doubtful: dict[int, list[tuple[int, bytes]]], hashes: list[bytes | None]
    ) -> None:
        """What is wrong with each of these entries, and which leaves there are no more. The tree is that of the leaves."""
        rows = {row.id: row for row in these(self.cursor, list(doubtful))}
        erased = erased_among(self.cursor, [row.id for row in rows.values() if row.payload is None])
        for entry, leaves in doubtful.items():
            row = rows.get(entry)
            indexes = ", ".join(str(index) for index, _ in leaves)
            for index, kept in leaves:
                hashes[index - window.first] = kept
            if row is None:
                window.absent += 1
                window.faults.append(Fault(entry, (Flaw("removed_leaving_leaf", indexes),)))
                continue
            flaws = [
                flaw for flaw in content.entry_flaws(row, None) if flaw.code != "payload_missing" or entry not in erased
            ]
            if any(kept != tree.leaf_hash(row.body) for _, kept in leaves):
                flaws.append(Flaw("not_as_sealed", indexes))
            if flaws:
                window.faults.append(Fault(entry, tuple(flaws), row.uuid.decode(), row.action.decode()))
        missing = [window.first + at for at, one in enumerate(hashes) if one is None] if None in hashes else []
        if missing:
            window.absent += len(missing)
            window.tree_faults.append(Fault(None, (Flaw("leaf_missing", _spans(missing)),), place="tree"))

    def _tiles(self, window: Window, hashes: list[bytes | None]) -> None:
        """Leaves against the tiles that keep their hashes. Where both say something else, the tree is that of the leaves."""
        first, count = window.first // TILE, len(hashes) // TILE
        query = "SELECT number, hashes, root FROM audit_tile WHERE level = 0 AND number >= {:d} AND number < {:d}"
        tiles = {}
        for row in copied(self.cursor, query.format(first, first + count)):
            place, kept_hashes, kept_root = fields(row)
            tiles[ID.unpack(place or b"")[0]] = (kept_hashes or b"", kept_root)
        for number in range(first, first + count):
            at = (number - first) * TILE
            kept = tiles.get(number, (b"", b""))
            leaves = hashes[at : at + TILE]
            if None in leaves:
                if len(kept[0]) == TILE * tree.HASH_BYTES:
                    each = [kept[0][one : one + tree.HASH_BYTES] for one in range(0, len(kept[0]), tree.HASH_BYTES)]
                else:
                    each = [bytes(tree.HASH_BYTES)] * TILE
                    window.hide(window.first + at + leaves.index(None))
                leaves = [leaf or other for leaf, other in zip(leaves, each, strict=True)]
                hashes[at : at + TILE] = leaves
            whole = b"".join(leaves)  # type: ignore[arg-type]
            root = tree.packed_root(whole)
            if number not in tiles:
                window.tree_faults.append(Fault(None, (Flaw("tile_missing", f"0/{number}"),), place="tree"))
            elif kept != (whole, root):
                window.tree_faults.append(Fault(None, (Flaw("tile_changed", f"0/{number}"),), place="tree"))
            window.tile_roots.append(root)

    def _heads(self, first: int, last: int) -> list[Head]:
        self.cursor.execute(
            "SELECT size, root, horizon::text, system, note FROM audit_checkpoint WHERE size > %s AND size <= %s ORDER BY size",
            [first, last],
        )
        return [
            read_head(size, bytes(root), int(horizon), system, bytes(note), self.keys)
            for size, root, horizon, system, note in self.cursor.fetchall()
        ]

    def _edges(self, window: Window, hashes: Sequence[bytes | None]) -> None:
        """Of each head within: what completes the tiles before it."""
        kept = (size for size in self.kept_sizes if window.first < size <= window.last)
        at_tile, frontier = -1, tree.Frontier()
        for size in sorted({*(head.size for head in window.heads), *kept}):
            number, within = divmod(size - window.first, TILE)
            if number != at_tile:
                at_tile, frontier = number, tree.Frontier()
            leaves = hashes[number * TILE + frontier.size : number * TILE + within]
            if None in leaves:
                window.hide(window.first + number * TILE + frontier.size)
                return
            frontier.extend(leaves)  # type: ignore[arg-type]
            window.edges.append(Edge(size, tuple(frontier.peaks)))


def erased_among(cursor: Any, entries: Sequence[int]) -> set[int]:
    """Of these entries, those whose personal part was removed by an act (`audit.erased` verifies these acts)."""
    if not entries:
        return set()
    cursor.execute("SELECT erased_ref FROM audit_erasure WHERE erased_ref = ANY (%s)", [list(entries)])
    return {row[0] for row in cursor.fetchall()}


def read_head(
    size: int, root: bytes, horizon: int, system: int, note: bytes, keys: Sequence[notes.VerifierKey]
) -> Head:
    """The head of a row, its note opened with these keys."""
    flaws, signer, origin = [], "", ""
    try:
        head = Checkpoint.parse(note)
        origin = head.origin
        if (head.size, head.root, head.extensions) != (size, root, ()):
            flaws.append(Flaw("head_note"))
        signed = notes.open_note(note, keys).signatures
        signer = next((f"{one.name}+{one.key_id.hex()}" for one in signed if one.name == origin), "")
        if not signer:
            flaws.append(Flaw("head_signature"))
    except notes.Malformed:
        flaws.append(Flaw("head_note"))
    except notes.NoteError:
        flaws.append(Flaw("head_signature"))
    return Head(size, root, horizon, system, signer, origin, tuple(flaws))


def _spans(numbers: Sequence[int]) -> str:
    """« 3–7, 12 », the first few."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:MOST_SPANS]]
    return ", ".join(shown) + ("…" if len(spans) > MOST_SPANS else "")
