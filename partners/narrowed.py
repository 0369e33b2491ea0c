"""What is narrowed, at an instant, between a sender and a recipient: read from the narrowings in force, never stored."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from .models import Agreement, Membership, Narrowing


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


def bearing_on(
    *, sender: Membership, recipient: Membership, purpose: str, forums: Sequence[UUID], at: datetime
) -> Narrowed:
    """What is narrowed in the sender's institution, in the agreements of both for this purpose, in these forums; one statement.

    An agreement's narrowing stands between its parties whatever has become of the agreement: only a lift takes it away, so that
    suspending one agreement never opens what it had closed.
    """
    here = Q(institution=sender.institution_id) | Q(forum__in=forums)
    if sender.institution_id != recipient.institution_id:
        between = Agreement.objects.between(sender.institution_id, recipient.institution_id)
        here |= Q(agreement__in=between.order_by().values("pk"))
    found = Narrowing.objects.in_force_at(at).filter(here).select_related("agreement", "forum").order_by()
    return together(found, purpose)


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
