"""What the trail's own codes are called: alarms, months of the access log."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime

from audit.alarms import KINDS, SUSPENDING

register = template.Library()


@register.filter
def suspends(code: object) -> bool:
    """Whether this alarm suspends ordinary sharing as long as it stands."""
    return str(code) in SUSPENDING


@register.filter
def alarm_title(code: object) -> str:
    """« Le journal n’est plus scellé »; a code without words is shown as it is: the trail outlives its words."""
    kind = KINDS.get(str(code))
    return str(kind.title) if kind else str(code)


@register.filter
def months_said(months: object) -> str:
    """« septembre 2025, octobre 2025 »; what is no month is shown as it is."""
    return ", ".join(_month(str(one)) for one in months) if isinstance(months, list) else str(months or "")


def _month(said: str) -> str:
    try:
        return date_format(datetime.strptime(said, "%Y-%m"), "F Y")  # noqa: DTZ007  (a month has no hour)
    except ValueError:
        return said


@register.filter
def instant_said(written: object) -> str:
    """« 22 novembre 2026, 13:05 », in the house's time; what is no instant is shown as it is."""
    try:
        return date_format(localtime(datetime.fromisoformat(str(written))), "j F Y, H:i")
    except ValueError:
        return str(written or "")


@register.filter
def key_said(vkey: object) -> str:
    """« 1a2b3c4d », the id within a vkey; what is none is shown as it is."""
    parts = str(vkey or "").split("+")
    return parts[1] if len(parts) > 2 else str(vkey or "")


@register.filter
def added_up(counts: object) -> str:
    """The sum of these numbers, « 12 431 »; empty where they are none."""
    if not isinstance(counts, Mapping) or not all(isinstance(one, int) for one in counts.values()):
        return ""
    return number_format(sum(counts.values()), force_grouping=True)
