"""The process that seals goes on: killed, doubled, cut from PostgreSQL, without disk, without queue, on a restored dump."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection, connections
from django.utils import timezone

from audit import heads, keys, sealing
from audit.models import Alarm, Checkpoint, Leaf
from audit.sealer import Sealer
from config import places
from config.postgres.account import account
from tests.audit.sealing_ways import (
    Writers,
    as_sealer,
    assert_sealed_whole,
    credentials,
    key_file,
    sealed,
    write,
    write_beside,
)

PATIENCE_SECONDS = 60


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, settings: Any) -> Path:
    """A key that no other test has."""
    return key_file(tmp_path, settings)


def eventually(true: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def environment(own_key: Path) -> dict[str, str]:
    """Of `manage.py seal`, on this test's database; its queue is nowhere."""
    there = connection.settings_dict

    def url(role: str) -> str:
        who = account(role)
        place = f"?host={quote(str(there['HOST']), safe='')}"
        return (
            f"postgres://{who['USER']}:{quote(str(who['PASSWORD']), safe='')}@:{there['PORT']}/{there['NAME']}{place}"
        )

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "REDIS"))}
    return kept | {
        "TACT_ENV": "demo",
        "DATABASE_URL": url("app"),
        "DATABASE_SEALER_URL": url("sealer"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "TACT_SEAL_KEY": str(own_key),
        "TACT_TRAIL_ORIGIN": str(django_settings.TRAIL_ORIGIN),
        "PYTHONUNBUFFERED": "1",
    }


def seal_command(own_key: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "seal", *arguments],
        cwd=places.BASE_DIR,
        env=environment(own_key),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def ended() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that a test started, ended whatever happens."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        one.kill()
        one.communicate()


def test_two_processes_never_seal_at_once_and_the_second_takes_over(
    own_database: str, own_key: Path, ended: list["subprocess.Popen[str]"]
) -> None:
    write(3)
    ended.append(first := seal_command(own_key, "--every", "0.05"))
    assert eventually(Leaf.objects.count) == 3
    ended.append(second := seal_command(own_key, "--every", "0.05"))
    assert second.stdout is not None
    assert second.stdout.readline() == "Un autre processus scelle déjà ce journal : celui-ci attend son tour.\n"
    write(2)
    assert eventually(lambda: Leaf.objects.count() == 5)
    os.kill(first.pid, signal.SIGKILL)
    write(4)
    assert eventually(lambda: Leaf.objects.count() == 9)
    with as_sealer():
        new = keys.rotate()  # while it runs: it picks up the new key without being started again
    write()
    assert eventually(lambda: Leaf.objects.count() == 10)
    assert new.vkey == keys.log_keys()[-1].vkey
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=PATIENCE_SECONDS) == 0
    assert_sealed_whole()


def test_killed_at_any_instant_it_leaves_a_tree_that_the_next_one_takes_up(own_database: str) -> None:
    dice = random.Random(9)  # noqa: S311  (no secret)
    sizes = [0]
    deadline = time.monotonic() + PATIENCE_SECONDS
    with Writers(4):
        # Killed as it starts, as it works, as it waits: until it has got on eight times.
        while len(set(sizes)) < 8 and time.monotonic() < deadline:
            connections.close_all()
            if (pid := os.fork()) == 0:
                with as_sealer():
                    Sealer(every=0.001, say=lambda sentence: None).run()
            time.sleep(dice.uniform(0.01, 0.25))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            sizes.append(Leaf.objects.count())
    sealed()
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 8
    assert_sealed_whole()


class Rounds:
    """A sealer taken round by round, and what it says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.sealer = Sealer(every=0.01, say=self.said.append)

    def turn(self) -> float:
        return self.sealer.step()


def test_cut_from_postgresql_it_says_so_once_waits_longer_and_takes_up(
    own_database: str, superuser_cursor: Any
) -> None:
    one, application = Rounds(), credentials()
    with as_sealer():
        write_beside(application)
        one.turn()
        superuser_cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'tact_sealer' AND datname = current_database()"
        )
        waits = [one.turn()]
        superuser_cursor.execute(f'ALTER DATABASE "{own_database}" CONNECTION LIMIT 0')
        try:
            waits += [one.turn() for _ in range(3)]
        finally:
            superuser_cursor.execute(f'ALTER DATABASE "{own_database}" CONNECTION LIMIT -1')
        write_beside(application)
        one.turn()
    interrupted, taken_up = one.said
    assert interrupted.startswith("Le scellement est interrompu (")
    assert taken_up == "Le scellement a repris."
    assert waits == [0.5, 1, 2, 5]
    assert_sealed_whole()


def test_with_the_disk_full_or_the_seal_broken_it_tries_again(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Rounds()
    write(300)

    def full(columns: str, rows: bytes) -> None:
        raise OperationalError("could not extend file: No space left on device")

    with as_sealer():
        with monkeypatch.context() as patched:
            patched.setattr(sealing, "_copy", full)
            assert [one.turn(), one.turn()] == [0.5, 1]
        assert Checkpoint.objects.count() == 0
        one.turn()
    assert one.said[-1] == "Le scellement a repris."
    assert_sealed_whole()


def test_without_rights_or_key_it_ends_with_one_sentence(
    own_database: str, own_key: Path, ended: list["subprocess.Popen[str]"]
) -> None:
    write()
    with pytest.raises(ProgrammingError):
        Rounds().turn()
    sealed()
    own_key.unlink()
    keys._known.clear()
    with as_sealer(), pytest.raises(ImproperlyConfigured):
        Rounds().turn()
    ended.append(command := seal_command(own_key))
    said, _ = command.communicate(timeout=PATIENCE_SECONDS)
    assert command.returncode == 2
    assert said.startswith(f"The seal key {own_key} cannot be read")
    assert said.count("\n") == 1


def test_what_was_passed_over_is_looked_for_at_the_start_and_each_night(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches: list[bool] = []
    monkeypatch.setattr(sealing, "seal", lambda **named: searches.append("search" in named))
    now = timezone.localtime().replace(hour=14)
    one = Rounds()
    with as_sealer():
        for later in (0, 1, 12, 14, 36, 38):
            monkeypatch.setattr(timezone, "localtime", lambda later=later: now + timedelta(hours=later))
            one.turn()
    # At the start; at 15 h, not again; at 2 h, not yet; at 4 h, yes; the same the night after.
    assert searches == [True, False, False, False, True, False, False, True, False]


def test_threads_that_seal_directly_wait_for_each_other(own_database: str) -> None:
    write(900)
    published: list[int] = []

    def client() -> None:
        while head := sealing.seal(limit=50):
            published.append(head.size)
        connections.close_all()

    with as_sealer():
        threads = [threading.Thread(target=client) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(published) == list(range(50, 901, 50))
    assert not Alarm.objects.exists()
    assert heads.unsealed().count == 0
    assert_sealed_whole()
