"""The page of « A-t-il servi ? », for either side."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import wording
from partners.acting import acting
from sharing.daily import usefulness
from sharing.daily.usefulness_forms import UsefulnessForm
from sharing.models import Usefulness


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether it served. Not hers: 404. Said already: what was said, and by whom."""
    by = acting(request)
    try:
        side, disclosure = usefulness.side_of(pk, by)
    except usefulness.NotAsked:
        raise Http404 from None
    form = UsefulnessForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            usefulness.tell(disclosure_id=pk, by=by, **form.cleaned_data)
        except usefulness.NotAsked:
            raise Http404 from None
        except usefulness.AlreadyTold as first:
            messages.info(
                request,
                _("C’est déjà dit : %(who)s a répondu « %(what)s ». Rien n’a été ajouté.")
                % {"who": first.told.by.professional.full_name, "what": first.told.get_served_display()},
            )
            return redirect("home")
        messages.success(request, _("Merci. Votre réponse aide à ne partager que ce qui sert."))
        return redirect("home")
    told = usefulness.told_by(disclosure, side)
    context = {
        "form": form,
        "disclosure": disclosure,
        "mine": side == Usefulness.Side.AUTHOR,
        "purpose": wording.purpose(disclosure.purpose),
        "told": told,
        "over": told is not None and told.served != Usefulness.Served.TOO_SOON,
    }
    return render(request, "sharing/daily/usefulness.html", context, status=422 if form.errors else 200)
