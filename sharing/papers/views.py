"""The doors of a communication's papers: its receipt, for who sent it; its text, for who may read it at this instant."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from cases.doors import case_or_404, note
from consent.papers import press
from partners import clock
from partners.acting import acting
from partners.confirming import fresh_required
from sharing.disclosure_doors import opened_or_404
from sharing.models import Disclosure
from sharing.sheet import sheet, watermark

from . import reading as sheets
from . import receipt


@require_safe
def sent(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The receipt of what she sent, from the draft `pk`, as its permanent page shows it."""
    by = acting(request)
    case = case_or_404(request, ref, action="paper.printed")
    disclosure = get_object_or_404(
        Disclosure.objects.sent_from(by).filter(case=case, author=by).select_related("record__edition"), draft=pk
    )
    note(request, "paper.printed", "disclosure", str(disclosure.pk), granted=True, case=case.pk)
    return press.answer(request, receipt.of_disclosure(disclosure), f"recepisse-{disclosure.reference}")


@fresh_required
@require_POST
def received(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sheet, as a file: read again, so decided again and traced; closed, its page says why."""
    by = acting(request)
    found = opened_or_404(pk, by)
    if found.closed:
        return redirect("sharing:received", pk=pk)
    at = clock.now()
    note(request, "disclosure.printed", "disclosure", str(pk), granted=True, case=found.disclosure.case_id)
    shown = sheet(found.disclosure, found.items, watermark=watermark(found.disclosure, by, at), reader=by)
    return press.answer(request, sheets.of_sheet(shown, at=at), f"communication-{found.disclosure.reference}")
