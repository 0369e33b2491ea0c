"""A database whose clock moves when it is told to: acts and lists all read one clock, so all of them move together.

The house reads its time from PostgreSQL alone (`partners.clock`, `Now()`). A schema that stands before `pg_catalog` answers in its
place: the real instant, and what was added. What a column writes by default stays real: nothing that is decided hangs on it.
"""

from datetime import timedelta

from django.db import connection

from tests.conftest import as_migrator

READ = ("clock_timestamp", "statement_timestamp", "now")


def prepare() -> None:
    """Make the schema, as the owner of the current database."""
    with as_migrator(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA moved")
        for name in READ:
            cursor.execute(
                f"CREATE FUNCTION moved.{name}() RETURNS timestamptz LANGUAGE sql AS "
                f"$$ SELECT pg_catalog.{name}() + pg_catalog.current_setting('moved.by')::interval $$"
            )
        cursor.execute("GRANT USAGE ON SCHEMA moved TO PUBLIC")


def set_going() -> None:
    """From here on, this connection reads the clock that moves; nothing is added yet."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = moved, public, pg_catalog")
        cursor.execute("SET moved.by = '0 seconds'")


def forward(by: timedelta) -> None:
    """Add this to the instant; a clock only goes forward."""
    if by < timedelta(0):
        raise ValueError("a clock goes forward")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('moved.by', (current_setting('moved.by')::interval + make_interval(secs => %s))::text, false)",
            [by.total_seconds()],
        )
