"""Remove what is personal in entries, and record that it was done (trust.md, point 7; RGPD art. 17).

The entry stays, with its leaf and every proof: its body holds ids, codes and a salted commitment. Runs on the connection of
the erasure role, which reads no content; PostgreSQL lets it delete a payload only beside the entry that says so. A list outside
the database names what goes, so that a backup that is restored loses it again (`shred_list`).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from . import ledger, shred_list

# Why something personal may go: the words that `payload.erased` records.
REASONS = {
    "erasure_granted": _("effacement demandé par la personne et accordé (RGPD, article 17)"),
    "retention_ended": _("durée de conservation écoulée (RGPD, article 5, 1, e)"),
    "recorded_in_error": _("enregistré par erreur (RGPD, article 5, 1, d)"),
}
# One erasure at a time: two that name the same entry would each record that they removed it.
TURN = "SELECT pg_advisory_xact_lock(hashtext('audit.erasing'))"
STANDING = """
    SELECT e.uuid, e.id, p.entry_id IS NOT NULL, r.erased_ref IS NOT NULL
    FROM audit_entry e
    LEFT JOIN audit_payload p ON p.entry_id = e.id
    LEFT JOIN audit_erasure r ON r.erased_ref = e.id
    WHERE e.uuid = ANY (%s::uuid[]) ORDER BY e.id
"""


class NotErasable(LookupError):
    """These entries cannot be erased: `entries` says which."""

    def __init__(self, entries: Sequence[UUID]) -> None:
        super().__init__(", ".join(map(str, entries)))
        self.entries = list(entries)


class UnknownEntries(NotErasable):
    """No entry of the trail has these uuids."""


class VanishedPayloads(NotErasable):
    """Their personal part is gone and no erasure says why: to record one now would make a tampering look lawful."""


def erase(*, entries: Sequence[UUID], reason: str, by: UUID, at: datetime) -> int:
    """Remove the personal part of these entries, in one transaction with the entry that says so; how many were removed.

    What was erased already is left aside, and where nothing remains nothing is recorded: 0. `reason` is a word of
    `REASONS`, `by` the membership that decided. Raises ValueError on another word, UnknownEntries, VanishedPayloads;
    ImproperlyConfigured where the list of what is erased cannot be written.
    """
    if reason not in REASONS:
        raise ValueError(f"{reason!r} is not a reason to erase: {', '.join(REASONS)}")
    wanted = list(dict.fromkeys(entries))
    going = _going(wanted)
    if not going:
        return 0
    with shred_list.noting(entries=list(going), reason=reason, by=by, at=at), transaction.atomic():
        # Asked again under the lock: of two that name the same entry, one removes it.
        going = _going(wanted)
        if not going:
            return 0
        return _remove(going, reason=reason, by=by, at=at)


@transaction.atomic
def _going(wanted: list[UUID]) -> dict[UUID, int]:
    """Those of these entries whose personal part is there, by uuid; nobody else erases until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(TURN)
        cursor.execute(STANDING, [[str(one) for one in wanted]])
        found = {uuid: (entry, present, erased) for uuid, entry, present, erased in cursor.fetchall()}
    if unknown := [one for one in wanted if one not in found]:
        raise UnknownEntries(unknown)
    if vanished := [one for one, (_entry, present, erased) in found.items() if not present and not erased]:
        raise VanishedPayloads(vanished)
    return {uuid: entry for uuid, (entry, present, _erased) in found.items() if present}


def _remove(going: dict[UUID, int], *, reason: str, by: UUID, at: datetime) -> int:
    ids = list(going.values())
    recorded = ledger.record(
        action="payload.erased", at=at, actor=by, refs={"entries": list(going)}, codes={"reason": reason}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_erasure (erased_ref, entry_id) SELECT one, %s FROM unnest(%s::bigint[]) one",
            [recorded, ids],
        )
        cursor.execute("DELETE FROM audit_payload WHERE entry_id = ANY (%s)", [ids])
        return int(cursor.rowcount)
