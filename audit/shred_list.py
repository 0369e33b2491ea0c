"""The list of what was erased, kept beside the database: a backup is older than some erasures, and restoring it must not undo them.

One JSON line an erasure: its instant, the reason, who decided, the uuids of the entries; nothing personal. It is written, surely on
the disk, before the erasure is committed: nothing goes that this list does not name. An erasure that is undone is called off by a
line of its own; where the machine died or the connection was lost in between, it stands: it had been decided (ADR 0042).
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError

CALLED_OFF = "called_off"


class UnreadableList(ValueError):
    """A line of the list cannot be read: `line` is its number, from 1."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path}:{line}")
        self.path, self.line = path, line


@dataclass(frozen=True, slots=True)
class Shredded:
    """One erasure, as the list names it."""

    key: UUID
    at: datetime
    reason: str
    by: UUID
    entries: tuple[UUID, ...]


@contextmanager
def noting(*, entries: Sequence[UUID], reason: str, by: UUID, at: datetime) -> Iterator[None]:
    """Name these entries before what this block does is committed; call it off where the block surely undid it.

    Not where the connection was lost or the program was stopped: it may be done, and it had been decided.

    Raises ImproperlyConfigured, before anything is done, where the list cannot be written.
    """
    path, key = _path(), uuid4()
    line = {
        "key": str(key),
        "at": at.isoformat(),
        "reason": reason,
        "by": str(by),
        "entries": [str(one) for one in entries],
    }
    try:
        _append(path, line)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The list of what is erased cannot be written in {path} ({error.strerror}): set TACT_SHRED_LIST to a file that can."
        ) from error
    try:
        yield
    except (OperationalError, InterfaceError):
        raise  # the answer of a COMMIT may be what was lost: it stands
    except Exception:
        _append(path, {CALLED_OFF: str(key)})
        raise


def read(path: Path) -> list[Shredded]:
    """The erasures that stand, oldest first. OSError; UnreadableList.

    A last line that was cut short by the death of the machine is left aside: its erasure was not committed.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    lines.pop()  # what follows the last end of line: nothing, or a line that was not written whole
    found: dict[UUID, Shredded] = {}
    for number, text in enumerate(lines, 1):
        try:
            line = json.loads(text)
            if CALLED_OFF in line:
                found.pop(UUID(line[CALLED_OFF]), None)
            else:
                one = _read_line(line)
                found[one.key] = one
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableList(path, number) from error
    return list(found.values())


def entries_of(erasures: Iterable[Shredded]) -> set[UUID]:
    """Every entry that one of these names."""
    return {entry for one in erasures for entry in one.entries}


def _path() -> Path:
    if not settings.SHRED_LIST:
        raise ImproperlyConfigured(
            "TACT_SHRED_LIST is not set: what is erased must be named in a file that outlives the database."
        )
    return Path(settings.SHRED_LIST)


def _append(path: Path, line: dict[str, Any]) -> None:
    """One write: a line is there whole or not at all, whoever else writes. A line that was cut before it is closed first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        if cut:
            os.ftruncate(descriptor, _whole(descriptor, size))
        os.write(descriptor, (json.dumps(line) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _whole(descriptor: int, size: int) -> int:
    """Where the last whole line ends."""
    return os.pread(descriptor, size, 0).rfind(b"\n") + 1


def _read_line(line: dict[str, Any]) -> Shredded:
    return Shredded(
        key=UUID(line["key"]),
        at=datetime.fromisoformat(line["at"]),
        reason=line["reason"],
        by=UUID(line["by"]),
        entries=tuple(UUID(one) for one in line["entries"]),
    )
