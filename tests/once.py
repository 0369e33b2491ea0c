"""What several processes of one run need is made by the first that wants it, used by the others, undone by the last that leaves.

Nothing outlives the run: its folder is pytest's own, made anew each time, so that what an earlier version made is never met.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time; the lock is released by the system when the process dies, however it dies."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def made_once(folder: Path, what: str, make: Callable[[], str], unmake: Callable[[str], None]) -> Iterator[str]:
    """Yields what `make` said, in whichever process it ran. Where it raises, whoever comes next tries again."""
    lock, said, users = folder / f"{what}.lock", folder / what, folder / f"{what}.users"
    me = str(os.getpid())
    with alone(lock):
        others = users.read_text().split() if users.exists() else []
        if not others:
            said.write_text(make())
        users.write_text(" ".join([*others, me]))
    try:
        yield said.read_text()
    finally:
        with alone(lock):
            others = [other for other in users.read_text().split() if other != me]
            users.write_text(" ".join(others))
            if not others:
                unmake(said.read_text())
