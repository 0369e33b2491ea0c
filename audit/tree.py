"""The Merkle tree of the trail: RFC 6962 section 2.1, verified as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say. Nothing else.

Pure: bytes in, bytes out. Where a tree is stored, whoever stores it answers ``node(level, index)``: the hash of the
complete subtree of 2**level leaves whose first leaf is index * 2**level.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_LEAVES = 1 << TILE_HEIGHT
"""Hashes in a full tile, as in C2SP tlog-tiles."""
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_LEAVES = (1 << 64) - 1

Node = Callable[[int, int], bytes]
"""``node(level, index)``: the hash of one complete subtree."""
Tile = Callable[[int, int], bytes]
"""``tile(height, index)``: up to 256 hashes end to end; height 0 are leaves, each of height 1 sums up a tile of height 0."""


def leaf_hash(body: bytes) -> bytes:
    """The hash of a leaf, RFC 6962 section 2.1: SHA-256 of 0x00 and the entry's bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, RFC 6962 section 2.1: SHA-256 of 0x01, the left hash and the right one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; `EMPTY_ROOT` over none.

    Level by level, the last of an odd number going up unchanged: the same tree as the RFC's, which splits at the
    largest power of two below the size. ValueError where a hash is not of 32 bytes.
    """
    if any(length != HASH_BYTES for length in set(map(len, hashes))):
        raise ValueError("a hash is 32 bytes")
    return packed_root(b"".join(hashes))


def packed_root(hashes: bytes) -> bytes:
    """The same over hashes laid end to end, 32 bytes each, as tiles store them. ValueError where they are cut short."""
    if len(hashes) % HASH_BYTES:
        raise ValueError("hashes laid end to end are 32 bytes each")
    if not hashes:
        return EMPTY_ROOT
    sha256, join, pair = hashlib.sha256, b"".join, 2 * HASH_BYTES
    while (length := len(hashes)) > HASH_BYTES:
        even = length - length % pair
        above = join([sha256(b"\x01" + hashes[at : at + pair]).digest() for at in range(0, even, pair)])
        hashes = above + hashes[even:]
    return hashes


class Frontier:
    """The right edge of a growing tree: one hash per complete subtree, largest first. Appending costs O(1), the root O(log n)."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """An edge kept from earlier. ValueError where there is not one 32-byte hash per bit of the size."""
        if not 0 <= size <= MOST_LEAVES:
            raise ValueError("a tree has between 0 and 2**64 - 1 leaves")
        if len(peaks) != size.bit_count() or any(len(peak) != HASH_BYTES for peak in peaks):
            raise ValueError("an edge has one 32-byte hash for each complete subtree")
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def of(cls, size: int, node: Node) -> "Frontier":
        """The edge of a stored tree at any of its sizes, in O(log n) reads."""
        return cls(size, [node(level, index) for level, index in _complete_subtrees(0, size)])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash. ValueError where it is not of 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError("a hash is 32 bytes")
        self._add(0, leaf)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes, by the largest complete subtrees that fit. ValueError where one is not of 32 bytes."""
        done, count = 0, len(leaves)
        while done < count:
            level = (count - done).bit_length() - 1
            if self.size:
                level = min(level, _trailing_zeros(self.size))
            self._add(level, root(leaves[done : done + (1 << level)]))
            done += 1 << level

    def root(self) -> bytes:
        """The root at the current size."""
        return _joined(self.peaks)

    def _add(self, level: int, subtree: bytes) -> None:
        filled = self.size >> level
        while filled & 1:
            subtree = node_hash(self.peaks.pop(), subtree)
            filled >>= 1
        self.peaks.append(subtree)
        self.size += 1 << level


def node_of_leaves(leaves: Sequence[bytes]) -> Node:
    """`node` over leaf hashes in memory. IndexError beyond them."""

    def node(level: int, index: int) -> bytes:
        first, last = index << level, (index + 1) << level
        if last > len(leaves):
            raise IndexError("no complete subtree there")
        return root(leaves[first:last])

    return node


