"""What each database role may do, asked of PostgreSQL itself."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction


def refused(statement: str) -> bool:
    """PostgreSQL refuses the statement for want of a right (42501)."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return bool(caught.value.__cause__.pgcode == "42501")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("tact_app", "tact_app", False)


@pytest.mark.django_db
def test_the_application_owns_no_table_and_belongs_to_no_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'tact_owner'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT pg_has_role('tact_app', 'tact_owner', 'MEMBER')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE intruder (id int)",
        "CREATE TEMPORARY TABLE intruder (id int)",
        "CREATE FUNCTION intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE django_session",
        "ALTER TABLE django_session ADD COLUMN intruder int",
        "DROP TABLE django_session",
        "SET ROLE tact_owner",
        "COPY django_session TO PROGRAM 'true'",
        "CREATE DATABASE intruder",
    ],
)
@pytest.mark.django_db
def test_the_application_changes_no_schema(statement: str) -> None:
    if "DATABASE" in statement:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'tact_app'")
            assert cursor.fetchone() == (False,)
        return
    assert refused(statement)


@pytest.mark.django_db
def test_the_owner_cannot_sign_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'tact_owner'")
        assert cursor.fetchone() == (False, False)


def test_a_table_made_later_is_open_to_the_application_and_only_readable_by_the_auditor(superuser_cursor: Any) -> None:
    superuser_cursor.execute("SET ROLE tact_owner")
    superuser_cursor.execute("CREATE TABLE later (id int)")
    rights = {
        role: {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if asked(superuser_cursor, "SELECT has_table_privilege(%s, 'later', %s)", role, right)
        }
        for role in ("tact_app", "tact_auditor")
    }
    assert rights == {"tact_app": {"SELECT", "INSERT", "UPDATE", "DELETE"}, "tact_auditor": {"SELECT"}}


def asked(cursor: Any, query: str, *parameters: str) -> Any:
    cursor.execute(query, parameters)
    return cursor.fetchone()[0]
