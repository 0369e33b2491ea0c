"""The sessions that somebody has open, and their end. No network address is kept: a browser in plain words, two instants."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.usersessions import signals
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.http import HttpRequest

from partners import clock
from partners.models import Professional

from . import browsers

NO_ADDRESS = "0.0.0.0"  # noqa: S104  (allauth's column takes no empty value; nothing listens here)
LONGEST = timedelta(hours=12)
"""A day's work, after which one signs in again, however busy the session."""
OPENED_AT = "opened_at"


@dataclass(frozen=True, slots=True)
class Open:
    """A session as its owner recognises it."""

    pk: int | None
    """None: this very session, opened before sessions were listed."""
    browser: str
    opened_at: datetime | None
    seen_at: datetime
    current: bool


def take_over() -> None:
    """allauth would write each session's network address and whole user agent down: its lines are written here instead."""
    user_logged_in.disconnect(signals.on_user_logged_in)
    for changed in (password_changed, password_set):
        changed.disconnect(signals.on_password_changed)


def begin(request: HttpRequest, professional: Professional) -> None:
    """Note that a session opened, under the key it now has; what is left of earlier ones that ended goes."""
    if not request.session.session_key:
        request.session.save()
    now = clock.now()
    request.session[OPENED_AT] = _now(request)
    UserSession.objects.filter(user_id=professional.pk).exclude(session_key__in=_alive()).delete()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": professional,
            "ip": NO_ADDRESS,
            "user_agent": browsers.described(request.headers.get("User-Agent", "")),
            "created_at": now,
        },
    )


def moved(request: HttpRequest, old_key: str | None) -> None:
    """The session has a new key: its line follows it."""
    if old_key:
        UserSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def rotate(request: HttpRequest) -> None:
    """Give the session a new key: whoever held the old one holds nothing (abuse 31)."""
    old = request.session.session_key
    request.session.cycle_key()
    moved(request, old)


def outlived(request: HttpRequest) -> bool:
    """Whether a day's work has passed since it opened, by the clock that its idleness is counted with. No statement.

    What says no instant did not begin here, and is left to its idleness.
    """
    opened = request.session.get(OPENED_AT)
    return isinstance(opened, float) and _now(request) - opened >= LONGEST.total_seconds()


def ended(key: str | None) -> None:
    """The session of this key was just closed by its owner."""
    if key:
        UserSession.objects.filter(session_key=key).delete()


def open_of(request: HttpRequest, professional: Professional) -> list[Open]:
    """Hers that are still good, this one first, then the latest seen. Two statements."""
    lines = {one.session_key: one for one in UserSession.objects.filter(user_id=professional.pk)}
    here = request.session.session_key or ""
    alive = Session.objects.filter(session_key__in=[*lines, here], expire_date__gt=clock.Instant())
    ends = dict(alive.values_list("session_key", "expire_date"))
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = [
        Open(
            pk=line.pk if line else None,
            browser=browsers.in_words(
                line.user_agent if line else browsers.described(request.headers.get("User-Agent", ""))
            ),
            opened_at=line.created_at if line else None,
            seen_at=ends[key] - idle,
            current=key == here,
        )
        for key in ends
        for line in [lines.get(key)]
    ]
    return sorted(found, key=lambda one: (not one.current, -one.seen_at.timestamp()))


def end(professional: Professional, pk: int) -> bool:
    """End one of hers, now, on the server; False where there is none such."""
    return _end(UserSession.objects.filter(user_id=professional.pk, pk=pk)) > 0


def end_others(professional: Professional, *, here: str | None) -> int:
    """End all of hers but the one of this key; how many. None: she is in none of them, and all end."""
    return _end(UserSession.objects.filter(user_id=professional.pk).exclude(session_key=here or ""))


def end_all(professional: Professional) -> int:
    """End all of hers, this one too; how many."""
    return _end(UserSession.objects.filter(user_id=professional.pk))


def forget() -> None:
    """Drop the sessions that expired, and the lines of those that are no more."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=_alive()).delete()


def _now(request: HttpRequest) -> float:
    """Seconds, by the clock of sessions: that which their idleness is counted with."""
    return request.session.get_expiry_date().timestamp() - settings.SESSION_COOKIE_AGE


def _alive() -> "models.QuerySet[Session, Any]":
    return Session.objects.filter(expire_date__gt=clock.Instant()).values_list("session_key", flat=True)


def _end(lines: "models.QuerySet[UserSession]") -> int:
    keys = list(lines.values_list("session_key", flat=True))
    ended, _by_model = Session.objects.filter(session_key__in=keys).delete()
    lines.delete()
    return ended
