"""A dump restored on another server, whose transactions are numbered anew: its trail is sealed on from where it was."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from audit import heads, keys, sealing, tree
from audit.models import Alarm, Checkpoint, Entry
from config import places
from config.postgres.account import become
from config.postgres_server import DATABASE, PORT, SUPERUSER, PostgresServer, prepare_folders
from config.programs import programs
from config.roles import OWNER, close_database
from tests.audit.sealing_ways import as_sealer, assert_sealed_whole, key_file, sealed, write
from tests.faults.house import dump_of, postgres_tool


@pytest.fixture
def another_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """Running, and empty; its secrets are this process's for as long as the test lasts."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TACT_VAR", str(tmp_path / "elsewhere"))
        home = places.home()
        prepare_folders(home)
        server = PostgresServer(home, programs(home))
        server.start()
        try:
            yield server
        finally:
            erase = [sys.executable, "-m", "config.embedded", "erase"]
            subprocess.run(erase, cwd=places.BASE_DIR, check=True)


def restore(server: PostgresServer, dump: bytes) -> None:
    """As docs/operations.md says: an empty database of the owner's, then the dump."""
    with contextlib.closing(server.connect_as_superuser("postgres")) as link:
        link.autocommit = True
        cursor = link.cursor()
        cursor.execute(f"DROP DATABASE {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
        close_database(cursor, DATABASE)
    account = {"host": server.home.sockets, "port": PORT, "user": SUPERUSER, "password": places.secret("superuser")}
    postgres_tool("psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, DATABASE, account=account, given=dump)


@contextlib.contextmanager
def on(server: PostgresServer) -> Iterator[None]:
    """Django, in this process, is on that server, which the test alone starts and stops."""
    its: dict[str, Any] = {"NAME": DATABASE, "HOST": str(server.home.sockets), "PORT": PORT}
    usual = {name: connection.settings_dict[name] for name in (*its, "USER", "PASSWORD")}
    connections.close_all()
    connection.settings_dict.update(its)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TACT_SUPERVISED", "1")
        become("app")
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(usual)


def test_a_dump_restored_on_another_server_is_sealed_on_and_nothing_twice(
    own_database: str, tmp_path: Path, settings: Any, request: pytest.FixtureRequest
) -> None:
    key_file(tmp_path, settings)
    for many in (300, 40):
        write(many)
        before = sealed()
    waiting = write(3)
    assert before is not None
    dump = dump_of(own_database)
    server = request.getfixturevalue("another_server")
    restore(server, dump)
    with on(server):
        assert heads.unsealed().count == 3
        assert set(Entry.objects.order_by("-pk").values_list("pk", flat=True)[:3]) == set(waiting)
        after = sealed()
        assert after is not None
        assert after.size == 343
        assert after.system != before.system
        assert sealed() is None
        for many in (1, 600):
            write(many)
            sealed()
        with as_sealer():
            assert sealing.seal(search=True) is None
        last = Checkpoint.objects.last()
        assert last is not None
        assert last.size == 944
        path = heads.consistency(before.size, last.size)
        assert tree.verify_consistency(before.size, last.size, bytes(before.root), bytes(last.root), path)
        assert len(keys.log_keys()) == 1
        assert not Alarm.objects.exists()
        assert_sealed_whole()
