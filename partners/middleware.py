"""Who acts, and for whom: read again from the database at every request, never trusted from the session."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from audit import ledger

from . import acting
from .accounts import sessions

Answer = Callable[[HttpRequest], HttpResponseBase]


class ActingMembershipMiddleware:
    """Set `request.membership` for every page that asks for sign-in.

    A membership that ended, an account or an institution that was closed: the next request ends the session (abuse 32).
    Pages open to all, static files and health checks cost nothing.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = cast(acting.ActingRequest, request)
        seen.membership = None
        seen.memberships = []
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        seen = cast(acting.ActingRequest, request)
        if sessions.outlived(request):
            return self.end(request, "session.expired", "journee")
        seen.memberships = acting.in_force_of(request.user.pk)
        if not seen.memberships:
            return self.end(request, "session.ended", "rattachement")
        wanted = request.session.get(acting.SESSION_KEY)
        if wanted is None and len(seen.memberships) > 1:
            wanted = acting.last_chosen(request.user.pk)
        seen.membership = acting.choose(seen.memberships, wanted)
        if seen.membership is not None:
            if request.session.get(acting.SESSION_KEY) != str(seen.membership.pk):
                request.session[acting.SESSION_KEY] = str(seen.membership.pk)
            return None
        if not getattr(view, "acting_required", True):
            return None
        wanted_page = request.get_full_path() if request.method == "GET" else "/"
        return go(request, f"{reverse('partners:act_as')}?{urlencode({'next': wanted_page})}")

    def end(self, request: HttpRequest, action: str, reason: str) -> HttpResponseBase:
        """Close a session: she no longer works anywhere, or it has lasted a day's work. The sign-in page says so."""
        ledger.note_access(
            action=action,
            object_type="professional",
            object_ref=str(request.user.pk),
            granted=False,
            professional=request.user.pk,
            membership=None,
        )
        logout(request)
        return go(request, f"{reverse('partners:sign_in')}?fin={reason}")


def go(request: HttpRequest, url: str) -> HttpResponseBase:
    """Send the browser there: a fragment asked by htmx is not a place to show a whole page in."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
