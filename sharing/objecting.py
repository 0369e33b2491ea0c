"""She opposes what a text lets pass without her agreement: what the text lets her stop closes, and those who read are told.

CSP L1110-4 IV, and whatever rests on agreement: she may oppose at any time. Some texts send it to a supervisor; obligations,
reports and requisitions it does not stop, which is said to her before it is recorded (law.md, 1.4 and 3.5).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.files import lock_person
from consent import registry
from consent.models import Objection
from partners import clock
from partners.models import Membership
from sharing.models import Disclosure, Outbox
from sharing.stopping import concerned, telling


@dataclass(frozen=True, slots=True)
class Objected:
    """The objection, and the disclosures whose use stops with it."""

    objection: Objection
    told: tuple[Disclosure, ...]


@transaction.atomic
def object_to(*, scope: registry.Scope, by: Membership, at: datetime | None = None, **word: Any) -> Objected:
    """Record an objection and tell those whose reading it closes; `word` as for `consent.registry`. Raises ScopeError."""
    lock_person(scope.case.person_id)
    objection = registry.object_to(scope=scope, by=by, at=at, **word)
    about = concerned.Scope(
        case=scope.case, recipient=scope.recipient, purpose=scope.purpose, categories=scope.categories
    )
    closed = concerned.disclosures(about).filter(basis__in=concerned.CLOSED_BY_OBJECTION)
    told = telling.stopped(closed, at=clock.now())
    telling.tell(told, kind=Outbox.Kind.READING_CLOSED, key=f"objection:{objection.pk}")
    return Objected(objection=objection, told=told)
