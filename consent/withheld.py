"""Prior information that was put off: an exception ends once she is told, never by itself (law.md, 3.5)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from partners.clock import day_of
from partners.written_once import Rows, Statement, written, written_rows

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
    """The exceptions of these cases that stand at this instant, the first to be looked at again first; two statements.

    Being told of the same categories ends one, by information given or with an agreement, whose notice is information; a
    later exception on the same takes its place; one recorded in error counts for nothing.
    """
    if isinstance(cases, QuerySet):
        exceptions = list(_put_off(at).filter(case__in=cases))
    else:
        exceptions = _exceptions().read({_THESE: list(cases), _AT: at})
    if not exceptions:
        return []
    told = _told(exceptions, at)
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


def _told(exceptions: Iterable[PriorInformation], at: datetime) -> dict[tuple[Towards, str], list[datetime]]:
    """When she was told of each category, towards whom and what for."""
    told: dict[tuple[Towards, str], list[datetime]] = defaultdict(list)
    for row in _tellings().read({_THESE: list({row.person_id for row in exceptions}), _AT: at}):
        for category in row.categories:
            told[(row.person_id, row.recipient_id, row.purpose), category].append(row.recorded_at)
    return told


_THESE, _AT = uuid.UUID(int=1), datetime(1, 1, 1, tzinfo=UTC)
"""What stands where those asked about, and the instant, will."""


def _said(at: datetime) -> QuerySet[PriorInformation]:
    mistaken = Invalidation.objects.filter(information=OuterRef("pk"), invalidated_at__lte=at)
    return PriorInformation.objects.filter(~Exists(mistaken), recorded_at__lte=at)


def _put_off(at: datetime) -> QuerySet[PriorInformation]:
    return _said(at).exclude(exception="").select_related(*AROUND).order_by("recorded_at")


@lru_cache(maxsize=1)
def _exceptions() -> Rows[PriorInformation]:
    """The exceptions of some cases, written once."""
    return written_rows(_put_off(_AT).filter(case__one_of=_THESE))


@lru_cache(maxsize=1)
def _tellings() -> Statement:
    """What some persons were told, by information given or with an agreement, written once."""
    mistaken = Invalidation.objects.filter(consent=OuterRef("pk"), invalidated_at__lte=_AT)
    agreed = Consent.objects.filter(~Exists(mistaken), person__one_of=_THESE, recorded_at__lte=_AT).order_by()
    columns = ("person_id", "recipient_id", "purpose", "categories", "recorded_at")
    given = _said(_AT).filter(person__one_of=_THESE, exception="").order_by()
    return written(given.values_list(*columns).union(agreed.values_list(*columns), all=True), columns)
