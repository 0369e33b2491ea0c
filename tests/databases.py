"""Making room for the databases of tests and measures, and dropping them."""

import shutil
from pathlib import Path
from typing import Any

import psycopg2.errors

from config.programs import server_folder

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3


def drop(cursor: Any, name: str) -> None:
    """Drop the database and end whoever is in it; `cursor` is its owner's, outside any transaction.

    An owner who is not superuser may not end a superuser's connection: where one was closed a few milliseconds ago and
    still counts, FORCE is refused before it ends anybody. A plain DROP waits up to 5 s for it to go, then fails.
    """
    try:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except psycopg2.errors.InsufficientPrivilege:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def in_memory(superuser: Any, name: str, owner: str) -> str:
    """Where a database and all its copies are in memory: a tablespace of this name; empty where there is no room for it.

    A copy is a thousand files. On disk, ext4 steers clear of the inodes of a thousand that were just deleted, one by one:
    0.3 s of processor for each copy, five times what the copy itself takes.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return ""
    folder = server_folder(MEMORY / name)
    superuser.execute(f'CREATE TABLESPACE "{name}" OWNER "{owner}" LOCATION %s', [str(folder)])
    # Never made again by a server that recovers: once the machine has restarted, there is no such folder, and it would not start.
    superuser.execute("CHECKPOINT")
    return name


def out_of_memory(superuser: Any, name: str) -> None:
    """Give back what a run took there, its databases being dropped; a run that was killed, too."""
    superuser.execute(f'DROP TABLESPACE IF EXISTS "{name}"')
    shutil.rmtree(MEMORY / name, ignore_errors=True)
