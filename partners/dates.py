"""Days and instants as every page says them, in Paris: one way, wherever they are said."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from . import clock


def instant(at: datetime) -> str:
    """« 21 novembre 2026 à 14:32 »."""
    local = at.astimezone(clock.PARIS)
    return _("%(day)s à %(time)s") % {"day": date_format(local, "j F Y"), "time": date_format(local, "H:i")}


def day(at: datetime) -> str:
    """« 21 novembre 2026 »."""
    return date_format(at.astimezone(clock.PARIS), "j F Y")


def short_day(at: datetime) -> str:
    """« 21 nov. »."""
    return date_format(at.astimezone(clock.PARIS), "j N")


def last_day(until: datetime) -> str:
    """The last day on which it holds; « 19 février 2027 » for what ends on the 20th at midnight."""
    return date_format(clock.last_day(until), "j F Y")
