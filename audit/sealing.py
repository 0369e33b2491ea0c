"""Seal what is committed: give each entry its place in the tree, sign the new head (trust.md, points 4 and 5; ADR 0030).

On the sealer's connection, one transaction for leaves, full tiles and head, under a lock: whatever dies in the middle leaves the
tree as it was. An entry is found by the transaction that wrote it: everything below the last head's `horizon` (the oldest
transaction that was still open) is sealed, so only what is above is looked at, and what has its leaf already is passed over.
Where that number says nothing (no head yet, or one published on another database system: a dump was restored), everything
is looked at.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from . import alarms, checkpoint, findings, keys, notes, tree
from .access_log import now
from .faults import Fault, Flaw
from .growing import Edge, edge_of
from .models import Checkpoint

BATCH = 10_000
SEARCHED_BATCH = 100_000
ALTERED, LATE, BROKEN = "entry_altered_before_seal", "entry_sealed_late", "heads_inconsistent"

STATE = """
    SELECT pg_snapshot_xmin(s), pg_snapshot_xmax(s), (SELECT system_identifier FROM pg_control_system()),
           (SELECT vkey FROM audit_sealkey ORDER BY from_size DESC, at DESC LIMIT 1),
           c.size, c.root, c.note, c.horizon, c.system
    FROM pg_current_snapshot() s
    LEFT JOIN LATERAL (SELECT * FROM audit_checkpoint ORDER BY size DESC LIMIT 1) c ON true
"""
UNSEALED = """
    COPY (
        SELECT e.id, e.xid, e.body, e.leaf_hash FROM audit_entry e
        WHERE e.xid >= '{first}'::xid8 AND e.xid < '{end}'::xid8 AND (e.xid, e.id) > ('{after.xid}'::xid8, {after.id})
        AND {unless_sealed}
        ORDER BY e.xid, e.id LIMIT {limit}
    ) TO STDOUT (FORMAT binary)
"""
# A scalar sub-select is looked up for each entry, by index; a join of the few with the whole tree could be planned otherwise.
UNLESS_SEALED = "(SELECT l.index FROM audit_leaf l WHERE l.entry_ref = e.id) IS NULL"
UNLESS_SEALED_ANYWHERE = "NOT EXISTS (SELECT FROM audit_leaf l WHERE l.entry_ref = e.id)"
BEYOND_ALL = 2**64 - 1
COPY_HEADER, COPY_END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
ENTRY_START = struct.Struct("!hiqiQi")
LENGTH = struct.Struct("!i")
LEAF_ROW = struct.Struct("!hiqiqi32s")
TILE_ROW = struct.Struct(f"!hihiqi{tree.TILE_LEAVES * tree.HASH_BYTES}si32s")


# Where everything was looked at in vain: a head has one size, so the horizon that was reached is kept by this process alone.
_looked: dict[tuple[object, object, int], tuple[int, int]] = {}


class SealBroken(Exception):
    """What was sealed is no longer what the last head says: nothing can be signed that would extend it."""

    def __init__(self, flaw: Flaw, *, size: int, place: str = "head") -> None:
        self.fault = Fault(entry=None, flaws=(flaw,), place=place, named=str(size))
        super().__init__(self.fault.sentence)


class Found(NamedTuple):
    """An entry to seal; `altered` where its bytes are not those of which PostgreSQL took the hash when they were written."""

    id: int
    xid: int
    leaf_hash: bytes
    altered: bool


@dataclass(frozen=True, slots=True)
class State:
    """Where the trail stands, and where the database's transactions are."""

    xmin: int
    xmax: int
    system: int
    vkey: str | None
    size: int
    root: bytes
    note: bytes | None
    horizon: int
    published_on: int | None

    @property
    def same_clock(self) -> bool:
        """Whether the horizon counts this database's transactions."""
        return self.published_on == self.system and self.horizon <= self.xmax

    def late(self, xid: int) -> bool:
        """Whether an entry of this transaction should have been sealed earlier."""
        return self.same_clock and not self.horizon <= xid < self.xmax


