"""Who ProConnect says somebody is, once its signatures are verified, and where that is kept between two pages."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

SESSION_KEY = "proconnect_identity"
KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An issuer's subject. Name and address are only ever shown: neither decides anything."""

    issuer: str
    subject: str
    siret: str
    """The establishment she works for, by what her own provider says; empty where it says none that could be one."""
    name: str
    email: str
    second_factor: bool
    """Whether two factors were proved there (`amr` holds « mfa », or the level asked for says so)."""


def keep(request: HttpRequest, identity: Identity, at: datetime) -> None:
    """Keep it in the session, for ten minutes: the time to enter another way, or to ask."""
    request.session[SESSION_KEY] = {**asdict(identity), "until": (at + KEPT).isoformat()}


def kept(request: HttpRequest, at: datetime) -> Identity | None:
    """What was kept, if it still stands; what cannot be read is not there."""
    found: Any = request.session.get(SESSION_KEY)
    try:
        told = dict(found)
        until = datetime.fromisoformat(told.pop("until"))
        identity = Identity(**told)
    except (KeyError, TypeError, ValueError):
        return None
    return identity if at < until else None


def forget(request: HttpRequest) -> None:
    """It served, or it was not hers."""
    request.session.pop(SESSION_KEY, None)
