"""The figures of closed quarters: a dozen statements, whatever the number of rows, kept for some hours once masked.

A quarter is published once it is over, and its rows no longer change: read twice, weeks apart, the page says the same of it.
Quarters do not overlap and there is no sliding total, so no difference between two readings gives a month away.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncQuarter

from consent.models import Consent, Objection, Refusal, Withdrawal
from partners.clock import PARIS, day_of, start_of
from partners.directory import open_institutions
from partners.models import Agreement, AgreementParty, Membership
from partners.vocabulary import vocabulary
from sharing.models import DecisionRecord, Disclosure, InformationRequest
from sharing.statistics.masking import parted, publishable, rounded

QUARTERS = 4
KEPT_SECONDS = 6 * 3600
ORDINARY, URGENT = "ordinary", "urgent"
NO_DOMAIN = "transversal"
"""Also that of a purpose which the rules in service no longer have."""
Cells = dict[date, Counter[UUID]]
"""First day of a quarter → institution → how many."""


@dataclass(frozen=True, slots=True)
class Published:
    """All that the page says, already masked: None where a figure is not shown."""

    quarters: list[date]
    """The first days of the closed quarters, the latest first."""
    lines: dict[str, list[int | None]]
    """What is counted → a figure for each quarter."""
    domains: dict[str, int]
    """Of the ordinary communications of the latest quarter; empty where none may be shown."""
    other_domains: int | None
    institutions: int
    agreements: int
    professionals: int
    """Rounded down to ten."""


def closed_quarters(today: date) -> list[date]:
    """The first days of the quarters that are over, the latest first."""
    year, quarter = today.year, (today.month - 1) // 3
    found = []
    for _ in range(QUARTERS):
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
        found.append(date(year, 3 * quarter + 1, 1))
    return found


def current_quarter(today: date) -> date:
    """The first day of the one that runs, of which nothing is said."""
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)


def published(at: datetime) -> Published:
    """The figures, from the cache where somebody read them lately."""
    today = day_of(at)
    key = f"statistics:{current_quarter(today).isoformat()}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        kept = _counted(today)
        cache.set(key, kept, KEPT_SECONDS)
    return Published(**kept)


def _counted(today: date) -> dict[str, Any]:
    """Every figure, masked: what is not to be shown does not reach the cache either."""
    quarters, until = closed_quarters(today), current_quarter(today)
    period = (start_of(quarters[-1]), start_of(until))
    sent: dict[str, Cells] = {ORDINARY: defaultdict(Counter), URGENT: defaultdict(Counter)}
    domains: dict[str, Counter[UUID]] = defaultdict(Counter)
    purposes = vocabulary().purposes
    said = Disclosure.objects.filter(released_at__gte=period[0], released_at__lt=period[1])
    for quarter, institution, urgent, purpose, many in _grouped(said, "released_at", "author", "urgent", "purpose"):
        sent[URGENT if urgent else ORDINARY][quarter][institution] += many
        if quarter == quarters[0] and not urgent:
            known = purposes.get(purpose)
            domains[known.domain if known else NO_DOMAIN][institution] += many
    counted = {
        **sent,
        "denied": _cells(DecisionRecord.objects.filter(verdict="deny"), "decided_at", "author", period),
        "requests": _cells(InformationRequest.objects.filter(continues=None), "sent_at", "asker", period),
        "agreed": _cells(Consent.objects.all(), "recorded_at", "collected_by", period),
        "refused": _added(
            _cells(Refusal.objects.all(), "recorded_at", "collected_by", period),
            _cells(Objection.objects.all(), "recorded_at", "collected_by", period),
        ),
        "withdrawn": _cells(Withdrawal.objects.all(), "withdrawn_at", "recorded_by", period),
    }
    shown, others = parted(domains)
    return {
        "quarters": quarters,
        "lines": {
            code: [publishable(cells.get(quarter, {})) for quarter in quarters] for code, cells in counted.items()
        },
        "domains": shown,
        "other_domains": others,
        "institutions": open_institutions().count(),
        "agreements": _agreements_in_force(today),
        "professionals": rounded(Membership.objects.in_force().order_by().values("professional").distinct().count()),
    }


def _grouped(rows: QuerySet[Any], at: str, by: str, *more: str) -> Iterable[tuple[Any, ...]]:
    """(quarter, institution, …, how many): one statement."""
    grouped = rows.order_by().annotate(quarter=TruncQuarter(at, tzinfo=PARIS))
    found = grouped.values_list("quarter", f"{by}__institution", *more).annotate(many=Count("pk"))
    return [(day_of(quarter), *others) for quarter, *others in found]


def _cells(rows: QuerySet[Any], at: str, by: str, period: tuple[datetime, datetime]) -> Cells:
    cells: Cells = defaultdict(Counter)
    within = rows.filter(**{f"{at}__gte": period[0], f"{at}__lt": period[1]})
    for quarter, institution, many in _grouped(within, at, by):
        cells[quarter][institution] += many
    return cells


def _added(one: Cells, other: Cells) -> Cells:
    return {quarter: one.get(quarter, Counter()) + other.get(quarter, Counter()) for quarter in {*one, *other}}


def _agreements_in_force(today: date) -> int:
    """Signed by every party, neither suspended nor ended, today within its dates; a version replaced does not count twice."""
    unsigned = AgreementParty.objects.filter(agreement=OuterRef("pk"), signed_on__isnull=True)
    current = Agreement.objects.filter(
        ~Exists(unsigned),
        Q(ended_at__isnull=True) | Q(ended_at__gt=Now()),
        starts_on__lte=today,
        ends_on__gte=today,
        suspended_at__isnull=True,
    )
    return current.order_by().values("number").distinct().count()
