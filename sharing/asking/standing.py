"""Where a request stands, whose turn it is and since when: computed from its acts, in the statement that reads it."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from sharing.graphs import REQUEST
from sharing.models import InformationRequest, RequestAct

STOPPED = "stopped"
"""What the rules stopped reached nobody: it never entered the table of states."""
SENT, OPENED = "sent", "opened"
OPEN = tuple(state for state in REQUEST.states if REQUEST.turn[state])
ENDINGS = tuple(kind.value for kind in RequestAct.ENDING)
# What the one asked answered, or that nobody will; taking a request back, or handing it over, is no answer.
OUTCOMES = tuple(kind for kind in ENDINGS if kind not in {RequestAct.Kind.WITHDRAWN, RequestAct.Kind.TRANSFERRED})


def with_state(requests: QuerySet[InformationRequest]) -> QuerySet[Any]:
    """Each with `state`, `opened_at`, `ended_at`, `ended_by`, `outcome_seen_at` and `answer` (the communication). One statement."""
    acts = RequestAct.objects.filter(request=OuterRef("pk"))
    ending = acts.filter(kind__in=ENDINGS)
    return requests.annotate(
        opened_at=Subquery(acts.filter(kind=RequestAct.Kind.OPENED).values("at")[:1]),
        ended_as=Subquery(ending.values("kind")[:1]),
        ended_at=Subquery(ending.values("at")[:1]),
        ended_by=Subquery(ending.values("by")[:1]),
        outcome_seen_at=Subquery(ending.values("seen_at")[:1]),
        answer=Subquery(ending.values("disclosure")[:1]),
        answer_reference=Subquery(ending.values("disclosure__reference")[:1]),
        state=Case(
            When(~Q(stopped=""), then=Value(STOPPED)),
            When(ended_as__isnull=False, then=F("ended_as")),
            When(opened_at__isnull=False, then=Value(OPENED)),
            default=Value(SENT),
            output_field=CharField(),
        ),
        moved_at=Coalesce(F("ended_at"), F("opened_at"), F("sent_at")),
    )


def state_of(request: InformationRequest) -> str:
    """Where one request stands, read now: the moves that were made, walked on the table. One statement."""
    if request.stopped:
        return STOPPED
    return REQUEST.reached(RequestAct.objects.filter(request=request).order_by("entry").values_list("kind", flat=True))


def turn_of(state: str) -> str:
    """Whose turn it is: `asked`, or "" where it is over."""
    return REQUEST.turn.get(state, "")


def hold(request_id: uuid.UUID) -> None:
    """Hold this request until the transaction ends: of two who end it at once, one is first.

    Its row is closed to every change, even to a lock: an advisory lock of the transaction stands for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(request_id)])


def _number(key: uuid.UUID) -> int:
    """The first eight bytes of the key, as a signed number of PostgreSQL."""
    return int.from_bytes(key.bytes[:8], "big", signed=True)


def days_left(request: InformationRequest, today: date) -> int | None:
    """How many days are left to answer; negative when it is late; None where no day was said."""
    return None if request.needed_on is None else (request.needed_on - today).days


def days_since(then: datetime, at: datetime) -> int:
    """Whole days gone by."""
    return max((at - then).days, 0)
