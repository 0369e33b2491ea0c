"""What tests stand on: a database is dropped even if a superuser has just left it."""

import threading

from tests.conftest import connect_as_superuser, copy_of, drop_database, owner_cursor


def test_a_database_that_a_superuser_is_leaving_is_dropped(schema_template: str) -> None:
    name = copy_of(schema_template, "left")
    link = connect_as_superuser(name)
    leaving = threading.Timer(0.3, link.close)
    leaving.start()
    drop_database(name)
    leaving.join()
    with owner_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        assert cursor.fetchone() is None
