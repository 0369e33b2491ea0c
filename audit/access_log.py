"""How long the technical access log is kept: months are made ahead, and dropped whole once the policy says so (trust.md, point 8).

The register of disclosures is never touched: of a purge it keeps the months and how many rows went, never what they said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min

from . import ledger, partitions
from .models import Access

MONTHS_AHEAD = 2
# One purge at a time: « access log », as PostgreSQL's advisory locks name things.
PURGING = 0x6163_6373


class MonthsDisagree(RuntimeError):
    """What was dropped is not what was recorded: the whole purge is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """The months that went (or would go), « 2025-09 », with how many rows each held; the first that is kept."""

    rows: Mapping[str, int] = field(default_factory=dict)
    kept_since: datetime

    @property
    def total(self) -> int:
        """How many rows in all."""
        return sum(self.rows.values())


def now() -> datetime:
    """The instant, from the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


def make_months(*, at: datetime) -> list[str]:
    """Make the running month and the next ones where they are missing; returns those made, « 2026-12 ».

    What fell into the default partition moves to its own months at once, however many were missed. Raises DatabaseError where
    the table is busy for more than five seconds: nothing is lost, the next turn does it.
    """
    there = set(partitions.months())
    wanted = [_shifted(at, ahead) for ahead in range(MONTHS_AHEAD + 1)]
    made = []
    with connection.cursor() as cursor:
        for month in wanted:
            if _said(month) not in there:
                cursor.execute("SELECT audit_access_make_month(%s::date)", [month.date()])
                made += [_said(month)] if cursor.fetchone()[0] else []
    return made


def kept_since(at: datetime) -> datetime:
    """The first instant that the policy keeps: `ACCESS_LOG_MONTHS` whole months, and the running one."""
    return _shifted(at, -settings.ACCESS_LOG_MONTHS)


def known_since() -> datetime | None:
    """The oldest access that is still known; None where there is none. One statement."""
    oldest: datetime | None = Access.objects.order_by().aggregate(oldest=Min("at"))["oldest"]
    return oldest


def purge(*, at: datetime, dry_run: bool = False) -> Purged:
    """Drop every month that ended before what the policy keeps, all in one transaction with the entry that says it.

    Raises DatabaseError where PostgreSQL refuses (a month younger than its own floor, a busy table): nothing is dropped then.
    """
    since = kept_since(at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PURGING])
        going = [month for month in partitions.months() if _first_day(month) < since]
        rows = dict.fromkeys(going, 0)
        if going:
            cursor.execute(
                "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM'), count(*) FROM audit_access"
                " WHERE at >= %s AND at < %s GROUP BY 1",
                [_first_day(going[0]), since],
            )
            rows |= {month: count for month, count in cursor.fetchall() if month in rows}
        if going and not dry_run:
            ledger.record(
                action=partitions.PURGED,
                at=at,
                actor=None,
                codes={"months": going, "rows": rows, "kept_months": settings.ACCESS_LOG_MONTHS},
            )
            for month in going:
                cursor.execute("SELECT audit_access_drop_month(%s::date)", [_first_day(month).date()])
                if (dropped := cursor.fetchone()[0]) != rows[month]:
                    raise MonthsDisagree(f"{month}: {rows[month]} rows recorded, {dropped} dropped")
    return Purged(rows=rows, kept_since=since)


def keep() -> Purged:
    """What the schedule does each day: make the months that are missing, drop those that the policy no longer keeps."""
    at = now()
    make_months(at=at)
    return purge(at=at)


def _shifted(at: datetime, months: int) -> datetime:
    """The first instant, in UTC, of the month so many months away."""
    utc = at.astimezone(UTC)
    year, month = divmod(utc.year * 12 + utc.month - 1 + months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _first_day(month: str) -> datetime:
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)


def _said(first: datetime) -> str:
    return f"{first:%Y-%m}"
