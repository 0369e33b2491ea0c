"""The page of an invitation, whichever way it is accepted, and what follows for who is signed in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import acting
from partners.models import Function, Invitation, Professional

from . import factors, inviting, joining, sessions
from .joining_forms import NameForm
from .posts import BY_TWO
from .proconnect import invited


def page(
    request: HttpRequest,
    one: Invitation,
    *,
    form: NameForm | None = None,
    known: bool = False,
    mine: bool = False,
    other: Professional | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is proposed, by which institution, and what she may do of it."""
    second = set() if inviting.agreed_by_two(one) else set(one.functions) & BY_TWO
    context = {
        "invitation": one,
        "form": form,
        "known": known,
        "mine": mine,
        "other": other,
        "functions": [str(Function(code).label) for code in one.functions],
        "second": bool(second),
        "by_proconnect": invited.offered(one),
    }
    response = render(request, "partners/people/invitation.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def accepted(request: HttpRequest, one: Invitation, who: Professional) -> HttpResponse:
    """She takes the post with her own account, in which she is signed in, and whose session proves enough."""
    if (first := _to_prove_first(request, who)) is not None:
        return first
    try:
        membership = joining.accept_by_digest(digest=one.digest, by=who)
    except (joining.NotUsable, joining.NotHers):
        return dead(request)
    request.session[acting.SESSION_KEY] = str(membership.pk)
    sessions.rotate(request)
    messages.success(
        request, _("C’est accepté : vous agissez maintenant pour %(place)s.") % {"place": one.institution.name}
    )
    return redirect("home")


def _to_prove_first(request: HttpRequest, known: Professional) -> HttpResponse | None:
    """Where she goes before she accepts: this page is open to all, so nothing else looked at her session on the way here.

    One that has lasted a day is over; one that began before she had a second factor proves it.
    """
    here = urlencode({"next": request.path})
    if sessions.outlived(request):
        logout(request)
        return redirect(f"{reverse('partners:sign_in')}?fin=journee&{here}")
    if factors.has_one(known) and not factors.proved(request):
        return redirect(f"{reverse('account_reauthenticate')}?{here}")
    return None


def dead(request: HttpRequest) -> HttpResponse:
    """One page for a link that never was, that served, that was taken back or that is too old: it never says which."""
    response = render(request, "partners/people/invitation_dead.html", status=404)
    response["Referrer-Policy"] = "no-referrer"
    return response
