"""What lies before her today, read once for several sections: her cases, what reading would open, where duties stand."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet

from cases.models import Case
from consent import withheld
from consent.withheld import Waiting
from partners import written_for
from partners.models import Membership, Reached
from sharing import again, duty_page, owing
from sharing.again import Again
from sharing.daily.lines import SHOWN
from sharing.models import Disclosure, Duty, Review
from sharing.owing import Owed
from sharing.reviewing import examined, queue, standing

M = TypeVar("M", bound=Model)
UNREAD = timedelta(days=5)


@dataclass
class Desk:
    """What one membership has before her at one instant. Nothing outlives the page."""

    by: Membership
    at: datetime

    def rows(self, build: written_for.Build[M]) -> list[M]:
        """What this would read for her, now; one statement, written once for all who are alike."""
        return written_for.rows(build, by=self.by, at=self.at)

    def taken(self, build: written_for.Build[M]) -> tuple[list[M], int]:
        """The first rows, and how many there are; one statement."""
        return written_for.first(build, by=self.by, at=self.at, most=SHOWN)

    @cached_property
    def cases(self) -> list[uuid.UUID]:
        """The cases that she may open."""
        return [one.pk for one in self._cases]

    @cached_property
    def _cases(self) -> list[Case]:
        return self.rows(_cases)

    # --- what is decided again: communications and opinions, together

    @cached_property
    def received(self) -> list[Disclosure]:
        """What came, that she has not acknowledged and can still read."""
        return self._still_open(self._received)

    @cached_property
    def unread(self) -> list[Disclosure]:
        """What she sent days ago, that nobody opened and that can still be read."""
        return self._still_open(self._unread)

    @cached_property
    def _received(self) -> list[uuid.UUID]:
        return written_for.column(_received, by=self.by, at=self.at)

    @cached_property
    def _unread(self) -> list[uuid.UUID]:
        return written_for.column(_unread, by=self.by, at=self.at)

    @cached_property
    def _left(self) -> dict[uuid.UUID, Disclosure]:
        return {one.pk: one for one in again.rows({*self._received, *self._unread})}

    def _still_open(self, pks: Iterable[uuid.UUID]) -> list[Disclosure]:
        found = [self._left[pk] for pk in pks if pk in self._left]
        return [one for one in found if not self.again[one.record_id].closed]

    @cached_property
    def asked(self) -> list[Review]:
        """The opinions that she asked, on what has not left."""
        return self.rows(standing.asked_by)

    @cached_property
    def awaited(self) -> list[Review]:
        """The opinions that she may give, on what was not changed since."""
        return queue.unchanged(self.rows(queue.read_for)) if queue.gives_opinions(self.by) else []

    @cached_property
    def again(self) -> Mapping[uuid.UUID, Again]:
        """The decision of now on all of these, by its record."""
        left = [again.left(one) for one in self._left.values()]
        left += [standing.left(one) for one in (*self.asked, *self.awaited)]
        return again.decided(left, self.at)

    # --- duties: her own, those that say again what was put off, those of what she examines

    @cached_property
    def duties(self) -> list[Owed]:
        """What communications ask of her."""
        return self._among(self._hers)

    @cached_property
    def put_off(self) -> list[Waiting]:
        """Who of her open cases was not told yet."""
        return withheld.waiting(cases=[one.pk for one in self._cases if one.closed_on is None], at=self.at)

    @cached_property
    def said_again(self) -> list[Owed]:
        """The duties to look again at what was put off."""
        return self._among(self._reexaminations)

    @cached_property
    def to_examine(self) -> list[Disclosure]:
        """What left at once, or was drawn, and that she examines."""
        return self.rows(examined.read_for) if queue.gives_opinions(self.by) else []

    @cached_property
    def examinations(self) -> list[Owed]:
        """Their duties."""
        return self._among(self._to_conclude)

    @cached_property
    def _hers(self) -> list[uuid.UUID]:
        found = duty_page.to_be_done(self.by).exclude(code=examined.DUTY)
        return list(found.order_by().values_list("pk", flat=True))

    @cached_property
    def _reexaminations(self) -> list[uuid.UUID]:
        persons = {one.row.person_id for one in self.put_off}
        return _ids(Duty.objects.filter(code=owing.REEXAMINATION, record__case__person__in=persons)) if persons else []

    @cached_property
    def _to_conclude(self) -> list[uuid.UUID]:
        records = [one.record_id for one in self.to_examine]
        return _ids(Duty.objects.filter(code=examined.DUTY, record__in=records)) if records else []

    @cached_property
    def _owed(self) -> list[Owed]:
        return owing.states_of({*self._hers, *self._reexaminations, *self._to_conclude})

    def _among(self, pks: Iterable[uuid.UUID]) -> list[Owed]:
        wanted = set(pks)
        return [one for one in self._owed if one.duty.pk in wanted]


def _ids(found: QuerySet[Duty]) -> list[uuid.UUID]:
    return list(found.order_by().values_list("pk", flat=True))


def _cases(by: Membership, at: datetime) -> QuerySet[Case]:
    return Case.objects.visible_to(by).order_by()


def _received(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    waiting = Disclosure.objects.received_by(by).filter(acknowledged_at=None)
    return again.readable(waiting, at)


def _unread(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    sent = Disclosure.objects.sent_from(by).filter(
        author=by, opened_at=None, channel=Reached.IN_APP, released_at__lt=at - UNREAD
    )
    return again.readable(sent, at)
