"""The person takes back what she agreed to, one agreement or all: what was open closes, those who read are told, at once.

One transaction, the person held first: every disclosure is before it or refused, every letter is promised or nothing is done. No
reason is asked. Views close by themselves, since reading decides again; so do drafts, and the opinions asked on them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.files import lock_person
from cases.models import Case, Representative
from consent import registry
from consent.counting import still_given
from consent.models import Consent, Withdrawal
from partners import clock
from partners.models import Membership
from sharing.models import Disclosure, Outbox
from sharing.stopping import concerned as bearing
from sharing.stopping import telling


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The withdrawal, and the disclosures whose use stops with it."""

    withdrawal: Withdrawal
    told: tuple[Disclosure, ...]


class NotWhoGave(Exception):
    """Somebody else gave this agreement: her word is a refusal of her own, recorded as such (law.md, 3.2)."""


def concerned(consent: Consent) -> list[Disclosure]:
    """What was communicated on this agreement: same person, recipient and purpose, a category that it covers."""
    return list(bearing.disclosures(bearing.Scope.of(consent)).filter(basis__in=bearing.CLOSED_BY_HER_WORD))


def in_force(case: Case, by: Membership, at: datetime) -> QuerySet[Consent]:
    """Every agreement of this person that stands at this instant in one's institution, whoever collected it."""
    return (
        still_given(Consent.objects.all())
        .filter(
            person=case.person_id,
            case__institution=by.institution_id,
            valid_from__lte=at,
            valid_until__gt=at,
        )
        .select_related("case", "recipient__professional", "recipient__institution", "given_by")
        .order_by("recipient__institution__name", "-recorded_at")
    )


def may_take_back(consent: Consent, given_by: Representative | None) -> bool:
    """Whoever gave it, and the person herself once her own word counts: nobody else's no is a withdrawal."""
    return given_by is None or consent.given_by_id == given_by.pk


@transaction.atomic
def withdraw(
    *,
    consent: Consent,
    form: str,
    own_words: str,
    by: Membership,
    given_by: Representative | None = None,
    at: datetime | None = None,
) -> Withdrawn:
    """Record the withdrawal and tell the recipients. Twice, or by two people at once, is once.

    `given_by`: the representative who takes back what she gave; None for the person herself. Raises NotWhoGave.
    """
    if not may_take_back(consent, given_by):
        raise NotWhoGave
    lock_person(consent.person_id)
    withdrawal = registry.withdraw(consent=consent, form=form, own_words=own_words, given_by=given_by, by=by, at=at)
    told = telling.stopped(concerned(consent), at=clock.now())
    telling.tell(told, kind=Outbox.Kind.CONSENT_WITHDRAWN, key=f"consent_withdrawn:{withdrawal.pk}")
    return Withdrawn(withdrawal=withdrawal, told=told)


@transaction.atomic
def withdraw_all(
    *,
    case: Case,
    form: str,
    own_words: str,
    by: Membership,
    given_by: Representative | None = None,
    at: datetime | None = None,
) -> list[Withdrawn]:
    """Take back every agreement in force in one's institution: one withdrawal and one entry each, in one transaction.

    A representative takes back those that she gave; the person, all of them. Pressed twice, nothing is left to take back.
    """
    lock_person(case.person_id)
    standing = in_force(case, by, at or clock.now())
    return [
        withdraw(consent=one, form=form, own_words=own_words, given_by=given_by, by=by, at=at)
        for one in standing
        if may_take_back(one, given_by)
    ]
