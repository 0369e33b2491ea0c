"""The page on which a note of dissent is written: on one item, by whoever may read it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.acting import acting

from . import dissent, doors, followers
from .dissent_form import DissentForm
from .views import age_of, case_url


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """Note that somebody sees it otherwise. What is missing is asked for, and nothing typed is lost."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="item.opened")
    item = doors.item_or_404(request, case, pk)
    form = DissentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        dissent.note_dissent(item=item, voice=form.cleaned_data["voice"], text=form.cleaned_data["text"], by=by)
        messages.success(request, _("La divergence est notée. Elle suivra cette information partout où elle ira."))
        return redirect("cases:item", reference=case.reference, pk=item.pk)
    context = {
        "case": case,
        "case_age": age_of(case, clock.day_of(clock.now())),
        "case_url": case_url(case),
        "item": item,
        "form": form,
        "why": followers.why_access(case, by),
    }
    return render(request, "cases/dissent.html", context, status=422 if form.errors else 200)
