"""The first start by a page: behind a code that the server's log shows, and gone for good once an institution exists."""

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.tending import DirectoryError

from . import founding, letters
from .founding_forms import FirstStartForm

log = structlog.get_logger(__name__)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_start(request: HttpRequest) -> HttpResponse:
    """Make the first institution and invite the two who open it; 404 as soon as one exists."""
    if founding.is_founded():
        raise Http404
    form = FirstStartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not founding.opens(form.cleaned_data["code"], clock.now()):
            log.warning("first_start.wrong_code")
            form.add_error("code", _("Ce n’est pas le code d’aujourd’hui. Relisez le journal du serveur."))
        else:
            made = _found(form)
            if made is not None:
                return _done(request, made)
    return render(request, "partners/people/first_start.html", {"form": form}, status=422 if form.errors else 200)


def _found(form: FirstStartForm) -> founding.Founded | None:
    try:
        return founding.found(
            house=form.house(),
            administrator=form.administrator(),
            dpo=form.dpo(),
            why_same=form.cleaned_data["why_same"],
            by="page",
        )
    except founding.AlreadyFounded as error:
        raise Http404 from error
    except DirectoryError as error:
        form.add_error("why_same" if form.cleaned_data["same"] else None, str(error))
        return None


def _done(request: HttpRequest, made: founding.Founded) -> HttpResponse:
    """Who was written to; a link is shown only where its letter could not leave."""
    told = [
        {"invitation": one, "link": "" if letters.send_invitation(one, secret) else letters.link(secret)}
        for one, secret in made.invitations
    ]
    return render(request, "partners/people/first_start_done.html", {"institution": made.institution, "told": told})
