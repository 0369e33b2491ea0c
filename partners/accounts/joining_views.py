"""The page that an invitation's link opens. Opening it does nothing (mail scanners do): only what is posted accepts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.models import Invitation, Professional

from . import joining
from .invitation_page import accepted, dead, page
from .joining_forms import JoinForm
from .proconnect import joining_views as by_proconnect

BY_PROCONNECT = "proconnect"


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is proposed, by which institution; with a new account, by ProConnect, or signed in with one's own."""
    try:
        one = joining.found(secret, clock.now())
    except joining.NotUsable:
        return dead(request)
    known = joining.known(one)
    signed_in = request.user if request.user.is_authenticated else None
    if signed_in is None and request.POST.get("action") == BY_PROCONNECT:
        return by_proconnect.begin(request, one)
    if known is None:
        return _with_a_new_account(request, one, other=signed_in)
    if signed_in is None or signed_in.pk != known.pk:
        return page(request, one, known=True, other=signed_in, status=200 if request.method != "POST" else 409)
    if request.method != "POST":
        return page(request, one, known=True, mine=True)
    return accepted(request, one, known)


def _with_a_new_account(request: HttpRequest, one: Invitation, *, other: Professional | None) -> HttpResponse:
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        invitation=one,
        initial={"title": one.title, "first_name": one.first_name, "last_name": one.last_name},
    )
    if other is not None:
        return page(request, one, other=other, status=200 if request.method != "POST" else 409)
    if request.method == "POST" and form.is_valid():
        try:
            joining.accept_by_digest(digest=one.digest, by=form.account())
        except (joining.NotUsable, joining.NotHers):
            return dead(request)
        messages.success(request, _("Votre compte est ouvert. Connectez-vous avec votre adresse et ce mot de passe."))
        return redirect("partners:sign_in")
    return page(request, one, form=form, status=422 if form.errors else 200)
