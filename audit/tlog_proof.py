"""The proof that an entry is in the log, in one file: C2SP tlog-proof (c2sp.org/tlog-proof), read in its text of 2025.

``c2sp.org/tlog-proof@v1``; optionally ``extra`` and base64; ``index`` and the leaf's number from 0; one base64 hash a
line, from the leaf's sibling up; an empty line; the checkpoint, as the log signed it.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from audit import notes, tree
from audit.checkpoint import Checkpoint, decimal
from audit.notes import Malformed

FIRST_LINE = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MOST_HASHES = 64
"""A path of a tree of 2**64 leaves at most."""
MOST_BYTES = 2 * notes.MOST_BYTES


class NotIncluded(notes.NoteError):
    """The path does not lead from this entry to the root of the checkpoint."""


@dataclass(frozen=True)
class TlogProof:
    """A leaf's number, its path, and the checkpoint's note, byte for byte. ``extra`` is not authenticated by anything."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index < tree.MOST_LEAVES:
            raise Malformed("a leaf has a number from 0 to 2**64 - 2")
        if len(self.hashes) > MOST_HASHES or any(len(one) != tree.HASH_BYTES for one in self.hashes):
            raise Malformed("a path is at most 64 hashes of 32 bytes")

    @property
    def encoded(self) -> bytes:
        """The file."""
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(one).decode() for one in self.hashes]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, file: bytes) -> "TlogProof":
        """What a file writes, **nothing verified**. Malformed."""
        if len(file) > MOST_BYTES:
            raise Malformed("a proof is at most two million bytes")
        head, cut, checkpoint = file.partition(b"\n\n")
        if not cut:
            raise Malformed("an empty line stands between the path and the checkpoint")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise Malformed("the lines of a path are in ASCII") from error
        if first != FIRST_LINE:
            raise Malformed(f"a proof begins with {FIRST_LINE}")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = notes.strict_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise Malformed("a proof says the index of its leaf")
        index = decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > MOST_HASHES:
            raise Malformed("a path is at most 64 hashes of 32 bytes")
        return cls(index, tuple(notes.strict_base64(line) for line in lines), checkpoint, extra)

    def verify(self, body: bytes, keys: Iterable[notes.VerifierKey], origin: str | None = None) -> Checkpoint:
        """The checkpoint that holds these exact bytes, signed by a key of the log.

        Malformed, WrongSignature, NoKnownSignature; NotIncluded where the path leads elsewhere, or the log is not the
        one that was asked for.
        """
        head = Checkpoint.opened(self.checkpoint, keys)
        if origin is not None and head.origin != origin:
            raise NotIncluded(f"this is a proof of the log {head.origin}")
        if not tree.verify_inclusion(tree.leaf_hash(body), self.index, head.size, self.hashes, head.root):
            raise NotIncluded("the path does not lead from this entry to the root")
        return head
