"""The answer that is a proof to take away, for the doors of every app; and the auditor's, from the page of an entry.

She gets what she reads there: the exact bytes, never the personal part.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import bundle
from .bundle import Lot
from .earlier_head import EarlierHeadForm
from .models import Entry
from .views import controlled, note

TAKEN = "proof.downloaded"


def asked(request: HttpRequest) -> EarlierHeadForm:
    """What this request asks to compare with."""
    return EarlierHeadForm(request.POST if request.method == "POST" else request.GET)


def not_understood(request: HttpRequest, form: EarlierHeadForm, *, back: str) -> HttpResponse:
    """The question again, with what is wrong; nothing was taken. `back`: the page from which it was asked."""
    context = {"form": form, "back": back, "posts": request.method == "POST"}
    return render(request, "audit/earlier_head.html", context, status=422)


def answer(lots: Sequence[Lot], form: EarlierHeadForm, name: str) -> HttpResponse:
    """The zip as a file to save, whose name names nobody."""
    return attached(bundle.bundle_of(lots, since=form.cleaned_data["since"]), name)


def attached(content: bytes, name: str) -> HttpResponse:
    """A zip to save, that no browser opens by itself."""
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@controlled(TAKEN)
def entry_proof(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The proof of one entry, for who audits: without the personal part, which nothing shows her."""
    entry: Any = Entry.objects.filter(uuid=uuid).first()
    if entry is None:
        note(request, TAKEN, granted=False, entry=uuid)
        raise Http404
    form = asked(request)
    if not form.is_valid():
        return not_understood(request, form, back=reverse("audit:entry", args=[uuid]))
    note(request, TAKEN, entry=uuid, case=entry.case_ref)
    return answer([Lot(entry=entry, payload=False)], form, f"preuve-{str(uuid)[:8]}")


entry_proof.fresh_required = True  # type: ignore[attr-defined]  # read by partners' middleware: what leaves asks who takes it
