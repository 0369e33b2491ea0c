"""What opinions ask of somebody today: of who gives them, of who asked for one. For « À faire aujourd’hui »."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import wording
from partners.models import Membership
from sharing.duty_page import due_in_words
from sharing.models import Conclusion, Review
from sharing.reviewing import queue, words
from sharing.reviewing.author import lapsed_sentence, stopped_sentence
from sharing.reviewing.examined import Examined
from sharing.reviewing.standing import EDITED, STOPPED, Standing

SHOWN = 5
SAID_FOR_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that waits: where to do it, in a few words, and the chip that says how pressing it is."""

    url: str
    text: str
    small: str
    kind: str
    chip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The first of them, and how many there are in all."""

    lines: tuple[Line, ...]
    count: int


def for_reviewer(rows: Sequence[Review], by: Membership, at: datetime) -> Waiting | None:
    """Opinions to give, of those that wait: emergencies, then the oldest. None where nothing waits."""
    if not rows:
        return None
    shown = tuple(
        Line(
            url=one["url"],
            text=_("Avis à donner %(reference)s") % {"reference": one["reference"]},
            small=f"{one['purpose']} · {one['to']}",
            kind="urgent" if one["urgent"] else "pending",
            chip=_("urgence") if one["urgent"] else one["age"],
        )
        for one in queue.lines(rows[:SHOWN], by, at)
    )
    return Waiting(lines=shown, count=len(rows))


def to_examine(found: Sequence[Examined], at: datetime) -> Waiting | None:
    """What left at once and is to be concluded on: what is late first, what was drawn last."""
    if not found:
        return None
    shown = tuple(
        Line(
            url=reverse("sharing:examination", args=[one.disclosure.pk]),
            text=_("Communication à examiner %(reference)s") % {"reference": one.disclosure.reference},
            small=wording.purpose(one.disclosure.purpose),
            kind="ended" if one.drawn else "overdue" if one.due_at and one.due_at <= at else "pending",
            chip=_("tirée au sort") if one.drawn else due_in_words(one.due_at, at),
        )
        for one in found[:SHOWN]
    )
    return Waiting(lines=shown, count=len(found))


def for_author(found: Sequence[Standing], at: datetime) -> Waiting | None:
    """Where the opinions that she asked stand: her turn first; what lapsed is said too."""
    if not found:
        return None
    in_order = sorted(found, key=lambda one: (one.turn != "author", one.since))
    shown = tuple(
        Line(
            url=reverse(
                "sharing:compose" if one.state == EDITED else "sharing:check",
                args=[one.review.draft.case.reference, one.review.draft_id],
            ),
            text=f"{one.review.draft.case.reference} · {one.review.draft.case.person.short_name}",
            small=_small(one, at),
            kind=words.CHIPS[one.state],
            chip=words.state_word(one.state),
        )
        for one in in_order[:SHOWN]
    )
    return Waiting(lines=shown, count=len(found))


def _small(one: Standing, at: datetime) -> str:
    if one.state == EDITED:
        return lapsed_sentence(one)
    return stopped_sentence() if one.state == STOPPED else words.whose_turn(one, at, to_author=True)


def concluded_of(by: Membership, at: datetime) -> QuerySet[Conclusion]:
    """What was concluded, otherwise than justified, on what she sent; the latest first."""
    found = Conclusion.objects.filter(disclosure__author=by).exclude(kind=Conclusion.Kind.JUSTIFIED)
    return found.select_related("disclosure").order_by("-at")[:SHOWN]


def concluded_for(found: Sequence[Conclusion], at: datetime) -> Waiting | None:
    """Of these, what was concluded lately."""
    recent = [one for one in found if (at - one.at).days < SAID_FOR_DAYS]
    if not recent:
        return None
    shown = tuple(
        Line(
            url=reverse("sharing:sent_one", args=[one.disclosure_id]),
            text=_("Examinée après coup %(reference)s") % {"reference": one.disclosure.reference},
            small=one.reason,
            kind="refused",
            chip=one.get_kind_display(),
        )
        for one in recent
    )
    return Waiting(lines=shown, count=len(recent))
