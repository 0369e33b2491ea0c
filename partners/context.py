"""What the frame of every page shows: the environment, who acts, where one can go."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from . import acting
from .accounts import proving
from .models import Function, Membership

MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place of the main menu; `inside`: its lists, where it has several."""

    label: str
    url: str
    current: bool
    count: int = 0
    inside: tuple["NavEntry", ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A door that the menu names; `also`: the doors that stand under it without beginning with its address."""

    door: str
    label: str
    also: tuple[str, ...] = ()
    inside: tuple["Place", ...] = ()


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
        "proof_checkers": SimpleLazyObject(lambda: proving.checkers(membership)) if membership else [],
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
    """Six places at most, the current one by its path.

    A partner who follows no case sees no caseload; who follows cases finds what she received beside what she sent.
    """
    # What one must do is all of it « à faire »: its list and its pages stand under the first place.
    places = [Place("home", _("À faire aujourd’hui"), also=("sharing:duties",))]
    received = Place("sharing:inbox", _("Reçues"))
    if caseload:
        places += [
            Place("cases:list", _("Mes situations")),
            Place(
                "sharing:sent",
                _("Communications"),
                also=("sharing:inbox",),
                inside=(Place("sharing:sent", _("Envoyées")), received),
            ),
            Place("sharing:requests", _("Demandes")),
        ]
    else:
        places += [Place("sharing:requests", _("Demandes")), received]
    places.append(Place("partners:directory", _("Annuaire")))
    if membership.has_function(Function.REVIEWER, Function.DPO):
        places.append(Place("sharing:control", _("Contrôle"), also=("cases:team",)))
    elif membership.has_function(Function.TEAM_LEAD):
        places.append(Place("sharing:dashboard", _("Contrôle"), also=("sharing:control", "cases:team")))
    # « Contrôle » leads to the trail too: it stands here as long as there is room.
    if membership.has_function(Function.AUDITOR, Function.DPO) and len(places) < MOST_PLACES:
        places.append(Place("audit:explorer", _("Journal")))
    return list(entries(places, path))


def entries(places: Iterable[Place], path: str) -> Iterator[NavEntry]:
    """Those of the places that this installation has, as the menu shows them from this path."""
    for place in places:
        for label, url in existing([(place.door, place.label)]):
            also = tuple(other for _label, other in existing([(door, "") for door in place.also]))
            begins = also if url == "/" else (url, *also)
            yield NavEntry(
                label=label,
                url=url,
                current=path == url or path.startswith(begins),
                inside=tuple(entries(place.inside, path)),
            )


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
        ("cookies", _("Cookies")),
        ("sharing:statistics", _("Statistiques")),
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
