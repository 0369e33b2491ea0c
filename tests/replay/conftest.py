"""A database with decisions in it, and `manage.py` run on it as whoever keeps the house runs it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from partners.vocabulary import RULEBOOK
from sharing.demo import loading
from tests.conftest import cloned_database, on_database
from tests.site import Site, url_of

Corrected = Callable[..., Path]

# A text of the rulebook, whom it lets hear, and a correction after which nobody of the demonstration is among them.
HOUSING = "CASF-L345-2-10"
HOUSING_HEARS = "recipients: [siao_acteur, dalo_instructeur]"
HOUSING_HEARS_NO_MORE = "recipients: [dalo_instructeur]"


def house_of(database: str, var: Path) -> Site:
    """The commands of a Tact on this database; nothing is served."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TACT", "COV"))}
    environment = {**kept, "TACT_ENV": "demo", "TACT_VAR": str(var), "DATABASE_URL": url_of(database)}
    return Site("", var, database, environment)


def objects(done: "subprocess.CompletedProcess[str]") -> dict[str, list[dict[str, Any]]]:
    """What was printed, by its kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in done.stdout.splitlines():
        one = json.loads(line)
        found.setdefault(one["kind"], []).append(one)
    return found


@pytest.fixture
def house(own_database: str, tmp_path: Path) -> Site:
    """The commands, on this test's own database."""
    return house_of(own_database, tmp_path / "var")


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None,
    demonstration_template: tuple[str, loading.Loaded],
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The commands, on the demonstration: forty-five situations, committed; tests only read it."""
    connections.close_all()
    with django_db_blocker.unblock(), cloned_database(demonstration_template[0]) as name, on_database(name):
        yield house_of(name, tmp_path_factory.mktemp("var"))


@pytest.fixture
def corrected(tmp_path: Path) -> Corrected:
    """A copy of the rulebook with one passage replaced: `corrected("bases.yaml", "before", "after")`."""

    def correct(file: str, before: str, after: str) -> Path:
        folder = tmp_path / "rulebook"
        if not folder.exists():
            shutil.copytree(RULEBOOK, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text, f"{file} no longer says {before!r}"
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
        return folder

    return correct
