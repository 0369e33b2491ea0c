"""What requests leave for somebody’s first page: those to answer, with the days left; outcomes not yet read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from partners import written_for
from partners.clock import day_of
from partners.models import Membership
from sharing.asking.standing import OPEN, OUTCOMES, days_left, with_state
from sharing.models import InformationRequest

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswer:
    """A request that waits: a reference, who asks, and how many days are left (negative: late; None: no day was said)."""

    request: InformationRequest
    days_left: int | None


def to_answer(*, by: Membership, at: datetime) -> list[ToAnswer]:
    """The requests that she may answer, the most pressing first. One statement."""
    today = day_of(at)
    pressing = written_for.rows(_pressing, by=by, at=at, most=SHOWN)
    return [ToAnswer(request=one, days_left=days_left(one, today)) for one in pressing]


def _pressing(by: Membership, at: datetime) -> QuerySet[InformationRequest]:
    received = with_state(InformationRequest.objects.received_by(by).select_related("asker__institution"))
    return received.filter(state__in=OPEN).order_by(F("needed_on").asc(nulls_last=True), "sent_at")


def outcomes(*, by: Membership) -> list[Any]:
    """What her own requests came to, and that she has not read. One statement."""
    return written_for.rows(_unread_outcomes, by=by, most=SHOWN)


def _unread_outcomes(by: Membership, at: datetime) -> QuerySet[InformationRequest]:
    sent = with_state(
        InformationRequest.objects.sent_by(by).select_related("asked__professional", "asked__institution")
    )
    return sent.filter(state__in=OUTCOMES, outcome_seen_at=None).order_by("-ended_at")
