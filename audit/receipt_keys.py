"""The keys of receipts, one after the other: which of them vouched for which, and until when a former one still counts.

The present private key is a file that web and worker read (`TACT_RECEIPT_KEY`); the database keeps public halves alone. Each key
but the first has a signed note, under its own signature and, unless it was lost, under the former's::

    tact/receipt-key/v1
    <name of the key>
    <instant: the former's receipts hold for entries recorded until then>
    <the former key, as a vkey>
    <the new key, as a vkey>

The house believes the key of its own file, then the former that this one vouches for, and so on: a row that whoever holds the
database adds, even with a former key that leaked, makes no receipt of a later entry hold. Somebody
outside, who kept a former key, follows the signatures the other way (`audit/offline/verify.py`).
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from . import canonical, notes, signing
from .faults import Fault, Flaw
from .models import Entry, ReceiptKey
from .reading import Row

FIRST_LINE = "tact/receipt-key/v1"
ROTATED = "receipt_key.rotated"
LONGEST_ACT = timedelta(minutes=10)
"""Between the instant that an entry says and its row: far less than that."""
FIRST_AFTER = "SELECT id FROM audit_entry WHERE at > %s ORDER BY at, id LIMIT 1"
ADD = "INSERT INTO audit_receiptkey (vkey, statement) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def vkey_of(key: Ed25519PrivateKey | Ed25519PublicKey) -> notes.VerifierKey:
    """The public half under the name of this house's receipts."""
    return notes.VerifierKey.of(f"{settings.TRAIL_ORIGIN}/recus", key)


def own() -> notes.VerifierKey:
    """The key under which receipts are made here. ImproperlyConfigured where it cannot be read."""
    return vkey_of(signing.public_key())


@dataclass(frozen=True, slots=True)
class Succession:
    """What the note of a key says, and who signed it."""

    former: notes.VerifierKey
    new: notes.VerifierKey
    until: str
    by_former: bool
    by_new: bool

    @classmethod
    def read(cls, note: bytes) -> "Succession":
        """ValueError where it is not such a note, or where one of the two signed another."""
        first, name, until, former_line, new_line, end = notes.parse(note).text.split("\n")
        former, new = notes.VerifierKey.parse(former_line), notes.VerifierKey.parse(new_line)
        if (first, end) != (FIRST_LINE, "") or {former.name, new.name} != {name} or former == new:
            raise notes.Malformed("this note says of no key which one it replaces")
        if canonical.instant(datetime.fromisoformat(until)) != until:
            raise notes.Malformed("an instant is written in one way only")
        signers = {one.key_id for one in notes.open_note(note, [former, new]).signatures}
        return cls(former, new, until, former.id in signers, new.id in signers)


def statement(
    *, former: notes.VerifierKey, new: notes.VerifierKey, until: datetime, by: Iterable[Ed25519PrivateKey]
) -> bytes:
    """The note by which a key takes the place of another, under these signatures."""
    text = "".join(f"{line}\n" for line in (FIRST_LINE, new.name, canonical.instant(until), former.vkey, new.vkey))
    signed = [notes.parse(notes.sign(text, new.name, key)).signatures[0] for key in by]
    return notes.Note(text, tuple(signed)).encoded


@dataclass(frozen=True, slots=True)
class Accepted:
    """A key whose receipts hold: of any entry, or of those recorded until an instant (as entries write it)."""

    key: notes.VerifierKey
    until: str | None = None

    @property
    def public(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.key.public)


def accepted(present: notes.VerifierKey, statements: Iterable[bytes]) -> list[Accepted]:
    """The keys that this one leads to, the oldest first: those that it replaced one after the other, then those that replaced it.

    A former key counts no later than the one that vouches for it. Later ones are there where the file of this machine is a former
    key still; what cannot be read leads nowhere.
    """
    said = [one for one in map(read, statements) if one is not None]
    seen, last = {present.public}, present
    after: list[Accepted] = []
    while found := next(
        (
            one
            for one in said
            if one.former.public == last.public and one.by_former and one.by_new and one.new.public not in seen
        ),
        None,
    ):
        after.append(Accepted(last, found.until))
        last = found.new
        seen.add(last.public)
    before: list[Accepted] = []
    at, until = present.public, after[0].until if after else None
    while found := next(
        (one for one in said if one.new.public == at and one.by_new and one.former.public not in seen), None
    ):
        # Whoever no longer counts vouches for nobody any longer.
        until = found.until if until is None else min(found.until, until)
        before.insert(0, Accepted(found.former, until))
        at = found.former.public
        seen.add(at)
    return [*before, *after, Accepted(last)]


def read(note: bytes) -> Succession | None:
    """What such a note says; None where it says nothing of the kind."""
    try:
        return Succession.read(note)
    except (ValueError, OverflowError):  # an instant that no calendar has in UTC
        return None


