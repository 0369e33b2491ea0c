"""The bundled PostgreSQL: made, started, stopped, and brought back after a violent death. Never trusts a pid file."""

import contextlib
import os
import shutil
import signal
import socket
import time
from pathlib import Path

import psycopg2

from config import places, roles
from config.places import Home, HouseError
from config.programs import Programs, processes_in, run_as_server, server_account, server_folder

SUPERUSER = "tact_superuser"
DATABASE = "tact"
PORT = 5432
START_SECONDS = 60
STOP_SECONDS = 30
DISK_WANTED_MB = 200
LOG_LIMIT_BYTES = 10 * 1024 * 1024
CONFIGURATION = """\
# Written by Tact at every start: what is changed here does not last.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# The server's own log quotes neither statements nor their values: they hold names.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""


class PostgresServer:
    """The one server of a home."""

    def __init__(self, home: Home, programs: Programs) -> None:
        self.home, self.programs = home, programs
        self.cluster = home.postgres
        self.log = home.logs / "postgres.log"

    def answers(self) -> bool:
        """Something listens on the socket: the file of a dead server refuses the connection."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self.home.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def connect(self, *, user: str, secret: str, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.home.sockets),
            port=PORT,
            user=user,
            password=places.secret(secret),
            dbname=database,
            connect_timeout=5,
            application_name="tact-launcher",
        )

    def usable(self) -> bool:
        """The application itself can read its database: the server is up, and every role and database was made."""
        if not self.answers():
            return False
        try:
            connection = self.connect(user="tact_app", secret="app", database=DATABASE)  # noqa: S106  (a file's name)
        except psycopg2.OperationalError:
            return False
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", ([*roles.ACCOUNTS.values()],))
            return bool(cursor.fetchone()[0] == len(roles.ACCOUNTS))

    def start(self) -> None:
        """From nothing, from a stopped server or from the remains of a killed one. Raises HouseError."""
        if not (self.cluster / "PG_VERSION").exists():
            self.make()
        if not self.answers():
            self.bury_the_dead()
        if not self.answers():
            self.configure()
            done = run_as_server(
                [
                    self.programs.postgres_program("pg_ctl"), "start", "-w", "-t", str(START_SECONDS), "-s",
                    "-D", str(self.cluster), "-l", str(self.log),
                ],
                timeout=START_SECONDS + 10,
            )  # fmt: skip
            if done.returncode != 0 and not self.answers():
                raise HouseError(self.why_not("PostgreSQL did not start", done.stdout))
        self.wait_for_superuser()
        try:
            self.make_accounts()
        except psycopg2.Error as error:
            raise HouseError(self.why_not("The databases could not be made", str(error))) from error

    def make_accounts(self) -> None:
        """The roles and the database, where they are missing; their passwords are those of ``var/secrets``."""
        passwords = {name: places.secret(name) for name in roles.ACCOUNTS}
        with contextlib.closing(self.connect_as_superuser("postgres")) as connection:
            roles.make_roles(connection, passwords)
            roles.make_databases(connection, self.connect_as_superuser)

    def connect_as_superuser(self, database: str) -> "psycopg2.extensions.connection":
        """The bootstrap's own account: nothing else uses it, tests that play an intruder excepted."""
        return self.connect(user=SUPERUSER, secret="superuser", database=database)  # noqa: S106  (a file's name)

    def make(self) -> None:
        """``initdb``, in a folder that takes its name once it is whole."""
        if shutil.disk_usage(self.home.root).free < DISK_WANTED_MB * 1024 * 1024:
            raise HouseError(f"The disk is full: {self.home.root} needs {DISK_WANTED_MB} MB for the databases.")
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        password = self.home.root / "password.new"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(places.secret("superuser"))
        if account := server_account():
            os.chown(password, account.pw_uid, account.pw_gid)
        try:
            done = run_as_server(
                [
                    self.programs.postgres_program("initdb"), "-D", str(draft), "-U", SUPERUSER, f"--pwfile={password}",
                    "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8", "-k", "--no-instructions",
                ],
                timeout=180,
            )  # fmt: skip
        finally:
            password.unlink(missing_ok=True)
        if done.returncode != 0:
            raise HouseError(self.why_not("The databases could not be made", done.stdout))
        draft.rename(self.cluster)

    def configure(self) -> None:
        """Write our settings beside PostgreSQL's; the socket's folder may change with the clone's path."""
        settings = self.cluster / "tact.conf"
        settings.write_text(CONFIGURATION.format(port=PORT, sockets=self.home.sockets))
        main = self.cluster / "postgresql.conf"
        include = "include 'tact.conf'\n"
        if not main.read_text().endswith(include):
            with main.open("a") as file:
                file.write(include)
        if account := server_account():
            os.chown(settings, account.pw_uid, account.pw_gid)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.unlink()

    def bury_the_dead(self) -> None:
        """Make way after a ``kill -9``: end what the dead postmaster left, remove its pid file and its socket.

        The pid in the file may since have been given to another program: what counts is who works in our folder.
        """
        deadline = time.monotonic() + START_SECONDS
        while (living := self.processes()) and not self.answers():
            postmaster = self.recorded_pid()
            orphans = postmaster not in living
            if time.monotonic() > deadline:
                for pid in living:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                deadline += 5
            elif orphans:
                deadline = min(deadline, time.monotonic() + 5)
            time.sleep(0.05)
        if not self.answers():
            socket_file = self.home.sockets / f".s.PGSQL.{PORT}"
            for remains in (self.cluster / "postmaster.pid", socket_file, Path(f"{socket_file}.lock")):
                remains.unlink(missing_ok=True)

    def recorded_pid(self) -> int:
        """The pid that ``postmaster.pid`` claims; 0 where it claims none."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        return 0

    def processes(self) -> set[int]:
        """Every process working in the cluster's folder: PostgreSQL's, from the postmaster to the last backend."""
        return processes_in(self.cluster)

    def wait_for_superuser(self) -> None:
        """``SELECT 1`` until it is answered. A refused password means another installation's databases."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                connection = self.connect_as_superuser("postgres")
                with contextlib.closing(connection), connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                return
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    sentence = (
                        f"The databases of {self.cluster} do not know the passwords of {places.var() / 'secrets'}"
                    )
                    raise HouseError(f"{sentence}. `make clean-var` erases them and starts anew.") from None
                if time.monotonic() > deadline:
                    raise HouseError(self.why_not("PostgreSQL does not answer", str(error))) from error
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop without losing a commit; at worst, kill. Silent where nothing runs."""
        if self.processes() and (self.cluster / "postmaster.pid").exists():
            run_as_server(
                [
                    self.programs.postgres_program("pg_ctl"), "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS), "-s",
                    "-D", str(self.cluster),
                ],
                timeout=STOP_SECONDS + 10,
            )  # fmt: skip
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def why_not(self, sentence: str, output: str) -> str:
        """One sentence that carries PostgreSQL's own last word, and where to read the rest."""
        lines = output.strip().splitlines()
        with contextlib.suppress(OSError):
            lines = self.log.read_text(errors="replace").strip().splitlines()[-20:] + lines
        if any("No space left on device" in line for line in lines):
            return f"The disk is full: {sentence[0].lower()}{sentence[1:]}. Free some space in {self.home.root}."
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines or ["no reason given"]
        return f"{sentence}: {telling[-1].strip()} (the rest is in {self.log})"


def prepare_folders(home: Home) -> None:
    """The servers' folders, closed to everybody but their account."""
    for folder in (home.root if home.own_programs else None, home.sockets.parent, home.sockets, home.logs, home.redis):
        if folder is None or folder == places.var():
            continue
        server_folder(folder)
