"""A signed head held against the trail as it stands: does today's log extend it?

The head may have been kept outside (a letter, a sheet of paper): it is then what tells a trail that was rewritten by those who hold
the base and the key (trust.md, the attacks).
"""

from dataclasses import dataclass
from enum import StrEnum

from . import checkpoint, heads, keys, notes, tree
from .models import Checkpoint


class Answer(StrEnum):
    """What a head came to."""

    EXTENDED = "extended"
    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown_key"
    ANOTHER_LOG = "another_log"
    AHEAD = "ahead"
    REWRITTEN = "rewritten"


WRONG = frozenset({Answer.AHEAD, Answer.REWRITTEN})
"""Signed by us, and not of the trail as it stands."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The answer, what the head says where it could be read, and the head it was held against."""

    answer: Answer
    head: checkpoint.Checkpoint | None = None
    latest: Checkpoint | None = None

    @property
    def wrong(self) -> bool:
        """The trail is not what it was: an alarm."""
        return self.answer in WRONG


def compare(note: bytes, *, latest: Checkpoint | None = None) -> Compared:
    """Hold a note against `latest`, or the latest head. Nothing that is written in it is believed before its signature is."""
    latest = latest or heads.latest()
    try:
        head = checkpoint.Checkpoint.opened(note, keys.log_vkeys())
    except notes.Malformed:
        return Compared(Answer.UNREADABLE, latest=latest)
    except notes.NoteError:
        return Compared(Answer.UNKNOWN_KEY, latest=latest)
    if latest is None or head.size > latest.size:
        return Compared(Answer.AHEAD, head, latest)
    now = checkpoint.Checkpoint.parse(bytes(latest.note))
    if head.origin != now.origin:
        return Compared(Answer.ANOTHER_LOG, head, latest)
    return Compared(Answer.EXTENDED if _extends(now, head) else Answer.REWRITTEN, head, latest)


def _extends(now: checkpoint.Checkpoint, before: checkpoint.Checkpoint) -> bool:
    if before.size == now.size:
        return before.root == now.root
    try:
        proof = heads.consistency(before.size, now.size)
    except ValueError:  # a tile or a leaf is gone
        return False
    return tree.verify_consistency(before.size, now.size, before.root, now.root, proof)
