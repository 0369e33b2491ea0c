"""The demonstration's bar, on every page: through whose eyes one looks, and the guided visit where one is under way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config import demo_accounts, demo_visit
from config.demo_accounts import Account

if TYPE_CHECKING:
    from sharing.demo.visit_steps import Spot, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """The visit of this browser: how far it went, the step to do, and where one stands with it."""

    number: int
    total: int
    marks: list[dict[str, str]]  # title, and state: done, now, next
    step: "Step"
    name: str  # whose step it is
    hers: bool  # whether one is that person now
    spot: "Spot | None"
    paused: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the bar shows. `you` is empty where nobody is signed in; `here` is where one stays by going on as another."""

    you: str
    others: list[Account]
    here: str
    tour: Tour | None


def context(request: HttpRequest) -> dict[str, Any]:
    """`demo_bar` for base.html, `demo_accounts` and `demo_password` for where one signs in: computed only where shown."""
    if not settings.DEMO:
        return {}
    return {
        "demo_accounts": SimpleLazyObject(demo_accounts.accounts),
        "demo_password": SimpleLazyObject(demo_accounts.password),
        "demo_bar": SimpleLazyObject(lambda: bar(request)),
    }


def bar(request: HttpRequest) -> Bar:
    """The bar of this page, for whoever is signed in."""
    user = request.user if request.user.is_authenticated else None
    return Bar(
        you=demo_accounts.name_of(user) if user else "",
        others=[one for one in demo_accounts.accounts() if one.email != user.email] if user else [],
        here=request.get_full_path(),
        tour=tour_of(request),
    )


def tour_of(request: HttpRequest) -> Tour | None:
    """Where this browser's visit stands, read from the rows; None where it has none."""
    case, paused = demo_visit.mine(request)
    if case is None:
        return None
    from sharing.demo import visit as way
    from sharing.demo.visit_steps import steps

    found = way.read(case)
    if found is None:
        return None
    all_six = steps(found)
    step = all_six[min(found.done, len(all_six) - 1)]
    names = {account.email: account.name for account in demo_accounts.accounts()}
    hers = request.user.is_authenticated and request.user.email == step.email
    return Tour(
        number=min(found.done + 1, len(all_six)),
        total=len(all_six),
        marks=[
            {"title": one.title, "state": "done" if number < found.done else "now" if one is step else "next"}
            for number, one in enumerate(all_six)
        ],
        step=step,
        name=names[step.email],
        hers=hers,
        spot=step.spot_at(request.get_full_path()) if hers else None,
        paused=paused,
        over=found.done == len(all_six),
    )