def seal(*, limit: int | None = None, search: bool = False) -> Checkpoint | None:
    """Seal the entries that are committed, `limit` at most, and publish the head; None where there was nothing to seal.

    `search`: look everywhere for what was passed over, whatever the limit, and raise an alarm for what is found. Waits for
    whoever is sealing. Raises ImproperlyConfigured where the key is missing or another one, or the trail's name has changed;
    SealBroken, with an alarm; DatabaseError.
    """
    try:
        with transaction.atomic():
            keys.lock()
            return _seal(_state(), None if search else limit, search=search)
    except SealBroken as broken:
        alarms.raise_alarm(kind=BROKEN, found=findings.kept([broken.fault]), at=now())
        raise


def _seal(state: State, limit: int | None, *, search: bool) -> Checkpoint | None:
    key = _key(state)
    everywhere = search or not state.same_clock
    edge: Edge | None = None
    altered, late = [], []
    for batch, more in _batches(state, limit, everywhere=everywhere):
        edge = edge or _edge(state)
        _write(edge, batch)
        altered += [one.id for one in batch if one.altered]
        late += [one.id for one in batch if state.late(one.xid)]
        left_from = batch[-1].xid if more else None
    if edge is None:
        if everywhere:
            _looked.clear()
            _looked[_place(state.size)] = (state.system, state.xmin)
        return None
    _ring(ALTERED, altered)
    _ring(LATE, late)
    horizon, system = state.xmin, state.system
    if left_from is not None:
        # The limit was reached: the rest begins at the last transaction; looked for everywhere, it will be looked for so again.
        horizon, system = (0, 0) if everywhere else (min(state.xmin, left_from), state.system)
    return _publish(edge, key, horizon=horizon, system=system)


def _state() -> State:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        xmin, xmax, system, vkey, size, root, note, horizon, published_on = cursor.fetchone()
    size = size or 0
    if published_on != system:
        published_on, horizon = _looked.get(_place(size), (published_on, horizon))
    return State(
        xmin=int(xmin),
        xmax=int(xmax),
        system=system,
        vkey=vkey,
        size=size,
        root=tree.EMPTY_ROOT if root is None else bytes(root),
        note=None if note is None else bytes(note),
        horizon=int(horizon or 0),
        published_on=published_on,
    )


def _place(size: int) -> tuple[object, object, int]:
    """Of which database, and at which size of its tree."""
    return connection.settings_dict["HOST"], connection.settings_dict["NAME"], size


def _key(state: State) -> Ed25519PrivateKey:
    if state.vkey is not None:
        return keys.private_of(state.vkey)
    if state.note is not None:
        raise SealBroken(Flaw("head_signature"), size=state.size)
    return keys.introduce_first()


def _batches(state: State, limit: int | None, *, everywhere: bool) -> Iterator[tuple[list[Found], bool]]:
    """What is to be sealed, in the order of (transaction, entry), and whether more is left after it.

    Each batch is to be written before the next is asked for.
    """
    after = Found(0, 0, b"", altered=False)
    size = SEARCHED_BATCH if everywhere else BATCH
    left = BEYOND_ALL if limit is None else limit
    more = True
    while more and left:
        asked = min(size, left)
        received = _Received()
        query = UNSEALED.format(
            first=0 if everywhere else state.horizon,
            end=BEYOND_ALL if everywhere else state.xmax,
            after=after,
            unless_sealed=UNLESS_SEALED_ANYWHERE if everywhere else UNLESS_SEALED,
            limit=asked + 1,
        )
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(query, received)
        batch, more = received.found[:asked], len(received.found) > asked
        if batch:
            yield batch, more
            after = batch[-1]
        left -= len(batch)


