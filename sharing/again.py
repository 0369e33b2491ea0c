"""Decide again on what left, many at once: the same decision as an opening takes, so that a list never says otherwise.

Ten statements at most, whatever the number of disclosures and of services.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cases import rights
from cases.models import Case, Limitation, LimitationLift, PersonStatus, PersonStatusEnd
from cases.sheets import SheetsOf, sheet_ids_of
from cases.standing import Status, stands_of
from consent.standing import AUTHORITY_ENDED, CAME_OF_AGE, IN_ERROR, Standing, Towards, standings
from partners.models import Membership, Reached
from partners.written_once import Rows, Statement, written, written_rows
from sharing import between, gather
from sharing import facts as f
from sharing.decision import decide
from sharing.models import DecisionRecord, Disclosure, Recalled, Returned
from sharing.outcome import DENY, Decision

AROUND = (
    "record",
    "case__person",
    "author__professional",
    "author__institution",
    "recipient__professional",
    "recipient__institution",
)
"""What `left` reads of a disclosure."""
# What the reader is told first, where several reasons close a disclosure.
TOLD_FIRST = ("consent_withdrawn", "person_objects", "limited", "agreement_expired")
# What she said, or what became of what was said for her.
HER_WORD = frozenset({"consent_withdrawn", "person_objects", "consent_missing", CAME_OF_AGE, AUTHORITY_ENDED, IN_ERROR})
# The reasons that an agreement which counts no more leaves behind: what became of it says more.
WITHOUT_AGREEMENT = frozenset({"consent_missing", "no_basis", "recipient_outside_mission", "recipient_not_bound"})


@dataclass(frozen=True, slots=True)
class Left:
    """What was decided, of whom, from whom and to whom: enough to decide again."""

    record: DecisionRecord
    case: Case
    sender: Membership
    recipient: Membership


@dataclass(frozen=True, slots=True)
class Again:
    """The decision of now, and the word it rests on."""

    decision: Decision
    word: Standing
    categories: frozenset[str]

    @property
    def closed(self) -> str:
        """Why it may no longer be read: a reason code, or one of `consent.standing`; "" where it may."""
        if self.decision.verdict != DENY:
            return ""
        reasons = self.decision.reasons
        told = next((reason for reason in TOLD_FIRST if reason in reasons), "")
        if told:
            return told
        lapsed = self.word.lapsed_on(self.categories)
        if lapsed and not WITHOUT_AGREEMENT.isdisjoint(reasons):
            return lapsed
        return "consent_missing" if "consent_missing" in reasons else reasons[0]


def decided(rows: Collection[Left], at: datetime) -> dict[uuid.UUID, Again]:
    """The decision of this instant on each, by the id of its record."""
    stored = {one.record.pk: f.Facts.from_plain(one.record.facts) for one in rows}
    towards = {
        one.record.pk: Towards(one.case.person_id, one.recipient.pk, stored[one.record.pk].purpose) for one in rows
    }
    words = standings(set(towards.values()), at=at) if rows else {}
    statuses = _statuses({one.case.person_id for one in rows}, at)
    limits = _limits({one.case.pk for one in rows}, at)
    meetings = {
        one.record.pk: between.Meeting(one.sender, one.recipient, stored[one.record.pk].purpose) for one in rows
    }
    agreed = between.terms_among(meetings.values(), at)
    settings = between.settings_among(meetings.values(), at)
    found = {}
    for one in rows:
        facts, word = stored[one.record.pk], words[towards[one.record.pk]]
        key = meetings[one.record.pk].key
        now = gather.Now(
            word=word,
            agreed=agreed[key],
            settings=settings[key],
            stands=stands_of(one.case.person, statuses[one.case.person_id], at),
            limits=rights.limits_of(limits[one.case.pk]),
        )
        decision = decide(gather.read_again(stored=facts, now=now, recipient=one.recipient, at=at))
        found[one.record.pk] = Again(decision, word, frozenset(item.category for item in facts.items))
    return found


def _statuses(persons: set[uuid.UUID], at: datetime) -> dict[uuid.UUID, list[Status]]:
    """What was ever recorded of each of these persons, and of those of their sheets that are linked now; one statement."""
    found: dict[uuid.UUID, list[Status]] = defaultdict(list)
    for row in _written_statuses().read({_THESE: list(persons), _AT: at}):
        for person in persons.intersection(row.sheets):
            found[person].append(
                Status(
                    pk=row.pk,
                    kind=row.kind,
                    scope=row.scope,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    recorded_at=row.recorded_at,
                    ended_at=row.ended_at,
                    elsewhere=row.person_id != person,
                )
            )
    return found


_THESE, _AT = uuid.UUID(int=1), datetime(1, 1, 1, tzinfo=UTC)
"""What stands where those asked about, and the instant, will."""


@lru_cache(maxsize=1)
def _written_statuses() -> Statement:
    ended = PersonStatusEnd.objects.filter(status=OuterRef("pk")).values("ended_at")[:1]
    rows = PersonStatus.objects.filter(person__in=sheet_ids_of(_THESE, _AT)).annotate(
        ended_at=Subquery(ended), sheets=SheetsOf("person", _AT)
    )
    columns = ("pk", "person_id", "kind", "scope", "starts_at", "ends_at", "recorded_at", "ended_at", "sheets")
    return written(rows, columns)


def _limits(cases: set[uuid.UUID], at: datetime) -> dict[uuid.UUID, set[uuid.UUID | None]]:
    """The items that are limited in each of these cases, None for the whole; one statement."""
    found: dict[uuid.UUID, set[uuid.UUID | None]] = defaultdict(set)
    for case, item in _written_limits().read({_THESE: list(cases), _AT: at}):
        found[case].add(item)
    return found


@lru_cache(maxsize=1)
def _written_limits() -> Statement:
    lifted = LimitationLift.objects.filter(limitation=OuterRef("pk"), at__lte=_AT)
    standing = Limitation.objects.filter(~Exists(lifted), case__one_of=_THESE, at__lte=_AT)
    return written(standing.order_by(), ("case_id", "item_id"))


def readable(disclosures: QuerySet[Disclosure], at: datetime) -> QuerySet[Disclosure]:
    """Those that only a decision may close: read here, not at their term, neither returned nor recalled."""
    mine = OuterRef("pk")
    return disclosures.filter(
        Q(access_until=None) | Q(access_until__gt=at),
        ~Exists(Recalled.objects.filter(disclosure=mine)),
        ~Exists(Returned.objects.filter(disclosure=mine)),
        channel=Reached.IN_APP,
    )


def closed(disclosures: QuerySet[Disclosure], at: datetime) -> dict[uuid.UUID, str]:
    """Of these, those that a decision closes now, each with why."""
    # Which ones, then what they say: in one statement, everybody's rows would be joined before hers are chosen.
    pks = list(readable(disclosures.order_by(), at).values_list("pk", flat=True))
    found = rows(pks)
    again = decided([left(one) for one in found], at)
    return {one.pk: why for one in found if (why := again[one.record_id].closed)}


def rows(pks: Collection[uuid.UUID]) -> list[Disclosure]:
    """These disclosures, with what `left` reads. One statement."""
    return _written_left().read({_THESE: list(pks)}) if pks else []


@lru_cache(maxsize=1)
def _written_left() -> Rows[Disclosure]:
    return written_rows(Disclosure.objects.filter(pk__one_of=_THESE).order_by().select_related(*AROUND))


def left(disclosure: Disclosure) -> Left:
    """What left, ready to be decided again."""
    return Left(disclosure.record, disclosure.case, disclosure.author, disclosure.recipient)


def still_open(pks: Iterable[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    """Of these disclosures, those that may be read at this instant."""
    found = Disclosure.objects.filter(pk__in=list(pks))
    shut = closed(found, at)
    return {pk for (pk,) in readable(found, at).values_list("pk")} - shut.keys()
