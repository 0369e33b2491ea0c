"""A page open to all: no sign-in, no statement for a visitor; whoever is signed in keeps her menu and finds her own DPO there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from . import acting

View = Callable[..., HttpResponseBase]


def open_to_all(view: View) -> View:
    """Read by anybody, written by nobody."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The middleware looks nobody up for a page open to all: a visitor costs nothing, and without a session nobody is asked for.
        if request.user.is_authenticated:
            seen = cast(acting.ActingRequest, request)
            seen.memberships = acting.in_force_of(request.user.pk)
            seen.membership = acting.choose(seen.memberships, request.session.get(acting.SESSION_KEY))
        return view(request, *args, **kwargs)

    return login_not_required(require_safe(shown))
