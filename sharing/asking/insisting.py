"""A refusal needs no reason and is respected: to ask again the same of the same is stopped (law.md, P-16; CSP L1110-4 V)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from consent.counting import still_given
from consent.models import Consent
from partners.models import Membership
from sharing.models import InformationRequest, RequestAct

REFUSALS = (RequestAct.Kind.DECLINED, RequestAct.Kind.ASK_HER)
MANY, MANY_WITHIN = 3, timedelta(days=90)


def refused_before(
    *, person: UUID, asker: Membership, asked: Membership, purpose: str, categories: Iterable[str], at: datetime
) -> RequestAct | None:
    """The refusal that a new request would set aside: same person, same two institutions, some of the same categories.

    Not where she has agreed since, in a recorded agreement towards the asker, to what was refused. Two statements.
    """
    wanted = set(categories)
    refusals = (
        RequestAct.objects.filter(
            kind__in=REFUSALS,
            request__person=person,
            request__about__isnull=True,
            request__asker__institution=asker.institution_id,
            request__asked__institution=asked.institution_id,
            request__categories__overlap=sorted(wanted),
            at__lte=at,
        )
        .select_related("request")
        .order_by("-at")
    )
    agreed = list(
        still_given(Consent.objects.all(), at).filter(
            person=person,
            recipient=asker.pk,
            purpose=purpose,
            recorded_at__lte=at,
            valid_from__lte=at,
            valid_until__gt=at,
        )
    )
    for refusal in refusals:
        since = {code for one in agreed if one.recorded_at > refusal.at for code in one.categories}
        if (wanted & set(refusal.request.categories)) - since:
            return refusal
    return None


def refused_precision(*, disclosure: UUID, asker: Membership) -> RequestAct | None:
    """The answer « je ne peux pas en dire plus » that somebody of this institution already had on this communication."""
    return (
        RequestAct.objects.filter(
            kind__in=REFUSALS, request__about=disclosure, request__asker__institution=asker.institution_id
        )
        .select_related("request")
        .first()
    )


def lately(*, person: UUID, asker: Membership, at: datetime) -> int:
    """How many requests one's own institution sent about this person these three months: told to who asks, never a score."""
    return InformationRequest.objects.filter(
        person=person,
        stopped="",
        about__isnull=True,
        continues__isnull=True,
        asker__institution=asker.institution_id,
        sent_at__gt=at - MANY_WITHIN,
        sent_at__lte=at,
    ).count()
