"""Staying signed in, acting for an institution, and why a session ended. Each opening and end is noted."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY as SIGNED_IN_KEY
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from audit import ledger

from . import acting
from .accounts import sessions
from .forms import ActAsForm

# Says only that somebody signed in on this browser today: what tells an expired session from a first visit.
SEEN_COOKIE = settings.SEEN_COOKIE_NAME
SEEN_SECONDS = 12 * 3600


def note(action: str, professional: UUID | None, *, granted: bool, membership: UUID | None = None) -> None:
    """Note an opening or an end of session, without an address: only who it was, where somebody is known."""
    ledger.note_access(
        action=action,
        object_type="session",
        object_ref=str(professional or ""),
        granted=granted,
        professional=professional,
        membership=membership,
    )


def said(request: HttpRequest) -> tuple[str, str] | None:
    """Why one is on the sign-in page, where the reason is not one's own choice: (kind, sentence)."""
    if request.GET.get("fin") == "mot-de-passe":
        return "success", _(
            "Votre mot de passe est changé, et vos sessions ouvertes sont fermées. Connectez-vous avec le nouveau."
        )
    if request.GET.get("fin") == "journee":
        return "info", _(
            "Votre session était ouverte depuis douze heures : par sécurité, elle s’est terminée. Vos brouillons sont "
            "conservés : vous les retrouverez en vous connectant."
        )
    if request.GET.get("fin") == "rattachement":
        return "warning", _(
            "Votre session est terminée : vous n’avez plus de rattachement en vigueur dans un service. "
            "Si c’est une erreur, adressez-vous à la personne qui tient l’annuaire de votre institution."
        )
    if SIGNED_IN_KEY in request.session or request.GET.get("fin") == "compte":
        return "warning", _(
            "Votre session est terminée : votre compte a été fermé ou vos identifiants ont changé. "
            "Si c’est une erreur, adressez-vous à la personne qui tient l’annuaire de votre institution."
        )
    if request.GET.get("cle") == "refusee":
        return "warning", _(
            "Cette clé n’a pas été reconnue ici. Réessayez, ou écrivez votre adresse et votre mot de passe."
        )
    if "expiree" in request.GET or SEEN_COOKIE in request.COOKIES:
        return "info", _(
            "Votre session s’est terminée par sécurité. Vos brouillons sont conservés : vous les retrouverez "
            "en vous connectant."
        )
    return None


def remember(response: HttpResponseBase) -> None:
    """Leave the mark that lets the sign-in page say that a session ended; it holds nothing."""
    response.set_cookie(
        SEEN_COOKIE, "1", max_age=SEEN_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


@acting.acting_not_required
@acting.before_second_factor
@require_POST
def prolong(request: HttpRequest) -> HttpResponse:
    """Stay signed in: any request renews the session, this one does nothing else."""
    return HttpResponse(status=204)


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """French or English, kept in a cookie; `next` is followed only inside the house (Django's view)."""
    return set_language(request)


@acting.acting_not_required
@require_http_methods(["GET", "POST"])
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose for which institution one acts, among one's memberships in force."""
    professional = request.user.pk
    assert professional is not None  # sign-in is required
    memberships = acting.in_force_of(professional)
    form = ActAsForm(request.POST or None, memberships=memberships)
    target = inside(request, request.POST.get("next") or request.GET.get("next"))
    if form.is_valid():
        chosen = form.chosen()
        request.session[acting.SESSION_KEY] = str(chosen.pk)
        sessions.rotate(request)
        note(acting.CHOSEN, professional, granted=True, membership=chosen.pk)
        return redirect(target)
    current = request.session.get(acting.SESSION_KEY) or acting.last_chosen(professional)
    return render(
        request,
        "partners/act_as.html",
        {"form": form, "memberships": memberships, "current": current, "next": target},
        status=200 if request.method == "GET" else 422,
    )


def inside(request: HttpRequest, url: str | None, otherwise: str = settings.LOGIN_REDIRECT_URL) -> str:
    """This address if it is ours, `otherwise` (the first page) if it is not (abuse 44)."""
    safe = url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if url and safe else otherwise
