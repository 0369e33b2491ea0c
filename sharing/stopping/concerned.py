"""What a word that stops bears upon: what left, what is being written, on what an opinion is awaited."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case
from consent.models import Consent
from partners.models import Membership
from sharing import law
from sharing.models import DisclosedItem, Disclosure, Draft, DraftItem, Review

# The texts under which her taking back an agreement closes what was sent; under the others it is recorded or weighed.
CLOSED_BY_HER_WORD = sorted(
    basis.code for basis in law.BASES if basis.is_agreement or basis.asks_agreement or basis.objection == "blocks"
)
# Those that rest on her agreement, and those that an objection closes, or sends to a supervisor (CSP L1110-4 IV; law.md, 1.4).
ON_AGREEMENT = sorted(basis.code for basis in law.BASES if basis.is_agreement or basis.asks_agreement)
CLOSED_BY_OBJECTION = sorted(basis.code for basis in law.BASES if basis.objection == "blocks")
WEIGHED_ON_OBJECTION = sorted(basis.code for basis in law.BASES if basis.objection == "review")

AROUND = ("recipient__professional", "recipient__institution", "author__professional", "author__institution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose word, towards whom, for what, about what; what left before `since` is not concerned, where it is given."""

    case: Case
    recipient: Membership
    purpose: str
    categories: Collection[str]
    since: datetime | None = None

    @classmethod
    def of(cls, consent: Consent) -> "Scope":
        """What an agreement covered: what left before it did not rest on it."""
        return cls(
            case=consent.case,
            recipient=consent.recipient,
            purpose=consent.purpose,
            categories=consent.categories,
            since=consent.valid_from,
        )


def disclosures(scope: Scope) -> QuerySet[Disclosure]:
    """What was communicated: same person, recipient and purpose, one of these categories; the latest first."""
    carrying = DisclosedItem.objects.filter(disclosure=OuterRef("pk"), category__in=list(scope.categories))
    since = Q() if scope.since is None else Q(released_at__gte=scope.since)
    return (
        Disclosure.objects.filter(
            since,
            Exists(carrying),
            case__person=scope.case.person_id,
            recipient=scope.recipient,
            purpose=scope.purpose,
        )
        .select_related(*AROUND)
        .order_by("-released_at")
    )


def drafts(scope: Scope) -> QuerySet[Draft]:
    """What is being written for the same recipient and purpose, about one of these categories, by whoever."""
    carrying = DraftItem.objects.filter(draft=OuterRef("pk"), item__category__in=list(scope.categories))
    return (
        Draft.objects.filter(
            Exists(carrying),
            case__person=scope.case.person_id,
            recipient=scope.recipient,
            purpose=scope.purpose,
            sent_at=None,
            discarded_at=None,
        )
        .select_related("author__professional", "case")
        .order_by("-saved_at")
    )


def reviews(scope: Scope) -> QuerySet[Review]:
    """The opinions asked on these drafts."""
    return Review.objects.filter(draft__in=drafts(scope).order_by().values("pk"))
