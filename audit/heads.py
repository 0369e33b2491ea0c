"""Read the sealed tree: its last head, a proof that an entry is in it, a proof that one head extends another, what waits.

Two statements for a proof, however large the tree: where the leaf is and the head; then the tiles that the path crosses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection

from . import lasting, tree
from .models import Checkpoint
from .tlog_proof import TlogProof

MOST_COUNTED = 100_000
"""Entries that `unsealed` counts: beyond, whoever reads needs no exact number."""

# A tile that is not full has no row: its hashes are leaves, or the roots of the tiles below. Scalar sub-selects: each is
# looked up by index, however the tables grow.
TILES = f"""
    SELECT w.height, w.number, coalesce(
        (SELECT t.hashes FROM audit_tile t WHERE t.level = w.height AND t.number = w.number),
        CASE w.height WHEN 0 THEN
            (SELECT string_agg(l.leaf_hash, ''::bytea ORDER BY l.index) FROM audit_leaf l
             WHERE l.index >= w.number * {tree.TILE_LEAVES} AND l.index < (w.number + 1) * {tree.TILE_LEAVES})
        ELSE
            (SELECT string_agg(b.root, ''::bytea ORDER BY b.number) FROM audit_tile b WHERE b.level = w.height - 1
             AND b.number >= w.number * {tree.TILE_LEAVES} AND b.number < (w.number + 1) * {tree.TILE_LEAVES})
        END
    )
    FROM unnest(%s::int[], %s::bigint[]) AS w (height, number)
"""  # noqa: S608  (constants only)
LEAF_AND_HEAD = """
    SELECT l.index, c.size, c.note
    FROM (SELECT size, note FROM audit_checkpoint WHERE %s::bigint IS NULL OR size = %s ORDER BY size DESC LIMIT 1) c,
         audit_leaf l
    WHERE l.entry_ref = %s
"""
# `audit.sealing` looks where this does: from the last horizon on, or everywhere where the horizon says nothing.
UNSEALED = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(waiting.at)), 0)
    FROM (
        SELECT e.at FROM audit_entry e
        WHERE e.xid >= %s::xid8 AND e.xid < %s::xid8 AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.entry_ref = e.id)
        ORDER BY e.xid LIMIT %s
    ) waiting
"""
LAST_HORIZON = """
    SELECT c.horizon::text, pg_snapshot_xmax(now.snapshot)::text
    FROM audit_checkpoint c, pg_control_system() s, (SELECT pg_current_snapshot() AS snapshot) now
    WHERE c.size = (SELECT max(size) FROM audit_checkpoint)
    AND c.system = s.system_identifier AND c.horizon <= pg_snapshot_xmax(now.snapshot)
"""
EVERYWHERE = ("0", str(2**64 - 1))


@dataclass(frozen=True, slots=True)
class Lag:
    """Committed entries that have no leaf yet, `MOST_COUNTED` at most, and the age of the oldest in seconds (0 where none)."""

    count: int
    seconds: float

    @property
    def duration(self) -> str:
        """The age of the oldest, as one says it."""
        return lasting.in_words(self.seconds)


def latest() -> Checkpoint | None:
    """The last head; None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def tiles(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Tiles by height and number, full or as far as they go, in one statement; no bytes where there is nothing."""
    heights, numbers = [], []
    for height, number in sorted(wanted):
        heights.append(height)
        numbers.append(number)
    if not heights:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TILES, [heights, numbers])
        return {(height, number): bytes(hashes or b"") for height, number, hashes in cursor.fetchall()}


def node() -> tree.Node:
    """The nodes of the stored tree, each tile read once, when it is first needed."""
    read: dict[tuple[int, int], bytes] = {}

    def tile(height: int, number: int) -> bytes:
        if (height, number) not in read:
            read.update(tiles([(height, number)]))
        return read[height, number]

    return tree.node_of_tiles(tile)


def proof_of(entry_id: int, *, head: Checkpoint | None = None) -> TlogProof | None:
    """That this entry is in the log, under this head or the last one; None where it is not in it yet.

    None too where leaves are gone from the tree: a verification names them, and the entry's receipt still stands.
    """
    size = head.size if head else None
    with connection.cursor() as cursor:
        cursor.execute(LEAF_AND_HEAD, [size, size, entry_id])
        row = cursor.fetchone()
    if row is None:
        return None
    index, size, note = row
    if index >= size:
        return None
    try:
        path = _read_at_once(lambda node: tree.inclusion_proof(index, size, node))
    except IndexError:
        return None
    return TlogProof(index, tuple(path), bytes(note))


def consistency(old: int, new: int) -> list[bytes]:
    """That the tree of the second size extends that of the first. ValueError unless 0 < old <= new, or where leaves are gone."""
    try:
        return _read_at_once(lambda node: tree.consistency_proof(old, new, node))
    except IndexError as error:
        raise ValueError("leaves are gone from the tree") from error


def unsealed() -> Lag:
    """What the sealer has before it. Entries that it missed earlier are its own nightly search (`audit.sealing`)."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_HORIZON)
        between = cursor.fetchone() or EVERYWHERE
        cursor.execute(UNSEALED, [*between, MOST_COUNTED])
        count, seconds = cursor.fetchone()
    return Lag(count, max(0.0, float(seconds)))


def _read_at_once(path: Callable[[tree.Node], list[bytes]]) -> list[bytes]:
    """Walk the path once to know which tiles it crosses, read them together, walk it again."""
    crossed: set[tuple[int, int]] = set()

    def note_it(level: int, index: int) -> bytes:
        height, within = divmod(level, tree.TILE_HEIGHT)
        crossed.add((height, index >> (tree.TILE_HEIGHT - within)))
        return bytes(tree.HASH_BYTES)

    path(note_it)
    read = tiles(crossed)
    return path(tree.node_of_tiles(lambda height, number: read[height, number]))
