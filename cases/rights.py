"""What the person asks of what is written about her: to have it corrected, to have its sharing stopped (law.md, part 4, "Rights").

Nothing that was said is rewritten: a correction is an annotation beside the item (RGPD 16), and follows it to whoever received it
(RGPD 19); a limitation stops voluntary sharing until it is lifted, she being told before (RGPD 18). How far the three articles
were verified is in rulebook/articles.yaml.
"""

import calendar
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import ledger
from partners import clock
from partners.clock import day_of
from partners.dates import day
from partners.models import Function, Membership
from partners.text import plain

from .files import lock_person
from .models import (
    Assignment,
    Case,
    Item,
    Limitation,
    LimitationLift,
    Rectification,
    RectificationAnswer,
    Representative,
)


class AlreadyAnswered(Exception):
    """Somebody has answered this request for rectification: there is one answer."""


class NotHersToAnswer(Exception):
    """Another answers: the depositary of the item, or her team lead once she is gone."""


class AlreadyLifted(Exception):
    """This limitation is over."""


class ToldAfterwards(Exception):
    """She is told before a limitation is lifted: not on a day to come, nor before it began."""


def due_on(asked_at: datetime) -> date:
    """The last day of the answer: one month after the request (RGPD 12), at the latest the last day of that month."""
    asked = day_of(asked_at)
    year, month = (asked.year, asked.month + 1) if asked.month < 12 else (asked.year + 1, 1)
    return date(year, month, min(asked.day, calendar.monthrange(year, month)[1]))


# --- what the trail says of each: ids and codes in the body, the label of an item in the payload --------------------------------


def requested_fields(item: Item, *, asked_by: Representative | None, by: Membership, at: datetime) -> dict[str, Any]:
    """Of a request for rectification."""
    return {
        "action": "rectification.requested",
        "at": at,
        "actor": by.pk,
        "case": item.case_id,
        "refs": {"person": item.case.person_id, "item": item.pk},
        "codes": {"category": item.category, "asked_by": asked_by.kind if asked_by else "person"},
        "personal": {"label": item.label},
    }


def answered_fields(rectification: Rectification, *, accepted: bool, by: Membership, at: datetime) -> dict[str, Any]:
    """Of its answer."""
    item = rectification.item
    return {
        "action": "rectification.accepted" if accepted else "rectification.refused",
        "at": at,
        "actor": by.pk,
        "case": item.case_id,
        "refs": {"person": item.case.person_id, "item": item.pk, "rectification": rectification.pk},
        "codes": {"category": item.category},
        "personal": {"label": item.label},
    }


def started_fields(
    case: Case, item: Item | None, *, ground: str, asked_by: Representative | None, by: Membership, at: datetime
) -> dict[str, Any]:
    """Of a limitation."""
    return {
        "action": "limitation.started",
        "at": at,
        "actor": by.pk,
        "case": case.pk,
        "refs": {"person": case.person_id} | ({"item": item.pk} if item else {}),
        "codes": {"ground": ground, "asked_by": asked_by.kind if asked_by else "person"},
    }


# --- rectification -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_rectification(
    *, item: Item, asked_by: Representative | None, text: str, by: Membership, at: datetime | None = None
) -> Rectification:
    """Write down that she, or `asked_by` for her, asks that an item be corrected, in her words.

    The same words asked again while nobody has answered are one request. Raises IntegrityError where nothing is said.
    """
    lock_person(item.case.person_id)
    text = plain(text)
    answered = RectificationAnswer.objects.filter(rectification=OuterRef("pk"))
    same = Rectification.objects.filter(~Exists(answered), item=item, asked_by=asked_by, text=text).first()
    if same is not None:
        return same
    at = at or clock.now()
    entry_id = ledger.record(**requested_fields(item, asked_by=asked_by, by=by, at=at))
    return Rectification.objects.create(
        case_id=item.case_id, item=item, asked_by=asked_by, text=text, at=at, by=by, entry_id=entry_id
    )


def gone(item: Item) -> bool:
    """Whether the depositary of an item can no longer answer for it: she follows the case no more, or left the institution."""
    at_work = Membership.objects.in_force().filter(pk=item.depositary_id)
    return not Assignment.objects.in_force().filter(case=item.case_id, membership__in=at_work).exists()


def may_answer(item: Item, by: Membership) -> bool:
    """Who answers: the depositary, who wrote the item; once she is gone, a team lead of her institution."""
    leads = by.has_function(Function.TEAM_LEAD) and item.depositary.institution_id == by.institution_id
    if not leads:
        return item.depositary_id == by.pk and not gone(item)
    return item.depositary_id == by.pk or gone(item)


@transaction.atomic
def accept_rectification(
    *, rectification: Rectification, text: str, by: Membership, at: datetime | None = None
) -> RectificationAnswer:
    """Correct: `text` is the annotation that stands beside the item from now on. Raises AlreadyAnswered, NotHersToAnswer."""
    return _answer(rectification, accepted=True, text=text, by=by, at=at)


@transaction.atomic
def refuse_rectification(
    *, rectification: Rectification, text: str, by: Membership, at: datetime | None = None
) -> RectificationAnswer:
    """Refuse, and say why. She is told so, with her way of complaint. Raises AlreadyAnswered, NotHersToAnswer."""
    return _answer(rectification, accepted=False, text=text, by=by, at=at)


