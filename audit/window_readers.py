"""Windows of the sealed trail read by several processes at once, each on its own connection, all of the same snapshot.

A process imports nothing of Django's settings; it is told on its standard input where to read and what, never on its command
line, and answers on its standard output. It is started anew wherever the verification runs, a Celery worker included, whose
own children `multiprocessing` would refuse.
"""

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.db import DatabaseError, connection

from .sealed_windows import LEAVES, Question, Reader, Window

ROOT = Path(__file__).resolve().parent.parent
ALONE_BELOW = 4 * LEAVES
"""A trail so short is read in less time than two processes take to start."""
MOST = 4
SIZE = struct.Struct("!Q")
BEGIN = "import sys; from audit.window_readers import main; sys.exit(main())"


@dataclass(frozen=True, slots=True)
class Errand:
    """What one process reads, and where."""

    connect: dict[str, Any]
    snapshot: str
    question: Question
    windows: tuple[tuple[int, int], ...]


_running: set["subprocess.Popen[bytes]"] = set()
"""Those that read for this process now."""


def stop() -> None:
    """End every reading of this process, whatever it waits for: whoever asked for it is told `ReaderLost`."""
    for one in tuple(_running):
        one.kill()


class ReaderLost(DatabaseError):
    """A process that was reading ended before it had answered."""


def windows_of(first: int, last: int) -> list[tuple[int, int]]:
    """The windows of these leaves; ``first`` begins one."""
    return [(start, min(start + LEAVES, last)) for start in range(first, last, LEAVES)]


@contextmanager
def reading(windows: Sequence[tuple[int, int]], question: Question, snapshot: str | None) -> Iterator[Iterator[Window]]:
    """Each window, in order: read as they are asked for by this process alone, where there is no snapshot to share or little
    to read; else by several, which begin at once and go on while this one does something else. None outlives the block.
    """
    count = min(MOST, os.cpu_count() or 1)
    if snapshot is None or count < 2 or len(windows) * LEAVES < ALONE_BELOW:
        yield _by_one(windows, question)
        return
    parameters = dict(connection.get_connection_params())
    parameters.pop("cursor_factory", None)
    readers: list[subprocess.Popen[bytes]] = []
    try:
        for turn in range(count):
            one = subprocess.Popen(
                [sys.executable, "-c", BEGIN], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            readers.append(one)
            _running.add(one)
            _send(one.stdin, Errand(parameters, snapshot, question, tuple(windows[turn::count])))
        yield _by_several(windows, readers)
    finally:
        for one in readers:
            one.kill()
            one.communicate()
            _running.discard(one)


def _by_one(windows: Sequence[tuple[int, int]], question: Question) -> Iterator[Window]:
    with connection.cursor() as cursor:
        reader = Reader(cursor, question)
        for first, last in windows:
            with connection.wrap_database_errors:
                found = reader.window(first, last)
            yield found


def _by_several(windows: Sequence[tuple[int, int]], readers: Sequence["subprocess.Popen[bytes]"]) -> Iterator[Window]:
    for turn in range(len(windows)):
        answer = _received(readers[turn % len(readers)].stdout)
        if not isinstance(answer, Window):
            raise ReaderLost(str(answer))
        yield answer


def _send(stream: IO[bytes] | None, thing: object) -> None:
    assert stream is not None
    packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    stream.write(SIZE.pack(len(packed)) + packed)
    stream.flush()


def _received(stream: IO[bytes] | None) -> object:
    """What the other end of a pipe of ours sent."""
    assert stream is not None
    head = stream.read(SIZE.size)
    if len(head) < SIZE.size:
        return "a reader ended before it had answered"
    return pickle.loads(stream.read(SIZE.unpack(head)[0]))  # noqa: S301  (our own process, by its own pipe)


def main() -> int:
    """Run one errand. What goes wrong is answered, then raised by whoever asked."""
    errand = _received(sys.stdin.buffer)
    assert isinstance(errand, Errand)
    try:
        with psycopg2.connect(**errand.connect) as link, link.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [errand.snapshot])
            reader = Reader(cursor, errand.question)
            for first, last in errand.windows:
                _send(sys.stdout.buffer, reader.window(first, last))
    except psycopg2.Error as error:
        _send(sys.stdout.buffer, str(error))
    except BrokenPipeError:
        return 1
    return 0
