"""Put a backup back: into an empty database, whole or not at all; then guards, erasures done again, and the trail verified.

Nothing is written before the file was read to its end with the key that opens it, the database is known to be empty, and the list
of what was erased can be read. The order after that is: rows, schema of this release, guards, what a restored house must not
find again (sessions, tokens), the entry that says it, erasures, verification.
"""

import base64
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from psycopg2.extensions import make_dsn

from audit import erasing, event_guards, receipt_keys, restored, shred_list, signing, verification
from audit.access_log import now
from audit.kept_heads import Kept
from audit.models import Entry
from audit.report import Report
from config import roles
from config.postgres.account import become

from . import BackupError, afterwards, age, rows, tools, unserved
from .saving import MAGIC, MOST_MANIFEST

# Anything of ours in a database: tables and functions of `public`, or the guards' own schema.
OCCUPIED = """
    SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v', 'm'))
         + (SELECT count(*) FROM pg_namespace WHERE nspname = 'tact_guards')
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was read to its end: whole, opened by our key, and made by Tact."""

    path: Path
    identities: Sequence[Any]
    manifest: dict[str, Any]

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["taken_at"])

    @property
    def size(self) -> int:
        """Of the last signed head that it holds; 0 before the first."""
        return int(self.manifest["trail"]["size"] or 0)


@dataclass(slots=True)
class Restored:
    """What was done, and whether the trail holds."""

    backup: Backup
    report: Report
    erased_again: int
    erased_unknown: int
    """Entries of the list that the backup does not know: they were written after it, and are gone with it."""
    lost: list[tuple[str, int]] = field(default_factory=list)
    """Heads kept outside that are larger than the backup's: their file, and how many sealed entries are lost at least."""
    unguarded: bool = False
    """The guards of the trail's schema, which only a superuser makes, were not put up."""


class _Head:
    """Keeps the beginning of what is decrypted, and reads the rest for its wholeness alone."""

    def __init__(self) -> None:
        self.kept = b""

    def write(self, content: bytes) -> int:
        if len(self.kept) < MOST_MANIFEST and self.kept.count(b"\n") < 2:
            self.kept += content
        return len(content)

    def flush(self) -> None:
        return None


class _Rest:
    """Passes on to `pg_restore` what follows our two lines."""

    def __init__(self, pipe: Any) -> None:
        self.pipe, self.waiting, self.lines = pipe, b"", 2

    def write(self, content: bytes) -> int:
        if not self.lines:
            self.pipe.write(content)
            return len(content)
        self.waiting += content
        while self.lines and b"\n" in self.waiting:
            self.waiting = self.waiting.partition(b"\n")[2]
            self.lines -= 1
        if not self.lines:
            self.pipe.write(self.waiting)
        return len(content)

    def flush(self) -> None:
        self.pipe.flush()


