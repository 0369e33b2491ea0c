"""Who opened a communication, and when: read from the access log, which every opening writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit.models import Access, Entry
from partners.models import Membership
from sharing.models import Disclosure

OPENED = "disclosure.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """That somebody of the recipient's service read it: first when, last when, how many times."""

    reader: Membership | None
    who: str
    first_at: datetime
    last_at: datetime
    times: int

    @property
    def bound(self) -> bool:
        """Whether a proven status binds the reader to secrecy; unknown counts as not."""
        return self.reader is not None and self.reader.is_bound


def openings(disclosure: Disclosure) -> list[Opening]:
    """Every reader, the first one first. The access log is purged by month: the first reading then comes from the trail."""
    return _openings(
        Access.objects.filter(object_ref=str(disclosure.pk), action=OPENED, granted=True)
        .order_by("pk")
        .values_list("membership_ref", "at"),
        disclosure,
    )


def _openings(noted: Iterable[tuple[UUID | None, datetime]], disclosure: Disclosure) -> list[Opening]:
    by_reader: dict[UUID | None, list[datetime]] = {}
    for reader, at in noted:
        by_reader.setdefault(reader, []).append(at)
    first: Any = None
    if disclosure.opened_at is not None and not by_reader:
        first = Entry.objects.filter(action=OPENED, case_ref=disclosure.case_id, at=disclosure.opened_at).first()
        by_reader = {first.actor_ref if first else disclosure.recipient_id: [disclosure.opened_at]}
    readers = Membership.objects.select_related("professional", "institution").in_bulk(
        [one for one in by_reader if one]
    )
    return [
        Opening(
            reader=(who := readers.get(reader) if reader else None),
            who=f"{who.professional.full_name}, {who.job_title}" if who else "",
            first_at=min(instants),
            last_at=max(instants),
            times=len(instants),
        )
        for reader, instants in by_reader.items()
    ]
