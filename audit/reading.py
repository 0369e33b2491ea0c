"""Read the whole trail in order, fast and in constant memory.

Rows come by COPY in PostgreSQL's binary form: four times cheaper than a cursor's, whose bytes travel as hexadecimal.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

CHUNK = 5000
# Columns are written as the body writes them, so that both are compared as text.
ROWS = """
    SELECT e.id, e.uuid::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.action,
           e.actor_ref::text, e.case_ref::text, e.body, e.receipt, e.leaf_hash, p.salt, p.body
    FROM audit_entry e LEFT JOIN audit_payload p ON p.entry_id = e.id
    WHERE e.id >= {first_id:d} ORDER BY e.id LIMIT {limit:d}
"""
SIGNATURE_AND_FLAGS = 19
LENGTH = struct.Struct("!i")
ID = struct.Struct("!q")


class Row(NamedTuple):
    """An entry and its payload as they stand in the database; bytes for texts, as the body holds bytes."""

    id: int
    uuid: bytes
    at: bytes
    action: bytes
    actor_ref: bytes | None
    case_ref: bytes | None
    body: bytes
    receipt: bytes
    leaf_hash: bytes | None
    salt: bytes | None
    payload: bytes | None


class _Received:
    """What COPY writes to: a message a row, the first one preceded by the format's own header."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.begun = False

    def write(self, message: bytes) -> None:
        place = 0 if self.begun else SIGNATURE_AND_FLAGS
        self.begun = True
        place += 2  # how many fields follow; -1 ends the copy
        fields: list[bytes | None] = []
        while place < len(message):
            (length,) = LENGTH.unpack_from(message, place)
            place += 4
            if length < 0:
                fields.append(None)
            else:
                fields.append(message[place : place + length])
                place += length
        if fields:
            self.rows.append(Row(ID.unpack(fields[0] or b"")[0], *fields[1:]))  # type: ignore[arg-type]


def chunks(first_id: int = 0) -> Iterator[list[Row]]:
    """Every entry from this id on, oldest first, by lists of at most `CHUNK`."""
    while rows := _chunk(first_id, CHUNK):
        yield rows
        if len(rows) < CHUNK:
            return
        first_id = rows[-1].id + 1


def one(entry_id: int) -> Row | None:
    """One entry, read the same way; None where there is none."""
    rows = _chunk(entry_id, 1)
    return rows[0] if rows and rows[0].id == entry_id else None


def _chunk(first_id: int, limit: int) -> list[Row]:
    received = _Received()
    query = ROWS.format(first_id=first_id, limit=limit)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", received)
    return received.rows
