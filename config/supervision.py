"""A program run as a process of its own: started in its own session, watched, ended with everything it started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 10
LOG_LIMIT_BYTES = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1
# Seconds before the first, second, third … restart of a program that keeps dying.
RESTART_DELAYS = (0.2, 1, 2, 5, 10)
# A program that lived this long had started well: its next death counts as the first.
HEALTHY_SECONDS = 60


def die_with_parent() -> None:
    """Ask Linux to end this process when the launcher dies, even of a ``kill -9``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program of the house. ``name`` is the word the launcher says of it."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    cwd: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.unlink()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                cwd=self.cwd,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (the launcher has one thread)
            )
        self.started_at = time.monotonic()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> str:
        """After a death: end what it left behind, plan the restart, say how it died."""
        assert self.process is not None
        self.signal_all(signal.SIGKILL)
        status = self.process.returncode
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at > HEALTHY_SECONDS else self.deaths + 1
        self.restart_at = now + RESTART_DELAYS[min(self.deaths, len(RESTART_DELAYS)) - 1]
        self.process = None
        return f"killed by signal {-status}" if status < 0 else f"ended with status {status}"

    def signal_all(self, number: int) -> None:
        """To the program and to everything it started, which share its process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        if self.running:
            assert self.process is not None
            self.process.terminate()

    def make_stop(self, deadline: float) -> None:
        """Wait for it until the instant (of ``time.monotonic``), then kill; in the end nothing of it is left."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        self.signal_all(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_line(self) -> str:
        """The last line it wrote, which usually says why it died."""
        with contextlib.suppress(OSError):
            lines = self.log.read_bytes()[-4000:].decode(errors="replace").strip().splitlines()
            return lines[-1].strip() if lines else ""
        return ""


def stop_all(children: Sequence[Child], seconds: float = STOP_SECONDS) -> None:
    """Ask all of them at once, then wait for each."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + seconds
    for child in children:
        child.make_stop(deadline)


KEEP_ALIVE_SECONDS = 75
"""Longer than browsers and proxies keep a connection: it is they who close it, never the web as a request is on its way."""


def web_command(port: int, *, workers: int = 2, threads: int = 4) -> list[str]:
    """Gunicorn on this machine's own address. Console scripts are avoided: a path with a space breaks their first line."""
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--threads", str(threads), "--timeout", "60", "--graceful-timeout", "5",
        "--keep-alive", str(KEEP_ALIVE_SECONDS),
        "--preload", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp",  # noqa: S108
    ]  # fmt: skip


def worker_command() -> list[str]:
    """One process with threads: killed, it leaves no child behind."""
    return [
        sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool", "threads", "--concurrency", "2",
        "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def beat_command(schedule_file: Path) -> list[str]:
    """The schedule, a process of its own: inside a worker it would outlive it and double."""
    return [
        sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel", "WARNING",
        "--schedule", str(schedule_file), "--pidfile", "",
    ]  # fmt: skip


def seal_command() -> list[str]:
    """What seals the trail, apart from the queue: it goes on without Redis, under the database's own role for it."""
    return [sys.executable, "manage.py", "seal"]
