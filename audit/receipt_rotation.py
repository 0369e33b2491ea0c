"""Another key signs receipts from now on, in the open: vouched for by the former, or said to have been lost (ADR 0048).

The new key waits in a file beside the former (`.next`) until its row is committed, then takes its name in one step: whoever signs
at that instant finds one or the other, never none. Whoever comes after an interrupted rotation, which is the same command, ends it.
The entry that says it is signed by the new key: it comes last, and is written by whoever comes after too.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from . import alarms, keys, ledger, notes, receipt_keys, signing
from .access_log import now
from .models import ReceiptKey

LOCK = 0x7AC7_5EA3
SHORTEST = timedelta(minutes=1)
"""What was composed before the new key was in place is written by then."""


class FormerUnknown(Exception):
    """The former key is lost, and its public half was never written down."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The new key, and until when the receipts of the former hold for what is still recorded under it."""

    key: notes.VerifierKey
    former: notes.VerifierKey
    until: datetime
    lost: bool


def rotate(*, lost: bool = False, overlap: timedelta = timedelta(days=1), former: str = "") -> Rotated:
    """Replace the key of receipts; or end a rotation that was interrupted.

    `overlap`: for how long the former key's receipts still hold for new entries, the time to bring the new file to each machine.
    `lost`: the former is gone and vouches for nobody; an alarm says so; a key that was made in its place already is taken.
    `former`: its vkey, where it was lost before it was written down, or where the database may be mistaken.

    ImproperlyConfigured where the file cannot be read, is another key than the last known, or is there although it was said to
    be lost, or does not hold the key that was announced; FormerUnknown.
    """
    path = Path(settings.RECEIPT_KEY)
    with transaction.atomic():
        _lock()
        succession = _interrupted(path) or _succeed(path, lost=lost, overlap=overlap, former=former)
    done = Rotated(
        succession.new, succession.former, datetime.fromisoformat(succession.until), lost=not succession.by_former
    )
    with transaction.atomic():
        _lock()
        _take_its_place(path, succession.new)
        _refuse_unchanged(path, succession.new)
        _say(done)
    return done


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _interrupted(path: Path) -> receipt_keys.Succession | None:
    """The note of the key that waits in `.next`, or of the one in the file where no entry says it. Nobody else's is believed."""
    notes_of = [receipt_keys.read(note) for note in receipt_keys.statements(receipt_keys.rows())]
    ours = [one for one in notes_of if one is not None and one.by_new]
    waiting, present = _public(_next(path)), _public(path)
    for one in ours:
        if one.new.public == waiting:
            return one
    for one in ours:
        if one.new.public == present and not receipt_keys.rotation_said(one.new.vkey):
            return one
    return None


def _succeed(path: Path, *, lost: bool, overlap: timedelta, former: str) -> receipt_keys.Succession:
    at = now()
    if lost:
        before = _lost(path, former)
        private = _made_since(path) or _draft(path)
        signers, until = [private], at
        remade = bool(former) and _made_before_any(path)
        if not remade:
            _refuse_former(path, receipt_keys.vkey_of(private))
    else:
        present = _present(path)
        receipt_keys.remember()
        before, private = receipt_keys.vkey_of(present), _draft(path)
        _refuse_another(path, before)
        signers, until, remade = [private, present], at + max(overlap, SHORTEST), False
    new = receipt_keys.vkey_of(private)
    note = receipt_keys.statement(former=before, new=new, until=until, by=signers)
    # A row is never changed: where the new key has one, its note stands in that of the key it replaces.
    receipt_keys.add(before if remade else new, note)
    if lost:
        alarms.raise_alarm(kind=keys.LOST, found={"key": new.vkey, "receipts": True}, at=at)
    return receipt_keys.Succession.read(note)


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _public(path: Path) -> bytes | None:
    """The public half of the key in this file; None where there is none that can be read."""
    try:
        return receipt_keys.vkey_of(signing.read_key(path)).public
    except (OSError, ImproperlyConfigured):
        return None


def _present(path: Path) -> Ed25519PrivateKey:
    try:
        return signing.read_key(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The receipt key {path} cannot be read ({error.strerror}). Put it back, or see « A lost key » in docs/operations.md."
        ) from error