def opened(path: Path, identities: Sequence[Any], *, digest: str = "") -> Backup:
    """Read a file to its end. BackupError where it is cut or altered, where no key opens it, where it is not ours.

    `digest`: the SHA-256 that was noted as it was saved. Without it nothing says who wrote the file: a public key is enough.
    """
    if digest and age.digest_of(path) != digest.strip().lower():
        raise BackupError(
            _("%(path)s n’est pas le fichier dont vous donnez l’empreinte : rien n’en est pris.") % {"path": path}
        )
    head = _Head()
    age.decrypt(path, head, identities)
    magic, _end, rest = head.kept.partition(b"\n")
    if magic + b"\n" != MAGIC:
        raise BackupError(_("%(path)s n’est pas une sauvegarde de Tact.") % {"path": path})
    try:
        backup = Backup(path, identities, json.loads(rest.partition(b"\n")[0]))
        _asked_later = backup.taken_at, backup.size, set(backup.manifest["migrations"]), backup.manifest["newest"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupError(_("%(path)s n’est pas une sauvegarde de Tact.") % {"path": path}) from error
    return backup


def _feed(backup: Backup, pipe: IO[bytes]) -> None:
    age.decrypt(backup.path, _Rest(pipe), backup.identities)


def restore(
    *,
    backup: Backup,
    erasures: Sequence[shred_list.Shredded],
    superuser: str = "",
    without_superuser: bool = False,
    since: Sequence[Kept] = (),
) -> Restored:
    """Into the database that Django is on. BackupError: nothing was put back, or the sentence says what remains to be done.

    `superuser`: the address of the server's, not needed with the bundled one; `without_superuser`: as the owner of the tables, on
    a server that gives none. `since`: heads kept outside, the trail's own.
    """
    database = str(connection.settings_dict["NAME"])
    _refuse_later_release(backup)
    _refuse_other_key(backup)
    try:
        # The erasure role's address, asked for now: afterwards it would be too late.
        erasure, app = tools.as_role("erasure"), tools.as_role("app")
        above = tools.as_owner() if without_superuser else tools.as_superuser(database, superuser)
        if erasures and erasure["user"] != roles.ERASURE:
            raise BackupError(
                _("DATABASE_ERASURE_URL manque : ce qui a été effacé depuis ne pourrait pas l’être à nouveau.")
            )
        _refuse_occupied(above)
        # Whoever is no superuser closes its own account, and no other.
        closes = {**app, "options": unserved.OURS} if without_superuser else above
        with closing(psycopg2.connect(make_dsn(**closes))) as link, unserved.while_restoring(link, database):
            rows.fill(lambda pipe: _feed(backup, pipe), above, as_owner=without_superuser)
            done = _finish(backup, erasures, since, above, as_owner=without_superuser)
    except psycopg2.Error as error:
        raise BackupError(_("PostgreSQL a refusé : %(why)s") % {"why": str(error).strip().split("\n", 1)[0]}) from error
    return done


def _finish(
    backup: Backup,
    erasures: Sequence[shred_list.Shredded],
    since: Sequence[Kept],
    above: dict[str, Any],
    *,
    as_owner: bool,
) -> Restored:
    """What follows the rows, as this release and as the list of erasures want it; then the verification."""
    _bring_up_to_date(above, as_owner=as_owner)
    at = now()
    afterwards.forget_what_must_not_come_back(at=at)
    restored.record(taken_at=backup.taken_at, size=backup.size, at=at)
    again, unknown = _erase_again(erasures)
    within = [one for one in since if one.head.size <= backup.size]
    report = verification.verify(receipts=True, since=within)
    lost = [(one.name, one.head.size - backup.size) for one in since if one.head.size > backup.size]
    return Restored(backup, report, again, unknown, lost, unguarded=not report.event_guards)


def _refuse_later_release(backup: Backup) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if later := sorted(set(backup.manifest["migrations"]) - known):
        raise BackupError(
            _("Cette sauvegarde vient d’une version de Tact que celle-ci ne connaît pas (%(name)s) : installez la même, ou une "
              "suivante. Rien n’a été écrit.") % {"name": later[0]}
        )  # fmt: skip


def _refuse_other_key(backup: Backup) -> None:
    """The receipt key is put back first: another would sign what follows, and the trail would no longer hold."""
    if backup.manifest["newest"] is None:
        return
    body, receipt = (base64.b64decode(part) for part in backup.manifest["newest"])
    notes = [base64.b64decode(note) for note in backup.manifest.get("receipt_keys", ())]
    try:
        own = receipt_keys.own()
        led = receipt_keys.accepted(own, notes)
    except ImproperlyConfigured as error:
        raise BackupError(
            _("Remettez d’abord la clé des reçus (manage.py restore_key). Rien n’a été écrit.")
        ) from error
    if led[-1].key.public != own.public:
        raise BackupError(
            _("La clé des reçus qui est ici a été remplacée avant cette sauvegarde : remettez la dernière (manage.py restore_key). "
              "Rien n’a été écrit.")
        )  # fmt: skip
    # Whether it is this house, not whether that receipt came in time: the verification that follows names a late one.
    if not any(signing.holds(body, receipt, one.public) for one in led):
        raise BackupError(
            _("La clé des reçus qui est ici n’est pas celle de cette sauvegarde : remettez la sienne (manage.py restore_key). "
              "Rien n’a été écrit.")
        )  # fmt: skip


def _refuse_occupied(above: dict[str, Any]) -> None:
    try:
        with closing(psycopg2.connect(**above)) as link, link.cursor() as cursor:
            cursor.execute(OCCUPIED)
            occupied = cursor.fetchone()[0]
    except psycopg2.OperationalError as error:
        raise BackupError(
            _(
                "La base %(name)s ne s’ouvre pas au superutilisateur : faites-la d’abord, vide (python -m config.roles). %(why)s"
            )
            % {"name": above["dbname"], "why": str(error).strip().split("\n", 1)[0]}
        ) from error
    if occupied:
        raise BackupError(
            _("La base %(name)s n’est pas vide (%(count)s tables) : restaurer n’écrase jamais. Rien n’a été écrit.")
            % {"name": above["dbname"], "count": occupied}
        )


def _bring_up_to_date(above: dict[str, Any], *, as_owner: bool) -> None:
    """Who may connect, the schema of this release, the guards of the trail's own, the planner's statistics."""
    with closing(psycopg2.connect(make_dsn(**above))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            roles.close_database(cursor, str(above["dbname"]))
    if not as_owner:
        with closing(psycopg2.connect(make_dsn(**above))) as link:
            event_guards.take_down(link)
    become("migrator")
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        become("app")
    if not as_owner:
        with closing(psycopg2.connect(make_dsn(**above))) as link:
            event_guards.put_up(link)
    with closing(psycopg2.connect(make_dsn(**above))) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("ANALYZE")


def _erase_again(erasures: Sequence[shred_list.Shredded]) -> tuple[int, int]:
    """How many personal parts went again, and how many entries of the list are not in this trail."""
    wanted = shred_list.entries_of(erasures)
    known = set(Entry.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    again = 0
    become("erasure")
    try:
        for one in erasures:
            here = [entry for entry in one.entries if entry in known]
            if here:
                again += erasing.erase(entries=here, reason=one.reason, by=one.by, at=now())
    finally:
        become("app")
    return again, len(wanted - known)
