"""What a leaked token looks like: used from elsewhere, after its end, or to its last call. Told once a day (abuse 43)."""

from datetime import datetime

from django.urls import reverse

from partners.clock import day_of
from sharing.incidents.acts import answering
from sharing.models import ApiToken, Outbox
from sharing.models.tokens import OVERSEEING
from sharing.outbox import promise

ODD = frozenset({"elsewhere", "revoked"})
"""Reasons that an expired token, or a membership that ended, does not give."""


def too_much(*, token: ApiToken, at: datetime) -> None:
    """All the calls of a day are spent: its owner is told, and who answers for information in her institution."""
    _tell(token, Outbox.Kind.TOKEN_MANY_CALLS, at)


def out_of_place(*, token: ApiToken, reason: str, at: datetime) -> None:
    """Presented from a network that it was not made for, or after it was revoked: somebody else may have it."""
    if reason in ODD:
        _tell(token, Outbox.Kind.TOKEN_ODD_USE, at)


def _tell(token: ApiToken, kind: str, at: datetime) -> None:
    on = f"{day_of(at):%Y-%m-%d}"
    reference = f"{on} {str(token.pk)[:8]}"
    owner = token.membership
    tokens, incidents, of_house = map(reverse, ("sharing:tokens", "sharing:incidents", "sharing:house_tokens"))
    promise(kind=kind, key=f"{kind}:{token.pk}:{on}:{owner.pk}", recipient=owner, reference=reference, path=tokens)
    for one in answering(owner.institution_id):
        if one.professional_id != owner.professional_id:
            key = f"{kind}:{token.pk}:{on}:{one.pk}"
            there = of_house if one.has_function(*OVERSEEING) else incidents
            promise(kind=kind, key=key, recipient=one, reference=reference, path=there)
