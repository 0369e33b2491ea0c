"""Going to ProConnect, coming back, waiting to be recognised, linking, unlinking. None of these doors exists while it is off.

One goes to ProConnect through a page of ours that sends the browser on: a form whose answer redirected to another house would be
stopped by our own rules (CSP, form-action), here and at each house that ProConnect sends to in turn.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from partners import clock, confirming, session
from partners.accounts import factors
from partners.acting import acting, acting_required
from partners.models import ProConnectLink
from partners.search import normalised
from partners.siret import spaced
from partners.tending import DirectoryError

from . import arriving, identity, leaving, linking, provider
from .refusing import Refused

View = Callable[..., HttpResponseBase]


def where_enabled(view: View) -> View:
    """Answered 404, like a page that does not exist, while ProConnect is not configured."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        provider.described()
        return view(request, *args, **kwargs)

    return guarded


def sent_on(request: HttpRequest, url: str, *, leaving: bool = False) -> HttpResponse:
    """A page of ours that sends the browser to another house, and says where it goes."""
    return render(request, "partners/proconnect_on.html", {"url": url, "leaving": leaving})


@where_enabled
@login_not_required
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Go and prove who one is at ProConnect; `next` is followed only inside the house."""
    target = session.inside(request, request.POST.get("next"))
    try:
        url = provider.address_to_enter(request, next_url=target)
    except (RequestException, Refused):
        return arriving.page_of(request, "silent")
    return sent_on(request, url)


@where_enabled
@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """What ProConnect answers, through the browser."""
    answered: HttpResponse = provider.CallbackView.adapter_view(provider.Adapter(request))(request)
    return answered


@where_enabled
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """An identity that does not enter yet: link it by entering another way, or ask whoever tends the directory."""
    at = clock.now()
    found = identity.kept(request, at)
    if found is None:
        return redirect("partners:sign_in")
    link = linking.linked(found)
    if request.method == "POST":
        linking.ask(found, link.professional if link else None, at)
        return redirect("proconnect_waiting")
    stands = linking.standing(found)
    told = {
        "identity": found,
        "siret": spaced(found.siret),
        "known": link is not None,
        "alone": link is not None and linking.from_one_of_hers(found, link.professional),
        "standing": stands,
        "can_ask": bool(found.siret) or link is not None,
    }
    return render(request, "partners/proconnect_waiting.html", told)


@where_enabled
@require_http_methods(["GET", "HEAD", "POST"])
@acting_required
def link(request: HttpRequest) -> HttpResponse:
    """« Is this you? »: asked of whoever proves it here, by a password or a key, and by her factor if she has one."""
    at, by = clock.now(), acting(request)
    found = identity.kept(request, at)
    if found is None:
        return redirect("partners:account")
    if factors.has_one(by.professional) and not factors.proved(request):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('proconnect_link')})}")
    asks = still_to_prove(request, at)
    form = ProofForm(request.POST if request.method == "POST" else None)
    wrong = None
    if request.method == "POST":
        given = form.cleaned_data["password"] if form.is_valid() else ""
        wrong = confirming.refused(request, given, at) if asks else None
        if wrong is None:
            try:
                linking.link(identity=found, by=by)
            except DirectoryError as error:
                wrong = str(error)
            else:
                return _linked(request, found)
    told = {
        "identity": found,
        "siret": spaced(found.siret),
        "by": by,
        "other_name": normalised(by.professional.last_name) not in normalised(found.name),
        "asks": asks,
        "form": form,
        "errors": [{"text": wrong, "target": "confirm-identity" if asks else ""}] if wrong else [],
    }
    return render(request, "partners/proconnect_link.html", told, status=422 if wrong else 200)


class ProofForm(forms.Form):
    """Her password or a code, where it is asked for."""

    password = confirming.field()


def still_to_prove(request: HttpRequest, at: datetime) -> confirming.Ways | None:
    """What she must still prove; None where she proved it lately, and here: having come by ProConnect is no proof of it."""
    records = get_authentication_records(request, request.user)
    here = any(one.get("method") in {"password", "mfa"} for one in records)
    return None if here and confirming.lately(request, at) else confirming.ways(request)


def _linked(request: HttpRequest, found: identity.Identity) -> HttpResponse:
    """Linked; from an establishment that is not hers here, it waits all the same."""
    professional = acting(request).professional
    identity.forget(request)
    if linking.from_one_of_hers(found, professional):
        messages.success(request, _("C’est fait : vous pouvez entrer par ProConnect."))
    else:
        linking.ask(found, professional, clock.now())
        messages.warning(
            request,
            _(
                "L’identité est reliée. Elle vient d’un établissement que Tact ne connaît pas comme le vôtre : la personne "
                "qui tient l’annuaire de votre institution doit encore le confirmer."
            ),
        )
    return redirect("partners:account")


@where_enabled
@require_POST
@acting_required
def unlink(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one of one's own links away."""
    by = acting(request)
    one = get_object_or_404(ProConnectLink, pk=pk, professional=by.professional_id)
    try:
        linking.end(one=one, by=by)
    except linking.LastWay:
        messages.error(
            request,
            _("Rien n’a changé : vous n’avez pas de mot de passe ici, et cette identité est votre seule entrée."),
        )
    else:
        messages.success(request, _("C’est fait : cette identité ProConnect n’entre plus ici."))
    return redirect("partners:account")


@where_enabled
@login_not_required
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Back from ProConnect's own sign-out."""
    if leaving.came_back(request):
        messages.info(request, _("Vous êtes déconnecté·e de Tact et de ProConnect."))
    return redirect("partners:sign_in")
