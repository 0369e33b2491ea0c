"""« Second facteur », in one's account: an application, keys, recovery codes. What may be changed is asked for freshly."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners import clock, confirming, session
from partners.acting import acting_not_required, before_second_factor

from . import codes, factor_acts, factors, keys, qr, sessions
from .factor_forms import KeyNameForm, NewApplicationForm, NewKeyForm
from .mfa_adapter import keys_can_serve

SECRET = "factor_secret"  # noqa: S105
OPENED = "factor_opened_at"
PATIENCE = timedelta(minutes=15)
"""How long a page that sets a factor up stays good: one installs an application on a telephone meanwhile."""
View = Callable[..., HttpResponseBase]


def hers_to_change(view: View) -> View:
    """For a page that changes her factors: reached before one is set, by who proved lately who she is, by a factor if she has one.

    A page that was opened so stays good for a quarter of an hour.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = clock.now()
        # A session opened before she had a factor proves it first: a password alone neither adds nor removes one.
        weak = not factors.proved(request) and factors.has_one(factors.whose(request))
        if weak or not (confirming.lately(request, at) or (request.method == "POST" and _still_open(request, at))):
            here = request.get_full_path() if request.method == "GET" else reverse("mfa_index")
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")
        if request.method == "GET":
            request.session[OPENED] = at.isoformat()
        return view(request, *args, **kwargs)

    return acting_not_required(before_second_factor(guarded))


def _still_open(request: HttpRequest, at: datetime) -> bool:
    try:
        opened = datetime.fromisoformat(request.session[OPENED])
    except (KeyError, TypeError, ValueError):
        return False
    return at - PATIENCE < opened <= at


def _next(request: HttpRequest) -> str:
    """Where she was going when she was led here; empty where she came by herself."""
    return session.inside(request, request.POST.get("next") or request.GET.get("next"), otherwise="")


@acting_not_required
@before_second_factor
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What proves that it is her beside her password; where it is due, what to do first."""
    whose = factors.whose(request)
    due = factors.second_factor_due(request)
    if due and factors.has_one(whose):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': _next(request) or '/'})}")
    found = list(Authenticator.objects.filter(user_id=whose.pk).order_by("created_at"))
    return render(
        request,
        "mfa/index.html",
        {
            "due": due,
            "expected": factors.expected(request),
            "application": next((one for one in found if one.type == codes.APPLICATION), None),
            "keys": [{"row": one, "name": one.wrap().name} for one in found if one.type == codes.KEY],
            "keys_can_serve": keys_can_serve(request),
            "codes_left": factor_acts.codes_left(whose),
            "has_one": any(one.type in factors.PRIMARY for one in found),
            "next": _next(request),
        },
    )


@hers_to_change
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest) -> HttpResponse:
    """Set an application up: its secret, drawn and written, then the code that it shows."""
    whose = factors.whose(request)
    form = NewApplicationForm(request.POST if request.method == "POST" else None)
    secret = request.session.get(SECRET)
    if not form.is_bound or not secret:
        secret = request.session[SECRET] = generate_totp_secret()
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and _tried(request, form, "code"):
            made = factor_acts.set_up_application(
                by=whose, secret=secret, code=form.cleaned_data["code"], at=clock.now(), here=_here(request)
            )
            if made is not None:
                del request.session[SECRET]
                return _set_up(request, made)
            form.add_error(
                "code",
                _("Ce n’est pas le code de cette application. Attendez le suivant, et vérifiez l’heure du téléphone."),
            )
    adapter = get_adapter()
    context = {
        "form": form,
        "drawing": qr.drawn(adapter.build_totp_url(whose, secret)),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "next": _next(request),
    }
    return render(request, "mfa/totp/activate_form.html", context, status=status)


def _tried(request: HttpRequest, form: Any, name: str) -> bool:
    seconds = codes.seconds_to_wait(factors.whose(request))
    if seconds:
        form.add_error(name, confirming.too_many(seconds))
    return not seconds


def _set_up(request: HttpRequest, made: Authenticator) -> HttpResponse:
    """The factor just made is proved in this session; the first time, the recovery codes come with it."""
    whose = factors.whose(request)
    codes.forget_tries(whose)
    factors.record(request, made)
    sessions.rotate(request)
    if factor_acts.codes_left(whose) is None:
        return _show_codes(request)
    messages.success(request, _("C’est fait : votre second facteur est en place. Vos autres sessions sont fermées."))
    return redirect(_next(request) or reverse("mfa_index"))


@hers_to_change
@require_http_methods(["GET", "HEAD", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Add a key: its name, then what the browser answers for it."""
    whose = factors.whose(request)
    suggested = get_adapter().generate_authenticator_name(whose, codes.KEY)
    form = NewKeyForm(request.POST if request.method == "POST" else None, initial={"name": suggested})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            alone = form.cleaned_data["alone"]
            credential = keys.made(request, form.cleaned_data["credential"], alone=alone)
            if credential is not None:
                made = factor_acts.add_key(
                    by=whose, name=form.cleaned_data["name"], credential=credential, here=_here(request)
                )
                return _set_up(request, made)
            form.add_error(None, _("La clé n’a pas répondu comme il faut. Réessayez ; rien n’a été enregistré."))
    context = {
        "form": form,
        "keys_can_serve": keys_can_serve(request),
        "options": keys.asked_to_make(whose) if keys_can_serve(request) else "",
        "next": _next(request),
    }
    return render(request, "mfa/webauthn/add_form.html", context, status=status)


