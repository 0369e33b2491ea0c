"""Dropping the databases that tests and measures make."""

from typing import Any

import psycopg2.errors


def drop(cursor: Any, name: str) -> None:
    """Drop the database and end whoever is in it; `cursor` is its owner's, outside any transaction.

    An owner who is not superuser may not end a superuser's connection: where one was closed a few milliseconds ago and
    still counts, FORCE is refused before it ends anybody. A plain DROP waits up to 5 s for it to go, then fails.
    """
    try:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except psycopg2.errors.InsufficientPrivilege:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
