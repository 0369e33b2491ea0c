"""The keys that sign the heads of the trail, one after the other, as `vkey`s (those of receipts: `audit.receipt_keys`).

The private key stands in a file that the sealer alone reads (`TACT_SEAL_KEY`), never in the database. Each key but the first
is introduced by the one before it, in a signed note::

    tact/key/v1
    <origin of the log>
    <size of the tree: the new key signs every larger head>
    <the new key, as a vkey>

A rotation leaves the new key in a file beside the former (`.next`) until its row is committed, then moves the former aside and
takes its name: whoever comes after an interrupted rotation, the sealer or the command, finishes it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from . import alarms, notes, signing
from .access_log import now
from .checkpoint import decimal
from .models import Checkpoint, SealKey

FIRST_LINE = "tact/key/v1"
HEAD_LOCK = 0x7AC7_5EA1
"""Held by whatever publishes a head or changes the key, until its transaction ends."""
LOST = "key_introduced_without_the_former"

_known: dict[tuple[Path, str], Ed25519PrivateKey] = {}


class NothingToRotate(Exception):
    """No key signs this trail yet: the sealer makes the first one."""


def log_keys() -> list[SealKey]:
    """The keys under which heads were signed, oldest first."""
    return list(SealKey.objects.order_by("from_size", "at"))


def log_vkeys() -> list[notes.VerifierKey]:
    """The same, as keys that verify a note."""
    return [notes.VerifierKey.parse(row.vkey) for row in log_keys()]


def in_force(keys: Sequence[SealKey], size: int) -> SealKey | None:
    """Of these keys, oldest first, the one that signs a head of this size."""
    return next((row for row in reversed(keys) if row.from_size < size), None)


def make_seal_key(path: Path) -> bool:
    """Write a new private key readable by its owner alone, surely on the disk; False where one is already there."""
    made = signing.make_key(path)
    sync(path)
    sync(path.parent)
    return made


def statement(former: Ed25519PrivateKey, vkey: str, size: int) -> bytes:
    """The note by which a key introduces the next one."""
    text = f"{FIRST_LINE}\n{settings.TRAIL_ORIGIN}\n{size}\n{vkey}\n"
    return notes.sign(text, settings.TRAIL_ORIGIN, former)


def introduced(row: SealKey, former: notes.VerifierKey) -> bool:
    """Whether the former key introduced this one, for this log and this size."""
    if row.statement is None:
        return False
    try:
        lines = notes.open_note(bytes(row.statement), [former]).text.split("\n")
        first, origin, size, vkey, end = lines
        return (first, origin, decimal(size), vkey, end) == (FIRST_LINE, former.name, row.from_size, row.vkey, "")
    except ValueError:
        return False


def lock() -> None:
    """Wait until nobody else publishes a head or changes the key; released with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HEAD_LOCK])


def introduce_first() -> Ed25519PrivateKey:
    """The first key of a trail that has none; outside production it is made here. Under `lock`.

    ImproperlyConfigured where it cannot be read.
    """
    path = _path()
    if not settings.PRODUCTION and not path.exists():
        make_seal_key(path)
    private = _read(path)
    SealKey.objects.create(vkey=_vkey(private), from_size=0)
    return private


def private_of(vkey: str) -> Ed25519PrivateKey:
    """The private half of the key that the trail names last, from its file; finishes an interrupted rotation. Under `lock`.

    ImproperlyConfigured where the file is missing, unreadable, or holds another key: no other is ever made in its place.
    """
    path = _path()
    _refuse_other_name(vkey)
    if (path, vkey) not in _known:
        _finish(path, vkey)
        private = _read(path)
        if _vkey(private) != vkey:
            raise ImproperlyConfigured(
                f"The seal key {path} is {_vkey(private)}; this trail is sealed with {vkey}. "
                "Put that key back, or see « A lost key » in docs/operations.md."
            )
        _known.clear()
        _known[path, vkey] = private
    return _known[path, vkey]


def rotate(*, lost: bool = False) -> SealKey:
    """Replace the key, on the sealer's connection; or finish a rotation that was interrupted. Returns the new key's row.

    `lost`: the former is gone and introduces nobody; an alarm says so. NothingToRotate where no key signs yet;
    ImproperlyConfigured where the former cannot be read, or is there although it was said to be lost.
    """
    path = _path()
    with transaction.atomic():
        lock()
        former = SealKey.objects.order_by("from_size", "at").last()
        if former is None:
            raise NothingToRotate
        _refuse_other_name(former.vkey)
        if _finish(path, former.vkey):
            return former
        draft = _next(path)
        make_seal_key(draft)
        vkey = _vkey(_read(draft))
        head = Checkpoint.objects.order_by("size").last()
        size = head.size if head else 0
        if lost:
            _refuse_found(path, former.vkey)
            row = SealKey(vkey=vkey, from_size=size)
            alarms.raise_alarm(kind=LOST, found={"key": vkey, "from_size": size}, at=now())
        else:
            row = SealKey(vkey=vkey, from_size=size, statement=statement(private_of(former.vkey), vkey, size))
        row.save(force_insert=True)
    with transaction.atomic():
        lock()
        _finish(path, vkey)
    return row


def _path() -> Path:
    return Path(settings.SEAL_KEY)


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _vkey(private: Ed25519PrivateKey) -> str:
    return notes.VerifierKey.of(settings.TRAIL_ORIGIN, private).vkey


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The seal key {path} cannot be read ({error.strerror}). Put it back; for a new trail, make one with "
            "`manage.py make_seal_key`, or set TACT_SEAL_KEY to its path."
        ) from error
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"The seal key {path} is not a private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"The seal key {path} is not an Ed25519 key.")
    return key


def _refuse_other_name(vkey: str) -> None:
    name = notes.VerifierKey.parse(vkey).name
    if name != settings.TRAIL_ORIGIN:
        raise ImproperlyConfigured(
            f"This trail is called {name}, for good: TACT_TRAIL_ORIGIN (or SITE_URL) now calls it "
            f"{settings.TRAIL_ORIGIN}. Set TACT_TRAIL_ORIGIN={name}."
        )


def _refuse_found(path: Path, vkey: str) -> None:
    """A key that is there introduces the next one: no alarm is to be raised for it."""
    try:
        found = _vkey(_read(path))
    except ImproperlyConfigured:
        return
    if found == vkey:
        raise ImproperlyConfigured(f"The seal key {path} is not lost: rotate it without --lost.")


def _finish(path: Path, vkey: str) -> bool:
    """Where the trail's last key still waits in `.next`, give it the name; the former is kept aside, under its id."""
    draft = _next(path)
    if not draft.exists() or _vkey(_read(draft)) != vkey:
        return False
    if path.exists():
        try:
            aside = notes.VerifierKey.parse(_vkey(_read(path))).id.hex()
        except ImproperlyConfigured:
            aside = "unreadable"
        path.rename(path.with_name(f"{path.name}.{aside}"))
    draft.rename(path)
    sync(path.parent)
    return True


def sync(path: Path) -> None:
    """Surely on the disk: a file, or the names of a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
