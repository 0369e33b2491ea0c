"""What the launcher says where it cannot run, and how it keeps programs up and takes them down."""

import ast
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import install, launcher, places
from config.places import HouseError
from config.supervision import Child, stop_all

# Starts a child of its own that ignores the polite signals, as a worker in the middle of a task would.
STUBBORN_FAMILY = (
    "import signal, subprocess, sys, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True);"
    "time.sleep(60)"
)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def child(tmp_path: Path, code: str) -> Child:
    return Child("essai", [sys.executable, "-c", code], tmp_path / "essai.log", os.environ, tmp_path)


def wait_until_gone(pid: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_taken_port_is_said_with_the_line_that_helps(taken_port: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.launcher"],
        env={**os.environ, "PORT": str(taken_port), "TACT_VAR": str(tmp_path)},
        cwd=places.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {taken_port} is taken. ")
    assert "make run PORT=" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(HouseError, match="Write a number between 1 and 65535"):
        launcher.wanted_port()


def test_two_launchers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACT_VAR", str(tmp_path))
    with launcher.the_only_launcher(), pytest.raises(HouseError, match="already runs"), launcher.the_only_launcher():
        pass


def test_an_unusable_database_url_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.prepare"],
        env={
            **os.environ,
            "TACT_ENV": "demo",
            "TACT_VAR": str(tmp_path),
            "DATABASE_URL": "postgres://u:p@127.0.0.1:1/base",
        },
        cwd=places.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL cannot be used: ")
    assert done.stderr.count("\n") == 1


def test_an_old_python_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(install, "answers", lambda command: False)
    with pytest.raises(install.Refusal, match=r"^Tact needs Python 3\.11 or later; this one is 3\.9\.2\."):
        install.recent_python()


def test_the_installer_can_be_read_by_an_old_python() -> None:
    """No syntax newer than Python 3.6 stands between an old interpreter and the sentence it must print."""
    source = Path(install.__file__).read_text()
    ast.parse(source, feature_version=(3, 6))
    assert runpy.run_path(install.__file__)["OLDEST"] == (3, 11)


def test_a_program_that_dies_is_buried_and_planned_again_a_little_later_each_time(tmp_path: Path) -> None:
    one = child(tmp_path, "import time; time.sleep(60)")
    waits = []
    for _ in range(3):
        one.start()
        assert one.process is not None
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait()
        before = time.monotonic()
        assert one.bury() == "killed by signal 9"
        waits.append(round(one.restart_at - before, 1))
    assert waits == [0.2, 1.0, 2.0]


def test_closing_leaves_nothing_of_a_program_nor_of_what_it_started(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN_FAMILY)
    one.start()
    assert one.process is not None
    pids = [one.process.pid]
    while not one.log.read_text().endswith("\n"):
        time.sleep(0.02)
    pids.append(int(one.log.read_text()))
    stop_all([one], seconds=0.2)
    assert all(wait_until_gone(pid) for pid in pids)


def test_a_program_says_its_last_word(tmp_path: Path) -> None:
    one = child(tmp_path, "import sys; print('first'); sys.exit('the last word')")
    one.start()
    assert one.process is not None
    one.process.wait()
    assert one.last_line() == "the last word"
    assert one.bury() == "ended with status 1"
