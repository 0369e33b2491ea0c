"""The right edge of the stored tree, as the sealer makes it grow: what no full tile holds yet, at each height.

Reopened in one statement whatever the size; appending gives the tiles that are full, at every height, with their roots.
"""

from itertools import count
from typing import NamedTuple

from . import heads, tree

TILE_BYTES = tree.TILE_LEAVES * tree.HASH_BYTES


class FullTile(NamedTuple):
    """256 hashes of one height, whole, and their root."""

    height: int
    number: int
    hashes: bytes
    root: bytes


class Edge:
    """A tree that grows; `tails[height]` are the hashes that stand after the last full tile of that height."""

    def __init__(self, size: int, tails: list[bytes]) -> None:
        self.size, self.tails = size, tails

    def extend(self, hashes: bytes) -> list[FullTile]:
        """Add leaf hashes laid end to end; the tiles that are full now, lowest first."""
        full: list[FullTile] = []
        added = len(hashes) // tree.HASH_BYTES
        for height in count():
            if not hashes:
                break
            if height == len(self.tails):
                self.tails.append(b"")
            row = self.tails[height] + hashes
            number, whole = self.size >> tree.TILE_HEIGHT * (height + 1), len(row) // TILE_BYTES * TILE_BYTES
            cut = [row[at : at + TILE_BYTES] for at in range(0, whole, TILE_BYTES)]
            made = [FullTile(height, number + place, one, tree.packed_root(one)) for place, one in enumerate(cut)]
            self.tails[height] = row[whole:]
            hashes = b"".join([one.root for one in made])
            full += made
        self.size += added
        return full

    def root(self) -> bytes:
        """The root of the whole tree. IndexError or ValueError where the tails are not those of its size."""
        return tree.root_at(self.size, tree.node_of_tiles(self._tail))

    def _tail(self, height: int, number: int) -> bytes:
        """The complete subtrees of a tree that no larger one covers all stand after the last full tile of their height."""
        if number != self.size >> tree.TILE_HEIGHT * (height + 1):
            raise IndexError("not at the edge")
        return self.tails[height]


def edge_of(size: int) -> Edge:
    """The edge of the stored tree."""
    heights = [height for height in range(8) if size >> tree.TILE_HEIGHT * height]
    read = heads.tiles((height, size >> tree.TILE_HEIGHT * (height + 1)) for height in heights)
    return Edge(size, [read[height, size >> tree.TILE_HEIGHT * (height + 1)] for height in heights])