def _draft(path: Path) -> Ed25519PrivateKey:
    """The key that waits beside, made where there is none, and readable by whoever reads the former."""
    draft = _next(path)
    if signing.make_key(draft):
        keys.sync(draft)
        keys.sync(draft.parent)
    try:
        like = path.stat()
    except OSError:
        pass
    else:
        if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(draft, like.st_uid, like.st_gid)
        draft.chmod(like.st_mode & 0o777)
    return signing.read_key(draft)


def _refuse_another(path: Path, present: notes.VerifierKey) -> None:
    """Nothing that a row alone says counts: only the keys that the present one leads to, and whether it is known at all."""
    known = receipt_keys.rows()
    last = receipt_keys.accepted(present, receipt_keys.statements(known))[-1].key.vkey
    if present.vkey not in {row.vkey for row in known}:
        first = receipt_keys.last_vouched(known)
        last = first.vkey if first else last
    if last != present.vkey:
        raise ImproperlyConfigured(
            f"The receipt key {path} is {present.vkey}; the last known is {last}. Put that one back, "
            "or see « A lost key » in docs/operations.md."
        )


def _refuse_unchanged(path: Path, new: notes.VerifierKey) -> None:
    """Nothing is said to be done until the file holds the key that is announced."""
    if _public(path) != new.public:
        raise ImproperlyConfigured(
            f"The receipt key {path} is not {new.vkey}, which was announced: put {_next(path)} back, "
            "or see « A lost key » in docs/operations.md."
        )


def _refuse_former(path: Path, key: notes.VerifierKey) -> None:
    if ReceiptKey.objects.filter(vkey=key.vkey).exists():
        raise ImproperlyConfigured(f"The receipt key {path} is {key.vkey}, a former one: take it away first.")


def _lost(path: Path, former: str) -> notes.VerifierKey:
    """The public half of the key that is gone."""
    known = receipt_keys.rows()
    last, told = receipt_keys.last_vouched(known), _told(former)
    if last is None:
        if told is None:
            raise FormerUnknown
        receipt_keys.add(told, None)
        return told
    gone = notes.VerifierKey.parse(last.vkey)
    if told is not None and (told.vkey in {row.vkey for row in known} or _made_before_any(path)):
        gone = told
    if _public(path) == gone.public:
        raise ImproperlyConfigured(f"The receipt key {path} is not lost: rotate it without --lost.")
    return gone


def _told(former: str) -> notes.VerifierKey | None:
    if not former:
        return None
    told, name = notes.VerifierKey.parse(former), f"{settings.TRAIL_ORIGIN}/recus"
    if told.name != name:
        raise ImproperlyConfigured(f"{former} is no key of receipts: the line to give begins with {name}.")
    return told


def _made_before_any(path: Path) -> bool:
    """The key in the file was written down as the first, and replaces none that is known: it may have taken a lost one's place."""
    known = receipt_keys.rows()
    if not known or _public(path) is None:
        return False
    present = receipt_keys.vkey_of(signing.read_key(path)).vkey
    return known[0].vkey == present and present not in receipt_keys.notes_by_key(known)


def _made_since(path: Path) -> Ed25519PrivateKey | None:
    """The key that somebody made in the place of the one that was lost: it may have signed already."""
    return signing.read_key(path) if path.exists() else None


def _take_its_place(path: Path, new: notes.VerifierKey) -> None:
    """The former is kept aside, under its id; the new one takes its name in one step."""
    draft = _next(path)
    if _public(draft) != new.public:
        return
    if path.exists():
        was = _public(path)
        aside = notes.VerifierKey(new.name, was).id.hex() if was else "unreadable"
        kept = path.with_name(f"{path.name}.{aside}")
        if not kept.exists():
            os.link(path, kept)
    draft.replace(path)
    keys.sync(path.parent)


def _say(done: Rotated) -> None:
    """The entry, once: signed by the new key, whoever ends the rotation."""
    if not receipt_keys.rotation_said(done.key.vkey):
        ledger.record(
            action=receipt_keys.ROTATED,
            at=now(),
            actor=None,
            codes={
                "key": done.key.vkey,
                "former": done.former.vkey,
                "until": done.until.isoformat(),
                "lost": done.lost,
            },
        )
