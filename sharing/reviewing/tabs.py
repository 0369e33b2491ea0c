"""The pages of « Contrôle », for whoever may open each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Function, Membership
from sharing.urgency import telling

ANSWERING = (Function.REVIEWER, Function.DPO)


def tabs(by: Membership, current: str) -> list[dict[str, Any]]:
    """The queue, what is examined afterwards, emergencies, incidents, the dashboard; her team, the trail."""
    places = []
    if by.has_function(*ANSWERING):
        places += [
            ("queue", "sharing:control", _("Avis demandés")),
            ("examinations", "sharing:examinations", _("Après coup")),
        ]
    if telling.watches(by):
        places += [
            ("urgencies", "sharing:urgencies", _("Urgences")),
            ("incidents", "sharing:incidents", _("Incidents")),
        ]
    if by.has_function(Function.TEAM_LEAD, *ANSWERING):
        places.append(("dashboard", "sharing:dashboard", _("Tableau")))
    if by.has_function(Function.TEAM_LEAD):
        places.append(("team", "cases:team", _("Mon équipe")))
    if by.has_function(Function.AUDITOR, Function.DPO):
        places.append(("trail", "audit:explorer", _("Journal")))
    return [{"url": reverse(name), "label": label, "current": code == current} for code, name, label in places]
