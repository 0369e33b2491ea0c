"""Proofs to take away: the author's, the recipient's, and those that a referent hands to the person.

A GET writes its trace and nothing else. The recipient's personal part is asked for by a POST: it is a reading, decided again.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import proof_views
from audit.proof_views import TAKEN
from cases.doors import case_or_404, note
from cases.followers import why_access
from cases.models import Case
from partners import clock
from partners.acting import acting
from partners.confirming import fresh_required
from sharing.models import Disclosure

from . import page, taken
from .forms import HandOverForm, chosen_in

OPENED = "proofs.opened"


@fresh_required
@require_safe
def sent_proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of what left: with its personal part for who may open the case; without, for an author who no longer follows it."""
    by = acting(request)
    found = taken.of_sent(pk, by)
    if found is None:
        existing = Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first()
        note(request, TAKEN, "disclosure", str(pk), granted=False, case=existing)
        raise Http404
    disclosure = found.disclosure
    form = proof_views.asked(request)
    if not form.is_valid():
        back = "sharing:sent_one" if found.followed else "sharing:recall"
        return proof_views.not_understood(request, form, back=reverse(back, args=[pk]))
    note(request, TAKEN, "disclosure", str(pk), granted=True, case=disclosure.case_id)
    return proof_views.answer(found.lots, form, f"preuve-{disclosure.reference}")


@fresh_required
@require_http_methods(["GET", "HEAD", "POST"])
def received_proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of what was received and read: the proof stays hers whatever closed the text; posted, with what she may read now."""
    by = acting(request)
    try:
        disclosure = taken.to_prove_received(pk, by)
    except taken.NotReadYet:
        messages.info(request, _("Cette communication n’a pas été ouverte ici : sa preuve vient après la lecture."))
        return redirect("sharing:received", pk=pk)
    form = proof_views.asked(request)
    if not form.is_valid():
        return proof_views.not_understood(request, form, back=reverse("sharing:received", args=[pk]))
    made = taken.of_received(disclosure, by, reading=request.method == "POST")
    note(request, TAKEN, "disclosure", str(pk), granted=True, case=disclosure.case_id)
    return proof_views.answer(made, form, f"preuve-{disclosure.reference}")


@fresh_required
@require_safe
def proofs(request: HttpRequest, ref: str) -> HttpResponse:
    """« Preuves à remettre »: what left about her, to choose from, the sheet to print, the file to hand over."""
    case = case_or_404(request, ref, action=OPENED)
    note(request, OPENED, "case", case.reference, granted=True, case=case.pk)
    form = HandOverForm(request.GET if "choix" in request.GET else None)
    return _page(request, case, form, status=422 if form.errors else 200)


def _page(request: HttpRequest, case: Case, form: HandOverForm, *, status: int) -> HttpResponse:
    found = page.of_case(case, clock.now(), chosen_in(request))
    context = {
        "case": case,
        "proofs": found,
        "form": form,
        "why": why_access(case, acting(request)),
        **page.head_shown(),
    }
    return render(request, "sharing/proofs/proofs.html", context, status=status)


@fresh_required
@require_safe
def proofs_file(request: HttpRequest, ref: str) -> HttpResponse:
    """The proofs of what was chosen, each communication's in its folders; the personal part where her referent joins it."""
    case = case_or_404(request, ref, action=TAKEN)
    form = HandOverForm(request.GET)
    found = page.of_case(case, clock.now(), chosen_in(request))
    if form.is_valid() and not found.chosen:
        form.add_error(None, _("Choisissez au moins une communication."))
    if form.errors:
        return _page(request, case, form, status=422)
    note(request, TAKEN, "case", case.reference, granted=True, case=case.pk)
    made = taken.of_chosen(found.chosen, reasons=form.cleaned_data["reasons"])
    return proof_views.answer(made, form, f"preuves-{case.reference}")
