"""« Vérifier tout le journal »: asked for, followed, its answer, those of before. The reading itself is a worker’s."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from . import findings, verifying
from .access_log import now
from .models import Verification
from .views import controlled, note

SHOWN = 20
WAITS_SECONDS = 15
"""A worker that is there takes it within a second or two: after so many, the page says that it is awaited."""


@require_http_methods(["GET", "HEAD", "POST"])
@controlled("trail.verified")
def verification_page(request: HttpRequest) -> HttpResponse:
    """What was verified, by whom, with what answer; posted, a verification of everything begins, or goes on."""
    if request.method == "POST":
        note(request, "trail.verified")
        job = verifying.ask(by=getattr(request, "membership").pk)  # noqa: B009  (set by the acting membership's middleware)
        return redirect("audit:verified", pk=job.pk)
    context = {"under_way": verifying.asked(), "before": Verification.objects.exclude(ended_at=None)[:SHOWN]}
    return render(request, "audit/verification.html", context)


@require_safe
@controlled("trail.verified")
def verified(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One verification: how far it is, then its answer, with the first entry that does not hold."""
    job = get_object_or_404(Verification, pk=pk)
    faults = findings.read(job.found)
    at = now()
    context = {
        "job": job,
        "awaited": job.started_at is None and (at - job.asked_at).total_seconds() > WAITS_SECONDS,
        "lost": job.beat_at is not None and job.beat_at < at - verifying.STALE,
        "first": faults[0] if faults else None,
        "faults": faults,
        "count": job.found.get("count", 0),
        "stopped": job.found.get("stopped", ""),
    }
    return render(request, "audit/verified.html", context)
