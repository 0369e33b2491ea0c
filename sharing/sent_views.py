"""What left from one's own cases: to whom, read or not, and each disclosure as it was sent."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit import ledger
from cases.followers import why_access
from partners import clock, wording
from partners.acting import acting
from sharing import duty_page, panel, reading, states
from sharing.models import Disclosure
from sharing.sheet import sent_chip, sheet
from sharing.tabs import tabbed

TABS = {
    "": ("toutes", gettext_lazy("Toutes")),
    states.NEW: ("non-lues", gettext_lazy("Non lues")),
    states.TO_ACKNOWLEDGE: ("lues", gettext_lazy("Lues")),
    states.READ: ("accusees", gettext_lazy("Accusées")),
    states.ENDED: ("terminees", gettext_lazy("Terminées")),
}
AROUND = (
    "case__person",
    "record__edition",
    "author__professional",
    "author__institution",
    "recipient__professional",
    "recipient__institution",
)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What left from the cases that this membership may open, newest first."""
    by = acting(request)
    leaving = Disclosure.objects.sent_from(by).select_related("case__person")
    context = tabbed(request, leaving, TABS)
    at = clock.now()
    context["rows"] = [
        {"disclosure": one, "chip": sent_chip(one, at), "purpose": wording.purpose(one.purpose)}
        for one in context["page_obj"]
    ]
    return render(request, "sharing/sent.html", context)


@require_safe
def sent_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One disclosure: what was said, to whom, why, on which ground, what it obliges to, and whether it was read."""
    by = acting(request)
    found = states.with_state(Disclosure.objects.sent_from(by).select_related(*AROUND)).filter(pk=pk).first()
    existing = found or Disclosure.objects.filter(pk=pk).first()
    if existing is not None:
        ledger.note_access(
            action="disclosure.seen_by_sender",
            object_type="disclosure",
            object_ref=str(existing.pk),
            granted=found is not None,
            professional=by.professional_id,
            membership=by.pk,
            case=existing.case_id,
        )
    if found is None:
        raise Http404
    at = clock.now()
    return render(
        request,
        "sharing/sent_one.html",
        {
            "disclosure": found,
            "case": found.case,
            "chip": sent_chip(found, at),
            "reading": sheet(found, reading.with_content(found)),
            "say": _(found.record.decision["say"]) if found.record.decision.get("say") else "",
            "duties": duty_page.of_record(found.record, by, at),
            "rules_label": panel.stored_rules(found.record),
            "at": at,
            "why": why_access(found.case, by),
        },
    )
