"""Whose turn it is: the requests for rectification that nobody has answered, by who answers them, with their month."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from cases import rights
from cases.models import Case, Rectification
from partners.clock import day_of
from partners.models import Membership
from sharing.rights.acts import answerers

AHEAD = timedelta(days=7)
# What is late by more than this is on the first page already: writing again helps nobody.
STILL_REMINDED = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that waits: where it is answered, until when, by whom (empty where that is whoever looks)."""

    pk: uuid.UUID
    reference: str
    url: str
    due_on: date
    late: bool
    answerers: tuple[Membership, ...] = ()


def to_answer(by: Membership) -> list[Waiting]:
    """Those that she answers, the oldest first: what she wrote; where she leads the team, also what nobody is left to answer.

    A team lead who does not follow the case is led to who follows it: she reads nothing before somebody lets her (law.md, P-19).
    """
    rows = list(rights.waiting_for(by))
    opened = Case.objects.visible_to(by).filter(pk__in=[one.case_id for one in rows]).values_list("pk", flat=True)
    return waiting_among(rows, opened)


def read_for(by: Membership, at: datetime) -> QuerySet[Rectification]:
    """For the first page: the same rows."""
    return rights.waiting_for(by)


def waiting_among(rows: Iterable[Rectification], opened: Iterable[uuid.UUID]) -> list[Waiting]:
    """The same, of these rows; `opened`: the cases that she may open."""
    cases = set(opened)
    return [_waiting(one, opened=one.case_id in cases) for one in rows]


def near(at: datetime) -> Iterator[Waiting]:
    """Those whose month ends within a week, or is over, with who answers; found again at each run."""
    today = day_of(at)
    for one in rights.waiting().select_related("item__depositary__professional", "item__depositary__institution"):
        due = rights.due_on(one.at)
        if due - AHEAD <= today <= due + STILL_REMINDED:
            yield _waiting(one, late=today > due, answerers=tuple(answerers(one.item)))


def _waiting(
    one: Rectification, *, opened: bool = True, late: bool = False, answerers: tuple[Membership, ...] = ()
) -> Waiting:
    door, args = "sharing:rectification", [one.case.reference, str(one.pk)]
    if not opened:
        door, args = "cases:assignments", [one.case.reference]
    return Waiting(
        pk=one.pk,
        reference=one.case.reference,
        url=reverse(door, args=args),
        due_on=rights.due_on(one.at),
        late=late,
        answerers=answerers,
    )
