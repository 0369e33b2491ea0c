"""Prior information that was put off: an exception ends once she is told, never by itself (law.md, 3.5)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from partners.clock import day_of

from .models import Consent, Invalidation, PriorInformation

Towards = tuple[uuid.UUID, uuid.UUID, str]
AROUND = ("case", "person", "recipient__institution", "recipient__professional", "collected_by")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exception that stands, and what she was not told of since."""

    row: PriorInformation
    categories: tuple[str, ...]

    def late(self, at: datetime) -> bool:
        """Whether it was to be looked at again before this day."""
        return self.row.reexamine_on is not None and self.row.reexamine_on < day_of(at)

    @property
    def towards(self) -> Towards:
        """Whose information, towards whom, what for."""
        return self.row.person_id, self.row.recipient_id, self.row.purpose


def waiting(*, cases: QuerySet[Any] | Iterable[uuid.UUID], at: datetime) -> list[Waiting]:
    """The exceptions of these cases that stand at this instant, the first to be looked at again first; three statements.

    Being told of the same categories ends one, by information given or with an agreement, whose notice is information; a
    later exception on the same takes its place; one recorded in error counts for nothing.
    """
    mistaken = Invalidation.objects.filter(information=OuterRef("pk"), invalidated_at__lte=at)
    said = PriorInformation.objects.filter(~Exists(mistaken), recorded_at__lte=at)
    exceptions = list(said.filter(case__in=cases).exclude(exception="").select_related(*AROUND).order_by("recorded_at"))
    if not exceptions:
        return []
    told = _told(exceptions, said, at)
    found: dict[tuple[Towards, str], PriorInformation] = {}
    for row in exceptions:
        towards = (row.person_id, row.recipient_id, row.purpose)
        for category in row.categories:
            found[towards, category] = row
    left: dict[uuid.UUID, list[str]] = defaultdict(list)
    for (towards, category), row in found.items():
        if all(when <= row.recorded_at for when in told[towards, category]):
            left[row.pk].append(category)
    standing = [Waiting(row, tuple(sorted(left[row.pk]))) for row in exceptions if left[row.pk]]
    return sorted(standing, key=lambda one: (one.row.reexamine_on or day_of(one.row.recorded_at), one.row.recorded_at))


def _told(
    exceptions: Iterable[PriorInformation], said: QuerySet[PriorInformation], at: datetime
) -> dict[tuple[Towards, str], list[datetime]]:
    """When she was told of each category, towards whom and what for."""
    persons = {row.person_id for row in exceptions}
    mistaken = Invalidation.objects.filter(consent=OuterRef("pk"), invalidated_at__lte=at)
    agreed = Consent.objects.filter(~Exists(mistaken), person__in=persons, recorded_at__lte=at)
    columns = ("person", "recipient", "purpose", "categories", "recorded_at")
    rows = [
        *said.filter(person__in=persons, exception="").values_list(*columns),
        *agreed.values_list(*columns),
    ]
    told: dict[tuple[Towards, str], list[datetime]] = defaultdict(list)
    for person, recipient, purpose, categories, recorded_at in rows:
        for category in categories:
            told[(person, recipient, purpose), category].append(recorded_at)
    return told
