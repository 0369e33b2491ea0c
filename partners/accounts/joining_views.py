"""The page that an invitation's link opens. Opening it does nothing (mail scanners do): only what is posted accepts."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partners import acting, clock
from partners.models import Function, Invitation, Professional

from . import factors, inviting, joining, sessions
from .joining_forms import JoinForm
from .posts import BY_TWO


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is proposed, by which institution; with a new account, or signed in with one's own."""
    try:
        one = joining.found(secret, clock.now())
    except joining.NotUsable:
        return _dead(request)
    known = joining.known(one)
    signed_in = request.user if request.user.is_authenticated else None
    if known is None:
        return _with_a_new_account(request, one, secret, other=signed_in)
    if signed_in is None or signed_in.pk != known.pk:
        return _page(request, one, known=True, other=signed_in, status=200 if request.method != "POST" else 409)
    if request.method != "POST":
        return _page(request, one, known=True, mine=True)
    if (first := _to_prove_first(request, known)) is not None:
        return first
    try:
        membership = joining.accept(secret=secret, by=known)
    except (joining.NotUsable, joining.NotHers):
        return _dead(request)
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


def _with_a_new_account(
    request: HttpRequest, one: Invitation, secret: str, *, other: Professional | None
) -> HttpResponse:
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        invitation=one,
        initial={"title": one.title, "first_name": one.first_name, "last_name": one.last_name},
    )
    if other is not None:
        return _page(request, one, other=other, status=200 if request.method != "POST" else 409)
    if request.method == "POST" and form.is_valid():
        try:
            joining.accept(secret=secret, by=form.account())
        except (joining.NotUsable, joining.NotHers):
            return _dead(request)
        messages.success(request, _("Votre compte est ouvert. Connectez-vous avec votre adresse et ce mot de passe."))
        return redirect("partners:sign_in")
    return _page(request, one, form=form, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    one: Invitation,
    *,
    form: JoinForm | None = None,
    known: bool = False,
    mine: bool = False,
    other: Professional | None = None,
    status: int = 200,
) -> HttpResponse:
    second = set() if inviting.agreed_by_two(one) else set(one.functions) & BY_TWO
    context = {
        "invitation": one,
        "form": form,
        "known": known,
        "mine": mine,
        "other": other,
        "functions": [str(Function(code).label) for code in one.functions],
        "second": bool(second),
    }
    response = render(request, "partners/people/invitation.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _dead(request: HttpRequest) -> HttpResponse:
    """One page for a link that never was, that served, that was taken back or that is too old: it never says which."""
    response = render(request, "partners/people/invitation_dead.html", status=404)
    response["Referrer-Policy"] = "no-referrer"
    return response
