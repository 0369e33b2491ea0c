"""What is narrowed, at an instant, between a sender and a recipient: read from the narrowings in force, never stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from .models import Agreement, Narrowing
from .models.agreements import parties
from .written_once import Rows, written_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What several narrowings take away together: the union of what each does, the shortest of their durations."""

    kept_here: frozenset[str] = frozenset()
    """Categories that the sender's own institution keeps."""
    left_out: frozenset[str] = frozenset()
    """Categories that an agreement between the two, or a forum, leaves out."""
    closed: frozenset[str] = frozenset()
    """Purposes that are closed."""
    opinion_on: frozenset[str] = frozenset()
    at_most_days: int | None = None


NOTHING = Narrowed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Where something would pass: from one institution to another, for one purpose, in these forums."""

    sender: UUID
    recipient: UUID
    purpose: str
    forums: frozenset[UUID] = frozenset()

    def narrowed_by(self, one: Narrowing, parties: Collection[UUID]) -> bool:
        """Whether this narrowing stands there; `parties` are those of its agreement.

        An agreement's narrowing stands between its parties whatever has become of the agreement: only a lift takes it away, so
        that suspending one agreement never opens what it had closed.
        """
        both = {self.sender, self.recipient}
        return (
            one.institution_id == self.sender
            or one.forum_id in self.forums
            or (one.agreement_id is not None and len(both) > 1 and both.issubset(parties))
        )


def bearing_on(several: Collection[Between], at: datetime) -> dict[Between, Narrowed]:
    """What is narrowed in the sender's institution, in the agreements of both for this purpose, in these forums; one statement."""
    found: list[Any] = _in_force().read(
        {
            _SENDERS: list({one.sender for one in several}),
            _RECIPIENTS: list({one.recipient for one in several}),
            _FORUMS: list(frozenset().union(*(one.forums for one in several))),
            _AT: at,
        }
    )
    return {
        each: together((one for one in found if each.narrowed_by(one, one.parties)), each.purpose) for each in several
    }


_SENDERS, _RECIPIENTS, _FORUMS = (UUID(int=place) for place in (1, 2, 3))
_AT = datetime(1, 1, 1, tzinfo=UTC)
"""What stands where the two sides, the forums and the instant will."""


@lru_cache(maxsize=1)
def _in_force() -> Rows[Narrowing]:
    """Those in force of any sides and forums, written once."""
    shared = Agreement.objects.among(_SENDERS, _RECIPIENTS).order_by().values("pk")
    here = Q(institution__one_of=_SENDERS) | Q(forum__one_of=_FORUMS) | Q(agreement__in=shared)
    return written_rows(
        Narrowing.objects.in_force_at(_AT)
        .filter(here)
        .select_related("agreement", "forum")
        .annotate(parties=parties("agreement"))
        .order_by()
    )


def together(found: Iterable[Narrowing], purpose: str) -> Narrowed:
    """The strictest of all: nothing that one narrowing takes away is given back by another.

    An agreement or a forum narrows its own purposes only.
    """
    several = list(found)
    every = [one for one in several if purpose in _purposes(one, purpose)]
    days = [one.at_most_days for one in every if one.at_most_days is not None]
    return Narrowed(
        kept_here=frozenset().union(*(one.categories for one in every if one.institution_id)),
        left_out=frozenset().union(*(one.categories for one in every if not one.institution_id)),
        closed=frozenset().union(*(set(one.purposes).intersection(_purposes(one, *one.purposes)) for one in several)),
        opinion_on=frozenset().union(*(one.opinion_on for one in every)),
        at_most_days=min(days, default=None),
    )


def _purposes(one: Narrowing, *any_of: str) -> Collection[str]:
    """Of an agreement or a forum, its own; an institution narrows whatever it communicates for."""
    place = one.agreement or one.forum
    return place.purposes if place is not None else any_of
