"""Bring the database and the static files up to this version, as one process: schema, cache table, demonstration.

``python -m config.prepare`` is run by the launcher before the web starts. It begins as the migrator, who owns the
tables, and ends as the application, who writes the demonstration as any professional would.
"""

import gc
import os
import sys
from pathlib import Path

OLDEST_POSTGRES = 15
DEMO_ACCOUNTS_FILE = "demo-accounts.txt"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def refuse_unusable_database() -> None:
    """Raise HouseError, in one sentence, where an account cannot sign in or the server is too old."""
    from django.db import OperationalError, connection

    from config.checks import first_line
    from config.places import HouseError
    from config.postgres.account import become

    for role, variable in (("app", "DATABASE_URL"), ("migrator", "DATABASE_MIGRATOR_URL")):
        become(role)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
                (version,) = cursor.fetchone()
        except OperationalError as error:
            raise HouseError(f"{variable} cannot be used: {first_line(error)}") from None
        if version < OLDEST_POSTGRES:
            raise HouseError(f"{variable} leads to PostgreSQL {version}: Tact needs {OLDEST_POSTGRES} or later.")


def write_accounts(file: Path) -> None:
    """What the launcher prints under the address: the demonstration's accounts, one a line."""
    from sharing.demo import accounts

    rows = list(accounts())
    width = max(len(email) for _, email, _ in rows)
    passwords = {password for *_, password in rows}
    shared = len(passwords) == 1
    lines = [f"  The demonstration's accounts{f' (their password: {passwords.pop()})' if shared else ''}:"]
    for label, email, password in rows:
        lines.append(f"    {email.ljust(width)}  {'' if shared else password + '  '}{label}")
    file.write_text("\n".join(lines) + "\n")


def prepare() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    from config.postgres.account import become

    django.setup()
    refuse_unusable_database()
    # Migrating makes twelve thousand classes of models: to look for garbage at each handful was a quarter of the time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    say("· The schema is being brought up to date")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    say("· Static files are being collected")
    call_command("collectstatic", interactive=False, verbosity=0)
    become("app")
    if settings.PRODUCTION:
        from partners.accounts import founding

        if told := founding.announcement():
            say(f"· {told}")
    if settings.DEMO:
        say("· The demonstration territory is loaded if the database is empty")
        call_command("load_demo", if_empty=True)
        write_accounts(settings.VAR / DEMO_ACCOUNTS_FILE)


def main() -> int:
    """Exit status 2, with one sentence, where something prevents Tact from starting."""
    os.environ["TACT_DATABASE_ROLE"] = "migrator"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import DatabaseError

    from config.checks import first_line
    from config.places import HouseError

    try:
        prepare()
    except (ImproperlyConfigured, HouseError, CommandError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except DatabaseError as error:
        sys.stderr.write(f"The database refused: {first_line(error)}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
