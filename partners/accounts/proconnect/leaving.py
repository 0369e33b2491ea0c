"""Signing out at ProConnect too, where one entered by it (OpenID Connect RP-Initiated Logout 1.0)."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

TOKEN_KEY = "proconnect_id_token"  # noqa: S105
STATE_KEY = "proconnect_leaving"


def remember(request: HttpRequest, id_token: str, address: str) -> None:
    """Keep, in her session on the server, what ProConnect asks for when she leaves."""
    request.session[TOKEN_KEY] = {"token": id_token, "address": address}


def kept(request: HttpRequest) -> dict[str, str] | None:
    """What was kept, before the session is flushed; None where she did not enter by ProConnect."""
    found: Any = request.session.get(TOKEN_KEY)
    whole = isinstance(found, dict) and found.get("address") and found.get("token")
    return found if whole and settings.PROCONNECT is not None else None


def address(request: HttpRequest, found: dict[str, str]) -> str:
    """Where the browser goes once Tact's own session is over; what comes back is recognised by its state."""
    state = secrets.token_urlsafe(32)
    request.session[STATE_KEY] = state
    asked = {
        "id_token_hint": found["token"],
        "state": state,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("proconnect_left")),
    }
    return f"{found['address']}?{urlencode(asked)}"


def came_back(request: HttpRequest) -> bool:
    """Whether this is the end of the sign-out that this browser asked for; it is asked once."""
    expected, told = request.session.pop(STATE_KEY, ""), request.GET.get("state", "")
    return bool(expected) and secrets.compare_digest(str(expected).encode(), told.encode())
