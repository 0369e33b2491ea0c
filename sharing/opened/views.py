"""« Qui a ouvert ce dossier », for those who follow it and who heads their team; the paper that a referent hands to the person."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import access_log
from cases.doors import case_or_404, followable_by, note, refused
from cases.followers import why_access
from cases.models import Case
from consent.papers import press
from partners import clock
from partners.acting import acting

from . import accesses, paper
from .forms import OpenedForm, PaperForm
from .openings import openings

READ, PRINTED = "opened.read", "paper.printed"
A_PAGE = 30


@require_safe
def opened(request: HttpRequest, ref: str) -> HttpResponse:
    """Who opened this file, what of it, when; and who could not. Noted like any other reading."""
    by = acting(request)
    found = followable_by(by).filter(reference=ref)
    case = found.select_related("person", "institution").first()
    if case is None:
        raise refused(request, READ, "case", ref)
    note(request, READ, "case", ref, granted=True, case=case.pk)
    rows = accesses.of_case(case)
    people = accesses.readers(rows)
    form = OpenedForm(request.GET, people=people.choices())
    valid = form.is_valid()
    shown = accesses.by_day(rows.filter(form.condition()) if valid else rows.none())
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    why = why_access(case, by)
    context = {
        "case": case,
        "form": form,
        "page_obj": page,
        "lines": people.lines(page.object_list),
        "query": _asked(request),
        "searched": any(request.GET.get(name) for name in form.fields),
        "follows": bool(why),
        "why": why
        or _("Vous encadrez une équipe de ce service : vous voyez qui ouvre ses situations, sans les ouvrir."),
        **_kept(),
    }
    if why:
        context["paper_form"] = PaperForm(minor=case.person.is_minor_at(clock.now()))
    return render(request, "sharing/opened/page.html", context, status=200 if valid else 422)


@require_safe
def opened_paper(request: HttpRequest, ref: str) -> HttpResponse:
    """The sheet to hand over; only for those who may open the file themselves."""
    by = acting(request)
    case = case_or_404(request, ref, action=PRINTED)
    at = clock.now()
    form = PaperForm(request.GET, minor=case.person.is_minor_at(at))
    if not form.is_valid():
        return _not_chosen(request, case, form)
    note(request, PRINTED, "opened", ref, granted=True, case=case.pk)
    rows = accesses.of_case(case)
    found = openings(
        case=case,
        readers=accesses.readers(rows),
        audience=form.audience,
        since=access_log.known_since(),
        at=at,
    )
    made = paper.paper(case=case, found=found, audience=form.audience, easy=form.easy, by=by, at=at)
    return press.answer(request, made, f"ouvertures-{case.reference}")


def _not_chosen(request: HttpRequest, case: Case, form: PaperForm) -> HttpResponse:
    """The choice again, with what is missing."""
    context = {"case": case, "paper_form": form, "form": form, "why": why_access(case, acting(request)), **_kept()}
    return render(request, "sharing/opened/paper.html", context, status=422)


def _kept() -> dict[str, Any]:
    return {"months": settings.ACCESS_LOG_MONTHS, "known_since": access_log.known_since()}


def _asked(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    text = kept.urlencode()
    return f"{text}&" if text else ""
