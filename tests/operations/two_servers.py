"""A PostgreSQL of a test's own and a hot standby that follows it, made as `docs/operations.md` says; both erased at the end."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, connections
from django.test import override_settings

from config import places
from config.places import Home
from config.postgres_server import DATABASE, PORT, PostgresServer, prepare_folders
from config.programs import programs, run_as_server, server_account
from sharing import outbox
from tests.faults.house import eventually, postgres_tool

REPLICA = "tact_replica"
FOLLOWING = """\
hot_standby_feedback = on
max_standby_streaming_delay = 30min
log_connections = on
"""


class Follower(PostgresServer):
    """A hot standby: its accounts are the primary's, its settings a few more."""

    def make_accounts(self) -> None:
        """They come with the rest."""

    def configure(self) -> None:
        super().configure()
        with (self.cluster / "tact.conf").open("a") as file:
            file.write(FOLLOWING)

    def promote(self) -> None:
        """From now on it is the server that is written."""
        done = run_as_server(
            [self.programs.postgres_program("pg_ctl"), "promote", "-w", "-D", str(self.cluster)], timeout=60
        )
        assert done.returncode == 0, done.stdout


@contextlib.contextmanager
def server(kind: Callable[[Home, Any], PostgresServer]) -> Iterator[Any]:
    """One in a folder of its own, where an unprivileged user reaches it; nothing is started yet."""
    root = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="tact-"))
    home = Home(root=root, sockets=root / "sockets", own_programs=os.geteuid() == 0)
    prepare_folders(home)
    one = kind(home, programs(places.home()))
    try:
        yield one
    finally:
        one.stop()
        shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def follower_of(primary: PostgresServer) -> Iterator[Follower]:
    """A copy of a server that runs, started, which follows it."""
    password = places.secret("replica")
    with contextlib.closing(primary.connect_as_superuser("postgres")) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {REPLICA} REPLICATION LOGIN PASSWORD %s", [password])
    account = {"host": primary.home.sockets, "port": PORT, "user": REPLICA, "password": password}
    with server(Follower) as one:
        assert isinstance(one, Follower)
        postgres_tool(
            "pg_basebackup", "-D", str(one.cluster), "--checkpoint=fast", "--write-recovery-conf", "--create-slot",
            "--slot=standby", account=account,
        )  # fmt: skip
        if user := server_account():
            for path in (one.cluster, *one.cluster.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        one.start()
        yield one


def url(one: PostgresServer, role: str = "app", database: str = DATABASE) -> str:
    """The address of this role on this server."""
    host = quote(str(one.home.sockets), safe="")
    return f"postgres://tact_{role}:{quote(places.secret(role), safe='')}@:{PORT}/{database}?host={host}"


@contextlib.contextmanager
def on(one: PostgresServer) -> Iterator[None]:
    """Django, in this process, is on this server for a while, as the application."""
    its = {"NAME": DATABASE, "USER": "tact_app", "PASSWORD": places.secret("app"), "HOST": str(one.home.sockets)}
    its["PORT"] = str(PORT)
    usual = {name: connection.settings_dict[name] for name in its}
    connections.close_all()
    connection.settings_dict.update(its)
    try:
        with override_settings(EMBEDDED_DATABASE=True), pytest.MonkeyPatch.context() as patched:
            patched.setenv("TACT_SUPERVISED", "1")  # it runs already, and it is not the one that tests share
            patched.setattr(outbox._queue, "left_alone_until", float("inf"))
            yield
    finally:
        connections.close_all()
        connection.settings_dict.update(usual)


def kill(one: PostgresServer) -> None:
    """`kill -9`, the postmaster first."""
    for pid in (one.recorded_pid(), *one.processes()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not one.processes())
