"""« Je vois les choses autrement », said by whoever received an item, while she may read it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import ledger
from partners import clock, wording
from partners.acting import acting
from sharing import reading
from sharing.models import DisclosedItem, Disclosure
from sharing.rights import acts
from sharing.rights.forms import DisagreeForm


@require_http_methods(["GET", "HEAD", "POST"])
def disagree(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """The note of whoever received it. The page says nothing of what the item says: it is read on its own page."""
    by = acting(request)
    try:
        row = acts.received_item(disclosure_id=pk, item_id=item, by=by)
    except reading.NotReadable:
        ledger.note_access(
            action="disclosure.refused_to_reader",
            object_type="disclosure",
            object_ref=str(pk),
            granted=False,
            professional=by.professional_id,
            membership=by.pk,
            case=Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first(),
        )
        raise Http404 from None
    if not acts.may_disagree(row.disclosure, clock.now()):
        return _not_now(request, row)
    form = DisagreeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            acts.disagree(disclosure_id=pk, item_id=item, text=form.cleaned_data["text"], by=by)
        except (acts.NotOpen, reading.NotReadable):
            return _not_now(request, row)
        messages.success(request, _("Votre note est gardée avec l’information. L’auteur est prévenu."))
        return redirect("sharing:received", pk=pk)
    context = {
        "disclosure": row.disclosure,
        "category": wording.category(row.category),
        "form": form,
    }
    return render(request, "sharing/rights/disagree.html", context, status=422 if form.errors else 200)


def _not_now(request: HttpRequest, row: DisclosedItem) -> HttpResponse:
    messages.info(request, _("Affichez d’abord cette communication : on ne contredit que ce qu’on peut lire."))
    return redirect("sharing:received", pk=row.disclosure.pk)
