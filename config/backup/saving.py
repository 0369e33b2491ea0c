"""Save the database, as one moment saw it, encrypted while it is read: neither a clear copy nor a large memory anywhere.

The file holds two lines of ours (what it is, what was in it) and a dump in PostgreSQL's custom format. Papers are rows of the
database: they are in it. Sessions and the cache are not: who comes back signs in again. Keys are saved apart (`keys`).
"""

import base64
import json
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.utils.translation import gettext as _

from . import BackupError, age, tools

MAGIC = b"tact/backup/v1\n"
LEFT_OUT = ("django_session", "usersessions_usersession", "tact_cache")
"""Tables whose rows nobody should find again."""
LOCK_SECONDS = 60
NAME = "tact-{at:%Y-%m-%d-%H%M%S}.age"

# What the trail was at this moment; the newest entry says by which key its receipts are signed, the notes which came after which.
TRAIL = """
    SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM audit_erasure),
           (SELECT size FROM audit_checkpoint ORDER BY size DESC LIMIT 1),
           (SELECT encode(note, 'base64') FROM audit_checkpoint ORDER BY size DESC LIMIT 1)
"""
NEWEST = "SELECT body, receipt FROM audit_entry ORDER BY id DESC LIMIT 1"
RECEIPT_KEYS = "audit_receiptkey"
# A note is some hundred bytes: what is longer is none, and leads nowhere.
NOTES = "SELECT statement FROM {table} WHERE octet_length(statement) < 4096 ORDER BY at"
MOST_MANIFEST = 4 * 1024 * 1024
"""Bytes of our two lines: a restoration reads no more of them."""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Saved:
    """One backup: its file, how many bytes and their SHA-256, and what stood in the trail."""

    path: Path
    size: int
    digest: str
    entries: int
    sealed: int


class _Dump:
    """Our two lines, then what `pg_dump` writes; its end is believed only if the program ended well."""

    def __init__(self, head: bytes, process: "subprocess.Popen[bytes]", said: Any) -> None:
        self.waiting, self.process, self.said = head, process, said

    def read(self, size: int = -1) -> bytes:
        if self.waiting:
            part, self.waiting = self.waiting[:size], self.waiting[size:] if size >= 0 else b""
            return part
        assert self.process.stdout is not None
        part = self.process.stdout.read(size)
        if not part and self.process.wait() != 0:
            raise BackupError(_("pg_dump a échoué : %(why)s") % {"why": tools.last_words(self.said)})
        return part


def save(*, to: Path, recipients: list[Any]) -> Saved:
    """Write one file in this folder, named by its instant. BackupError: nothing was written."""
    account = tools.as_role("migrator")
    try:
        with closing(psycopg2.connect(**account)) as link, link.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), clock_timestamp()")
            snapshot, at = cursor.fetchone()
            manifest = _manifest(cursor, at, link.server_version)
            head = MAGIC + json.dumps(manifest).encode() + b"\n"
            if len(head) > MOST_MANIFEST:
                raise BackupError(
                    _("La base n’a pas pu être lue : %(why)s") % {"why": f"{RECEIPT_KEYS}: > {MOST_MANIFEST} bytes"}
                )
            path = to / NAME.format(at=at.astimezone(UTC))
            with age.new_file(path) as file:
                _dump(account, snapshot, link.server_version, head, file, recipients)
    except psycopg2.Error as error:
        raise BackupError(
            _("La base n’a pas pu être lue : %(why)s") % {"why": str(error).strip().split("\n", 1)[0]}
        ) from error
    trail = manifest["trail"]
    return Saved(path, path.stat().st_size, age.digest_of(path), trail["entries"], trail["size"] or 0)


def forget(*, folder: Path, days: int, at: datetime) -> list[Path]:
    """Remove the backups of this folder older than so many days, never the newest; those that went."""
    ours = [path for path in sorted(folder.glob("tact-????-??-??-??????.age")) if _named(path)]
    old = [path for path in ours[:-1] if (day := _named(path)) and day < at - timedelta(days=days)]
    for path in old:
        path.unlink()
    return old


def _named(path: Path) -> datetime | None:
    """The instant in the name of a file; None where it is none of ours, whatever it looks like."""
    try:
        return datetime.strptime(path.stem, "tact-%Y-%m-%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _manifest(cursor: Any, at: datetime, version: int) -> dict[str, Any]:
    """What was in the database at the moment of the snapshot."""
    cursor.execute(TRAIL)
    entries, erased, size, note = cursor.fetchone()
    cursor.execute(NEWEST)
    newest = cursor.fetchone()
    notes = _notes(cursor)
    cursor.execute(MIGRATIONS)
    return {
        "taken_at": at.isoformat(),
        "server": version // 10_000,
        "migrations": [name for (name,) in cursor.fetchall()],
        "trail": {"entries": entries, "erased": erased, "size": size, "note": note},
        "receipt_keys": [base64.b64encode(bytes(note)).decode() for note in notes],
        "newest": [base64.b64encode(bytes(part)).decode() for part in newest] if newest else None,
    }


def _notes(cursor: Any) -> list[Any]:
    """What each key of receipts says of the one before it; none on a base that this release has not migrated yet."""
    cursor.execute("SELECT to_regclass(%s)", [f"public.{RECEIPT_KEYS}"])
    if cursor.fetchone()[0] is None:
        return []
    cursor.execute(NOTES.format(table=RECEIPT_KEYS))
    return [note for (note,) in cursor.fetchall()]


def _dump(account: dict[str, Any], snapshot: str, version: int, head: bytes, file: Any, recipients: list[Any]) -> None:
    command = [
        tools.program("pg_dump", server=version // 10_000), "--format=custom", f"--snapshot={snapshot}",
        f"--lock-wait-timeout={LOCK_SECONDS}s", "--no-password",
        *(f"--exclude-table-data=public.{table}" for table in LEFT_OUT), *tools.arguments(account),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=tools.environment(account), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        try:
            age.encrypt(_Dump(head, process, said), file, recipients)
        finally:
            process.kill()
            process.communicate()
