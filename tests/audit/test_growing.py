"""The tree that the sealer makes grow is the RFC's, however its leaves come, and whenever it is reopened."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import tree
from audit.growing import Edge, FullTile

SIZES = st.lists(st.integers(1, 700) | st.sampled_from([255, 256, 257, 512]), min_size=1, max_size=6)


def leaves(first: int, many: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(first, first + many)]


def reopened(size: int, hashes: list[bytes], tiles: dict[tuple[int, int], FullTile]) -> Edge:
    """As from the tables: leaves after the last full tile, and roots of tiles after the last full tile above them."""
    tails, height = [b"".join(hashes[size >> 8 << 8 : size])], 1
    while size >> 8 * height:
        first, end = size >> 8 * (height + 1) << 8, size >> 8 * height
        tails.append(b"".join(tiles[height - 1, number].root for number in range(first, end)))
        height += 1
    return Edge(size, tails)


@settings(deadline=None, max_examples=60)
@given(SIZES)
def test_whatever_the_batches_the_root_is_that_of_all_leaves_in_order(sizes: list[int]) -> None:
    edge = Edge(0, [])
    hashes: list[bytes] = []
    tiles: dict[tuple[int, int], FullTile] = {}
    for many in sizes:
        added = leaves(len(hashes), many)
        hashes += added
        for tile in edge.extend(b"".join(added)):
            assert tiles.setdefault((tile.height, tile.number), tile) is tile
        assert edge.size == len(hashes)
        assert edge.root() == tree.root(hashes)
        edge = reopened(edge.size, hashes, tiles)
        assert edge.root() == tree.root(hashes)
    assert len(tiles) == len(hashes) // 256
    for (height, number), tile in tiles.items():
        assert height == 0
        assert tile.hashes == b"".join(hashes[number * 256 : (number + 1) * 256])
        assert tile.root == tree.packed_root(tile.hashes)


@pytest.mark.parametrize("batch", [65_535, 65_536, 70_000])
def test_a_tile_of_roots_is_written_once_it_is_full(batch: int) -> None:
    edge, hashes = Edge(0, []), leaves(0, 70_000)
    tiles = edge.extend(b"".join(hashes[:batch])) + edge.extend(b"".join(hashes[batch:]))
    (above,) = [one for one in tiles if one.height == 1]
    assert above.root == tree.root(hashes[:65_536])
    assert edge.root() == tree.root(hashes)


def test_an_edge_that_is_not_that_of_its_size_has_no_root() -> None:
    with pytest.raises((IndexError, ValueError)):
        Edge(3, [b"".join(leaves(0, 2))]).root()
    with pytest.raises((IndexError, ValueError)):
        Edge(300, [b""]).root()
