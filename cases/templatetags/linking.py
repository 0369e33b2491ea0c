"""The other sheets of the same person, wherever one reads a case: their references, nothing of what they hold."""

from typing import Any

from django import template

from cases import linking_shown
from cases.models import Case
from partners import clock
from partners.acting import acting

register = template.Library()


@register.inclusion_tag("cases/linked_sheets.html", takes_context=True)
def linked_sheets(context: Any, case: Case, leads_to: str = "sharing:case") -> dict[str, object]:
    """« Fiche rapprochée : situation 2026-0150 »: nothing where there is none; `leads_to` is the door, for who may open it too."""
    return {"joined": linking_shown.joined(case, acting(context["request"]), clock.now()), "leads_to": leads_to}
