"""Write to the two registers: `record` an act, `note_access` an opening. Called inside the transaction of the act."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from . import canonical, signing

FORMAT = 1
SALT_BYTES = 32
TOKEN_REF = "api_token"  # noqa: S105  (the name of a reference)
_token: ContextVar[UUID | None] = ContextVar("token", default=None)


class NotInTransaction(RuntimeError):
    """An entry is written with its act or not at all (trust.md, point 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry ready to be written: its bytes, its receipt, its payload."""

    uuid: UUID
    at: datetime
    action: str
    actor: UUID | None
    case: UUID | None
    body: bytes
    receipt: bytes
    salt: bytes
    payload: bytes


@contextmanager
def through_token(token: UUID) -> Iterator[None]:
    """Every entry composed meanwhile says by which token of its actor a program did it."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def compose(
    *,
    action: str,
    at: datetime,
    actor: UUID | None,
    case: UUID | None = None,
    refs: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> Sealed:
    """Make an entry's bytes.

    `refs` are ids, `codes` are words of the rulebook; `personal` (names, labels, reasons) goes to the payload, of which
    the body only holds a salted commitment. Raises TypeError on a value JSON cannot say, ValueError on a naive instant.
    """
    entry_uuid = uuid4()
    salt = secrets.token_bytes(SALT_BYTES)
    payload = canonical.encode(dict(personal or {}))
    by_token = {} if (token := _token.get()) is None else {TOKEN_REF: token}
    body = canonical.encode(
        {
            "v": FORMAT,
            "uuid": str(entry_uuid),
            "nonce": secrets.token_hex(SALT_BYTES),
            "at": canonical.instant(at),
            "action": action,
            "actor": str(actor) if actor else None,
            "case": str(case) if case else None,
            "refs": {name: _plain(value) for name, value in {**by_token, **(refs or {})}.items()},
            "codes": dict(codes or {}),
            "commitment": canonical.commitment(salt, payload),
        }
    )
    return Sealed(
        uuid=entry_uuid,
        at=at,
        action=action,
        actor=actor,
        case=case,
        body=body,
        receipt=signing.sign(body),
        salt=salt,
        payload=payload,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def record(
    *,
    action: str,
    at: datetime,
    actor: UUID | None,
    case: UUID | None = None,
    refs: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> int:
    """Record one act in the current transaction and return the entry's id.

    `action` is a past participle (`disclosure.released`); `actor` is the membership that acts. Raises NotInTransaction
    outside `transaction.atomic()`, DatabaseError where the row cannot be written: the act then falls with it.
    """
    one = compose(action=action, at=at, actor=actor, case=case, refs=refs, codes=codes, personal=personal)
    return record_many([one])[0]


def record_many(entries: list[Sealed]) -> list[int]:
    """Record composed acts, in order, in the current transaction, and return their entries' ids.

    Raises NotInTransaction outside `transaction.atomic()`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction("entries are recorded in the transaction of their acts, or not at all")
    if not entries:
        return []
    with connection.cursor() as cursor:
        rows = ",".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(entries))
        cursor.execute(
            # Placeholders only.
            f"INSERT INTO audit_entry (uuid, at, action, actor_ref, case_ref, body, receipt) VALUES {rows} RETURNING id",  # noqa: S608
            [
                value
                for one in entries
                for value in (one.uuid, one.at, one.action, one.actor, one.case, one.body, one.receipt)
            ],
        )
        ids = [row[0] for row in cursor.fetchall()]
        rows = ",".join(["(%s, %s, %s)"] * len(entries))
        cursor.execute(
            f"INSERT INTO audit_payload (entry_id, salt, body) VALUES {rows}",  # noqa: S608  (placeholders only)
            [value for entry_id, one in zip(ids, entries, strict=True) for value in (entry_id, one.salt, one.payload)],
        )
    return ids


def note_access(
    *,
    action: str,
    object_type: str,
    object_ref: str,
    granted: bool,
    professional: UUID | None,
    membership: UUID | None,
    case: UUID | None = None,
) -> None:
    """Note in the technical access log that somebody opened, or was refused, something, at the database's instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO audit_access
                (action, object_type, object_ref, granted, professional_ref, membership_ref, case_ref)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            """,
            [action, object_type, object_ref[:64], granted, professional, membership, case],
        )
