"""Who decides for a person today, since when, on what paper, and what stood before: one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import standing
from cases.doors import case_or_404, note
from cases.followers import why_access
from partners import clock
from partners.acting import acting

from .speakers import speakers_for


@require_safe
def who_decides(request: HttpRequest, reference: str) -> HttpResponse:
    """What stands today in one glance, then its history. Five statements whatever there is of either."""
    case = case_or_404(request, reference, action="standing.opened")
    note(request, "standing.opened", "case", str(case.pk), granted=True, case=case.pk)
    at = clock.now()
    known = standing.statuses(case.person_id)
    stands = standing.stands_of(case.person, known, at)
    now = {one.pk for one in stands.statuses}
    beside = standing.representatives(case.person_id, at)
    context = {
        "case": case,
        "speakers": speakers_for(case.person, at),
        "stands": stands,
        "beside": [one for one in beside if one.in_force],
        "before": [one for one in known if one.pk not in now],
        "gone": [one for one in beside if not one.in_force],
        "majority": standing.majority_at(case.person) if stands.minor else None,
        "why": why_access(case, acting(request)),
    }
    return render(request, "consent/who_decides.html", context)
