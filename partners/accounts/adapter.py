"""What allauth asks the house at each step of signing in, whatever the way: password, second factor, key, provider."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from audit.models import Access
from partners import clock, confirming, session
from partners.models import AccountLetter, Professional

from . import browsers, mailing, sessions, waiting


class AccountAdapter(DefaultAccountAdapter):
    """The house's words and its traces; nobody signs up by herself."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Adresse ou mot de passe incorrect. Vérifiez les deux, puis réessayez."),
        "incorrect_password": _("Ce mot de passe n’est pas le vôtre. Vérifiez-le, puis réessayez."),
        "enter_current_password": _("Ce mot de passe n’est pas celui que vous utilisez aujourd’hui."),
        "incorrect_code": _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez."),
        "too_many_login_attempts": _("Trop d’essais en peu de temps. Attendez quelques minutes, puis réessayez."),
        "rate_limited": _("Trop d’essais en peu de temps. Attendez quelques minutes, puis réessayez."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """No form of an account answers in JSON."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only this house, under the name by which it is being visited (abuse 44)."""
        return bool(url) and session.inside(self.request, url, otherwise="") == url

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **options: Any
    ) -> None:
        """Only what the house's own pages say; allauth's sentences stay unsaid."""
        if message:
            super().add_message(request, level, message=message)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """No count kept in the cache of tries at one address: whoever knows it could keep its owner out."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Look at a password, at the pace of whoever tries (waiting.py). Raises TooSoon."""
        admitted = waiting.admit(request, str(credentials.get("email", "")))
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            waiting.forgive(admitted)
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """What allauth may count by: a network, as the house does."""
        return waiting.network_of(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The same work whether the address is known or not: one look-up, one line in the access log."""
        address = str(credentials.get("email", "")).lower()
        known = Professional.objects.filter(email=address).values_list("pk", flat=True).first()
        session.note("session.refused", known, granted=False)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """A closed account, recognised by another way than a password: to the sign-in page, which says so."""
        session.note("session.refused", user.pk, granted=False)
        return redirect("/connexion/?fin=compte")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **options: Any) -> HttpResponse:
        """Every way of entering ends here."""
        response = super().post_login(request, user, **options)
        professional = cast(Professional, user)
        session.note("session.opened", professional.pk, granted=True)
        confirming.seen(request, clock.now())
        session.remember(response)
        sessions.begin(request, professional)
        if not browsers.known(request, professional.email) and entered_before(professional):
            mailing.ask(AccountLetter.Kind.NEW_BROWSER, professional)
        browsers.entered(request, response, professional.email)
        return response

    def logout(self, request: HttpRequest) -> None:
        """The session ends on the server, and leaves the list of hers."""
        key = request.session.session_key
        super().logout(request)
        sessions.ended(key)


def entered_before(professional: Professional) -> bool:
    """Whether a session of hers was opened before this one: nobody is warned of her own first day."""
    opened = Access.objects.filter(professional_ref=professional.pk, action="session.opened", granted=True)
    return opened[1:2].exists()
