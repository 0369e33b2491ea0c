"""The pages on which is recorded what stands for a person, and what changes for those who represent her."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.acting import acting

from . import doors, followers, standing, standing_acts
from .models import Case, PersonStatus
from .standing_acts import StandingError
from .standing_forms import ChangeForm, EndStatusForm, NewRepresentativeForm, PaperForm, StatusForm, kinds_for
from .views import case_url

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def record_status(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to be recorded, first; then what its kind asks for."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="standing.opened")
    minor = case.person.is_minor_at(clock.now())
    kinds = {one["value"]: one for one in kinds_for(minor=minor)}
    chosen = kinds.get(request.GET.get("quoi", ""))
    if chosen is None:
        wrong = request.method == "POST" or "quoi" in request.GET
        context = _context(request, case) | {"kinds": list(kinds.values()), "wrong": wrong}
        return render(request, "cases/standing_kinds.html", context, status=422 if wrong else 200)
    kind = chosen["value"]
    form = StatusForm(request.POST if request.method == "POST" else None, kind=kind, minor=minor)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            standing_acts.record_status(
                case=case,
                kind=kind,
                scope=typed.get("scope", ""),
                paper=form.paper(),
                note=typed["note"],
                ends_on=typed["ends_on"],
                by=by,
            )
        except StandingError as error:
            form.refuse(error)
        else:
            messages.success(request, _("C’est enregistré, et cela compte dès maintenant."))
            return _back(case)
    return _form(request, case, form, title=chosen["label"], lead=chosen["hint"], button=_("Enregistrer"))


@require_http_methods(METHODS)
def end_status(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """That something no longer stands, and why."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="standing.opened")
    status = PersonStatus.objects.filter(person=case.person_id, pk=pk).first()
    if status is None:
        raise Http404
    form = EndStatusForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            standing_acts.end_status(status=status, case=case, reason=form.cleaned_data["reason"], by=by)
        except StandingError as error:
            form.refuse(error)
        else:
            messages.success(request, _("C’est enregistré : cela ne compte plus à partir de maintenant."))
            return _back(case)
    return _form(
        request,
        case,
        form,
        title=_("Mettre fin : %(what)s") % {"what": status.get_kind_display()},
        lead=_("Ce qui a été décidé jusqu’ici reste ce que c’était."),
        button=_("Enregistrer la fin"),
    )


@require_http_methods(METHODS)
def add_representative(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody who answers for the person, with what proves it."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="standing.opened")
    minor = case.person.is_minor_at(clock.now())
    form = NewRepresentativeForm(request.POST if request.method == "POST" else None, minor=minor)
    if form.is_bound and form.is_valid():
        try:
            one = standing_acts.add_representative(
                case=case,
                representative=form.representative(),
                paper=form.paper(),
                reason=form.cleaned_data["reason"],
                by=by,
            )
        except StandingError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(who)s est enregistré·e.") % {"who": one.formal_name})
            return _back(case)
    return _form(
        request,
        case,
        form,
        title=_("Ajouter un représentant"),
        lead=_("Qui exerce l’autorité parentale, représente, assiste ou est consulté."),
        button=_("Enregistrer"),
    )


@require_http_methods(METHODS)
def change_representative(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """What changes for one of them."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="standing.opened")
    at = clock.now()
    one = next((each for each in standing.representatives(case.person_id, at) if each.representative.pk == pk), None)
    if one is None:
        raise Http404
    form = ChangeForm(request.POST if request.method == "POST" else None, one=one, minor=case.person.is_minor_at(at))
    if form.is_bound and form.is_valid():
        try:
            standing_acts.change_representative(
                case=case,
                representative=one.representative,
                move=form.cleaned_data["move"],
                paper=form.paper(),
                reason=form.cleaned_data["reason"],
                by=by,
            )
        except StandingError as error:
            form.refuse(error)
        else:
            messages.success(request, _("C’est enregistré, et cela compte dès maintenant."))
            return _back(case)
    return _form(
        request,
        case,
        form,
        title=one.representative.formal_name,
        lead=f"{capfirst(one.representative.get_kind_display())}, {one.says}.",
        button=_("Enregistrer"),
    )


def _back(case: Case) -> HttpResponse:
    return redirect("consent:who_decides", case.reference)


def _context(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {"case": case, "case_url": case_url(case), "why": followers.why_access(case, acting(request))}


def _form(request: HttpRequest, case: Case, form: PaperForm, *, title: str, lead: Any, button: str) -> HttpResponse:
    context = _context(request, case) | {"form": form, "heading": title, "lead": lead, "button": button}
    return render(request, "cases/standing_form.html", context, status=422 if form.errors else 200)
