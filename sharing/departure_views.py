"""« Nous vérifions si votre communication est partie » : the page where its author learns it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.doors import case_or_404
from partners.acting import acting
from partners.outcome import LOOKED_AT_AGAIN_SECONDS, tells_outcome
from sharing import departure
from sharing.models import Draft


@tells_outcome
@require_safe
def whether_left(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """It left, and here is its confirmation; or it did not, and may be begun again; or it is not known yet, and asked again."""
    by = acting(request)
    case = case_or_404(request, ref)
    try:
        disclosure = departure.find_out(draft_id=pk, case=case, by=by)
    except departure.NotKnownYet:
        response = render(request, "errors/verifying.html", {"outcome_at": request.path}, status=503)
        response["Refresh"] = f"{LOOKED_AT_AGAIN_SECONDS}; url={request.path}"
        return response
    if disclosure is not None:
        messages.success(request, _("Votre communication est bien partie, une seule fois."))
        return redirect("sharing:urgency_done" if disclosure.urgent else "sharing:done", ref=ref, pk=pk)
    draft = Draft.objects.visible_to(by).filter(pk=pk, case=case, discarded_at=None).first()
    return render(request, "sharing/not_left.html", {"case": case, "draft": draft})
