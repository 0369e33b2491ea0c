"""What may be told to the person of who opened her file: functions, services and days; nothing of what she is told of later."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from audit.models import Access
from cases.models import Case
from partners import wording
from partners.clock import PARIS
from partners.models import Membership
from partners.vocabulary import vocabulary

from .accesses import Readers, of_case
from .forms import PARENTS
from .told import told

READ = ("disclosure.opened", "disclosure.printed", "disclosure.correction_read")
"""What a recipient does: it says to whom something was told."""
# What opens the file itself, in the service that follows her; the rest would tell of something else than of the file.
OF_THE_FILE = frozenset(
    {"case", "item", "identity", "consent", "scan", "standing", "link", "involvement", "paper", "review", "content"}
    | {"examination", "rectification", "limitation", "opened", "proofs"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody's function and service, and the days on which the file, or what was told of it, was opened there."""

    function: str
    service: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """What the paper tells: here, elsewhere, and how often somebody was refused, since when that is known."""

    here: Sequence[Opening]
    elsewhere: Sequence[Opening]
    refused: Sequence[date]
    since: datetime | None


@dataclass(slots=True)
class _Days:
    """Days by (function, service)."""

    found: dict[tuple[str, str], set[date]] = field(default_factory=lambda: defaultdict(set))

    def add(self, who: Membership, on: date) -> None:
        function = who.job_title or wording.worded(vocabulary().roles[who.role])
        self.found[function, who.institution.name].add(on)

    def listed(self) -> list[Opening]:
        return [
            Opening(function=function, service=service, days=tuple(sorted(days)))
            for (function, service), days in sorted(self.found.items(), key=lambda one: (one[0][1], one[0][0]))
        ]


def openings(*, case: Case, readers: Readers, audience: str, since: datetime | None, at: datetime) -> Openings:
    """What may be told of who opened this file. A constant number of statements.

    For the parents of a minor, the service alone: where else somebody was told may be what the child confided (CSP L1111-5).
    """
    rows = of_case(case)
    here, elsewhere = _Days(), _Days()
    refused: set[date] = set()
    own = [pk for pk, one in readers.memberships.items() if one.institution_id == case.institution_id]
    for who, action, granted, on in _days(rows.exclude(action__in=READ), "membership_ref", "action", "granted"):
        family = action.partition(".")[0]
        if not granted:
            if family == "case":
                refused.add(on)
        elif who in own and (family in OF_THE_FILE or action == "disclosure.seen_by_sender"):
            here.add(readers.memberships[who], on)
    if audience != PARENTS:
        read = _days(rows.filter(action__in=READ, granted=True), "membership_ref", "object_ref")
        known = told(case, {pk for _who, ref, _on in read if (pk := _uuid(ref))}, at)
        for who, ref, on in read:
            if who in readers.memberships and _uuid(ref) in known:
                elsewhere.add(readers.memberships[who], on)
    return Openings(here=here.listed(), elsewhere=elsewhere.listed(), refused=sorted(refused), since=since)


def _days(rows: QuerySet[Access], *columns: str) -> list[Any]:
    return list(
        rows.annotate(on=TruncDate("at", tzinfo=PARIS)).order_by().values_list(*columns, "on").distinct().order_by("on")
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
