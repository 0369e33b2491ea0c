"""The demonstration as `manage.py load_demo` leaves it, on a database of its own; tests only read it, or roll back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from sharing.demo import loading
from tests.conftest import cloned_database, on_database


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, demonstration_template: tuple[str, loading.Loaded], django_db_blocker: Any
) -> Iterator[loading.Loaded]:
    """Forty-five situations, committed."""
    template, loaded = demonstration_template
    connections.close_all()
    with django_db_blocker.unblock(), cloned_database(template) as name, on_database(name):
        yield loaded


@pytest.fixture
def undone(demonstration: loading.Loaded) -> Iterator[None]:
    """What the test changes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def as_demonstration(settings: Any) -> None:
    """The house as `TACT_ENV=demo` opens it: its doors, its bar, its landing."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.doors"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "config.demo_accounts.LandingMiddleware"]
