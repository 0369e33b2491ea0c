"""« Demander une précision », « Demander à nouveau »: one question to the author of what was received."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock, wording
from partners.acting import acting
from partners.models import Membership
from sharing import reading
from sharing.asking import acts
from sharing.disclosure_doors import received_or_404
from sharing.models import Disclosure
from sharing.returning.forms import QuestionForm


@require_http_methods(["GET", "HEAD", "POST"])
def ask_precision(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask it; the request then has its own page, which says whose turn it is. What is missing is said, nothing typed is lost."""
    by = acting(request)
    disclosure = received_or_404(pk, by)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (answer := _asked(request, disclosure, form, by)) is not None:
        return answer
    context = {
        "disclosure": disclosure,
        "closed": bool(reading.closed_because(disclosure, clock.now())),
        "purpose": wording.purpose(disclosure.purpose),
        "form": form,
    }
    return render(request, "sharing/returning/ask_precision.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, disclosure: Disclosure, form: QuestionForm, by: Membership) -> HttpResponse | None:
    try:
        asked = acts.ask_precision(disclosure=disclosure, question=form.cleaned_data["question"], by=by)
    except acts.NobodyToAsk:
        form.add_error(
            None,
            _("Personne ne suit plus cette situation dans ce service : appelez-le, son annuaire dit à quel numéro."),
        )
        return None
    except acts.NotHers:
        raise Http404 from None
    if not asked.stopped:
        messages.success(request, _("Votre question est partie. Vous saurez ici ce qu’il en est."))
    return redirect("sharing:request", pk=asked.pk)
