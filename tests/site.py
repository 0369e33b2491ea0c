"""The site as a browser meets it: gunicorn and a worker as processes of their own, on a database of their own."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connection, connections
from playwright.sync_api import sync_playwright

from audit import alarms, verifying
from config import embedded, places
from config.supervision import Child, stop_all, web_command, worker_command
from partners import clock
from partners.models import Professional
from sharing.demo import loading, people
from tests.once import made_once

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there; without a window to draw, the same engine costs the processor a third less."""
BROWSER_MISSING = "No browser for the browser tests. Install one: sudo apt-get install -y chromium"
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
# A machine with two cores runs the browser, the site and another test at once.
PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class Site:
    """A running Tact, loaded with the demonstration territory."""

    url: str
    var: Path
    database: str
    environment: dict[str, str]

    @property
    def letters(self) -> Path:
        """The folder where its mail is written."""
        return self.var / "mail"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of ``manage.py`` against this site; its status and its output are for the test to judge."""
        return manage(self.environment, *arguments)

    @contextlib.contextmanager
    def superuser_cursor(self) -> Iterator[Any]:
        """Whoever holds the machine, on this site's database, each statement committed."""
        from tests.conftest import connect_as_superuser, put_schema_guards_to_sleep

        link = connect_as_superuser(self.database)
        link.autocommit = True
        with contextlib.closing(link), link.cursor() as cursor:
            put_schema_guards_to_sleep(cursor)
            yield cursor


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=places.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def unmarked_environment() -> dict[str, str]:
    """This process's, without what makes it a test."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TACT", "COV"))}


def hash_passwords(site: Site) -> None:
    """The demonstration was loaded with the quick hash of tests, which a site refuses: here is the one that it writes."""
    from tests.conftest import on_database

    served = ScryptPasswordHasher()
    with on_database(site.database):
        Professional.objects.update(password=served.encode(people.PASSWORD, served.salt()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url_of(database: str) -> str:
    """The application's DATABASE_URL for one database of the server that tests use."""
    account = connection.settings_dict
    host, port = account["HOST"], account["PORT"] or 5432
    user, password = quote(account["USER"], safe=""), quote(account["PASSWORD"], safe="")
    return f"postgres://{user}:{password}@:{port}/{database}?host={quote(host, safe='')}"


