"""As which membership a professional acts: one of those in force, looked at again at every request."""

import uuid
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from audit.models import Access

from .models import Membership, SecrecyStatus
from .written_once import Rows, written_rows

SESSION_KEY = "membership"
CHOSEN = "acting.chosen"
View = Callable[..., HttpResponseBase]


class ActingRequest(HttpRequest):
    """A request as the middleware leaves it: `membership` is None before sign-in and while none is chosen."""

    membership: Membership | None
    memberships: list[Membership]


def in_force_of(professional: uuid.UUID) -> list[Membership]:
    """Her memberships in force at this instant, with their institution; one statement.

    Always in the same order: by institution, the place in a forum after the post that led to it.
    """
    listed = _in_force().read({_SIGNED_IN: professional})
    return sorted(listed, key=lambda one: one.secrecy_status == SecrecyStatus.INSTANCE)


_SIGNED_IN = uuid.UUID(int=1)


@lru_cache(maxsize=1)
def _in_force() -> Rows[Membership]:
    """Written once: every request asks."""
    found = Membership.objects.in_force().filter(professional=_SIGNED_IN)
    return written_rows(
        found.select_related("professional", "institution").order_by("institution__name", "starts_at", "pk")
    )


def acting(request: HttpRequest) -> Membership:
    """The membership as which she acts. Raises Http404 where there is none: the page is not for her."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        raise Http404
    return membership


def acting_required(view: View) -> View:
    """Only for who acts for an institution; anybody else is answered 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        acting(request)
        return view(request, *args, **kwargs)

    return guarded


def function_required(*functions: str) -> Callable[[View], View]:
    """Only for a membership that holds one of these functions (reviewer, team_lead, dpo, auditor …); 404 otherwise."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not acting(request).has_function(*functions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def acting_not_required(view: View) -> View:
    """For the few pages that come before the choice of a membership: choosing it, signing out, staying signed in."""
    view.acting_required = False  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """For the few pages that one needs in order to set a second factor up, or to prove it, and to stay signed in meanwhile."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def last_chosen(professional: uuid.UUID) -> str | None:
    """The membership as which she chose to act last, whatever the session."""
    chosen = Access.objects.filter(professional_ref=professional, action=CHOSEN)
    last = chosen.values_list("membership_ref", flat=True).first()
    return str(last) if last else None


def choose(memberships: list[Membership], wanted: str | None) -> Membership | None:
    """The one wanted, if it is in force; the only one, if there is but one; otherwise none yet."""
    for one in memberships:
        if str(one.pk) == wanted:
            return one
    return memberships[0] if len(memberships) == 1 else None
