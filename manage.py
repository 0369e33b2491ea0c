#!/usr/bin/env python
"""Tact's commands. Each runs as one of the database's roles: the application, unless said otherwise here."""

import os
import sys

# createcachetable makes a table; the others of the migrator compare or write the schema.
ROLES = dict.fromkeys(("migrate", "createcachetable", "sqlmigrate", "sqlflush"), "migrator") | {
    "seal": "sealer",
    "rotate_seal_key": "sealer",
    "erase_payload": "erasure",
}
# Long, and they write nothing: on the standby, where DATABASE_STANDBY_URL names one.
READ_THE_STANDBY = frozenset({"backup", "replay", "verify_audit"})


def main() -> int:
    """Run one command. Returns the exit status; a wrong setting is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in ROLES:
        os.environ.setdefault("TACT_DATABASE_ROLE", ROLES[sys.argv[1]])
    if len(sys.argv) > 1 and sys.argv[1] in READ_THE_STANDBY:
        os.environ.setdefault("TACT_DATABASE_SERVER", "standby")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        from config.places import HouseError
    except ImportError as error:
        print(f"{error}. Run `make run` once, or use .venv/bin/python manage.py.", file=sys.stderr)
        return 2
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, HouseError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
