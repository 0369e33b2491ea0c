"""A house of the bench's own: PostgreSQL, Redis and keys in a folder that goes at the end. Entered before Django's settings are."""

import atexit
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def enter() -> None:
    """From here on, this process and those that it starts are in a new house; nothing of it is left when they end."""
    sys.path.insert(0, str(ROOT))
    for name in ("DATABASE_URL", "DATABASE_STANDBY_URL", "REDIS_URL", "TACT_SUPERVISED"):
        os.environ.pop(name, None)
    os.environ["TACT_VAR"] = tempfile.mkdtemp(prefix="tact-grow-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    atexit.register(leave, os.getpid())
    import django

    django.setup()


def leave(whose: int) -> None:
    """Erase it. A process that was forked inherits this, and not the house."""
    if os.getpid() != whose:
        return
    from config import embedded

    embedded.leave()
    embedded.erase()


def copy_of(database: str) -> str:
    """A copy of a database of this house that nobody is using, which goes with the house; its name."""
    from contextlib import closing

    from django.db import connections

    from bench.database import owner_link

    connections.close_all()
    name = f"{database}_copy"
    with closing(owner_link()) as link, link.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database}" STRATEGY FILE_COPY')
    return name


def go_to(database: str) -> None:
    """From here on, Django is on this one."""
    from django.db import connection, connections

    connections.close_all()
    connection.settings_dict["NAME"] = database
