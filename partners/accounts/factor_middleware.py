"""Two questions before a page: is a second factor still due from her, and is she still the one who signed in?"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from partners import clock, confirming, session
from partners.middleware import Answer, go

from . import factors


class SecondFactorMiddleware:
    """After `ActingMembershipMiddleware`, whose memberships it reads: an ordinary page costs no statement more."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if not getattr(view, "before_second_factor", False) and factors.second_factor_due(request):
            return go(request, f"{reverse('mfa_index')}?{urlencode({'next': _page(request)})}")
        if getattr(view, "fresh_required", False) and not confirming.lately(request, clock.now()):
            return go(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': _page(request)})}")
        return None


def _page(request: HttpRequest) -> str:
    """Where to come back: this page, or the page whose button was pressed, if it is ours."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    split = urlsplit(session.inside(request, referer))
    return f"{split.path}?{split.query}" if split.query else split.path
