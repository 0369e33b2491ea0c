"""« Limiter le partage » of an item or of the whole case, and its end, the person told before."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import rights, rights_shown
from cases.doors import case_or_404, item_or_404, note
from cases.followers import why_access
from cases.models import Case, Item, Limitation, LimitationLift
from cases.views import age_of, case_url
from partners import clock
from partners.acting import acting
from partners.models import Membership
from sharing.rights import acts
from sharing.rights.forms import LiftForm, LimitForm


@require_http_methods(["GET", "HEAD", "POST"])
def limit_item(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Stop the sharing of one item."""
    case = case_or_404(request, ref, action="item.opened")
    return _limit(request, case, item_or_404(request, case, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def limit_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Stop the sharing of everything in the case."""
    return _limit(request, case_or_404(request, ref), None)


def _limit(request: HttpRequest, case: Case, item: Item | None) -> HttpResponse:
    by = acting(request)
    known = rights.standing(case.pk).filter(item=item).first()
    if known is not None:
        return redirect("sharing:limitation", ref=case.reference, pk=known.pk)
    form = LimitForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        one = acts.limit(
            case=case, item=item, ground=typed["ground"], asked_by=form.asked_by, text=typed["text"], by=by
        )
        messages.success(request, _("Le partage est limité dès maintenant. Ce qui était ouvert s’est fermé."))
        return redirect("sharing:limitation", ref=case.reference, pk=one.pk)
    context = _around(case, by) | {"item": item, "form": form, "closing": acts.open_under(case, item, clock.now())}
    return render(request, "sharing/rights/limit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """A limitation, and its end."""
    by = acting(request)
    case = case_or_404(request, ref)
    one = Limitation.objects.visible_to(by).filter(case=case, pk=pk).select_related("case", "item", "asked_by").first()
    note(request, "limitation.opened", "limitation", str(pk), granted=one is not None, case=case.pk)
    if one is None:
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None, limited_at=one.at)
    if form.is_bound and form.is_valid():
        try:
            rights.lift_limitation(limitation=one, by=by, **form.cleaned_data)
        except rights.AlreadyLifted:
            messages.info(request, _("Cette limitation était déjà levée."))
        else:
            messages.success(
                request, _("La limitation est levée. Chaque communication se décide à nouveau, comme avant.")
            )
        return redirect("sharing:limitation", ref=case.reference, pk=one.pk)
    context = _around(case, by) | {
        "one": rights_shown.limitation(one),
        "over": LimitationLift.objects.filter(limitation=one).exists(),
        "form": form,
    }
    return render(request, "sharing/rights/limitation.html", context, status=422 if form.errors else 200)


def _around(case: Case, by: Membership) -> dict[str, object]:
    return {
        "case": case,
        "case_age": age_of(case, clock.day_of(clock.now())),
        "case_url": case_url(case),
        "why": why_access(case, by),
    }
