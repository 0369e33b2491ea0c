"""The database's roles. The owner cannot sign in, the migrator becomes the owner, the application owns nothing.

``python -m config.roles postgres://superuser:password@host/postgres`` does the same on a server of one's own, with the
names, passwords and database of ``DATABASE_URL`` and ``DATABASE_MIGRATOR_URL``.
"""

import contextlib
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2 import sql

OWNER, MIGRATOR, APP, AUDITOR = "tact_owner", "tact_migrator", "tact_app", "tact_auditor"
# Empty, with the default privileges: the database and those of the tests are copies of it.
TEMPLATE = "tact_template"

DEFAULT_PRIVILEGES = f"""
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON TABLES TO {AUDITOR};
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""  # noqa: S608  (constants only)


def make_roles(connection: Any, passwords: Mapping[str, str]) -> None:
    """Create the four roles, or set their passwords again. ``passwords`` has ``app``, ``migrator``, ``auditor``."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", ([OWNER, MIGRATOR, APP, AUDITOR],))
        existing = {row[0] for row in cursor.fetchall()}
        if OWNER not in existing:
            cursor.execute(f"CREATE ROLE {OWNER} NOLOGIN CREATEDB")
            # Lets it drop a test's database under connections that the application left open.
            cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")
        for name, key in ((MIGRATOR, "migrator"), (APP, "app"), (AUDITOR, "auditor")):
            verb = "ALTER" if name in existing else "CREATE"
            statement = sql.SQL("{verb} ROLE {name} LOGIN PASSWORD {password}").format(
                verb=sql.SQL(verb), name=sql.Identifier(name), password=sql.Literal(passwords[key])
            )
            cursor.execute(statement)
        cursor.execute(f"GRANT {OWNER} TO {MIGRATOR}")
        cursor.execute(f"ALTER ROLE {MIGRATOR} SET role = '{OWNER}'")
        cursor.execute(f"ALTER ROLE {AUDITOR} SET default_transaction_read_only = on")


def make_databases(connection: Any, connect: Callable[[str], Any], database: str = "tact") -> None:
    """Create the template and the database, both the owner's. ``connect`` opens one as superuser, by its name."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, template in ((TEMPLATE, "template0"), (database, TEMPLATE)):
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                        sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
                    )
                )
            with contextlib.closing(connect(name)) as inside:
                inside.autocommit = True
                inside.cursor().execute(DEFAULT_PRIVILEGES)
            close_database(cursor, name)


def close_database(cursor: Any, name: str) -> None:
    """Nobody connects without being named here, and nobody makes temporary tables (a copy forgets these rights)."""
    identifier = sql.Identifier(name)
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
    people = sql.SQL(", ").join(map(sql.Identifier, (OWNER, MIGRATOR, APP, AUDITOR)))
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(identifier, people))


def main(arguments: list[str]) -> int:
    """Make roles and database on a server of one's own. Exit status 2 where something is missing."""
    from config.env import Environment, postgres_from_url

    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m config.roles postgres://superuser:password@host:5432/postgres\n")
        return 2
    environment = Environment()
    app = postgres_from_url("DATABASE_URL", environment.text("DATABASE_URL"))
    migrator = postgres_from_url("DATABASE_MIGRATOR_URL", environment.text("DATABASE_MIGRATOR_URL"))
    for variable, url, name in (("DATABASE_URL", app, APP), ("DATABASE_MIGRATOR_URL", migrator, MIGRATOR)):
        if url["USER"] != name:
            sys.stderr.write(f"{variable} should sign in as {name}.\n")
            return 2
    passwords = {
        "app": str(app["PASSWORD"]),
        "migrator": str(migrator["PASSWORD"]),
        "auditor": environment.text("AUDITOR_PASSWORD", "") or secrets.token_urlsafe(32),
    }
    with contextlib.closing(psycopg2.connect(arguments[0])) as connection:
        make_roles(connection, passwords)
        make_databases(connection, lambda name: psycopg2.connect(arguments[0], dbname=name), str(app["NAME"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
