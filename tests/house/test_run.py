"""The whole house, as `make run` brings it up: it stays up when its programs are killed, and leaves nothing behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import places
from tests.site import free_port

PATIENCE_SECONDS = 90
PROGRAMS = {"web": "gunicorn", "worker": "worker", "beat": "beat", "seal": "manage.py seal"}


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def living(*marks: str) -> dict[int, str]:
    """Every process with one of these marks in its command or in its environment."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            environment = (entry / "environ").read_bytes().decode(errors="replace")
            if state != "Z" and any(mark in command or mark in environment for mark in marks):
                found[int(entry.name)] = command
    return found


class Run:
    """One run of the launcher, in a folder of its own whose name has a space and an accent."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.said = var.with_suffix(".log")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TACT", "PYTEST", "DATABASE", "REDIS"))
        }
        self.environment = kept | {"TACT_VAR": str(var), "TACT_ENV": "demo", "PORT": str(self.port)}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launcher"],
                cwd=places.BASE_DIR,
                env=self.environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.said.read_text()

    def says(self, sentence: str) -> Callable[[], bool]:
        return lambda: sentence in self.text

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
            return bool(answer.status == 200)
        return False

    def sealed(self) -> bool:
        """Nothing waits for its seal: the demonstration tells of weeks ago, an entry of it that waits is seen at once."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
            return bool(json.load(answer)["parts"]["seal"] == "ok")
        return False

    def programs(self) -> dict[int, str]:
        """The launcher's own children, by pid: the web's master, the worker, the schedule, the sealer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(pid): Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in children}

    def kill(self, word: str) -> None:
        pid = next(pid for pid, command in self.programs().items() if word in command)
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    one = Run(tmp_path_factory.mktemp("une maison à part") / "var")
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        erase = [sys.executable, "-m", "config.embedded", "erase"]
        subprocess.run(erase, cwd=places.BASE_DIR, env=one.environment, check=True)


def test_the_house_opens_stays_up_and_leaves_nothing_behind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = eventually(lambda: "Ctrl-C stops everything" in run.text or run.process.poll() is not None)
    assert opened, run.text
    assert run.process.poll() is None, run.text
    assert run.answers()
    assert f"http://127.0.0.1:{run.port}" in run.text
    assert "The demonstration's accounts" in run.text

    assert eventually(lambda: all(any(word in each for each in run.programs().values()) for word in PROGRAMS.values()))
    assert eventually(run.sealed), run.text
    for name, word in PROGRAMS.items():
        run.kill(word)
        assert eventually(run.says(f"! {name} died (killed by signal 9)"))
    run.kill("postgres")
    assert eventually(run.says("! PostgreSQL died: starting it again"))
    assert eventually(run.answers), run.text
    assert eventually(run.sealed), run.text

    monkeypatch.setenv("TACT_VAR", str(run.var))
    marks = (str(run.var), str(places.home().root), str(places.home().sockets.parent))
    assert len(living(*marks)) > len(PROGRAMS)
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=PATIENCE_SECONDS) == 0
    assert run.text.rstrip().endswith("· Closed")
    assert not living(*marks)
