"""A database that is being put back serves nobody: the application may write nothing there until it is whole, erasures included.

Were the restoration to die in between, a web that is started on it could open no session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from psycopg2 import sql

from config import roles

from . import BackupError

OURS = "-c default_transaction_read_only=off"


@contextmanager
def while_restoring(superuser: Any, database: str) -> Iterator[None]:
    """Closed to the application as long as the block lasts, and after it where it fails once rows are there.

    This process writes all the same. ``superuser``: a connection of psycopg2 to this database.
    """
    superuser.autocommit = True
    _say(superuser, database, sql.SQL("SET default_transaction_read_only = on"))
    options = connection.settings_dict.setdefault("OPTIONS", {})
    usual = options.get("options")
    connections.close_all()
    options["options"] = OURS
    try:
        yield
    except BackupError:
        with superuser.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.audit_entry') IS NULL")
            if cursor.fetchone()[0]:
                _open_again(superuser, database)
        raise
    else:
        _open_again(superuser, database)
    finally:
        connections.close_all()
        options.pop("options")
        if usual is not None:
            options["options"] = usual


def _open_again(superuser: Any, database: str) -> None:
    _say(superuser, database, sql.SQL("RESET default_transaction_read_only"))


def _say(superuser: Any, database: str, what: sql.SQL) -> None:
    statement = sql.SQL("ALTER ROLE {role} IN DATABASE {database} {what}")
    with superuser.cursor() as cursor:
        cursor.execute(statement.format(role=sql.Identifier(roles.APP), database=sql.Identifier(database), what=what))
