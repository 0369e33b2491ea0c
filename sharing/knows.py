"""Who knows what: partner × family, and the chronology. Read from the disclosures of one case, in two statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from consent.models import Consent
from partners.clock import PARIS
from partners.dates import short_day as day
from partners.models import Reached, SecrecyStatus
from partners.vocabulary import vocabulary
from sharing import states
from sharing.models import DisclosedItem, Disclosure
from sharing.sheet import given_words

URGENT_PURPOSE = "secours"
WIDTH, LABELS, LANE, TOP = 720, 150, 40, 30
TICKS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosure of the case (from `states.with_state`), the families it spoke of, when its agreement was taken back."""

    disclosure: Any
    families: frozenset[str]
    withdrawn_at: datetime | None

    @property
    def closed(self) -> tuple[datetime, str] | None:
        """When it was taken back, and by what: recalled, returned, agreement withdrawn; None where nothing of the kind."""
        if self.disclosure.recalled_at is not None:
            return self.disclosure.recalled_at, _("rappelé")
        if self.disclosure.returned_at is not None:
            return self.disclosure.returned_at, _("retourné")
        if self.withdrawn_at is not None:
            return self.withdrawn_at, _("accord retiré")
        return None

    def state(self, at: datetime) -> str:
        """given | read | unread | ended | urgent: the chip's kind."""
        one = self.disclosure
        if self.closed is not None:
            return "ended"
        if one.channel == Reached.IN_APP and one.access_until and one.access_until <= at:
            return "ended"
        if one.urgent or one.purpose == URGENT_PURPOSE:
            return "urgent"
        if one.channel != Reached.IN_APP:
            return "given"
        return "read" if one.opened_at else "unread"

    def words(self, at: datetime) -> str:
        """« lu », « non lu, 6 j », « accord retiré le 1er septembre », « rappelé le 3 mai »."""
        if self.closed is not None:
            when, what = self.closed
            return _("%(what)s le %(day)s") % {"what": what, "day": day(when)}
        state = self.state(at)
        if state == "given":
            return given_words(self.disclosure).lower()
        if state == "ended":
            return _("terminé")
        if state == "urgent":
            return _("urgence")
        if state == "read":
            return _("lu")
        days = (at - self.disclosure.released_at).days
        return ngettext("non lu, %(days)d j", "non lu, %(days)d j", days) % {"days": days} if days else _("non lu")


def families_of(categories: Iterable[str]) -> frozenset[str]:
    """The families of some categories; an unknown category belongs to none."""
    known = vocabulary().categories
    return frozenset(known[code].family for code in categories if code in known)


def told(case: Case) -> list[Told]:
    """Every disclosure of the case, the newest first."""
    disclosures = list(
        states.with_state(Disclosure.objects.filter(case=case)).select_related(
            "recipient__institution", "recipient__professional", "author__professional"
        )
    )
    categories: dict[Any, set[str]] = defaultdict(set)
    for disclosure, category in DisclosedItem.objects.filter(disclosure__case=case).values_list(
        "disclosure", "category"
    ):
        categories[disclosure].add(category)
    return [
        Told(disclosure=one, families=families_of(categories[one.pk]), withdrawn_at=one.withdrawn_at)
        for one in disclosures
    ]


def table(all_told: list[Told], at: datetime) -> dict[str, Any]:
    """The table (templates/components/knows_table.html): what was said stays said, a cell never empties."""
    shown = [code for code in vocabulary().families if any(code in one.families for one in all_told)]
    rows: dict[Any, dict[str, Any]] = {}
    for one in all_told:
        institution = one.disclosure.recipient.institution
        row = rows.setdefault(
            institution.pk,
            {
                "partner": institution.name,
                "status": SecrecyStatus(one.disclosure.recipient.proven_status).label,
                "cells": {family: [] for family in shown},
            },
        )
        for family in one.families:
            row["cells"][family].append(chip(one, at))
    return {
        "families": [_(vocabulary().families[code].label) for code in shown],
        "rows": [{**row, "cells": [row["cells"][family] for family in shown]} for row in rows.values()],
        "caption": ngettext(
            "%(count)d communication. Ce qui a été dit reste dit.",
            "%(count)d communications. Ce qui a été dit reste dit.",
            len(all_told),
        )
        % {"count": len(all_told)},
    }


def chip(one: Told, at: datetime) -> dict[str, str]:
    """One disclosure in one cell, leading to it."""
    return {
        "kind": one.state(at),
        "text": day(one.disclosure.said_at or one.disclosure.released_at),
        "small": one.words(at),
        "url": reverse("sharing:sent_one", args=[one.disclosure.pk]),
    }


def timeline(all_told: list[Told], consents: list[Consent], at: datetime, table_url: str) -> dict[str, Any] | None:
    """The chronology as coordinates (templates/components/timeline.html); None where there is nothing to draw."""
    if not all_told and not consents:
        return None
    instants = [one.disclosure.released_at for one in all_told] + [one.valid_from for one in consents]
    start = min(instants) - timedelta(days=7)
    end = max([at, *(one.valid_until for one in consents)]) + timedelta(days=7)
    end = min(end, at + timedelta(days=200))

    def x(when: datetime) -> int:
        share = (min(max(when, start), end) - start) / (end - start)
        return round(LABELS + share * (WIDTH - LABELS - 20))

    present = set().union(*(one.families for one in all_told), *(families_of(one.categories) for one in consents))
    families = [code for code in vocabulary().families if code in present]
    lanes = []
    for place, family in enumerate(families):
        lanes.append(
            {
                "label": _(vocabulary().families[family].label),
                "y": TOP + LANE * place + LANE // 2,
                "bars": [_bar(one, at, x) for one in consents if family in families_of(one.categories)],
                "marks": [mark for one in all_told if family in one.families for mark in _marks(one, at, x)],
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


def _bar(one: Consent, at: datetime, x: Any) -> dict[str, Any]:
    withdrawn = getattr(one, "withdrawn_at", None)
    until = withdrawn or one.valid_until
    return {
        "x": x(one.valid_from),
        "width": max(6, x(until) - x(one.valid_from)),
        "kind": "ended" if until <= at else "",
        "label": _("accord du %(start)s au %(end)s") % {"start": day(one.valid_from), "end": day(until)},
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