def _answer(
    rectification: Rectification, *, accepted: bool, text: str, by: Membership, at: datetime | None
) -> RectificationAnswer:
    item = rectification.item
    lock_person(item.case.person_id)
    if RectificationAnswer.objects.filter(rectification=rectification).exists():
        raise AlreadyAnswered
    if not may_answer(item, by):
        raise NotHersToAnswer
    at = at or clock.now()
    entry_id = ledger.record(**answered_fields(rectification, accepted=accepted, by=by, at=at))
    return RectificationAnswer.objects.create(
        rectification=rectification, accepted=accepted, text=plain(text), at=at, by=by, entry_id=entry_id
    )


def waiting(case: Case | None = None) -> QuerySet[Rectification]:
    """The requests that nobody has answered, the oldest first; those of one case where it is given."""
    answered = RectificationAnswer.objects.filter(rectification=OuterRef("pk"))
    found = Rectification.objects.filter(~Exists(answered)).select_related("item__depositary", "case", "asked_by")
    return (found if case is None else found.filter(case=case)).order_by("at")


def waiting_for(by: Membership) -> QuerySet[Rectification]:
    """Those that this membership answers (`may_answer`), the oldest first. One statement."""
    at_work = Membership.objects.in_force().filter(pk=OuterRef("membership"))
    there = Assignment.objects.in_force().filter(
        Exists(at_work), case=OuterRef("case"), membership=OuterRef("item__depositary")
    )
    found = waiting().annotate(gone=~Exists(there))
    if not by.has_function(Function.TEAM_LEAD):
        return found.filter(item__depositary=by, gone=False)
    theirs = Q(item__depositary__institution=by.institution_id, gone=True)
    return found.filter(theirs | Q(item__depositary=by))


def annotations(items: Collection[uuid.UUID]) -> dict[uuid.UUID, list[RectificationAnswer]]:
    """The corrections that stand beside these items, the first one first. One statement."""
    answers = RectificationAnswer.objects.filter(accepted=True, rectification__item__in=items)
    found: dict[uuid.UUID, list[RectificationAnswer]] = defaultdict(list)
    for one in answers.select_related("rectification", "by__professional", "by__institution").order_by("at", "pk"):
        found[one.rectification.item_id].append(one)
    return dict(found)


def shown(annotation: RectificationAnswer) -> dict[str, str]:
    """What templates/components/rectified.html says of a correction."""
    return {
        "on": day(annotation.at),
        "who": f"{annotation.by.professional.full_name}, {annotation.by.institution.name}",
        "text": annotation.text,
    }


# --- limitation ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """What is limited in a case at an instant: everything, or these items."""

    whole: bool = False
    items: frozenset[uuid.UUID] = frozenset()

    def hold(self, item: uuid.UUID) -> bool:
        """Whether sharing of this item is stopped."""
        return self.whole or item in self.items


def standing(case: uuid.UUID, at: datetime | None = None) -> QuerySet[Limitation]:
    """The limitations of a case that are not lifted; those that stood at `at`, where one is given."""
    lifts = LimitationLift.objects.filter(limitation=OuterRef("pk"))
    found = Limitation.objects.filter(case=case)
    if at is None:
        return found.filter(~Exists(lifts))
    return found.filter(~Exists(lifts.filter(at__lte=at)), at__lte=at)


def limits_of(items: Collection[uuid.UUID | None]) -> Limits:
    """Of the `item` of each limitation that stands: None is the whole case."""
    return Limits(whole=None in items, items=frozenset(one for one in items if one is not None))


def limits_at(case: uuid.UUID, at: datetime) -> Limits:
    """What was limited in a case at this instant. One statement."""
    return limits_of(set(standing(case, at).values_list("item", flat=True)))


def limitation_on(item: Item) -> Limitation | None:
    """What limits the sharing of an item now, if anything does: the oldest. One statement."""
    return standing(item.case_id).filter(Q(item=None) | Q(item=item)).order_by("at").first()


@transaction.atomic
def limit(
    *,
    case: Case,
    item: Item | None,
    ground: str,
    asked_by: Representative | None,
    text: str,
    by: Membership,
    at: datetime | None = None,
) -> Limitation:
    """Stop the voluntary sharing of an item, or of the whole case where `item` is None, at her request.

    What is already limited in the same measure stays so: the limitation that stands is returned. Raises ValueError on an unknown
    ground, or an item of another case.
    """
    ground = Limitation.Ground(ground).value
    if item is not None and item.case_id != case.pk:
        raise ValueError("an item of another case")
    lock_person(case.person_id)
    same = standing(case.pk).filter(item=item).first()
    if same is not None:
        return same
    at = at or clock.now()
    entry_id = ledger.record(**started_fields(case, item, ground=ground, asked_by=asked_by, by=by, at=at))
    return Limitation.objects.create(
        case=case, item=item, ground=ground, asked_by=asked_by, text=plain(text), at=at, by=by, entry_id=entry_id
    )


@transaction.atomic
def lift_limitation(
    *, limitation: Limitation, reason: str, person_told_on: date, by: Membership, at: datetime | None = None
) -> LimitationLift:
    """Let sharing be decided again, she having been told on that day. Raises AlreadyLifted, ToldAfterwards."""
    lock_person(limitation.case.person_id)
    if LimitationLift.objects.filter(limitation=limitation).exists():
        raise AlreadyLifted
    at = at or clock.now()
    if not day_of(limitation.at) <= person_told_on <= day_of(at):
        raise ToldAfterwards
    entry_id = ledger.record(
        action="limitation.ended",
        at=at,
        actor=by.pk,
        case=limitation.case_id,
        refs={"person": limitation.case.person_id, "limitation": limitation.pk}
        | ({"item": limitation.item_id} if limitation.item_id else {}),
        codes={"ground": limitation.ground},
    )
    return LimitationLift.objects.create(
        limitation=limitation, reason=plain(reason), person_told_on=person_told_on, at=at, by=by, entry_id=entry_id
    )
