"""Put the rows, tables and rights of a backup into an empty database, in one transaction: `pg_restore`, as superuser or as owner.

As the superuser, tables are made without the owner's default privileges: a right that was taken away stays so. As the owner, those
privileges are set aside meanwhile; and what only a superuser makes, the guards of the trail's schema, is left out of the list of
what is made.
"""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.utils.translation import gettext as _
from psycopg2.extensions import make_dsn

from audit import event_guards
from config import roles

from . import BackupError, tools

# In the list that `pg_restore --list` gives: the kind of an object, then its schema.
LEFT_TO_A_SUPERUSER = (" EVENT TRIGGER ", f" {event_guards.SCHEMA} ")
NO_DEFAULTS = f"""
    ALTER DEFAULT PRIVILEGES FOR ROLE {roles.OWNER} IN SCHEMA public REVOKE ALL ON TABLES FROM {roles.APP}, {roles.AUDITOR};
    ALTER DEFAULT PRIVILEGES FOR ROLE {roles.OWNER} IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {roles.APP};
"""


Feed = Callable[[IO[bytes]], None]
"""Writes what `pg_dump` wrote into a pipe. BackupError, OSError."""


def fill(feed: Feed, account: Mapping[str, Any], *, as_owner: bool) -> None:
    """Every row and right. BackupError: the database is empty still."""
    with closing(psycopg2.connect(make_dsn(**account))) as link:
        version = link.server_version
    program = tools.program("pg_restore", server=version // 10_000)
    command = [program, "--single-transaction", "--exit-on-error", "--no-password", *tools.arguments(account)]
    if not as_owner:
        _run(command, feed, account)
        return
    with tempfile.TemporaryDirectory() as folder, _without_default_privileges(account):
        listed = Path(folder) / "list"
        listed.write_text(_what_the_owner_makes(program, feed, account))
        _run([*command, "--no-owner", f"--use-list={listed}"], feed, account)


@contextmanager
def _without_default_privileges(account: Mapping[str, Any]) -> Iterator[None]:
    """Each table gets the rights that the backup says, and no other; the tables of a later release get them again."""
    _say(account, NO_DEFAULTS)
    try:
        yield
    finally:
        _say(account, roles.DEFAULT_PRIVILEGES)


def _say(account: Mapping[str, Any], what: str) -> None:
    with closing(psycopg2.connect(make_dsn(**account))) as link, link, link.cursor() as cursor:
        cursor.execute(what)


def _what_the_owner_makes(program: str, feed: Feed, account: Mapping[str, Any]) -> str:
    """The list of what the file holds, in its order, without what only a superuser makes."""
    # Into a file: it reads no further while nobody takes what it says.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [program, "--list"],
            env=tools.environment(account),
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        with suppress(BackupError, OSError):  # it reads the beginning of the file, and ends
            feed(process.stdin)
        with suppress(OSError):
            process.stdin.close()
        ended = process.wait()
        said.seek(0)
        lines = said.read().decode().splitlines()
    if ended != 0 or not lines:
        raise BackupError(_("pg_restore n’a pas pu lire ce que contient la sauvegarde. Rien n’a été écrit."))
    return "".join(f"{line}\n" for line in lines if not any(kind in line for kind in LEFT_TO_A_SUPERUSER))


def _run(command: list[str], feed: Feed, account: Mapping[str, Any]) -> None:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=tools.environment(account), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        assert process.stdin is not None
        try:
            feed(process.stdin)
            process.stdin.close()
        except (BackupError, OSError):
            with suppress(OSError):  # it died first: what was left to say to it is lost
                process.stdin.close()
            if process.wait() == 0:
                raise
        if process.wait() != 0:
            raise BackupError(
                _("pg_restore a échoué, la base est restée vide : %(why)s") % {"why": tools.last_words(said)}
            )
