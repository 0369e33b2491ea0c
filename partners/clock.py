"""The one clock: the database's. An application server's clock can be wrong, or be set back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, Func

PARIS = ZoneInfo("Europe/Paris")
NEVER = datetime.max.replace(tzinfo=UTC)
"""Where an interval without end is written as the last of all days, as registers do."""


def now() -> datetime:
    """The instant, from the database; `clock_timestamp()` so that it moves inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


class Instant(Func):
    """The same instant as `now`, read in the statement that reads something else."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def start_of(day: date) -> datetime:
    """The first instant of a day in Paris."""
    return datetime.combine(day, time.min, tzinfo=PARIS)


def end_of(day: date) -> datetime:
    """The first instant after a day in Paris: intervals are half-open. The last of all days has none, and never ends."""
    return NEVER if day == date.max else start_of(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """The last day of an interval that ends, half-open, at `until`: what a page says, since midnight is the day after."""
    return day_of(until - timedelta(microseconds=1))


def day_of(at: datetime) -> date:
    """The day on which an instant falls, in Paris; its own where Paris has no calendar for it."""
    try:
        return at.astimezone(PARIS).date()
    except OverflowError:
        return at.date()


def covers(at: datetime, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether an instant falls between two days, both included; a missing bound is open."""
    return (starts_on is None or at >= start_of(starts_on)) and (ends_on is None or at < end_of(ends_on))
