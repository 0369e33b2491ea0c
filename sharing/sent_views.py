"""What left from one's own cases: to whom, read or not, and each disclosure as it was sent."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.followers import why_access
from partners import clock, wording
from partners.acting import acting
from partners.models import Function, Membership
from sharing import duty_page, panel, reading, states
from sharing.disclosure_doors import sent_or_404
from sharing.models import Disclosure
from sharing.proofs import page as proof_page
from sharing.returning import acts as returning
from sharing.returning import page as returning_page
from sharing.sheet import sent_chip, sheet, stopped_sentence
from sharing.tabs import tabbed

TABS = {
    "": ("toutes", gettext_lazy("Toutes")),
    states.NEW: ("non-lues", gettext_lazy("Non lues")),
    states.TO_ACKNOWLEDGE: ("lues", gettext_lazy("Lues")),
    states.READ: ("accusees", gettext_lazy("Accusées")),
    states.ENDED: ("terminees", gettext_lazy("Terminées")),
    states.GIVEN: ("de-vive-voix", gettext_lazy("Dites ou remises")),
}
# What the address says to see the communications of the whole team, or all of one's own, by their labels alone.
TEAM, OWN = "equipe", "miennes"


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What left from the cases that this membership may open, newest first.

    `?equipe`: what left from one's institution, for who leads a team; `?miennes`: what one sent oneself, even from a case that
    one no longer follows. These two show labels only, and lead to the recall.
    """
    by = acting(request)
    if TEAM in request.GET and by.has_function(Function.TEAM_LEAD):
        return _by_labels(request, returning.recallable(by), by, TEAM)
    if OWN in request.GET:
        return _by_labels(request, returning.recallable(by).filter(author=by), by, OWN)
    leaving = Disclosure.objects.sent_from(by).select_related("case__person")
    context = tabbed(request, leaving, TABS)
    at = clock.now()
    context["rows"] = [
        {"disclosure": one, "chip": sent_chip(one, at), "purpose": wording.purpose(one.purpose)}
        for one in context["page_obj"]
    ]
    return render(request, "sharing/sent.html", context | {"leads": by.has_function(Function.TEAM_LEAD)})


def _by_labels(request: HttpRequest, found: Any, by: Membership, view: str) -> HttpResponse:
    context = tabbed(request, found.select_related("author__professional"), TABS, keep=f"{view}&")
    at = clock.now()
    context["rows"] = [
        {"disclosure": one, "chip": sent_chip(one, at), "purpose": wording.purpose(one.purpose)}
        for one in context["page_obj"]
    ]
    team = view == TEAM
    return render(
        request, "sharing/sent_labels.html", context | {"team": team, "leads": by.has_function(Function.TEAM_LEAD)}
    )


@require_safe
def sent_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One disclosure: what was said, to whom, why, on which ground, what it obliges to, and whether it was read."""
    by = acting(request)
    found = sent_or_404(pk, by)
    at = clock.now()
    return render(
        request,
        "sharing/sent_one.html",
        {
            "disclosure": found,
            "case": found.case,
            "chip": sent_chip(found, at),
            "stopped": stopped_sentence(found),
            "reading": sheet(found, reading.with_content(found)),
            "say": _(found.record.decision["say"]) if found.record.decision.get("say") else "",
            "duties": duty_page.of_record(found.record, by, at),
            "rules_label": panel.stored_rules(found.record),
            "at": at,
            "became": returning_page.what_became(found),
            "may_recall": found.recalled_at is None and returning.recallable(by).filter(pk=found.pk).exists(),
            "proof": proof_page.of_one(found, reverse("sharing:sent_proof", args=[found.pk])),
            "why": why_access(found.case, by),
        },
    )
