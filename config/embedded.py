"""The bundled PostgreSQL and Redis, started by whoever needs them first and stopped by whoever leaves last.

Two locks on files, both released by the system when a process dies, however it dies: ``start`` is held while a server
is being started or stopped, ``users`` is shared by every process that uses the servers, so that the last one to leave
is the one that can take it whole, and stops them. The launcher's children are told not to start anything
(``TACT_SUPERVISED``): it does it for them.

``python -m config.embedded start | stop | erase`` does by hand what its name says.
"""

import atexit
import contextlib
import ctypes
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from typing import IO

from config import places
from config.places import HouseError
from config.postgres_server import PostgresServer, prepare_folders
from config.programs import programs
from config.redis_server import RedisServer

SUPERVISED = "TACT_SUPERVISED"
PR_SET_CHILD_SUBREAPER = 36


class Usage:
    """This process's share of the ``users`` lock; ``pid`` because a forked child inherits it without owning it."""

    def __init__(self) -> None:
        self.file: IO[str] | None = None
        self.pid = 0

    @property
    def joined(self) -> bool:
        return self.file is not None and self.pid == os.getpid()


usage = Usage()


def lock_file(name: str) -> IO[str]:
    return (places.private_folder(places.private_folder(places.var()) / "locks") / name).open("a")


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """One command at a time starts or stops the servers; the others wait, then find it done."""
    with lock_file("start") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def servers() -> tuple[PostgresServer, RedisServer]:
    """The two servers of this home, running or not."""
    home = places.home()
    prepare_folders(home)
    found = programs(home)
    return PostgresServer(home, found), RedisServer(home, found)


def join() -> None:
    """Count this process among those that use the servers, until it ends."""
    if usage.joined:
        return
    adopt_orphans()
    usage.file, usage.pid = lock_file("users"), os.getpid()
    fcntl.flock(usage.file, fcntl.LOCK_SH)
    atexit.register(leave)


def leave() -> bool:
    """Stop counting this process; stop the servers where nobody else uses them. Says whether they were stopped."""
    if not usage.joined:
        return False
    assert usage.file is not None
    usage.file.close()
    usage.file = None
    with starting(), lock_file("users") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop_both()
    return True


def ensure_postgres() -> None:
    """Return once the application can read its database; start the server where it is not running."""
    if os.environ.get(SUPERVISED):
        return
    if usage.joined and servers()[0].answers():
        return
    with starting():
        join()
        postgres, _ = servers()
        if not postgres.usable():
            postgres.start()


def ensure_redis() -> None:
    """Return once the broker answers. Raises HouseError; whoever calls may go on without it."""
    if os.environ.get(SUPERVISED):
        return
    with starting():
        join()
        servers()[1].start()


def adopt_orphans() -> None:
    """Servers leave their starter's hands: have them come back to this process, so that it can bury them.

    Where the machine's first process buries nobody (a bare container), each stop would otherwise leave a ghost.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def stop_both() -> None:
    postgres, redis = servers()
    pids = postgres.processes() | redis.processes()
    redis.stop()
    postgres.stop()
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def erase() -> None:
    """Stop the servers and erase everything that running made: databases, secrets, mail."""
    with starting():
        stop_both()
        home = places.home()
        for folder in {home.root, home.sockets.parent, places.var()}:
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start"]:
            with starting():
                postgres, redis = servers()
                if not postgres.usable():
                    postgres.start()
                redis.start()
        case ["stop"]:
            with starting():
                stop_both()
        case ["erase"]:
            erase()
        case _:
            print("Usage: python -m config.embedded start | stop | erase", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except HouseError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
