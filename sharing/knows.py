"""Who knows what: partner × family. Read from the disclosures of one case, in two statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from partners.dates import short_day as day
from partners.models import Reached, SecrecyStatus
from partners.vocabulary import vocabulary
from sharing import states
from sharing.models import DisclosedItem, Disclosure
from sharing.sheet import closed_words, given_words

URGENT_PURPOSE = "secours"
CHIPS_MOST = 4
"""In one cell; the others are in the chronology, one click away."""


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

    @property
    def urgent(self) -> bool:
        """Whether it left in an emergency."""
        return bool(self.disclosure.urgent or self.disclosure.purpose == URGENT_PURPOSE)

    def state(self, at: datetime) -> str:
        """given | read | unread | ended | urgent: the chip's kind."""
        one = self.disclosure
        if self.closed is not None or one.closed:
            return "ended"
        if one.channel == Reached.IN_APP and one.access_until and one.access_until <= at:
            return "ended"
        if self.urgent:
            return "urgent"
        if one.channel != Reached.IN_APP:
            return "given"
        return "read" if one.opened_at else "unread"

    def words(self, at: datetime) -> str:
        """« lu », « non lu, 6 j », « accord retiré le 1er septembre », « rappelé le 3 mai »."""
        if self.closed is not None:
            when, what = self.closed
            return _("%(what)s le %(day)s") % {"what": what, "day": day(when)}
        if self.disclosure.closed:
            return closed_words(self.disclosure.closed).lower()
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
            "case", "recipient__institution", "recipient__professional", "author__professional"
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
                "all_url": f"{reverse('sharing:chronology', args=[one.disclosure.case.reference])}?avec={institution.pk}",
                "cells": {family: [] for family in shown},
            },
        )
        for family in one.families:
            row["cells"][family].append(one)
    return {
        "families": [_(vocabulary().families[code].label) for code in shown],
        "rows": [
            {**row, "cells": [cell(row["cells"][family], at, row["all_url"]) for family in shown]}
            for row in rows.values()
        ],
        "caption": ngettext(
            "%(count)d communication. Ce qui a été dit reste dit.",
            "%(count)d communications. Ce qui a été dit reste dit.",
            len(all_told),
        )
        % {"count": len(all_told)},
    }


def cell(told: list[Told], at: datetime, all_url: str) -> dict[str, Any]:
    """The latest disclosures of one cell, and how many more there were: a cell never empties."""
    return {
        "chips": [chip(one, at) for one in told[:CHIPS_MOST]],
        "more": max(0, len(told) - CHIPS_MOST),
        "url": all_url,
    }


def chip(one: Told, at: datetime) -> dict[str, str]:
    """One disclosure in one cell, leading to it."""
    return {
        "kind": one.state(at),
        "text": day(one.disclosure.said_at or one.disclosure.released_at),
        "small": one.words(at),
        "url": reverse("sharing:sent_one", args=[one.disclosure.pk]),
    }
