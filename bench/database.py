"""A database of the bench's own, migrated, used as the application's role, dropped at the end."""

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from django.db import connection, connections

from tests import databases

ROOT = Path(__file__).resolve().parent.parent


def owner_link(database: str = "postgres") -> "psycopg2.extensions.connection":
    """The migrator, on one database of the server."""
    from config import places

    parameters = dict(connection.get_connection_params())
    link = psycopg2.connect(
        host=parameters["host"],
        port=parameters["port"],
        user="tact_migrator",
        password=places.secret("migrator"),
        dbname=database,
    )
    link.autocommit = True
    return link


@contextlib.contextmanager
def bench_database() -> Iterator[str]:
    """Make it, point Django at it, drop it whatever happens. Needs the bundled server."""
    connection.ensure_connection()
    name = f"tact_bench_{uuid.uuid4().hex[:8]}"
    link = owner_link()
    usual = connection.settings_dict["NAME"]
    with contextlib.closing(link), link.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE tact_template STRATEGY FILE_COPY')
        try:
            prepare(name)
            connections.close_all()
            connection.settings_dict["NAME"] = name
            yield name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual
            databases.drop(cursor, name)


def analyse(name: str) -> None:
    """What autovacuum does within a minute of a load: the planner's statistics."""
    with contextlib.closing(owner_link(name)) as link, link.cursor() as cursor:
        cursor.execute("ANALYZE")


def prepare(name: str) -> None:
    """The schema, in a process of its own, as the migrator; the template brings the default privileges."""
    code = (
        "import django; django.setup();"
        "from django.db import connection, connections; from django.core.management import call_command;"
        f"connections.close_all(); connection.settings_dict['NAME'] = {name!r};"
        "call_command('migrate', verbosity=0); call_command('createcachetable', verbosity=0)"
    )
    environment = {**os.environ, "TACT_DATABASE_ROLE": "migrator", "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
