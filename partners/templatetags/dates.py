"""Days as pages say them."""

from contextlib import suppress
from datetime import date, datetime

from django import template

from partners import clock, dates

register = template.Library()


@register.filter
def last_day(until: datetime | None) -> date | None:
    """The last day on which something still holds: `{{ consent.valid_until|last_day|date:"j F Y" }}`."""
    return clock.last_day(until) if until else None


@register.filter
def as_day(written: str) -> date | str:
    """The day that an entry wrote as « 2027-05-16 », for the `date` filter; what is not a day stays as it was written."""
    with suppress(ValueError):
        return date.fromisoformat(written)
    return written


@register.filter
def as_last_day(written: str) -> date | str:
    """The last day before the instant that an entry wrote, « 2027-05-16T22:00:00.000000Z »; otherwise as it was written."""
    with suppress(ValueError):
        return clock.last_day(datetime.fromisoformat(written))
    return written


@register.filter
def instant(at: datetime | None) -> str:
    """« 21 novembre 2026 à 14:32 », the one way in which pages say an instant."""
    return dates.instant(at) if at else ""
