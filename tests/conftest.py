"""What every test stands on: a real PostgreSQL, reached as the application's role, and a running site for browsers.

The schema is made by the migrator and tests run as ``tact_app``, so that a grant that is missing, or one too many,
shows. The application may not TRUNCATE: a test that needs real commits takes ``own_database``, never
``transactional_db``.
"""

import contextlib
import gc
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from whitenoise.middleware import WhiteNoiseMiddleware

from audit import event_guards
from config import embedded
from config.postgres.account import become
from config.roles import OWNER, close_database
from tests import databases
from tests.once import made_once

# Playwright's loop lives in the main thread; nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

pytest_plugins = ["tests.site", "tests.personas", "tests.sinks", "tests.faults.house", "tests.accounts.provider"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, but for long files whose tests share nothing; any other ``--dist`` is left as it is asked for."""
    from tests.scheduling import ByFile

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, the longest come first."""
    from tests.scheduling import turn

    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: turn(item.nodeid))


def pytest_collection_finish() -> None:
    """What was loaded stays until the end: to look through it again and again for garbage was a quarter of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_up_once() -> Iterator[None]:
    """Each test client loads the middleware anew, and WhiteNoise's lists every static file: a quarter of the cost."""
    looked_up: dict[str, Any] = {}
    listing = WhiteNoiseMiddleware.add_files_from_finders

    def once(noise: Any) -> None:
        if not looked_up:
            listing(noise)
            looked_up.update(noise.files)
        noise.files.update(looked_up)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def what_tests_erase(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its list (`audit.shred_list`) is the tests' own, not that of the demonstration."""
    settings.SHRED_LIST = str(tmp_path_factory.mktemp("shredded") / "list.jsonl")


@contextlib.contextmanager
def as_migrator() -> Iterator[None]:
    """The owner's rights for a while; the application's again afterwards."""
    become("migrator")
    try:
        yield
    finally:
        become("app")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share, and no other run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def schema_template(django_test_environment: None, django_db_blocker: Any, run_folder: Path) -> Iterator[str]:
    """The database that all others of this run are copies of: migrated once, by the migrator; nobody connects to it."""
    with django_db_blocker.unblock():
        connection.ensure_connection()  # starts the bundled server, or counts this process among those that use it
        connections.close_all()
        with made_once(run_folder, "schema", migrated_database, drop_schema) as name:
            yield name


def migrated_database() -> str:
    """Every migration, on an empty database; its name."""
    settings_of = connection.settings_dict
    usual = settings_of["NAME"]
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    name = f"test_{usual}_{run}"
    with owner_cursor() as cursor:
        drop_left_behind(cursor, f"test_{usual}_")
        space = room_in_memory(name, f"test_{usual}_")
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{settings_of["TEST"]["TEMPLATE"]}" {space}')
        close_database(cursor, name)
    with as_migrator(), on_database(name):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    if "TACT_TEST_SUPERUSER_URL" in os.environ:  # the bundled server's bootstrap has put them up already
        with contextlib.closing(connect_as_superuser(name)) as link:
            event_guards.put_up(link)
    return name


def drop_left_behind(cursor: Any, prefix: str) -> None:
    """What runs that were killed left: the number after the prefix is that of a process which is no more, or is us."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    for (name,) in cursor.fetchall():
        if is_over(name.removeprefix(prefix).partition("_")[0]):
            databases.drop(cursor, name)


def is_over(run: str) -> bool:
    """Whether what a run made, which has its process's number, serves no more: it is dead, or is this one, which begins."""
    return run.isdigit() and (int(run) in (os.getpid(), os.getppid()) or not Path(f"/proc/{run}").exists())


def room_in_memory(name: str, prefix: str) -> str:
    """The clause that has the database of this name, and thus its copies, in memory; empty on a server of one's own."""
    if not settings.EMBEDDED_DATABASE:
        return ""
    with contextlib.closing(connect_as_superuser("postgres")) as link:
        link.autocommit = True
        cursor = link.cursor()
        cursor.execute("SELECT spcname FROM pg_tablespace WHERE starts_with(spcname, %s)", [prefix])
        for (left,) in cursor.fetchall():
            if is_over(left.removeprefix(prefix)):
                databases.out_of_memory(cursor, left)
        made = databases.in_memory(cursor, name, OWNER)
    return f'TABLESPACE "{made}"' if made else ""


def drop_schema(name: str) -> None:
    """The last process that leaves the run drops its template, and gives back the room."""
    drop_database(name)
    if settings.EMBEDDED_DATABASE:
        with contextlib.closing(connect_as_superuser("postgres")) as link:
            link.autocommit = True
            databases.out_of_memory(link.cursor(), name)


def drop_database(name: str) -> None:
    with owner_cursor() as cursor:
        databases.drop(cursor, name)


@contextlib.contextmanager
def on_database(name: str) -> Iterator[None]:
    """Django, in this process, is on this database for a while."""
    usual = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def django_db_setup(schema_template: str, django_db_blocker: Any) -> Iterator[None]:
    """This process's own database, used by the application (replaces pytest-django's)."""
    # Always: pytest-django would make none where no collected test is marked, and talk to the real one.
    with django_db_blocker.unblock(), cloned_database(schema_template) as name:
        usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
        yield
        connections.close_all()
        connection.settings_dict["NAME"] = usual


def copy_database(cursor: Any, source: str, name: str) -> None:
    """Copy a database. A connection that was just closed still counts for a few milliseconds, hence the patience.

    Through the log: a copy of files has the whole server write down what every other test left in memory, twice.
    """
    for attempt in range(3):
        try:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY WAL_LOG')
        except psycopg2.errors.ObjectInUse:
            if attempt == 2:
                raise
            time.sleep(0.1)
        else:
            return


def copy_of(source: str, ending: str) -> str:
    """A copy of a database nobody is using, to be dropped by whoever asked for it; its name."""
    name = f"{source}_{ending}"
    with owner_cursor() as cursor:
        copy_database(cursor, source, name)
        close_database(cursor, name)
    return name


@contextlib.contextmanager
def cloned_database(source: str) -> Iterator[str]:
    """A copy of a database nobody is using, dropped at the end."""
    name = copy_of(source, uuid.uuid4().hex[:8])
    try:
        yield name
    finally:
        drop_database(name)


@contextlib.contextmanager
def owner_cursor() -> Iterator[Any]:
    """The migrator, on the server's own database, outside any transaction."""
    with as_migrator():
        parameters = connection.get_connection_params()
    account = {key: parameters[key] for key in ("host", "port", "user", "password") if key in parameters}
    link = psycopg2.connect(**account, dbname="postgres")
    link.autocommit = True
    with contextlib.closing(link), link.cursor() as cursor:
        yield cursor


@pytest.fixture
def own_database(
    django_db_setup: None, schema_template: str, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of this test's own, where commits are real and several connections see them. Yields its name."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail(
            "own_database stands in for django_db, whose transaction would be closed under it: take one of them."
        )
    connections.close_all()
    with django_db_blocker.unblock(), cloned_database(schema_template) as name, on_database(name):
        yield name


def connect_as_superuser(database: str) -> Any:
    """The bundled server's bootstrap role, or the one of ``TACT_TEST_SUPERUSER_URL`` on a server of one's own."""
    if settings.EMBEDDED_DATABASE:
        server, _ = embedded.servers()
        return server.connect_as_superuser(database)
    url = os.environ.get("TACT_TEST_SUPERUSER_URL")
    if not url:
        pytest.fail("Set TACT_TEST_SUPERUSER_URL: this test plays the superuser who edits the trail.")
    return psycopg2.connect(url, dbname=database)


@pytest.fixture
def superuser_cursor(own_database: str) -> Iterator[Any]:
    """Whoever holds the machine: bound by no grant, acting on this test's own database, each statement committed."""
    link = connect_as_superuser(own_database)
    link.autocommit = True
    with contextlib.closing(link), link.cursor() as cursor:
        put_schema_guards_to_sleep(cursor)
        yield cursor


def put_schema_guards_to_sleep(cursor: Any) -> None:
    """What a superuser does first, to change the trail's schema: event triggers sleep, for this session alone if they can."""
    cursor.execute("SELECT set_config('event_triggers', 'off', false) FROM pg_settings WHERE name = 'event_triggers'")
    if not cursor.fetchone():  # before PostgreSQL 17
        for name in event_guards.EVENTS:
            cursor.execute(f"ALTER EVENT TRIGGER {name} DISABLE")
