"""What pages show of proofs: of one communication, where it stands in the trail; for the person, everything that left about her."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit import heads, readme
from audit.bundle import public_keys
from audit.models import Entry
from audit.places import Place, place, places
from audit.wording import ACTIONS
from cases.models import Case
from consent import withheld
from partners import wording
from sharing.models import Disclosure, Duty
from sharing.owing import REEXAMINATION, states

from .entries import of_disclosures

# Duties that say that she knew before: she was told, she agreed, she may object at any time.
KNEW_BEFORE = frozenset({"inform_before", "consent_on_record", "parents_consent_on_record", "objection_stays_open"})
# What is to be done so that she knows; the last of them, where an exception was made that is still to be looked at again.
TELL_HER = frozenset({"inform_after", "inform_victim", REEXAMINATION})
# The authority that asked opposes her being told (CPP 11).
AUTHORITY_OPPOSES = "information_deferred"


def of_one(disclosure: Disclosure, url: str, *, reads: bool = False) -> dict[str, Any]:
    """The proof of one communication (templates/sharing/proofs/proof.html). One statement.

    `reads`: she asks for it by a POST, since the text is decided again.
    """
    return {"place": place(disclosure.entry_id), "url": url, "reads": reads}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the trail, as paper shows it."""

    label: str
    entry: Entry
    place: Place | None

    @property
    def leaf_hash(self) -> str:
        """In hexadecimal."""
        return bytes(self.entry.leaf_hash).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A communication about her: its lines of the trail, whether she is known to know of it, whether it is handed over."""

    disclosure: Disclosure
    at: datetime
    purpose: str
    acts: tuple[Act, ...]
    told: bool
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What may be handed to her, the oldest first, and what may not be yet: she was not told, for a reason that stands."""

    rows: tuple[Row, ...]
    kept_back: tuple[Disclosure, ...]

    @property
    def chosen(self) -> tuple[Row, ...]:
        """Those that her referent hands over."""
        return tuple(row for row in self.rows if row.chosen)


def of_case(case: Case, at: datetime, chosen: Collection[UUID] | None) -> Proofs:
    """Everything that left from a case. `chosen`: which are handed over; None for those of which she is known to know.

    What she was not told of, by an exception that stands or because an authority opposes it, is never among them.
    """
    found = list(Disclosure.objects.filter(case=case).order_by("released_at", "pk"))
    records = [one.record_id for one in found]
    (told, withheld_of), towards = told_of(records), _not_to_be_told(case, at)
    kept_back = [one for one in found if one.record_id in withheld_of or (one.recipient_id, one.purpose) in towards]
    away = {one.pk for one in kept_back}
    entries = of_disclosures(case.pk, found)
    where = places([entry.pk for many in entries.values() for entry in many])
    rows = [
        Row(
            disclosure=one,
            at=one.said_at or one.released_at,
            purpose=wording.purpose(one.purpose),
            acts=tuple(
                Act(label=str(ACTIONS[entry.action]), entry=entry, place=where.get(entry.pk))
                for entry in entries.get(one.pk, ())
            ),
            told=one.record_id in told,
            chosen=one.record_id in told if chosen is None else one.pk in chosen,
        )
        for one in found
        if one.pk not in away
    ]
    return Proofs(rows=tuple(rows), kept_back=tuple(kept_back))


def _not_to_be_told(case: Case, at: datetime) -> set[tuple[UUID, str]]:
    """Towards whom and what for an exception to her information stands."""
    return {(one.row.recipient_id, one.row.purpose) for one in withheld.waiting(cases=[case.pk], at=at)}


def told_of(records: list[UUID]) -> tuple[set[UUID], set[UUID]]:
    """The decisions of which she is known to know, and those of which she is not to be told yet."""
    duties: QuerySet[Duty] = Duty.objects.filter(record__in=records)
    said = duties.filter(code__in=[*KNEW_BEFORE, AUTHORITY_OPPOSES]).values_list("record", "code")
    knew = {record for record, code in said if code in KNEW_BEFORE}
    opposed = {record for record, code in said if code == AUTHORITY_OPPOSES}
    since = states(duties.filter(code__in=TELL_HER))
    waiting = {one.duty.record_id for one in since if one.waiting}
    excepted = {one.duty.record_id for one in since if one.waiting and one.duty.code == REEXAMINATION}
    return (knew | {one.duty.record_id for one in since}) - waiting, opposed | excepted


def head_shown() -> dict[str, Any]:
    """The head under which paper says where lines stand, the keys, and the digest of the program; for paper."""
    head = heads.latest()
    return {
        "head": head,
        "root": bytes(head.root).hex() if head else "",
        "vkeys": public_keys(),
        "digest": readme.program_digest(),
    }