def node_of_tiles(tile: Tile) -> Node:
    """`node` over 256-hash tiles laid out as C2SP tlog-tiles: one tile is read for each node asked.

    IndexError where the tile is too short: the subtree is not complete.
    """

    def node(level: int, index: int) -> bytes:
        height, within = divmod(level, TILE_HEIGHT)
        number, place = divmod(index, 1 << (TILE_HEIGHT - within))
        first = (place << within) * HASH_BYTES
        hashes = tile(height, number)[first : first + (HASH_BYTES << within)]
        if len(hashes) != HASH_BYTES << within:
            raise IndexError("no complete subtree there")
        return packed_root(hashes)

    return node


def root_at(size: int, node: Node) -> bytes:
    """The root of a stored tree at any of its sizes, in O(log n) reads."""
    return Frontier.of(size, node).root()


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(index, D[size]), RFC 6962 section 2.1.1, from the leaf's sibling up. ValueError unless 0 <= index < size."""
    if not 0 <= index < size <= MOST_LEAVES:
        raise ValueError("a proof is of a leaf of the tree")
    proof, first, last = [], 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            proof.append(_range_root(middle, last, node))
            last = middle
        else:
            proof.append(_range_root(first, middle, node))
            first = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(old, D[new]), RFC 6962 section 2.1.2; empty where both are equal. ValueError unless 0 < old <= new.

    Every tree extends the empty one: from size 0 there is nothing to prove, and nothing that a proof would prove.
    """
    if not 0 < old <= new <= MOST_LEAVES:
        raise ValueError("a tree extends a smaller one that is not empty")
    proof, first, last, whole = [], 0, new, True
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            proof.append(_range_root(middle, last, node))
            last = middle
        else:
            proof.append(_range_root(first, middle, node))
            first, whole = middle, False
    if not whole:  # where it is whole, the verifier has it: it is the old root
        proof.append(_range_root(first, last, node))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash is at this index of the tree of this size and root. RFC 9162 section 2.1.3.2; never raises."""
    if not (_counts(index, size) and index < size and _hashes([leaf, root]) and _hashes(proof)):
        return False
    at, end, reached = index, size - 1, leaf
    for sibling in proof:
        if end == 0:
            return False
        if at & 1 or at == end:
            reached = node_hash(sibling, reached)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            reached = node_hash(reached, sibling)
        at, end = at >> 1, end >> 1
    return end == 0 and reached == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the second tree extends the first. RFC 9162 section 2.1.4.2; never raises.

    Equal sizes hold where the roots are the same bytes and the proof is empty. From size 0 to more nothing is proved:
    False, as the public vectors ask.
    """
    if not (_counts(old_size, new_size) and old_size <= new_size and _hashes(proof)):
        return False
    if old_size == new_size:
        return not proof and isinstance(old_root, bytes) and isinstance(new_root, bytes) and old_root == new_root
    if old_size == 0 or not proof or not _hashes([old_root, new_root]):
        return False
    path = list(proof)
    if old_size.bit_count() == 1:
        path.insert(0, old_root)
    at, end = old_size - 1, new_size - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    old_reached = new_reached = path[0]
    for sibling in path[1:]:
        if end == 0:
            return False
        if at & 1 or at == end:
            old_reached, new_reached = node_hash(sibling, old_reached), node_hash(sibling, new_reached)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            new_reached = node_hash(new_reached, sibling)
        at, end = at >> 1, end >> 1
    return end == 0 and old_reached == old_root and new_reached == new_root


def _counts(*numbers: object) -> bool:
    """Whether these are numbers that a tree can have: no bool, no fraction, none below 0 nor above 64 bits."""
    return all(type(number) is int and 0 <= number <= MOST_LEAVES for number in numbers)


def _hashes(values: object) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(one, bytes) and len(one) == HASH_BYTES for one in values)


def _split(size: int) -> int:
    """The largest power of two smaller than the size, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _trailing_zeros(size: int) -> int:
    return (size & -size).bit_length() - 1


def _complete_subtrees(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Level and index of the complete subtrees that make up the leaves first…last-1, largest first.

    ``first`` is a multiple of the largest power of two within, as every split of the RFC's makes it.
    """
    while first < last:
        level = (last - first).bit_length() - 1
        yield level, first >> level
        first += 1 << level


def _range_root(first: int, last: int, node: Node) -> bytes:
    return _joined([node(level, index) for level, index in _complete_subtrees(first, last)])


def _joined(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, largest first."""
    if not peaks:
        return EMPTY_ROOT
    reached = peaks[-1]
    for peak in reversed(peaks[:-1]):
        reached = node_hash(peak, reached)
    return reached
