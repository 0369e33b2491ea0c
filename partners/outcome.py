"""Where the author of an act learns whether it was done, should the answer be lost on its way (abuse 25)."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
# What is not known yet is looked at again, by itself, this often.
LOOKED_AT_AGAIN_SECONDS = 5


class _Told(HttpRequest):
    """A request whose act may lose its answer."""

    outcome_at: str


def told_at(request: HttpRequest, address: str) -> None:
    """From here on, should nobody know whether the act was done, its author is sent to this page, which finds out."""
    cast(_Told, request).outcome_at = address


def tells_outcome(view: View) -> View:
    """This page tells whether something left: while it cannot be drawn, nobody may say that nothing did."""
    view.tells_outcome = True  # type: ignore[attr-defined]
    return view


def address_of(request: HttpRequest) -> str:
    """The page that tells what became of this request's act: the one it named, itself where it tells, "" where there is none."""
    named = str(getattr(request, "outcome_at", ""))
    match = request.resolver_match
    return named or (request.path if match and getattr(match.func, "tells_outcome", False) else "")
