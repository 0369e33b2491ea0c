"""« Statistiques »: open to all, the same for all."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partners import clock
from partners.opening import open_to_all
from partners.vocabulary import vocabulary
from sharing.statistics import figures
from sharing.statistics.masking import LEAST


def _quarter(first: date) -> str:
    words = {
        1: _("1er trimestre %(year)d"),
        4: _("2e trimestre %(year)d"),
        7: _("3e trimestre %(year)d"),
        10: _("4e trimestre %(year)d"),
    }
    return words[first.month] % {"year": first.year}


def _lines() -> dict[str, str]:
    """What is counted, in the order of the table; no line is part of another, so none can be taken away from it."""
    return {
        figures.ORDINARY: _("Communications décidées par un professionnel"),
        figures.URGENT: _("Alertes en urgence"),
        "denied": _("Communications arrêtées : aucun texte ne les permettait"),
        "requests": _("Demandes d’information entre institutions"),
        "agreed": _("Accords recueillis"),
        "refused": _("Refus et oppositions enregistrés"),
        "withdrawn": _("Accords retirés"),
    }


@open_to_all
def statistics(request: HttpRequest) -> HttpResponse:
    """What all did together, quarter by quarter; a figure that could be somebody's is not shown."""
    found = figures.published(clock.now())
    table = [
        {
            "label": label,
            "cells": [
                {"quarter": _quarter(quarter), "count": count}
                for quarter, count in zip(found.quarters, found.lines[code], strict=True)
            ],
        }
        for code, label in _lines().items()
    ]
    domains = [{"label": _(vocabulary().domains[code].label), "count": count} for code, count in found.domains.items()]
    return render(
        request,
        "sharing/statistics.html",
        {
            "found": found,
            "quarters": [_quarter(quarter) for quarter in found.quarters],
            "table": table,
            "anything": any(count is not None for counts in found.lines.values() for count in counts),
            "domains": domains,
            "least": LEAST,
        },
    )