def last_vouched(known: list[ReceiptKey]) -> ReceiptKey | None:
    """The last of the keys that the first leads to, where the file that would say it is gone; None where none is known.

    Each was announced by the one before it; or, where that one was lost, an entry of the trail says it.
    """
    if not known:
        return None
    last = known[0]
    said = [(row, note) for row in known if row.statement is not None and (note := read(bytes(row.statement)))]
    said = [(row, note) for row, note in said if note.by_new and note.new.vkey == row.vkey]
    seen: set[str] = set()
    while last.vkey not in seen:
        seen.add(last.vkey)
        after = [(row, note) for row, note in said if note.former.vkey == last.vkey and row.vkey not in seen]
        announced = [row for row, note in after if note.by_former]
        last = next(iter(announced or [row for row, _note in after if rotation_said(row.vkey)]), last)
    return last


def rotation_said(vkey: str) -> bool:
    """Whether an entry of the trail says that this key signs from then on."""
    bodies = Entry.objects.filter(action=ROTATED).values_list("body", flat=True)
    return any(json.loads(bytes(body))["codes"].get("key") == vkey for body in bodies)


def rows() -> list[ReceiptKey]:
    """The keys that are known, the oldest first."""
    return list(ReceiptKey.objects.order_by("at", "vkey"))


def statements(known: Iterable[ReceiptKey]) -> list[bytes]:
    """Their notes."""
    return [bytes(row.statement) for row in known if row.statement is not None]


def notes_by_key(known: Iterable[ReceiptKey]) -> dict[str, bytes]:
    """Of each key, by its vkey, the note by which it takes the place of another."""
    found: dict[str, bytes] = {}
    for note in statements(known):
        if (said := read(note)) is not None and said.by_new:
            found.setdefault(said.new.vkey, note)
    return found


def accepted_here() -> list[Accepted]:
    """The keys whose receipts hold in this trail, the oldest first. One statement; ImproperlyConfigured without the key."""
    return accepted(own(), statements(rows()))


def remember() -> None:
    """Note the public half of the first key, so that its receipts can be verified once it is gone. Nothing where one is known."""
    if not ReceiptKey.objects.exists():
        add(own(), None)


def add(key: notes.VerifierKey, note: bytes | None) -> None:
    """A row, its instant given by PostgreSQL; nothing where this key has one."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, [key.vkey, note])


def holds(body: bytes, receipt: bytes, keys: Iterable[Accepted]) -> bool:
    """Whether one of these keys made this receipt of these bytes, while it counted."""
    at = _instant(body)
    return any(
        (one.until is None or (at is not None and at <= one.until)) and signing.holds(body, receipt, one.public)
        for one in keys
    )


def _instant(body: bytes) -> str | None:
    """The instant that an entry's bytes say; None where they say none."""
    try:
        at = json.loads(body)["at"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return at if isinstance(at, str) else None


def checker() -> Callable[[Row], bool]:
    """A check of many entries' receipts by the holder of the key.

    Ed25519 gives the same bytes the same signature (RFC 8032, section 5.1.6), and making it again is three times faster than
    verifying it; one that differs is verified all the same. A former key counts for what was recorded until it was replaced, and
    for nothing that was written after: neither its instant nor its place may be later. ImproperlyConfigured where the key
    cannot be read.
    """
    private = signing.private_key()
    *replaced, present = accepted(vkey_of(private), statements(rows()))
    former = [(one.public, one.until or "", _first_after(one.until or "")) for one in replaced]
    public, mine = present.public, present.key.public == vkey_of(private).public

    def by_former(row: Row) -> bool:
        at = _instant(row.body)
        return at is not None and any(
            at <= until and (first is None or row.id < first) and signing.holds(row.body, row.receipt, key)
            for key, until, first in former
        )

    def check(row: Row) -> bool:
        if former and by_former(row):
            return True
        if mine and private.sign(signing.RECEIPT_DOMAIN + row.body) == row.receipt:
            return True
        return signing.holds(row.body, row.receipt, public)

    return check


def _first_after(until: str) -> int | None:
    """The first entry recorded well after this instant; None where there is none yet."""
    try:
        late = datetime.fromisoformat(until) + LONGEST_ACT
    except OverflowError:
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIRST_AFTER, [late])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def faults() -> list[Fault]:
    """Keys that the one of this house does not lead to: nobody introduced them. ImproperlyConfigured without the key."""
    known = rows()
    led = {one.key.vkey for one in accepted(own(), statements(known))}
    strangers = [row.vkey for row in known if row.vkey not in led]
    return [
        Fault(None, (Flaw("receipt_key", "+".join(vkey[:200].split("+")[:2])),), place="keys") for vkey in strangers
    ]
