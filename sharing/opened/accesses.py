"""The accesses to one file, as the access log has them: by day, by person, by what was done; in a constant number of statements.

They protect the person; they measure nobody's work (CNIL, délibération 2021-122). So: one file at a time, by day, and nothing to
compare people by.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from audit.access_wording import ACCESSES
from audit.models import Access
from audit.sentences import access_line
from cases.models import Case
from partners.clock import PARIS
from partners.models import Membership, Professional

# Controls read the trail, where no content is: they open no file, and whoever is looked into is not told beforehand.
_CONTROLS = ("trail", "accesses", "alarm", "alarms", "heads", "incident", "incidents")
CONTROLS = tuple(code for code in ACCESSES if code.partition(".")[0] in _CONTROLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What somebody did of one kind on one day, or could not do."""

    day: date
    membership: Membership | None
    professional: Professional | None
    action: str
    granted: bool
    times: int
    first: datetime
    last: datetime

    @property
    def said(self) -> str:
        """« a lu une situation », « n’a pas pu lire une situation »."""
        return said(self.action, granted=self.granted)

    @property
    def in_a_minute(self) -> bool:
        """Whether the clock that a page shows reads the same for the first and the last."""
        return self.first.replace(second=0, microsecond=0) == self.last.replace(second=0, microsecond=0)


def said(action: str, *, granted: bool) -> str:
    """The words of audit/wording.py for an access."""
    return access_line(Access(action=action, granted=granted)).said


def of_case(case: Case) -> QuerySet[Access]:
    """Every access to this file, but for controls."""
    return Access.objects.filter(case_ref=case.pk).exclude(action__in=CONTROLS)


def by_day(rows: QuerySet[Access]) -> QuerySet[Any, Any]:
    """The same, one row a day in Paris, a person, a kind and an outcome, the latest first."""
    return (
        rows.annotate(day=TruncDate("at", tzinfo=PARIS))
        .order_by()
        .values("day", "membership_ref", "professional_ref", "action", "granted")
        .annotate(times=Count("id"), first=Min("at"), last=Max("at"))
        .order_by("-day", "-last", "action", "membership_ref")
    )


@dataclass(frozen=True, slots=True)
class Readers:
    """Who appears among the accesses of a file, by reference. As which member of which institution: that of the time."""

    memberships: dict[UUID, Membership]
    professionals: dict[UUID, Professional]

    def choices(self) -> list[tuple[str, str]]:
        """For a filter: « Roussel Camille, assistante sociale, Département », by name."""
        ordered = sorted(
            self.memberships.values(),
            key=lambda one: (one.professional.last_name, one.professional.first_name, one.institution.name),
        )
        return [(str(one.pk), f"{one.professional.full_name}, {one.institution.name}") for one in ordered]

    def lines(self, rows: Iterable[dict[str, Any]]) -> list[Line]:
        """Rows of `by_day`, each with who it is."""
        return [
            Line(
                day=row["day"],
                membership=(member := self.memberships.get(row["membership_ref"])),
                professional=member.professional if member else self.professionals.get(row["professional_ref"]),
                action=row["action"],
                granted=row["granted"],
                times=row["times"],
                first=row["first"],
                last=row["last"],
            )
            for row in rows
        ]


def readers(rows: QuerySet[Access]) -> Readers:
    """Everybody who appears in these accesses; three statements at most."""
    found = set(rows.order_by().values_list("membership_ref", "professional_ref").distinct())
    memberships = Membership.objects.select_related("professional", "institution").in_bulk(
        [member for member, _who in found if member]
    )
    others = {who for member, who in found if who and member not in memberships}
    return Readers(memberships, Professional.objects.in_bulk(list(others)) if others else {})
