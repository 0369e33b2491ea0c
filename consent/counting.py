"""Which rows of her word still count, for lists and reminders: `consent.standing` says what they amount to.

What was recorded in error counts for nothing, a withdrawal included, from the instant at which this was said.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from .models import Consent, Invalidation, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal

KIND_OF: dict[type[Any], str] = {
    Consent: "consent",
    Refusal: "refusal",
    Objection: "objection",
    PriorInformation: "information",
    Withdrawal: "withdrawal",
}
"""The column of `Invalidation` that names each."""

AnyWord = TypeVar("AnyWord", bound=PersonsWord)


def _errors(kind: str, at: datetime | None) -> QuerySet[Invalidation]:
    return Invalidation.objects.filter(Q() if at is None else Q(invalidated_at__lte=at), **{kind: OuterRef("pk")})


def counting(words: QuerySet[AnyWord], at: datetime | None = None) -> QuerySet[AnyWord]:
    """Those that were not recorded in error, as known at this instant; now where it is not given."""
    return words.filter(~Exists(_errors(KIND_OF[words.model], at)))


def withdrawals(at: datetime | None = None) -> QuerySet[Withdrawal]:
    """The withdrawals that count, of the agreement of an outer query."""
    taken_back = Withdrawal.objects.filter(~Exists(_errors("withdrawal", at)), consent=OuterRef("pk"))
    return taken_back if at is None else taken_back.filter(withdrawn_at__lte=at)


def still_given(consents: QuerySet[Consent], at: datetime | None = None) -> QuerySet[Consent]:
    """Those that were neither taken back nor recorded in error; their end is another question."""
    return counting(consents, at).filter(~Exists(withdrawals(at)))


def with_stop(consents: QuerySet[Consent]) -> QuerySet[Any]:
    """Each with `withdrawn_at`, `in_error_at`, and `stopped_at`: the earlier of the two, None where neither happened."""
    one = {"output_field": DateTimeField(null=True)}
    withdrawn = Subquery(withdrawals().order_by("withdrawn_at").values("withdrawn_at")[:1], **one)
    in_error = Subquery(_errors("consent", None).values("invalidated_at")[:1], **one)
    return consents.annotate(withdrawn_at=withdrawn, in_error_at=in_error).annotate(
        stopped_at=Least("withdrawn_at", "in_error_at")
    )
