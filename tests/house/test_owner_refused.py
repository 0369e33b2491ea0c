"""An application that is owner or superuser is bound by nothing: an error in production, a warning elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import Error
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import checks
from tests.conftest import as_migrator


@pytest.fixture
def as_owner(own_database: str) -> Iterator[None]:
    with as_migrator():
        yield


def found() -> list[Any]:
    return checks.application_role_owns_nothing(None, databases=["default"])


def test_the_applications_own_role_is_accepted(own_database: str, settings: Any) -> None:
    settings.PRODUCTION = True
    assert found() == []


def test_an_owner_is_refused_in_production(as_owner: None, settings: Any) -> None:
    settings.PRODUCTION = True
    (message,) = found()
    assert isinstance(message, Error)
    assert "DATABASE_URL connects as the owner" in message.msg


def test_the_web_of_a_production_does_not_start_as_the_owner(as_owner: None, settings: Any) -> None:
    checks.refuse_owner()
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL connects as the owner"):
        checks.refuse_owner()


def test_an_owner_is_only_warned_of_in_a_demonstration(as_owner: None) -> None:
    (message,) = found()
    assert isinstance(message, CheckWarning)


def test_a_superuser_is_refused_in_production(own_database: str, settings: Any) -> None:
    from config import places, postgres_server

    settings.PRODUCTION = True
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=postgres_server.SUPERUSER, PASSWORD=places.secret("superuser"))
    try:
        (message,) = found()
    finally:
        connection.close()
        connection.settings_dict.update(kept)
    assert "DATABASE_URL connects as a superuser" in message.msg


def test_an_unusable_database_is_one_sentence(own_database: str) -> None:
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(PASSWORD="wrong")
    try:
        (message,) = found()
    finally:
        connection.close()
        connection.settings_dict.update(kept)
    assert message.msg.startswith("The database cannot be used: ")
    assert "\n" not in message.msg
