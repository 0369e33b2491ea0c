"""``make run``: bring up the whole house in one terminal, keep it up, and leave nothing behind.

PostgreSQL and Redis (bundled, or those of ``DATABASE_URL`` and ``REDIS_URL``), then the schema, the static files and
the demonstration, then the web, the worker, the schedule and what seals the trail, each a process of its own which is started
again if it dies. SIGINT, SIGTERM and SIGHUP end all of it.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from config import embedded, places
from config.places import BASE_DIR, HouseError
from config.supervision import Child, beat_command, seal_command, stop_all, web_command, worker_command

DEFAULT_PORT = 8000
WATCH_SECONDS = 0.5
SERVERS_WATCH_SECONDS = 2
WEB_START_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody asked the house to close."""


def say(text: str) -> None:
    """Nobody may be reading any more (a closed terminal, a pipe cut short): that never keeps the house from closing."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def ask_to_stop(number: int, frame: object) -> None:
    """First signal: close. The following ones are ignored while we close, so that nothing is left behind."""
    ignore_signals()
    raise Stop


def ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def bury_ghosts(*, except_for: set[int]) -> None:
    """Collect the dead whom nobody waits for: what a killed server or a killed program left to us."""
    with contextlib.suppress(ChildProcessError):
        while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if dead.si_pid in except_for:
                return
            os.waitpid(dead.si_pid, 0)


def wanted_port() -> int:
    text = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise HouseError(f"PORT is {text!r}. Write a number between 1 and 65535.")
    return int(text)


def refuse_taken_port(port: int) -> None:
    """Raise HouseError where this port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise HouseError(f"Port {port} is reserved to root. Choose another: make run PORT=8001") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            other = port + 1 if port < 65535 else port - 1
            raise HouseError(
                f"Port {port} is taken. Stop what uses it, or choose another: make run PORT={other}"
            ) from None


@contextlib.contextmanager
def the_only_launcher() -> Iterator[None]:
    """Two launchers in one folder would restart each other's servers."""
    with embedded.lock_file("launcher") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HouseError(f"Tact already runs from {BASE_DIR}. Stop it first (Ctrl-C in its terminal).") from None
        yield


class House:
    """The servers and the processes of one run."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.var = places.private_folder(places.var())
        logs = places.private_folder(self.var / "logs" if os.geteuid() else self.var / "house-logs")
        environment = {**os.environ, "PORT": str(port), embedded.SUPERVISED: "1", "PYTHONUNBUFFERED": "1"}
        self.environment = environment
        self.own_postgres = not os.environ.get("DATABASE_URL", "").strip()
        self.own_redis = not os.environ.get("REDIS_URL", "").strip()
        self.redis_said = False
        self.under_make, self.parent = bool(os.environ.get("MAKELEVEL")), os.getppid()
        self.children = [
            Child(name, command, logs / f"{name}.log", environment, BASE_DIR)
            for name, command in (
                ("web", web_command(port)),
                ("worker", worker_command()),
                ("beat", beat_command(self.var / "beat-schedule")),
                ("seal", seal_command()),
            )
        ]

    def open(self) -> None:
        """Everything up to the first page. Raises HouseError, or Stop where somebody changed their mind."""
        if self.own_postgres:
            say("· PostgreSQL 18 is starting")
            embedded.ensure_postgres()
        else:
            say("· PostgreSQL is the one of DATABASE_URL")
        if self.own_redis:
            say("· Redis is starting")
            self.start_redis()
        status = subprocess.run(
            [sys.executable, "-m", "config.prepare"], cwd=BASE_DIR, env=self.environment, check=False
        ).returncode
        if status != 0:
            raise HouseError("")  # it has said why
        refuse_taken_port(self.port)
        say("· The web, the worker, the schedule and the sealer are starting")
        self.children[0].start()
        self.wait_for_web()
        for child in self.children[1:]:
            child.start()
        self.welcome()

    def start_redis(self) -> None:
        """Redis only hurries what PostgreSQL holds: without it Tact runs, more slowly."""
        try:
            embedded.ensure_redis()
            self.redis_said = False
        except HouseError as error:
            if not self.redis_said:
                say(f"! {error}. Tact goes on without it; mail waits.")
                self.redis_said = True

    def wait_for_web(self) -> None:
        web = self.children[0]
        deadline = time.monotonic() + WEB_START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if not web.running or time.monotonic() > deadline:
                raise HouseError(f"The web did not start: {web.last_line() or 'no reason given'} (see {web.log})")
            time.sleep(0.1)

    def welcome(self) -> None:
        say("")
        say(f"  Tact is at http://127.0.0.1:{self.port}")
        accounts = self.var / "demo-accounts.txt"
        if accounts.exists():
            say("")
            say(accounts.read_text().rstrip())
        say("")
        say("  Ctrl-C stops everything; the next `make run` finds the same data.")

    def watch(self) -> None:
        """Until told to stop: whatever dies is started again, and said."""
        next_look = time.monotonic() + SERVERS_WATCH_SECONDS
        while True:
            if self.under_make and os.getppid() != self.parent:
                raise Stop  # make was killed: nobody is left to press Ctrl-C
            for child in self.children:
                if child.process is not None and not child.running:
                    say(f"! {child.name} died ({child.bury()}): starting it again (its log: {child.log})")
                if child.process is None and time.monotonic() >= child.restart_at:
                    child.start()
            bury_ghosts(except_for={child.process.pid for child in self.children if child.process})
            if time.monotonic() >= next_look:
                self.look_at_servers()
                next_look = time.monotonic() + SERVERS_WATCH_SECONDS
            time.sleep(WATCH_SECONDS)

    def look_at_servers(self) -> None:
        postgres, redis = embedded.servers()
        if self.own_postgres and not postgres.answers():
            say("! PostgreSQL died: starting it again")
            try:
                embedded.ensure_postgres()
            except HouseError as error:
                say(f"! {error}. Trying again.")
        if self.own_redis and not redis.answers():
            if not self.redis_said:
                say("! Redis died: starting it again")
            self.start_redis()

    def close(self) -> None:
        if any(child.process for child in self.children):
            say("· Closing")
        stop_all(self.children)
        if embedded.usage.joined and not embedded.leave():
            say("· Another command still uses PostgreSQL: it will stop with it")
        bury_ghosts(except_for=set())


def main() -> int:
    """Exit status: 0 after Ctrl-C, 2 with one sentence where Tact cannot run."""
    house = None
    try:
        for number in STOP_SIGNALS:
            # nohup asks that the end of the terminal be ignored.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, ask_to_stop)
        port = wanted_port()
        with the_only_launcher():
            refuse_taken_port(port)
            embedded.adopt_orphans()
            house = House(port)
            try:
                house.open()
                house.watch()
            finally:
                ignore_signals()
                house.close()
    except Stop:
        say("· Closed")
    except HouseError as error:
        if str(error):
            print(error, file=sys.stderr)
        return 2
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        full = "The disk is full: free some space and start again" if error.errno == errno.ENOSPC else str(error)
        print(f"{full}{where}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
