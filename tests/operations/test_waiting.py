"""A page waits so long for PostgreSQL, and says which it was: too much of a wait, or nobody there."""

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from config import errors
from config.postgres import patience


def settled(**settings_of: Any) -> dict[str, str]:
    """The limits under which a connection of the web runs."""
    patience.serve_pages()
    try:
        options = dict(one.split("=") for one in connection.settings_dict["OPTIONS"].pop("options").split("-c ")[1:])
    finally:
        connection.settings_dict["OPTIONS"].pop("options", None)
    return {name: value.strip() for name, value in options.items()}


def test_a_lock_is_waited_for_less_than_a_statement(settings: Any) -> None:
    settings.STATEMENT_SECONDS, settings.LOCK_SECONDS = 30, 10
    limits = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
    assert settled() == limits
    settings.STATEMENT_SECONDS = 5
    assert settled()["lock_timeout"] == "5s"


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_said_and_nothing_left(rf: Any) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")
    except OperationalError:
        answer = errors.server_error(rf.post("/"))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "prenait trop longtemps" in page
    assert "Rien n’a été communiqué" in page
    assert "119, 17, 15, 112" in page
    assert "canceling" not in page


def test_nobody_there_is_another_sentence(rf: Any) -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        page = errors.server_error(rf.get("/")).content.decode()
    assert "prenait trop longtemps" not in page
    assert "indisponible" in page