def wait_for(url: str, child: Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        if not child.running or time.monotonic() > deadline:
            pytest.fail(f"The site did not start: {child.log.read_text()[-2000:]}")
        time.sleep(0.1)


@pytest.fixture(scope="session")
def demonstration_template(
    schema_template: str, django_db_blocker: Any, run_folder: Path
) -> Iterator[tuple[str, loading.Loaded]]:
    """The demonstration, loaded once in a run: the database to copy, which nobody connects to, and what was said of it."""
    from tests.conftest import copy_of, drop_database, on_database

    def load() -> str:
        name = copy_of(schema_template, "demonstration")
        with on_database(name):
            loaded = loading.load()
            give_the_trail_a_past()
            return f"{name} {json.dumps(asdict(loaded))}"

    def drop(said: str) -> None:
        drop_database(said.partition(" ")[0])

    with django_db_blocker.unblock(), made_once(run_folder, "demonstration", load, drop) as said:
        name, _space, loaded = said.partition(" ")
        yield name, loading.Loaded(**json.loads(loaded))


def give_the_trail_a_past() -> None:
    """What the sealer, the worker and the schedule would have left: a head, a verification, an alarm that suspends nothing."""
    from tests.audit.sealing_ways import sealed

    sealed()
    verifying.ask(by=None)
    verifying.carry_out()
    alarms.raise_alarm(kind="sealer_silent", found={"waiting": 2, "seconds": 75}, at=clock.now())


@pytest.fixture(scope="session")
def static_folder(run_folder: Path) -> Iterator[Path]:
    """The static files as a site serves them, collected once in a run, as `make run` collects them."""

    def collect() -> str:
        var = run_folder / "collected"
        done = manage(
            {**unmarked_environment(), "TACT_ENV": "demo", "TACT_VAR": str(var)}, "collectstatic", "--no-input"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return str(var / "static")

    with made_once(run_folder, "static", collect, shutil.rmtree) as folder:
        yield Path(folder)


@contextlib.contextmanager
def served(template: str, static_folder: Path, var: Path, worker_id: str) -> Iterator[Site]:
    """A copy of this database, served as ``make run`` serves it: the web, a worker, a queue."""
    from tests.conftest import cloned_database

    shutil.copytree(static_folder, var / "static")
    connections.close_all()
    with cloned_database(template) as database:
        port = free_port()
        environment = {
            **unmarked_environment(),
            "TACT_ENV": "demo",
            "TACT_VAR": str(var),
            # The demonstration was signed by the process that loaded it.
            "TACT_RECEIPT_KEY": str(settings.RECEIPT_KEY),
            "PORT": str(port),
            "DATABASE_URL": url_of(database),
            "REDIS_URL": redis_url(worker_id),
        }
        site = Site(f"http://127.0.0.1:{port}", var, database, environment)
        hash_passwords(site)
        children = [
            Child("web", web_command(port, workers=1, threads=4), var / "web.log", environment, places.BASE_DIR),
            Child("worker", worker_command(), var / "worker.log", environment, places.BASE_DIR),
        ]
        try:
            for child in children:
                child.start()
            wait_for(site.url, children[0])
            yield site
        finally:
            stop_all(children, seconds=5)


@pytest.fixture(scope="session")
def live_site(
    demonstration_template: tuple[str, loading.Loaded],
    static_folder: Path,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Iterator[Site]:
    """The demonstration. Every browser test of a worker walks the same site."""
    var = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock(), served(demonstration_template[0], static_folder, var, worker_id) as site:
        yield site


@pytest.fixture
def own_site(
    demonstration_template: tuple[str, loading.Loaded],
    static_folder: Path,
    django_db_blocker: Any,
    tmp_path: Path,
    worker_id: str,
) -> Iterator[Site]:
    """The demonstration for one test that changes it."""
    with django_db_blocker.unblock(), served(demonstration_template[0], static_folder, tmp_path, worker_id) as site:
        yield site


def redis_url(worker_id: str) -> str:
    """A queue of this worker's own, on the Redis that the house brings."""
    if not os.environ.get("REDIS_URL"):
        embedded.ensure_redis()
    number = int("".join(filter(str.isdigit, worker_id)) or 0) + 1
    return f"{settings.REDIS_URL.split('?')[0]}?db={number}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium. Missing, the tests fail and say the line that installs it: they never skip."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail(BROWSER_MISSING, pytrace=False)
    # Playwright's loop brings a context of its own, where Django sees other connections: those of now would stay open.
    connections.close_all()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=BROWSER_ARGUMENTS, timeout=PATIENCE_SECONDS * 1000
        )
        yield chromium
        chromium.close()


@contextlib.contextmanager
def visitor(browser: Any, site: Site, **options: Any) -> Iterator[Any]:
    """A person at a browser of their own. Fails on what the page's policy refused and on any request elsewhere."""
    context = browser.new_context(**{"base_url": site.url, "locale": "fr-FR", "timezone_id": "Europe/Paris"} | options)
    refused: list[str] = []
    elsewhere: list[str] = []
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((site.url, "data:")) else elsewhere.append(sent.url))
    try:
        yield page
    finally:
        context.close()
    assert not refused, refused
    assert not elsewhere, elsewhere


@pytest.fixture
def page(browser: Any, live_site: Site) -> Iterator[Any]:
    """One person at a browser, in French."""
    with visitor(browser, live_site) as one:
        yield one


@pytest.fixture
def page_without_javascript(browser: Any, live_site: Site) -> Iterator[Any]:
    """The same person where no script runs."""
    with visitor(browser, live_site, java_script_enabled=False) as one:
        yield one