@hers_to_change
@require_http_methods(["GET", "HEAD", "POST"])
def key_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for one of her keys."""
    key = _hers(request, pk, codes.KEY)
    form = KeyNameForm(request.POST if request.method == "POST" else None, initial={"name": key.wrap().name})
    if form.is_bound and form.is_valid():
        key.wrap().name = form.cleaned_data["name"]
        key.save(update_fields=["data"])
        messages.success(request, _("C’est noté : la clé a son nouveau nom."))
        return redirect("mfa_index")
    return render(request, "mfa/webauthn/edit_form.html", {"form": form}, status=422 if form.is_bound else 200)


@hers_to_change
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an application or a key, after a page that says what follows."""
    factor = _hers(request, pk, *factors.PRIMARY)
    refused = ""
    if request.method == "POST":
        try:
            factor_acts.remove(
                by=factors.whose(request), factor=factor, required=factors.expected(request), here=_here(request)
            )
        except factor_acts.LastFactor:
            refused = _(
                "C’est votre dernier second facteur, et votre fonction en demande un : installez-en d’abord un autre."
            )
        else:
            messages.success(
                request,
                _("C’est fait : il ne sert plus. Vos autres sessions sont fermées. Un e-mail vous le confirme."),
            )
            return redirect("mfa_index")
    name = factor.wrap().name if factor.type == codes.KEY else _("votre application")
    context = {"name": name, "is_key": factor.type == codes.KEY, "refused": refused}
    return render(request, "mfa/remove.html", context, status=422 if refused else 200)


@hers_to_change
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once: a POST makes them, and its answer is the only page that ever shows them."""
    whose = factors.whose(request)
    if not factors.has_one(whose):
        return redirect("mfa_index")
    if request.method == "POST":
        return _show_codes(request)
    return render(request, "mfa/recovery_codes/generate.html", {"codes_left": factor_acts.codes_left(whose)})


def _show_codes(request: HttpRequest) -> HttpResponse:
    made = factor_acts.new_codes(by=factors.whose(request), here=_here(request))
    shown = [" ".join(one[at : at + 4] for at in range(0, len(one), 4)) for one in made]
    context = {"codes": shown, "made_at": clock.now(), "next": _next(request) or reverse("mfa_index")}
    return render(request, "mfa/recovery_codes/index.html", context)


def _here(request: HttpRequest) -> str | None:
    """The key of this very session, which goes on when the others end."""
    return request.session.session_key


def _hers(request: HttpRequest, pk: int, *kinds: str) -> Authenticator:
    found = Authenticator.objects.filter(pk=pk, user_id=factors.whose(request).pk, type__in=kinds).first()
    if found is None:
        raise Http404
    return found
