"""What was erased, against what the trail says of it: an erasure is lawful where a `payload.erased` entry names it."""

import json
from collections.abc import Iterator

from django.db import connection

from .faults import Fault, Flaw
from .references import MOST

ERASURES = """
    SELECT r.erased_ref, e.uuid::text, e.action, p.entry_id IS NOT NULL, r.entry_id
    FROM audit_erasure r
    LEFT JOIN audit_entry e ON e.id = r.erased_ref
    LEFT JOIN audit_payload p ON p.entry_id = r.erased_ref
    WHERE r.erased_ref > %s ORDER BY r.erased_ref LIMIT %s
"""
ACTION = "payload.erased"


def faults() -> Iterator[Fault]:
    """Entries whose erasure is noted and that no act erased, or that still have what was erased; one fault an entry.

    The acts themselves are entries, verified like any other; their own row is a citation (`audit.references`).
    """
    named: dict[int, set[str]] = {}
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ERASURES, [last, MOST])
            rows = cursor.fetchall()
            _add_named(cursor, named, {row[4] for row in rows})
        for erased, uuid, action, there, by in rows:
            flaws = []
            if uuid is not None and uuid not in named[by]:
                flaws.append(Flaw("erasure_unfounded"))
            if there:
                flaws.append(Flaw("erased_yet_there"))
            if flaws:
                yield Fault(erased, tuple(flaws), uuid or "", action or "")
        if len(rows) < MOST:
            return
        last = rows[-1][0]
        named.clear()


def _add_named(cursor: object, named: dict[int, set[str]], entries: set[int]) -> None:
    """The entries that each of these acts says it erased; none where it is no such act."""
    wanted = entries - named.keys()
    cursor.execute("SELECT id, body FROM audit_entry WHERE id = ANY (%s)", [list(wanted)])  # type: ignore[attr-defined]
    bodies = {entry: bytes(body) for entry, body in cursor.fetchall()}  # type: ignore[attr-defined]
    for entry in wanted:
        try:
            body = json.loads(bodies[entry])
            named[entry] = set(body["refs"]["entries"]) if body["action"] == ACTION else set()
        except (KeyError, TypeError, ValueError, RecursionError):
            named[entry] = set()
