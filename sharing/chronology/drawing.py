"""The chronology, drawn: her agreements as bars, communications, refusals, withdrawals and emergencies as marks."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent.models import Objection
from partners.clock import PARIS
from partners.dates import short_day as day
from partners.vocabulary import vocabulary
from sharing.knows import Told, families_of

WIDTH, LABELS, LANE, TOP = 720, 150, 40, 30
TICKS = 6
YEAR = timedelta(days=366)
MARKS_MOST = 60
"""Of each sort: beyond this nobody reads a drawing; the table has them all."""


def timeline(
    all_told: list[Told], consents: list[Any], against: list[Any], at: datetime, table_url: str
) -> dict[str, Any] | None:
    """The chronology as coordinates (templates/components/timeline.html); None where there is nothing to draw.

    ``consents`` with `stopped_at`; ``against``: her refusals and objections. Of a long history the last year is drawn.
    """
    since = at - YEAR
    all_told = [one for one in all_told if one.disclosure.released_at >= since][:MARKS_MOST]
    consents = [one for one in consents if (one.stopped_at or one.valid_until) >= since]
    against = [one for one in against if one.recorded_at >= since][:MARKS_MOST]
    if not all_told and not consents and not against:
        return None
    instants = [one.disclosure.released_at for one in all_told] + [max(one.valid_from, since) for one in consents]
    instants += [one.recorded_at for one in against]
    start = min(instants) - timedelta(days=7)
    end = max([at, *(one.valid_until for one in consents)]) + timedelta(days=7)
    end = min(end, at + timedelta(days=200))

    def x(when: datetime) -> int:
        share = (min(max(when, start), end) - start) / (end - start)
        return round(LABELS + share * (WIDTH - LABELS - 20))

    said = [*consents, *against]
    present = set().union(*(one.families for one in all_told), *(families_of(one.categories) for one in said))
    families = [code for code in vocabulary().families if code in present]
    lanes = []
    for place, family in enumerate(families):
        lanes.append(
            {
                "label": _(vocabulary().families[family].label),
                "y": TOP + LANE * place + LANE // 2,
                "bars": [_bar(one, at, x) for one in consents if family in families_of(one.categories)],
                "marks": [
                    *(_no(one, x) for one in against if family in families_of(one.categories)),
                    *(mark for one in all_told if family in one.families for mark in _marks(one, at, x)),
                ],
            }
        )
    return {
        "title": _("Accords et communications"),
        "desc": _("Du %(start)s au %(end)s : un trait par accord, un point par communication.")
        % {"start": date_format(start.astimezone(PARIS), "j F Y"), "end": date_format(end.astimezone(PARIS), "j F Y")},
        "width": WIDTH,
        "height": TOP + LANE * len(lanes),
        "now_x": x(at),
        "ticks": _ticks(start, end, x),
        "lanes": lanes,
        "table_url": table_url,
    }


def _bar(one: Any, at: datetime, x: Any) -> dict[str, Any]:
    until = one.stopped_at or one.valid_until
    return {
        "x": x(one.valid_from),
        "width": max(6, x(until) - x(one.valid_from)),
        "kind": "ended" if until <= at else "",
        "label": _("accord du %(start)s au %(end)s") % {"start": day(one.valid_from), "end": day(until)},
    }


def _no(one: Any, x: Any) -> dict[str, Any]:
    """Her no, where she said it."""
    what = _("opposition") if isinstance(one, Objection) else _("refus")
    return {
        "x": x(one.recorded_at),
        "kind": "refused",
        "label": _("%(day)s, %(what)s, %(who)s")
        % {"day": day(one.recorded_at), "what": what, "who": one.recipient.institution.name},
        "url": reverse("consent:list", args=[one.case.reference]),
    }


def _marks(one: Told, at: datetime, x: Any) -> list[dict[str, Any]]:
    url = reverse("sharing:sent_one", args=[one.disclosure.pk])
    who = one.disclosure.recipient.institution.name
    kind = {"urgent": "urgent", "unread": "unread"}.get(one.state(at), "read")
    marks = [
        {
            "x": x(one.disclosure.released_at),
            "kind": kind,
            "label": _("%(day)s, communiqué à : %(who)s, %(state)s")
            % {"day": day(one.disclosure.released_at), "who": who, "state": one.words(at)},
            "url": url,
        }
    ]
    if one.closed is not None:
        when, what = one.closed
        marks.append(
            {
                "x": x(when),
                "kind": "withdrawn",
                "label": _("%(day)s, %(what)s, %(who)s") % {"day": day(when), "what": what, "who": who},
                "url": url,
            }
        )
    return marks


def _ticks(start: datetime, end: datetime, x: Any) -> list[dict[str, Any]]:
    """The first of each month, thinned out to a few; days, where no month begins."""
    month = start.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    firsts = []
    while month < end:
        month = (month + timedelta(days=32)).replace(day=1)
        if start <= month < end:
            firsts.append(month)
    if not firsts:
        midnight = start.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
        days = [midnight + timedelta(days=n) for n in range(1, (end - start).days + 1)]
        return [{"x": x(one), "label": day(one)} for one in _thinned(days, 3)]
    return [{"x": x(one), "label": date_format(one, "N")} for one in _thinned(firsts, TICKS)]


def _thinned(instants: list[datetime], most: int) -> list[datetime]:
    return instants[:: max(1, -(-len(instants) // most))]
