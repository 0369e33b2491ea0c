"""Where a disclosure stands, for the lists of those who sent and those who received: computed, never stored.

A list says what reading would answer: what is closed in it is decided again as an opening decides (`sharing.again`).
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Now

from consent.models import Consent, Invalidation, Withdrawal
from partners import clock
from partners.models import Reached
from sharing import again
from sharing.graphs import DISCLOSURE
from sharing.models import Delivery, DisclosedItem, Disclosure, Recalled, Returned
from sharing.stopping.concerned import CLOSED_BY_HER_WORD

NEW, TO_ACKNOWLEDGE, READ, ENDED = "new", "to_acknowledge", "read", "ended"
RETURNED, RECALLED, GIVEN = "returned", "recalled", "given"
STATES = DISCLOSURE.states
# What may no longer be read: it reached its term, or she took her agreement back; it was returned; it was recalled.
OVER = (ENDED, RETURNED, RECALLED)


class _OneOf(Func):
    """A list of one code, so that it can be compared with the categories of an agreement."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(CharField(max_length=60))


Shut = Mapping[uuid.UUID, str]
"""The disclosures that a decision closes, each with why (`again.closed`)."""


def shut(disclosures: QuerySet[Disclosure], at: datetime | None = None) -> Shut:
    """Of these, those that reading would not open now, and why: the very decision that an opening takes."""
    return again.closed(disclosures, at or clock.now())


def still_open(disclosures: QuerySet[Disclosure], at: datetime) -> QuerySet[Disclosure]:
    """Those that reading would open at this instant: new, to be acknowledged or read. One statement after those of `shut`."""
    return again.readable(disclosures, at).exclude(pk__in=list(shut(disclosures, at)))


def with_state(disclosures: QuerySet[Disclosure], closed: Shut | None = None) -> QuerySet[Any]:
    """Each with `closed` (why a decision closes it; "" where none does), `withdrawn` and when, and `state`.

    `withdrawn`: the agreement it left under was taken back, and none replaced it. Also when it was returned or recalled, and, of
    what was said aloud or handed over, who received it and when, once that is noted. One statement, and those of `shut` where
    `closed` is not given.
    """
    closed = shut(disclosures) if closed is None else closed
    by_reason: dict[str, list[uuid.UUID]] = {}
    for pk, why in closed.items():
        by_reason.setdefault(why, []).append(pk)
    scope = {
        "person": OuterRef("case__person"),
        "recipient": OuterRef("recipient"),
        "purpose": OuterRef("purpose"),
    }
    carried = DisclosedItem.objects.filter(disclosure=OuterRef(OuterRef("pk"))).annotate(one=_OneOf(F("category")))
    taken_back = Withdrawal.objects.filter(
        Exists(carried.filter(one__contained_by=OuterRef("consent__categories"))),
        ~Exists(Invalidation.objects.filter(withdrawal=OuterRef("pk"))),
        consent__valid_from__lte=OuterRef("released_at"),
        withdrawn_at__gte=OuterRef("released_at"),
        **{f"consent__{name}": value for name, value in scope.items()},
    )
    still_given = Consent.objects.filter(
        Exists(carried.filter(one__contained_by=OuterRef("categories"))),
        ~Exists(Withdrawal.objects.filter(consent=OuterRef("pk"))),
        ~Exists(Invalidation.objects.filter(consent=OuterRef("pk"))),
        valid_from__lte=Now(),
        valid_until__gt=Now(),
        **scope,
    )
    mine = {"disclosure": OuterRef("pk")}
    delivered = Delivery.objects.filter(**mine).order_by("-received_at")
    over = Q(recalled_at__isnull=False) | Q(returned_at__isnull=False) | ~Q(channel=Reached.IN_APP)
    return disclosures.annotate(
        recalled_at=Subquery(Recalled.objects.filter(**mine).values("at")),
        returned_at=Subquery(Returned.objects.filter(**mine).values("at")),
        delivered_at=Subquery(delivered.values("received_at")[:1]),
        delivered_to=Subquery(delivered.values("received_by")[:1]),
        closed=Case(
            *(When(pk__in=pks, then=Value(why)) for why, pks in by_reason.items()),
            default=Value(""),
            output_field=CharField(),
        ),
        withdrawn=Case(
            When(closed="consent_withdrawn", then=Value(True)),
            # What may still be read is open, and what another reason closes says that one.
            When(~over & (Q(access_until=None) | Q(access_until__gt=Now())), then=Value(False)),
            When(Q(basis__in=CLOSED_BY_HER_WORD) & Exists(taken_back) & ~Exists(still_given), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        withdrawn_at=Case(
            When(withdrawn=True, then=Subquery(taken_back.order_by("withdrawn_at").values("withdrawn_at")[:1])),
            output_field=DateTimeField(),
        ),
        state=Case(
            When(recalled_at__isnull=False, then=Value(RECALLED)),
            When(returned_at__isnull=False, then=Value(RETURNED)),
            When(~Q(channel=Reached.IN_APP), then=Value(GIVEN)),
            When(~Q(closed="") | Q(access_until__lte=Now()), then=Value(ENDED)),
            When(opened_at__isnull=True, then=Value(NEW)),
            When(acknowledged_at__isnull=True, then=Value(TO_ACKNOWLEDGE)),
            default=Value(READ),
            output_field=CharField(),
        ),
    )


def counts(disclosures: QuerySet[Disclosure], closed: Shut | None = None) -> dict[str, int]:
    """How many stand in each state; one statement, and those of `shut` where `closed` is not given."""
    found = with_state(disclosures, closed).order_by().values_list("state").annotate(many=Count("pk"))
    return dict.fromkeys(STATES, 0) | dict(found)


def state_of(disclosure: Disclosure) -> str:
    """Where this one stands now (`sharing.graphs.DISCLOSURE`)."""
    state: str = with_state(Disclosure.objects.filter(pk=disclosure.pk)).values_list("state", flat=True).get()
    return state


def days_since(then: datetime, at: datetime) -> int:
    """Whole days gone by."""
    return max((at - then).days, 0)
