"""Checkpoints: the head of the tree at one size, signed, in the public form of C2SP tlog-checkpoint.

Three lines in a signed note: the origin that names the log, the size in decimal, the root in base64. Lines after these
are extensions: read, kept, never written by Tact.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import notes, tree
from audit.notes import Malformed

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """The head of one log at one size; frozen, so that equal heads are equal. Malformed where it could not be one."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= tree.MOST_LEAVES:
            raise Malformed("a tree has between 0 and 2**64 - 1 leaves")
        if len(self.root) != tree.HASH_BYTES:
            raise Malformed("a root is 32 bytes")
        if self.size == 0 and self.root != tree.EMPTY_ROOT:
            raise Malformed("an empty tree has one root only")
        if not all(line and "\n" not in line for line in (self.origin, *self.extensions)):
            raise Malformed("the lines of a checkpoint are not empty")

    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))

    def signed(self, key: Ed25519PrivateKey, name: str | None = None) -> bytes:
        """The signed note; the key is called like the log unless it is named. Malformed where the name cannot be one."""
        return notes.sign(self.text(), name or self.origin, key)

    @classmethod
    def parse(cls, note: bytes) -> "Checkpoint":
        """The head in a note, **its signatures not verified**. Malformed."""
        return cls.of_text(notes.parse(note).text)

    @classmethod
    def opened(cls, note: bytes, keys: Iterable[notes.VerifierKey]) -> "Checkpoint":
        """The head in a note that the log signed: a key among these, called like its origin, made a good signature.

        Malformed, WrongSignature, NoKnownSignature (`audit.notes`). A witness's signature alone is not the log's.
        """
        read = notes.open_note(note, keys)
        head = cls.of_text(read.text)
        if all(one.name != head.origin for one in read.signatures):
            raise notes.NoKnownSignature("no key of the log signed this checkpoint")
        return head

    @classmethod
    def of_text(cls, text: str) -> "Checkpoint":
        """The head that a note's text writes. Malformed."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3:
            raise Malformed("a checkpoint has an origin, a size and a root")
        origin, size, root, *extensions = lines
        return cls(origin, decimal(size), notes.strict_base64(root), tuple(extensions))


def decimal(text: str) -> int:
    """A count in decimal without leading zero, below 2**64. Malformed."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > tree.MOST_LEAVES:
        raise Malformed("a count is decimal, without leading zero, below 2**64")
    return number
