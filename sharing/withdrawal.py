"""The person takes her agreement back: what was open closes, those who read are told, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from consent import registry
from consent.models import Consent, Withdrawal
from partners.models import Membership
from sharing.models import DisclosedItem, Disclosure, Outbox
from sharing.outbox import promise


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The withdrawal, and the disclosures whose recipients are told."""

    withdrawal: Withdrawal
    told: tuple[Disclosure, ...]


def concerned(consent: Consent) -> list[Disclosure]:
    """What was communicated under this agreement: same person, recipient and purpose, a category that it covers."""
    carrying = DisclosedItem.objects.filter(category__in=consent.categories).values("disclosure")
    return list(
        Disclosure.objects.filter(
            case__person=consent.person_id,
            recipient=consent.recipient_id,
            purpose=consent.purpose,
            released_at__gte=consent.valid_from,
            pk__in=carrying,
        ).select_related("recipient__professional", "recipient__institution")
    )


@transaction.atomic
def withdraw(*, consent: Consent, form: str, own_words: str, by: Membership, at: datetime | None = None) -> Withdrawn:
    """Record the withdrawal and tell the recipients. Views close by themselves: every reading decides again."""
    withdrawal = registry.withdraw(consent=consent, form=form, own_words=own_words, by=by, at=at)
    told = concerned(consent)
    for disclosure in told:
        promise(
            kind=Outbox.Kind.CONSENT_WITHDRAWN,
            key=f"consent_withdrawn:{withdrawal.pk}:{disclosure.pk}",
            recipient=disclosure.recipient,
            reference=disclosure.reference,
            path=reverse("sharing:received", args=[disclosure.pk]),
        )
    return Withdrawn(withdrawal=withdrawal, told=tuple(told))
