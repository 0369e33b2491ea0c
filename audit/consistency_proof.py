"""The file `consistency.txt` of a bundle: what leads from the heads kept earlier to the head of this bundle.

The public formats have no file for it (C2SP tlog-witness sends the hashes alone), so this one is Tact's, and tiny. For
each proof, in ASCII, each line ended by a newline, with an empty line between two proofs::

    tact/consistency/v1
    old <size in decimal>
    new <size in decimal>
    <base64 of a hash, RFC 6962 section 2.1.2, one a line; none where both sizes are equal>
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from audit import notes, tree
from audit.checkpoint import Checkpoint, decimal
from audit.notes import Malformed

FIRST_LINE = "tact/consistency/v1"
MOST_HASHES = 65
"""What PROOF(m, D[n]) has at most in a tree of 2**64 leaves: a path and the hash that it starts from."""


@dataclass(frozen=True)
class ConsistencyProof:
    """Two sizes of one log and the hashes that lead from the one to the other. Malformed where they could not."""

    old: int
    new: int
    hashes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not 0 < self.old <= self.new <= tree.MOST_LEAVES:
            raise Malformed("a tree extends a smaller one that is not empty")
        if len(self.hashes) > MOST_HASHES or any(len(one) != tree.HASH_BYTES for one in self.hashes):
            raise Malformed("a proof is at most 65 hashes of 32 bytes")

    def holds(self, old: Checkpoint, new: Checkpoint) -> bool:
        """Whether the second head extends the first, of the same log and of these sizes."""
        if (old.origin, old.size, new.size) != (new.origin, self.old, self.new):
            return False
        return tree.verify_consistency(old.size, new.size, old.root, new.root, self.hashes)


def written(proofs: Iterable[ConsistencyProof]) -> bytes:
    """The file of these proofs."""
    blocks = []
    for proof in proofs:
        hashes = [base64.b64encode(one).decode() for one in proof.hashes]
        blocks.append("".join(f"{line}\n" for line in (FIRST_LINE, f"old {proof.old}", f"new {proof.new}", *hashes)))
    return "\n".join(blocks).encode()


def parse(file: bytes) -> list[ConsistencyProof]:
    """The proofs that a file writes, nothing verified. Malformed."""
    if len(file) > notes.MOST_BYTES:
        raise Malformed("a file of proofs is at most a million bytes")
    try:
        text = file.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("a file of proofs is in ASCII") from error
    if not text.endswith("\n"):
        raise Malformed("a file of proofs ends in a newline")
    return [_proof(block.split("\n")) for block in text[:-1].split("\n\n")]


def _proof(lines: list[str]) -> ConsistencyProof:
    if len(lines) < 3 or lines[0] != FIRST_LINE or lines[1][:4] != "old " or lines[2][:4] != "new ":
        raise Malformed(f"a proof begins with {FIRST_LINE}, old and new")
    hashes = tuple(notes.strict_base64(line) for line in lines[3 : 4 + MOST_HASHES])
    return ConsistencyProof(decimal(lines[1][4:]), decimal(lines[2][4:]), hashes)
