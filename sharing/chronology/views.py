"""The chronology of a situation: the drawing, and the same as a table that is read aloud, printed and filtered by partner."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.doors import case_or_404
from cases.followers import why_access
from partners import clock
from partners.acting import acting
from sharing import knows

from . import events as happened
from .drawing import timeline

A_PAGE = 40


@require_safe
def chronology(request: HttpRequest, ref: str) -> HttpResponse:
    """Every event of one situation; `avec` keeps those with one institution, whatever cannot be understood is not said."""
    by = acting(request)
    case = case_or_404(request, ref, action="case.chronology_read")
    at = clock.now()
    told, consents, no = knows.told(case), happened.consents_of(case), happened.against(case)
    every = happened.events(told=told, consents=consents, no=no, informed=happened.told_to_her(case), at=at)
    institutions = happened.towards(every)
    asked = _institution(request.GET.get("avec", ""))
    shown = [event for event in every if asked is None or event.towards.pk == asked]
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "page_obj": page,
        "institutions": [{"pk": pk, "name": name, "chosen": pk == asked} for pk, name in institutions.items()],
        "asked": asked,
        "query": f"avec={asked}&" if asked else "",
        "timeline": timeline(told, consents, no, at, table_url="#tableau"),
        "why": why_access(case, by),
    }
    return render(request, "sharing/chronology/page.html", context)


def _institution(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
