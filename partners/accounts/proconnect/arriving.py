"""Somebody comes back from ProConnect: she enters, she waits, or she is refused, and is told which."""

from datetime import datetime
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from audit import ledger
from partners import clock, session
from partners.accounts import factors, waiting
from partners.models import ProConnectLink, Professional

from . import identity as identities
from . import invited, joining, leaving, linking
from .identity import Identity
from .refusing import SENTENCES, Refused

METHOD = "proconnect"


def refused(request: HttpRequest, *, error: Any, exception: Any, told: Any) -> HttpResponse:
    """The page that says why nobody entered; noted without an address, as any refusal is."""
    reason = _reason(error, exception, told)
    known = request.user.pk if request.user.is_authenticated else None
    if known or waiting.worth_noting(request):
        ledger.note_access(
            action="session.refused",
            object_type="proconnect",
            object_ref=reason,
            granted=False,
            professional=known,
            membership=None,
        )
    return page_of(request, reason)


def page_of(request: HttpRequest, reason: str) -> HttpResponse:
    """The same, for what failed before anything was asked."""
    status = {"cancelled": 200, "silent": 503}.get(reason, 403)
    return render(request, "partners/proconnect_refused.html", {"sentence": SENTENCES[reason]}, status=status)


def _reason(error: Any, exception: Any, told: Any) -> str:
    if error == AuthError.CANCELLED:
        return "cancelled"
    if isinstance(exception, Refused):
        return exception.reason
    if exception is not None:
        return "silent"
    return "refused" if (told or {}).get("state") else "state"


def arrived(
    request: HttpRequest, identity: Identity, *, state: dict[str, Any], way_out: tuple[str, str]
) -> HttpResponse:
    """What an identity whose signatures hold leads to. `way_out`: the token and the address by which she leaves there.

    Signed in already, she is asked whether to link it. Known, and from an establishment of hers, or from the one that invites her,
    she enters. Come to accept an invitation, unknown, she goes on to its page. Otherwise it waits.
    """
    at = clock.now()
    target = session.inside(request, state.get("next"))
    found = linking.linked(identity)
    if request.user.is_authenticated:
        if found is not None and found.professional_id == request.user.pk:
            return redirect(target)
        identities.keep(request, identity, at)
        return redirect("proconnect_link")
    invitation = invited.kept(request, at) if target == reverse("proconnect_join") else None
    joins = invitation is not None and found is not None and joining.is_for(invitation, identity, found.professional)
    if invitation is not None and not joins:
        identities.keep(request, identity, at)
        leaving.remember(request, *way_out)
        return redirect("proconnect_join")
    if found is None:
        identities.keep(request, identity, at)
        return redirect("proconnect_waiting")
    if not joins and not linking.from_one_of_hers(identity, found.professional):
        return _waits(request, identity, found, at, "establishment")
    if not (linking.stands(found) or factors.has_one(found.professional)):
        return _waits(request, identity, found, at, "second_person")
    leaving.remember(request, *way_out)
    return enter(request, identity, found, target)


def _waits(request: HttpRequest, identity: Identity, link: ProConnectLink, at: datetime, why: str) -> HttpResponse:
    """Known, and not entered: whoever tends the directory has to answer first."""
    linking.ask(identity, link.professional, at)
    identities.keep(request, identity, at)
    _note_refused(link.professional, why)
    return redirect("proconnect_waiting")


def enter(request: HttpRequest, identity: Identity, link: ProConnectLink, target: str) -> HttpResponse:
    """Sign in, by the same stages as a password: where two factors were not proved there, hers is asked for here.

    It is asked for too where somebody else recognised her: nobody who tends a directory enters in her place.
    """
    professional = link.professional
    entering = Login(user=professional, redirect_url=target)
    identities.forget(request)
    by_herself = link.made_by.professional_id == professional.pk
    if identity.second_factor and (by_herself or not factors.has_one(professional)):
        factors.vouch(request, professional, method=METHOD)
        LoginStageController(request, entering).set_handled(AuthenticateStage.key)
    else:
        record_authentication(request, professional, METHOD)
    return cast(HttpResponse, perform_login(request, entering))


def _note_refused(professional: Professional, why: str) -> None:
    ledger.note_access(
        action="session.refused",
        object_type="proconnect",
        object_ref=why,
        granted=False,
        professional=professional.pk,
        membership=None,
    )
