"""What the frame of every page shows: the environment, who acts, where one can go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from . import acting
from .models import Function, Membership

MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place of the main menu."""

    label: str
    url: str
    current: bool
    count: int = 0


def frame(request: HttpRequest, *, caseload: Callable[[Membership], bool] = bool) -> dict[str, Any]:
    """The context of templates/base.html. No statement for a page open to all.

    `caseload` says whether she follows cases: this app knows none, `cases.context.frame` tells it.
    """
    membership = current_membership(request)
    return {
        "environment": settings.TACT_ENV,
        "acting": membership,
        "acting_choices": getattr(request, "memberships", []) if membership else [],
        "nav": SimpleLazyObject(lambda: menu(request.path, membership, caseload=caseload(membership)))
        if membership
        else [],
        "person_help": whom_to_ask(membership) if membership else "",
        "footer_links": [{"label": label, "url": url} for label, url in existing(footer())],
    }


def current_membership(request: HttpRequest) -> Membership | None:
    """As which she acts; looked up where no view was found (an error page still shows the frame)."""
    membership: Membership | None = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    if membership is not None or user is None or getattr(request, "resolver_match", None) is not None:
        return membership
    if not user.is_authenticated:
        return None
    return acting.choose(acting.in_force_of(user.pk), request.session.get(acting.SESSION_KEY))


def menu(path: str, membership: Membership, *, caseload: bool) -> list[NavEntry]:
    """Six places (a seventh for who both follows cases and controls), the current one by its path.

    A partner who follows no case sees no caseload.
    """
    places = [("home", _("À faire aujourd’hui"))]
    if caseload:
        places += [("cases:list", _("Mes situations")), ("sharing:sent", _("Communications"))]
    places += [
        ("sharing:requests", _("Demandes")),
        ("sharing:inbox", _("Reçues")),
        ("partners:directory", _("Annuaire")),
    ]
    if membership.has_function(Function.REVIEWER, Function.DPO):
        places.append(("sharing:control", _("Contrôle")))
    elif membership.has_function(Function.TEAM_LEAD):
        places.append(("sharing:dashboard", _("Contrôle")))
    # « Contrôle » leads to both: they stand here as long as there is room.
    if membership.has_function(Function.AUDITOR, Function.DPO) and len(places) < MOST_PLACES:
        places.append(("audit:explorer", _("Journal")))
    elif membership.has_function(Function.TEAM_LEAD) and len(places) < MOST_PLACES:
        places.append(("cases:team", _("Mon équipe")))
    # What one must do is all of it « à faire »: its list and its pages stand under the first place.
    at_home = tuple(url for _label, url in existing([("sharing:duties", "")]))
    return [
        NavEntry(label=label, url=url, current=path == url or path.startswith(at_home if url == "/" else url))
        for label, url in existing(places)
    ]


def whom_to_ask(membership: Membership) -> str:
    """One sentence: who answers questions about information in one's institution."""
    contact = membership.institution.dpo_contact
    return _("Une question sur une information ? %(contact)s.") % {"contact": contact} if contact else ""


def footer() -> list[tuple[str, str]]:
    return [
        ("help", _("Aide")),
        ("sharing:call", _("La police m’appelle")),
        ("sharing:rules", _("Ce que disent les textes")),
        ("legal", _("Mentions légales")),
        ("privacy", _("Données personnelles")),
        ("accessibility", _("Accessibilité")),
        ("sitemap", _("Plan du site")),
        ("demo_mail", _("Courrier de la démonstration")),
        ("demo_components", _("Composants")),
    ]


def existing(places: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(label, url) of the places that this installation has."""
    for name, label in places:
        try:
            yield label, reverse(name)
        except NoReverseMatch:
            continue
