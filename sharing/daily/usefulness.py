"""« A-t-il servi, pour quelle décision ? »: asked of both sides a month after, the same question, and nobody is ranked by it.

law.md, P-14: a sharing is a tool, not an end.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from audit import ledger
from partners import clock
from partners.models import Membership
from sharing.models import Disclosure, Recalled, Returned, Usefulness

ASKED_AFTER = timedelta(days=30)
ASKED_UNTIL = timedelta(days=150)  # what nobody answered by then is asked no more
ASKED_AGAIN_AFTER = timedelta(days=30)  # after « trop tôt »


class NotAsked(Exception):
    """Not hers to say: answered like a page that does not exist."""


class AlreadyTold(Exception):
    """Somebody of the same side has already said; `told` is what was said."""

    def __init__(self, told: Usefulness) -> None:
        super().__init__(told.served)
        self.told = told


def _asked(disclosures: QuerySet[Disclosure], side: str, at: datetime) -> QuerySet[Disclosure]:
    """Of these, those on which this side is to be asked at this instant."""
    said = Usefulness.objects.filter(disclosure=OuterRef("pk"), side=side)
    answered = said.filter(~Q(served=Usefulness.Served.TOO_SOON) | Q(at__gt=at - ASKED_AGAIN_AFTER))
    taken_back = Exists(Returned.objects.filter(disclosure=OuterRef("pk"))) | Exists(
        Recalled.objects.filter(disclosure=OuterRef("pk"))
    )
    return disclosures.filter(
        ~taken_back, ~Exists(answered), released_at__lte=at - ASKED_AFTER, released_at__gt=at - ASKED_UNTIL
    )


def asked_of_author(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    """What she sent a month ago or more, and has not said of."""
    own = Disclosure.objects.filter(author=by, author__in=Membership.objects.in_force())
    return _asked(own, Usefulness.Side.AUTHOR, at)


def asked_of_recipient(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    """What she read a month ago or more, and has not said of; what was never opened cannot have served."""
    read = Disclosure.objects.received_by(by).filter(opened_at__isnull=False)
    return _asked(read, Usefulness.Side.RECIPIENT, at)


def side_of(disclosure_id: uuid.UUID, by: Membership) -> tuple[str, Disclosure]:
    """On which side she stands of this communication. Raises NotAsked where on none."""
    sides = (
        (Usefulness.Side.RECIPIENT, Disclosure.objects.received_by(by).filter(opened_at__isnull=False)),
        (Usefulness.Side.AUTHOR, Disclosure.objects.filter(author=by) | Disclosure.objects.sent_from(by)),
    )
    if Membership.objects.in_force().filter(pk=by.pk).exists():
        for side, rows in sides:
            found = rows.filter(pk=disclosure_id).select_related(
                "case__person", "author__institution", "recipient__institution"
            )
            if (one := found.first()) is not None:
                return side, one
    raise NotAsked


def told_by(disclosure: Disclosure, side: str) -> Usefulness | None:
    """What this side said last."""
    said = Usefulness.objects.filter(disclosure=disclosure, side=side)
    return said.select_related("by__professional").order_by("-at").first()


@transaction.atomic
def tell(
    *, disclosure_id: uuid.UUID, served: str, decision: str, by: Membership, at: datetime | None = None
) -> Usefulness:
    """Say whether it served, and for what decision; once a side, « trop tôt » apart; before it is asked, if one likes.

    Raises NotAsked, AlreadyTold.
    """
    side, disclosure = side_of(disclosure_id, by)
    Disclosure.objects.select_for_update(no_key=True).get(pk=disclosure.pk)
    at = at or clock.now()
    before = told_by(disclosure, side)
    if before is not None and before.served != Usefulness.Served.TOO_SOON:
        raise AlreadyTold(before)
    entry = ledger.record(
        action="usefulness.told",
        at=at,
        actor=by.pk,
        case=disclosure.case_id if side == Usefulness.Side.AUTHOR else None,
        refs={"disclosure": disclosure.pk},
        codes={"side": side, "served": served},
        personal={"decision": decision, "reference": disclosure.reference},
    )
    return Usefulness.objects.create(
        disclosure=disclosure, side=side, served=served, decision=decision, by=by, at=at, entry_id=entry
    )
