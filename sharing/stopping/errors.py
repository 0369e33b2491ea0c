"""Something was recorded in error: what had left on it closes like after a withdrawal, and its recipients are told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.files import lock_person
from consent import invalidating
from consent.models import Consent, Invalidation, Withdrawal
from partners import clock
from partners.models import Membership
from sharing.models import Disclosure, Outbox
from sharing.stopping import concerned, telling


@dataclass(frozen=True, slots=True)
class Invalidated:
    """That it was an error, and the disclosures whose use stops with it."""

    invalidation: Invalidation
    told: tuple[Disclosure, ...]


@transaction.atomic
def invalidate(*, word: invalidating.Recorded, note: str, by: Membership, at: datetime | None = None) -> Invalidated:
    """Say that it was recorded in error; an agreement that was none closes what left on it, in the same transaction.

    A refusal or a withdrawal that was never said opens nothing by itself: reading decides again. Raises what
    `invalidating.invalidate` raises.
    """
    lock_person(invalidating.case_of(word).person_id)
    invalidation = invalidating.invalidate(word=word, note=note, by=by, at=at)
    told = telling.stopped(left_on(word), at=clock.now()) if isinstance(word, Consent) else ()
    telling.tell(told, kind=Outbox.Kind.READING_CLOSED, key=f"invalidation:{invalidation.pk}")
    return Invalidated(invalidation=invalidation, told=told)


def left_on(word: invalidating.Recorded) -> list[Disclosure]:
    """What was communicated on an agreement that she had not taken back; nothing for the other words."""
    if not isinstance(word, Consent) or Withdrawal.objects.filter(consent=word).exists():
        return []
    return list(concerned.disclosures(concerned.Scope.of(word)).filter(basis__in=concerned.CLOSED_BY_HER_WORD))
