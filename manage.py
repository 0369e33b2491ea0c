#!/usr/bin/env python
"""Tact's commands. Those that change the schema run as the migrator, all the others as the application."""

import os
import sys

# createcachetable makes a table; the rest compares or writes the schema.
SCHEMA_COMMANDS = frozenset({"migrate", "createcachetable", "sqlmigrate", "sqlflush"})


def main() -> int:
    """Run one command. Returns the exit status; a wrong setting is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in SCHEMA_COMMANDS:
        os.environ.setdefault("TACT_DATABASE_ROLE", "migrator")
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
