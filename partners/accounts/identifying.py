"""Proving who one is: the second factor at sign-in, a passkey alone, and again before what asks for it (/compte/confirmer/)."""

from dataclasses import replace
from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import clock, confirming, session
from partners.acting import acting_not_required, before_second_factor
from partners.models import Professional

from . import codes, factor_acts, factors, keys, sessions, waiting
from .factor_forms import CodeForm, CredentialForm
from .mfa_adapter import keys_can_serve

GIVE_UP = "again"


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """After the password: a code of the application, a key, or a recovery code. Nobody is signed in before."""
    stage = request._login_stage  # type: ignore[attr-defined]
    whose: Professional = stage.login.user
    if request.POST.get("action") == GIVE_UP:
        return cast(HttpResponse, stage.abort())
    kinds = set(Authenticator.objects.filter(user_id=whose.pk).values_list("type", flat=True))
    if not kinds & set(factors.PRIMARY):
        return cast(HttpResponse, stage.abort())
    by_key = request.method == "POST" and "credential" in request.POST and "code" not in request.POST
    form = CodeForm(request.POST if request.method == "POST" and not by_key else None)
    if codes.APPLICATION not in kinds:
        form.fields["code"].label = _("Code de secours")
    wrong, status = "", 200
    if request.method == "POST":
        if seconds := codes.seconds_to_wait(whose):
            wrong, status = confirming.too_many(seconds), 429
        elif (factor := _proof(request, whose, form, by_key=by_key)) is not None:
            codes.forget_tries(whose)
            post_authentication(request, factor)
            factor_acts.code_served(by=whose, factor=factor)
            return cast(HttpResponse, stage.exit())
        else:
            session.note("session.refused", whose.pk, granted=False)
            wrong, status = _why(form, by_key=by_key), 422
    has_key = codes.KEY in kinds and keys_can_serve(request)
    context = {
        "form": form,
        "wrong": wrong,
        "has_application": codes.APPLICATION in kinds,
        "has_codes": codes.RECOVERY in kinds,
        "has_key": has_key,
        "options": keys.asked_of(whose) if has_key else "",
    }
    return render(request, "mfa/authenticate.html", context, status=status)


def _proof(request: HttpRequest, whose: Professional, form: forms.Form, *, by_key: bool) -> Authenticator | None:
    if by_key:
        return keys.proved_by(request, whose, request.POST["credential"])
    if not form.is_valid():
        return None
    return codes.accept(whose, form.cleaned_data["code"], kinds=(codes.APPLICATION, codes.RECOVERY), at=clock.now())


def _why(form: forms.Form, *, by_key: bool) -> str:
    if by_key:
        return _("La clé n’a pas répondu comme il faut. Réessayez, ou utilisez un autre moyen.")
    if form.errors:
        return _("Écrivez le code.")
    return _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez.")


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def by_key_alone(request: HttpRequest) -> HttpResponseBase:
    """A passkey signs in by itself: it is held, and it checked who holds it. What it must sign, then what it signed."""
    if request.user.is_authenticated:
        return redirect(session.inside(request, request.POST.get("next") or request.GET.get("next")))
    if not keys_can_serve(request):
        return redirect("account_login")
    if request.method == "GET":
        return HttpResponse(keys.asked_of(None), content_type="application/json")
    form = CredentialForm(request.POST)
    factor = keys.proved_by(request, None, form.cleaned_data["credential"]) if form.is_valid() else None
    if factor is None:
        if waiting.worth_noting(request):
            session.note("session.refused", None, granted=False)
        return redirect("/connexion/?cle=refusee")
    target = session.inside(request, request.POST.get("next"))
    post_authentication(request, factor, passwordless=True)
    return cast(HttpResponse, perform_login(request, Login(user=factor.user, redirect_url=target)))


class AgainForm(forms.Form):
    """Her password or a code, again."""

    password = confirming.field()


@acting_not_required
@before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Who holds the keyboard proves it again, then goes on where she was.

    By a factor only, where this session proved none of hers.
    """
    at = clock.now()
    target = session.inside(request, request.POST.get("next") or request.GET.get("next"))
    asks = confirming.ways(request)
    by_factor = not factors.proved(request) and factors.has_one(factors.whose(request))
    if by_factor:
        asks = replace(asks, password=False)
    elif confirming.lately(request, at) and request.method == "GET":
        return redirect(target)
    form = AgainForm(request.POST if request.method == "POST" else None)
    wrong = None
    if form.is_bound:
        wrong = None if by_factor and factors.proved(request) else _refused(request, form, at, by_factor=by_factor)
        if wrong is None:
            sessions.rotate(request)
            return redirect(target)
    context: dict[str, Any] = {"asks": asks, "form": form, "wrong": wrong, "next": target, "by_factor": by_factor}
    return render(request, "mfa/confirm.html", context, status=422 if wrong else 200)


def _refused(request: HttpRequest, form: forms.Form, at: Any, *, by_factor: bool) -> str | None:
    given = form.cleaned_data["password"] if form.is_valid() else ""
    if not given and confirming.lately(request, at) and not by_factor:
        return None  # her key proved it while the page was open
    return confirming.refused(request, given, at, only_by_factor=by_factor)


@never_cache
@acting_not_required
@before_second_factor
@require_http_methods(["GET", "POST"])
def again_by_key(request: HttpRequest) -> HttpResponse:
    """The same by her key, for the button inside a page: what it must sign, then whether it proves (204, 422, 429)."""
    whose = factors.whose(request)
    if request.method == "GET":
        return HttpResponse(keys.asked_of(whose), content_type="application/json")
    if codes.seconds_to_wait(whose):
        return HttpResponse(status=429)
    form = CredentialForm(request.POST)
    proved = form.is_valid() and confirming.confirm_by_key(request, form.cleaned_data["credential"], clock.now())
    return HttpResponse(status=204 if proved else 422)
