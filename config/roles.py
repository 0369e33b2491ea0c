"""The database's roles. The owner cannot sign in, the migrator becomes the owner, the application owns nothing.

The sealer seals the trail and reads nothing that is personal; the erasure role removes what is personal and nothing else.

``python -m config.roles postgres://superuser:password@host/postgres`` does the same on a server of one's own, with the
names, passwords and database of ``DATABASE_URL`` and ``DATABASE_MIGRATOR_URL``. There, the guards of the trail's schema are
optional: the same command with ``--lower-guards`` first, before a migration, or with ``--raise-guards``, after it.
"""

import contextlib
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2 import sql

from audit import event_guards

OWNER, MIGRATOR, APP = "tact_owner", "tact_migrator", "tact_app"
SEALER, ERASURE, AUDITOR = "tact_sealer", "tact_erasure", "tact_auditor"
# Those that sign in, each with the name of its secret and of its setting (`DATABASE_SEALER_URL`).
ACCOUNTS = {"migrator": MIGRATOR, "app": APP, "sealer": SEALER, "erasure": ERASURE, "auditor": AUDITOR}
# Empty, with the default privileges: the database and those of the tests are copies of it.
TEMPLATE = "tact_template"

DEFAULT_PRIVILEGES = f"""
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON TABLES TO {AUDITOR};
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
"""  # noqa: S608  (constants only)


def make_roles(connection: Any, passwords: Mapping[str, str]) -> None:
    """Create the roles, or set their passwords again. ``passwords``: one for each of `ACCOUNTS`."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", ([OWNER, *ACCOUNTS.values()],))
        existing = {row[0] for row in cursor.fetchall()}
        if OWNER not in existing:
            cursor.execute(f"CREATE ROLE {OWNER} NOLOGIN CREATEDB")
            # Lets it drop a test's database under connections that the application left open.
            cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")
        for key, name in ACCOUNTS.items():
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
                give_default_privileges(inside)
            close_database(cursor, name)


def give_default_privileges(connection: Any) -> None:
    """In one transaction, the guards of the trail's schema aside: a database that was tampered with must start, to say so."""
    with connection, connection.cursor() as cursor:
        guarded = event_guards.stand(cursor)
        event_guards.drop_triggers(cursor)
        cursor.execute(DEFAULT_PRIVILEGES)
        if guarded:
            event_guards.make_triggers(cursor)


def close_database(cursor: Any, name: str) -> None:
    """Nobody connects without being named here, and nobody makes temporary tables (a copy forgets these rights)."""
    identifier = sql.Identifier(name)
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
    people = sql.SQL(", ").join(map(sql.Identifier, (OWNER, *ACCOUNTS.values())))
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(identifier, people))


GUARDS = {"--lower-guards": event_guards.take_down, "--raise-guards": event_guards.put_up}
USAGE = f"Usage: python -m config.roles [{' | '.join(GUARDS)}] postgres://superuser:password@host:5432/postgres\n"


def main(arguments: list[str]) -> int:
    """Make roles and database on a server of one's own. Exit status 2 where something is missing."""
    from config.env import Environment, postgres_from_url

    *asked, address = arguments or [""]
    if len(asked) > 1 or not address or address.startswith("-") or not set(asked) <= GUARDS.keys():
        sys.stderr.write(USAGE)
        return 2
    environment = Environment()
    app = postgres_from_url("DATABASE_URL", environment.text("DATABASE_URL"))
    migrator = postgres_from_url("DATABASE_MIGRATOR_URL", environment.text("DATABASE_MIGRATOR_URL"))
    for variable, url, name in (("DATABASE_URL", app, APP), ("DATABASE_MIGRATOR_URL", migrator, MIGRATOR)):
        if url["USER"] != name:
            sys.stderr.write(f"{variable} should sign in as {name}.\n")
            return 2
    # Who has no address yet signs in nowhere: its password is known to nobody.
    passwords = {key: secrets.token_urlsafe(32) for key in ACCOUNTS}
    passwords |= {"app": str(app["PASSWORD"]), "migrator": str(migrator["PASSWORD"])}
    for key in ("sealer", "erasure"):
        variable = f"DATABASE_{key.upper()}_URL"
        if own := environment.text(variable, ""):
            read = postgres_from_url(variable, own)
            if read["USER"] != ACCOUNTS[key]:
                sys.stderr.write(f"{variable} should sign in as {ACCOUNTS[key]}.\n")
                return 2
            passwords[key] = str(read["PASSWORD"])
    if auditor := environment.text("AUDITOR_PASSWORD", ""):
        passwords["auditor"] = auditor
    database = str(app["NAME"])
    with contextlib.closing(psycopg2.connect(address)) as connection:
        make_roles(connection, passwords)
        make_databases(connection, lambda name: psycopg2.connect(address, dbname=name), database)
    for one in asked:
        with contextlib.closing(psycopg2.connect(address, dbname=database)) as connection:
            done = GUARDS[one](connection)
        if one == "--raise-guards" and not done:
            sys.stderr.write(f"{database} holds no trail yet: migrate first, then --raise-guards.\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
