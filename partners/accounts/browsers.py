"""A browser from which somebody entered before: a signed cookie, which names nobody and opens nothing.

It does two things: whoever guesses passwords elsewhere does not make her wait, and she is written to when a session opens from
a browser that never entered (OWASP, « device cookies »).
"""

import re
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SALT = "partners.accounts.browsers"
SECONDS = 90 * 24 * 3600
MOST = 8
"""Colleagues who share a desk; whoever entered longest ago is forgotten first."""
SYSTEMS = (
    ("iPhone", re.compile(r"iPhone")),
    ("iPad", re.compile(r"iPad")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("macOS", re.compile(r"Macintosh|Mac OS X")),
    ("Linux", re.compile(r"Linux|X11")),
)
PROGRAMS = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Safari/")),
)


def known(request: HttpRequest, address: str) -> str:
    """The random name of this browser, if this address entered from it; empty otherwise. No statement."""
    held = _held(request)
    return str(held["name"]) if held and _of(address) in held["entered"] else ""


def entered(request: HttpRequest, response: HttpResponseBase, address: str) -> None:
    """Leave the mark that this address entered from this browser."""
    held = _held(request) or {"name": secrets.token_urlsafe(16), "entered": []}
    others = [one for one in held["entered"] if one != _of(address)]
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps({"name": held["name"], "entered": [*others, _of(address)][-MOST:]}, salt=SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def described(user_agent: str) -> str:
    """« Firefox · Windows »: what somebody recognises her own browser by, and no more; empty where nothing is recognised."""
    found = (next((name for name, mark in marks if mark.search(user_agent)), "") for marks in (PROGRAMS, SYSTEMS))
    return " · ".join(part for part in found if part)


def in_words(described_as: str) -> str:
    """The same in a sentence: « Firefox sur Windows »."""
    program, _dot, system = described_as.partition(" · ")
    if program and system:
        return _("%(program)s sur %(system)s") % {"program": program, "system": system}
    return program or _("Un navigateur que Tact ne reconnaît pas")


def _of(address: str) -> str:
    return salted_hmac(SALT, address.lower(), algorithm="sha256").hexdigest()[:32]


def _held(request: HttpRequest) -> dict[str, Any] | None:
    """What the cookie says; None where there is none, or where it was not written here."""
    written = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    if not written:
        return None
    try:
        held: dict[str, Any] = signing.loads(written, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return held
