"""What the pages of an item and of a case show of her rights: what she asked, what was answered, what is limited."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.clock import day_of
from partners.models import Membership

from . import rights
from .models import Case, Item, Limitation, LimitationLift, Rectification, RectificationAnswer, Representative


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request for rectification: who asks, in what words, until when it is answered, and what was."""

    who: str
    at: datetime
    text: str
    label: str
    url: str
    due_on: date
    late: bool
    mine: bool
    answered_by: str
    answer: RectificationAnswer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A limitation: of what, since when, at whose request and why; and its end, where it is over."""

    label: str
    whole: bool
    who: str
    at: datetime
    ground: str
    text: str
    url: str
    lift: LimitationLift | None


def asker(one: Representative | None) -> str:
    """« La personne », or « Mme Inès Bertin (mère) »."""
    if one is None:
        return _("La personne")
    return f"{one.title} {one.first_name} {one.last_name}".strip() + f" ({one.get_kind_display()})"


def requests(rows: Iterable[Rectification], by: Membership, at: datetime) -> list[Asked]:
    """These requests, each with its answer where it has one."""
    every = list(rows)
    answers = {
        one.rectification_id: one
        for one in RectificationAnswer.objects.filter(rectification__in=[row.pk for row in every]).select_related(
            "by__professional"
        )
    }
    today = day_of(at)
    return [
        Asked(
            who=asker(row.asked_by),
            at=row.at,
            text=row.text,
            label=row.item.label,
            url=reverse("sharing:rectification", args=[row.case.reference, row.pk]),
            due_on=rights.due_on(row.at),
            late=row.pk not in answers and today > rights.due_on(row.at),
            mine=row.pk not in answers and rights.may_answer(row.item, by),
            answered_by=row.item.depositary.professional.full_name,
            answer=answers.get(row.pk),
        )
        for row in every
    ]


def _limited(rows: Iterable[Limitation]) -> list[Limited]:
    every = list(rows)
    lifts = {
        one.limitation_id: one
        for one in LimitationLift.objects.filter(limitation__in=[row.pk for row in every]).select_related(
            "by__professional"
        )
    }
    return [
        Limited(
            label=row.item.label if row.item else "",
            whole=row.item is None,
            who=asker(row.asked_by),
            at=row.at,
            ground=row.get_ground_display(),
            text=row.text,
            url=reverse("sharing:limitation", args=[row.case.reference, row.pk]),
            lift=lifts.get(row.pk),
        )
        for row in every
    ]


def limitation(one: Limitation) -> Limited:
    """One limitation, as its page shows it."""
    return _limited([one])[0]


_REQUESTS = Rectification.objects.select_related(
    "case", "asked_by", "item__depositary__professional", "item__depositary__institution"
)
_LIMITATIONS = Limitation.objects.select_related("case", "item", "asked_by")


def of_item(item: Item, by: Membership, at: datetime) -> dict[str, object]:
    """What templates/cases/rights.html shows on the page of an item."""
    limitations = _limited(_LIMITATIONS.filter(Q(item=None) | Q(item=item), case=item.case_id).order_by("-at"))
    return {
        "corrections": [rights.shown(one) for one in rights.annotations([item.pk]).get(item.pk, [])],
        "asked": requests(_REQUESTS.filter(item=item).order_by("-at"), by, at),
        "limitations": limitations,
        "limited": next((one for one in limitations if one.lift is None), None),
    }


def of_case(case: Case, by: Membership, at: datetime) -> dict[str, object]:
    """What templates/cases/rights_of_case.html shows: what waits for an answer, and what is limited now."""
    waiting = rights.waiting(case).select_related(
        "case", "asked_by", "item__depositary__professional", "item__depositary__institution"
    )
    return {
        "rights_asked": requests(waiting, by, at),
        "rights_limited": _limited(rights.standing(case.pk).select_related("case", "item", "asked_by").order_by("at")),
    }


def marks_of(items: Iterable[Item]) -> dict[uuid.UUID, list[str]]:
    """Of each item, what its line says besides: « Partage limité », « Rectifiée ». Two statements."""
    every = list(items)
    cases = {one.case_id for one in every}
    lifted = LimitationLift.objects.filter(limitation=OuterRef("pk"))
    limited = set(
        Limitation.objects.filter(~Exists(lifted), case__in=cases).values_list("case", "item") if every else []
    )
    corrected = set(
        RectificationAnswer.objects.filter(
            accepted=True, rectification__item__in=[one.pk for one in every]
        ).values_list("rectification__item", flat=True)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for one in every:
        marks = [_("Partage limité")] if limited & {(one.case_id, None), (one.case_id, one.pk)} else []
        found[one.pk] = [*marks, *([_("Rectifiée")] if one.pk in corrected else [])]
    return found