class _Received:
    """What COPY writes to, a message a row: each body is hashed again as it comes, and not kept."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.begun = False

    def write(self, message: bytes) -> None:
        place = 0 if self.begun else len(COPY_HEADER)
        self.begun = True
        if len(message) < place + ENTRY_START.size:
            return  # the end
        _, _, entry, _, xid, length = ENTRY_START.unpack_from(message, place)
        place += ENTRY_START.size
        computed = hashlib.sha256(b"\x00" + message[place : place + length]).digest()
        place += length
        (length,) = LENGTH.unpack_from(message, place)
        stored = message[place + LENGTH.size : place + LENGTH.size + max(length, 0)]
        if stored == computed:
            self.found.append(Found(entry, xid, computed, altered=False))
        else:
            # The hash that PostgreSQL took as the entry was written: whoever kept its bytes can prove them, and no proof is
            # ever made for bytes that are known to have changed.
            kept = stored if len(stored) == tree.HASH_BYTES else computed
            self.found.append(Found(entry, xid, kept, altered=True))


def _edge(state: State) -> Edge:
    """The stored tree, ready to grow. SealBroken where it is not the one that the last head signed."""
    if state.note is not None:
        _check_head(state, state.note)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM audit_leaf")
        (leaves,) = cursor.fetchone()
    if leaves > state.size:
        raise SealBroken(
            Flaw("leaves_beyond_head" if state.note else "leaves_without_head", str(leaves)), size=0, place="tree"
        )
    if leaves < state.size:
        raise SealBroken(Flaw("leaf_missing", str(state.size - 1)), size=state.size, place="tree")
    try:
        edge = edge_of(state.size)
        root = edge.root()
    except (IndexError, ValueError):
        root = b""
    if root != state.root:
        raise SealBroken(Flaw("head_root", f"1 – {state.size}"), size=state.size)
    return edge


def _check_head(state: State, note: bytes) -> None:
    signer = keys.in_force(keys.log_keys(), state.size)
    try:
        head = checkpoint.Checkpoint.opened(note, [notes.VerifierKey.parse(signer.vkey)] if signer else [])
    except notes.NoteError as error:
        raise SealBroken(Flaw("head_signature"), size=state.size) from error
    if (head.origin, head.size, head.root) != (settings.TRAIL_ORIGIN, state.size, state.root):
        raise SealBroken(Flaw("head_note"), size=state.size)


def _write(edge: Edge, batch: list[Found]) -> None:
    """The leaves of a batch, and the tiles that they fill."""
    first = edge.size
    leaves = b"".join(
        [LEAF_ROW.pack(3, 8, first + place, 8, one.id, 32, one.leaf_hash) for place, one in enumerate(batch)]
    )
    _copy("audit_leaf (index, entry_ref, leaf_hash)", leaves)
    tiles = b"".join(
        [
            TILE_ROW.pack(4, 2, one.height, 8, one.number, len(one.hashes), one.hashes, 32, one.root)
            for one in edge.extend(b"".join([one.leaf_hash for one in batch]))
        ]
    )
    if tiles:
        _copy("audit_tile (level, number, hashes, root)", tiles)


def _copy(columns: str, rows: bytes) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {columns} FROM STDIN (FORMAT binary)", BytesIO(COPY_HEADER + rows + COPY_END))


def _publish(edge: Edge, key: Ed25519PrivateKey, *, horizon: int, system: int) -> Checkpoint:
    head = checkpoint.Checkpoint(settings.TRAIL_ORIGIN, edge.size, edge.root())
    return Checkpoint.objects.create(
        size=head.size, root=head.root, note=head.signed(key), horizon=str(horizon), system=system
    )


def _ring(kind: str, entries: list[int]) -> None:
    """Name these entries; each kind of alarm has the flaw that it speaks of."""
    if entries:
        flaw = Flaw("leaf_hash" if kind == ALTERED else "sealed_late")
        faults = [Fault(entry=one, flaws=(flaw,)) for one in sorted(entries)]
        alarms.raise_alarm(kind=kind, found=findings.kept(faults), at=now())
