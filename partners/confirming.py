"""Whether whoever holds the keyboard is still who signed in: asked again inside a page, so that nothing typed is lost.

By her password, by a code of her application, typed in the same field, or by her passkey, which a button of the page asks for
(templates/components/confirm_identity.html). A page that has a form of its own:

    asks = confirming.asked(request, at)          # None where she proved it within five minutes
    if asks and form.is_valid():
        wrong = confirming.refused(request, form.cleaned_data["password"], at)   # None where she proves it now

and shows `asks` in that component, with the form's field `password` (`confirming.field()`). A page without a form of its own
carries `@confirming.fresh_required`: the middleware leads through /compte/confirmer/ first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import ledger

from .accounts import codes, keys
from .accounts.mfa_adapter import keys_can_serve
from .models import Professional

SESSION_KEY = "signed_in_at"
FRESH = timedelta(minutes=5)  # practice.md, part 8
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """By what she may prove who she is, on this site."""

    password: bool
    code: bool
    key: bool

    @property
    def typed(self) -> bool:
        """Whether something may be typed."""
        return self.password or self.code

    @property
    def any(self) -> bool:
        """Whether there is any; who enters by a provider alone, without a factor of hers here, has none."""
        return self.typed or self.key

    @property
    def label(self) -> str:
        """What the field asks for."""
        if self.password and self.code:
            return _("Votre mot de passe, ou le code de votre application")
        return _("Le code de votre application") if self.code else _("Votre mot de passe")


def seen(request: HttpRequest, at: datetime) -> None:
    """Remember, in the session and nowhere else, when her identity was last proved."""
    request.session[SESSION_KEY] = at.isoformat()


def lately(request: HttpRequest, at: datetime) -> bool:
    """Whether her identity was proved within five minutes; what cannot be read was not."""
    try:
        proved_at = datetime.fromisoformat(request.session[SESSION_KEY])
    except (KeyError, TypeError, ValueError):
        return False
    return at - FRESH < proved_at <= at


def ways(request: HttpRequest) -> Ways:
    """By what she may prove it here; one statement."""
    professional = cast(Professional, request.user)
    kinds = set(Authenticator.objects.filter(user_id=professional.pk).values_list("type", flat=True))
    return Ways(
        password=professional.has_usable_password(),
        code=codes.APPLICATION in kinds,
        key=codes.KEY in kinds and keys_can_serve(request),
    )


def asked(request: HttpRequest, at: datetime, *, urgent: bool = False) -> Ways | None:
    """What a page must ask before it acts; None where she proved it lately.

    Who enters by a provider alone has nothing to be asked for here: she enters again, unless it is `urgent`, which nothing delays.
    """
    if lately(request, at):
        return None
    found = ways(request)
    return None if urgent and not found.any else found


def field(hint: Any = "") -> forms.CharField:
    """The field `password` of a form that may ask; the component writes its label."""
    return forms.CharField(
        help_text=hint,
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def refused(request: HttpRequest, given: str, at: datetime, *, only_by_factor: bool = False) -> str | None:
    """Why what she typed does not prove who she is, as a sentence; None where it does. Counts the try, notes it."""
    found = ways(request)
    if only_by_factor:
        found = replace(found, password=False)
    if not found.any:
        return enter_again()
    if not given:
        if found.key and not found.typed:
            return _("Utilisez votre clé, puis envoyez : rien de ce que vous avez écrit n’est perdu.")
        if found.code:
            return _("Écrivez votre mot de passe ou un code : rien de ce que vous avez écrit n’est perdu.")
        return _("Écrivez votre mot de passe : rien de ce que vous avez écrit n’est perdu.")
    if seconds := codes.seconds_to_wait(cast(Professional, request.user)):
        return too_many(seconds)
    if confirm(request, given, at, only_by_factor=only_by_factor):
        return None
    if found.code and not found.password:
        return _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez.")
    if found.code:
        return _("Ce n’est ni votre mot de passe, ni un code qui n’a pas encore servi. Rien n’est perdu : réessayez.")
    return _("Ce n’est pas votre mot de passe. Rien n’est perdu : réessayez.")


def enter_again() -> str:
    """What is said to who has neither a password nor a factor here."""
    return _(
        "Vous entrez par ProConnect, et n’avez ici ni mot de passe ni second facteur : déconnectez-vous, entrez de nouveau, "
        "puis recommencez dans les cinq minutes."
    )


def too_many(seconds: int) -> str:
    """What is said after too many tries: how long, and that a rescue never waits for it."""
    sentence = ngettext(
        "Trop d’essais en peu de temps : attendez %(seconds)s seconde, puis réessayez.",
        "Trop d’essais en peu de temps : attendez %(seconds)s secondes, puis réessayez.",
        seconds,
    )
    danger = _("En cas de danger, appelez : 15, 17, 18, 112, 119.")
    return f"{sentence % {'seconds': seconds}} {danger}"


def confirm(request: HttpRequest, given: str, at: datetime, *, only_by_factor: bool = False) -> bool:
    """Check her code or, unless a factor is asked for, her password; note the attempt, and remember a success."""
    professional = cast(Professional, request.user)
    factor = codes.accept(professional, given, kinds=(codes.APPLICATION,), at=at) if _like_a_code(given) else None
    right = factor is not None or (not only_by_factor and professional.check_password(given))
    return _told(request, at, right=right, factor=factor)


def confirm_by_key(request: HttpRequest, answer: str, at: datetime) -> bool:
    """Check what her passkey signed, note the attempt, and remember a success."""
    factor = keys.proved_by(request, cast(Professional, request.user), answer)
    return _told(request, at, right=factor is not None, factor=factor)


def _like_a_code(given: str) -> bool:
    return given.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").isdecimal()


def _told(request: HttpRequest, at: datetime, *, right: bool, factor: Authenticator | None) -> bool:
    professional = cast(Professional, request.user)
    ledger.note_access(
        action="session.checked",
        object_type="session",
        object_ref=str(professional.pk),
        granted=right,
        professional=professional.pk,
        membership=None,
    )
    if factor is not None:
        post_authentication(request, factor, reauthenticated=True)
    if right:
        codes.forget_tries(professional)
        seen(request, at)
    return right


def fresh_required(view: View) -> View:
    """For a page that hands out what leaves the house: the middleware asks who she is again first, older than five minutes."""
    view.fresh_required = True  # type: ignore[attr-defined]
    return view
