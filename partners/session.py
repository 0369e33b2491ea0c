"""Signing in, staying signed in, acting for an institution, signing out. Each opening and end is noted."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY as SIGNED_IN_KEY
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from audit import ledger

from . import acting, clock, confirming
from .forms import ActAsForm, SignInForm
from .models import Professional

# Says only that somebody signed in on this browser today: what tells an expired session from a first visit.
SEEN_COOKIE = "seance"
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
    if request.GET.get("fin") == "rattachement":
        return "warning", _(
            "Votre session est terminée : vous n’avez plus de rattachement en vigueur dans un service. "
            "Si c’est une erreur, adressez-vous à la personne qui tient l’annuaire de votre institution."
        )
    if SIGNED_IN_KEY in request.session:
        return "warning", _(
            "Votre session est terminée : votre compte a été fermé ou vos identifiants ont changé. "
            "Si c’est une erreur, adressez-vous à la personne qui tient l’annuaire de votre institution."
        )
    if "expiree" in request.GET or SEEN_COOKIE in request.COOKIES:
        return "info", _(
            "Votre session s’est terminée par sécurité. Vos brouillons sont conservés : vous les retrouverez "
            "en vous connectant."
        )
    return None


class SignInView(auth_views.LoginView):
    """Sign in with an address and a password; `next` is followed only inside the house."""

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "said": said(self.request)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response.render()  # type: ignore[attr-defined]
        if SIGNED_IN_KEY in request.session:
            request.session.flush()
        response.delete_cookie(SEEN_COOKIE)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        note("session.opened", form.get_user().pk, granted=True)
        confirming.seen(self.request, clock.now())
        remember(response)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same work whether the address is known or not: one look-up, one line in the access log."""
        address = form.cleaned_data.get("username", "")
        known = Professional.objects.filter(email=address).values_list("pk", flat=True).first()
        note("session.refused", known, granted=False)
        return super().form_invalid(form)


def remember(response: HttpResponseBase) -> None:
    """Leave the mark that lets the sign-in page say that a session ended; it holds nothing."""
    response.set_cookie(
        SEEN_COOKIE, "1", max_age=SEEN_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server; the cookie is worth nothing afterwards."""
    professional = request.user.pk if request.user.is_authenticated else None
    if professional is not None:
        note("session.closed", professional, granted=True)
    response = auth_views.LogoutView.as_view()(request)
    response.delete_cookie(SEEN_COOKIE)
    return response


@acting.acting_not_required
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
        request.session.cycle_key()
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


sign_in = method_decorator(login_not_required, name="dispatch")(SignInView).as_view()
