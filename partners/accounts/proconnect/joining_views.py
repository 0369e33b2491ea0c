"""Accepting an invitation by ProConnect: from its page to ProConnect, then back here, to accept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from requests import RequestException

from partners import acting, clock
from partners.accounts import joining as accepting
from partners.accounts.invitation_page import accepted, dead, page
from partners.accounts.joining_forms import NameForm
from partners.models import Invitation
from partners.siret import spaced
from partners.tending import DirectoryError

from . import arriving, identity, invited, joining, linking, provider
from .identity import Identity
from .refusing import Refused
from .views import sent_on, where_enabled


def begin(request: HttpRequest, one: Invitation) -> HttpResponse:
    """Send the browser to ProConnect; it comes back to « proconnect_join ». Raises Http404 where ProConnect is off."""
    provider.described()
    if not invited.offered(one):
        return dead(request)
    invited.keep(request, one, clock.now())
    try:
        url = provider.address_to_enter(request, next_url=reverse("proconnect_join"))
    except (RequestException, Refused):
        return arriving.page_of(request, "silent")
    response = sent_on(request, url)
    response["Referrer-Policy"] = "no-referrer"
    return response


@where_enabled
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Back from ProConnect: what is proposed, what ProConnect says, and what may be done of both."""
    at = clock.now()
    one = invited.kept(request, at)
    if one is None:
        return dead(request)
    known = accepting.known(one)
    if request.user.is_authenticated:
        if known is None or known.pk != request.user.pk:
            return page(request, one, known=known is not None, other=request.user, status=409)
        if request.method != "POST":
            return page(request, one, known=True, mine=True)
        return accepted(request, one, known)
    found = identity.kept(request, at)
    if found is None:
        return _told(request, one, None, "late")
    if not joining.from_its_house(found, one):
        return _told(request, one, found, "elsewhere")
    if linking.linked(found) is not None:
        return _told(request, one, found, "taken")
    if known is not None:
        return _told(request, one, found, "known")
    return _with_a_new_account(request, one, found)


def _with_a_new_account(request: HttpRequest, one: Invitation, found: Identity) -> HttpResponse:
    names = {"title": one.title, "first_name": one.first_name, "last_name": one.last_name}
    form = NameForm(request.POST if request.method == "POST" else None, initial=names)
    if request.method == "POST" and form.is_valid():
        try:
            membership = joining.accept(digest=one.digest, identity=found, by=form.account())
        except (accepting.NotUsable, accepting.NotHers):
            return dead(request)
        except joining.AnotherEstablishment:
            return _told(request, one, found, "elsewhere")
        except DirectoryError:
            return _told(request, one, found, "taken")
        return _entering(request, found, str(membership.pk))
    return _told(request, one, found, "", form=form)


def _entering(request: HttpRequest, found: Identity, membership: str) -> HttpResponse:
    """She enters her new account by what she just proved: the same stages as any other day."""
    link = linking.linked(found)
    assert link is not None  # made a moment ago, under its lock
    invited.forget(request)
    request.session[acting.SESSION_KEY] = membership
    messages.success(request, _("Votre compte est ouvert : vous y entrez par ProConnect."))
    return arriving.enter(request, found, link, reverse("home"))


def _told(
    request: HttpRequest, one: Invitation, found: Identity | None, why: str, *, form: NameForm | None = None
) -> HttpResponse:
    """The page, with what stops her (`why`: late, elsewhere, taken, known) or the form that accepts."""
    told = {
        "invitation": one,
        "identity": found,
        "siret": spaced(found.siret) if found else "",
        "why": why,
        "form": form,
    }
    status = 409 if why else 422 if form is not None and form.errors else 200
    return render(request, "partners/proconnect_join.html", told, status=status)
