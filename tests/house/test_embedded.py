"""The bundled servers: where they live, who they run as, and how they come back after a violent death."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config import places
from config.places import HouseError
from config.postgres_server import PostgresServer
from config.programs import Programs, processes_in


def embedded(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.embedded", *arguments],
        env={**os.environ, "TACT_VAR": str(var)},
        cwd=places.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A house of its own, in a folder whose name has a space, with its servers running."""
    var = tmp_path_factory.mktemp("une maison")
    started = embedded(var, "start")
    assert started.returncode == 0, started.stderr
    yield var
    assert embedded(var, "erase").returncode == 0


@pytest.fixture
def home(house: Path, monkeypatch: pytest.MonkeyPatch) -> places.Home:
    monkeypatch.setenv("TACT_VAR", str(house))
    return places.home()


@pytest.fixture
def server(home: places.Home) -> PostgresServer:
    return PostgresServer(home, Programs(Path("/unused"), Path("/unused")))


def postmaster(home: places.Home) -> int:
    return int((home.postgres / "postmaster.pid").read_text().split("\n", 1)[0])


def test_the_servers_live_in_var_where_the_path_is_short_and_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACT_VAR", "/srv/tact/var")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    home = places.home()
    assert (home.root, home.sockets) == (Path("/srv/tact/var"), Path("/srv/tact/var/sockets"))
    assert not home.own_programs


@pytest.mark.parametrize("name", ["un dossier", "l" * 90, "été", "a$b", "a'b"])
def test_a_path_that_sockets_cannot_bear_sends_them_to_var_tmp(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    var = tmp_path / name
    monkeypatch.setenv("TACT_VAR", str(var))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    home = places.home()
    assert home.root == var
    assert home.sockets.parent.parent == Path("/var/tmp")
    assert len(str(home.sockets / places.LONGEST_SOCKET_NAME)) < places.SOCKET_PATH_LIMIT


def test_as_root_everything_lives_where_an_unprivileged_user_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TACT_VAR", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    home = places.home()
    assert home.root.parent == Path("/var/tmp")
    assert home.own_programs


def test_a_clone_made_again_at_the_same_place_does_not_wake_the_earlier_databases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TACT_VAR", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = places.home()
    assert places.home() == before
    (tmp_path / "identity").unlink()
    assert places.home() != before


def test_secrets_are_random_kept_and_closed_to_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACT_VAR", str(tmp_path))
    first = places.secret("app")
    assert len(first) >= 32
    assert places.secret("app") == first
    assert places.secret("migrator") != first
    assert (tmp_path / "secrets" / "app").stat().st_mode & 0o777 == 0o600


def test_nobody_listens_on_the_network_and_nobody_enters_without_a_password(
    home: places.Home, server: PostgresServer
) -> None:
    with pytest.raises(psycopg2.OperationalError, match=r"password|no password"):
        psycopg2.connect(host=str(home.sockets), user="tact_app", dbname="tact", password="wrong", passfile="/dev/null")
    connection = server.connect(user="tact_app", secret="app", database="tact")
    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
        cursor.execute("SHOW data_checksums")
        assert cursor.fetchone() == ("on",)
        cursor.execute("SHOW server_version_num")
        assert cursor.fetchone()[0].startswith("18")
    connection.close()


def test_the_servers_never_run_as_root(home: places.Home) -> None:
    (redis,) = processes_in(home.redis)
    for pid in (postmaster(home), redis):
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_postgres_comes_back_after_its_postmaster_is_killed(
    house: Path, home: places.Home, server: PostgresServer
) -> None:
    dead = postmaster(home)
    os.kill(dead, signal.SIGKILL)
    again = embedded(house, "start")
    assert again.returncode == 0, again.stderr
    assert postmaster(home) != dead
    assert server.usable()


def test_a_pid_file_that_names_another_living_program_is_not_believed(
    house: Path, home: places.Home, server: PostgresServer
) -> None:
    """After a reboot the dead server's number may be somebody else's; PostgreSQL alone would refuse to start."""
    pid_file = home.postgres / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    while living := processes_in(home.postgres):
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    again = embedded(house, "start")
    assert again.returncode == 0, again.stderr
    assert server.usable()


def test_redis_comes_back_after_it_is_killed(house: Path, home: places.Home) -> None:
    for pid in processes_in(home.redis):
        os.kill(pid, signal.SIGKILL)
    again = embedded(house, "start")
    assert again.returncode == 0, again.stderr
    assert processes_in(home.redis)


def test_commands_that_start_at_once_find_one_server(house: Path, home: places.Home) -> None:
    assert embedded(house, "stop").returncode == 0
    assert not processes_in(home.postgres)
    command = [sys.executable, "-m", "config.embedded", "start"]
    environment = {**os.environ, "TACT_VAR": str(house)}
    both = [subprocess.Popen(command, env=environment, cwd=places.BASE_DIR, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        errors = one.communicate(timeout=60)[1]
        assert one.returncode == 0, errors
    assert postmaster(home) in processes_in(home.postgres)


def test_a_full_disk_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: PostgresServer
) -> None:
    class Nearly:
        free = 1024

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Nearly)
    with pytest.raises(HouseError, match=r"^The disk is full: .* needs 200 MB"):
        server.make()


def test_a_database_of_another_installation_is_said_in_one_sentence(
    house: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = house / "secrets" / "superuser"
    kept = secret.read_text()
    secret.write_text("another")
    try:
        with pytest.raises(HouseError, match="make clean-var"):
            server.wait_for_superuser()
    finally:
        secret.write_text(kept)
