"""Which invitation a browser was reading before it went to ProConnect.

Its secret stays in the letter: the session keeps its digest, as the table does, for the ten minutes that an identity is kept.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from partners.accounts import joining
from partners.models import Invitation

from .identity import KEPT

SESSION_KEY = "proconnect_invitation"


def offered(invitation: Invitation) -> bool:
    """Whether it may be accepted by ProConnect: where it is on, and the institution's number is known."""
    return settings.PROCONNECT is not None and bool(invitation.institution.siret)


def keep(request: HttpRequest, invitation: Invitation, at: datetime) -> None:
    """Remember it, until she comes back."""
    request.session[SESSION_KEY] = {"digest": invitation.digest, "until": (at + KEPT).isoformat()}


def kept(request: HttpRequest, at: datetime) -> Invitation | None:
    """The invitation that was being read here, if it may still be accepted; what cannot be read is not there."""
    found: Any = request.session.get(SESSION_KEY)
    try:
        digest, until = str(found["digest"]), datetime.fromisoformat(found["until"])
        return joining.found_by_digest(digest, at) if at < until else None
    except (KeyError, TypeError, ValueError, joining.NotUsable):
        return None


def forget(request: HttpRequest) -> None:
    """It served."""
    request.session.pop(SESSION_KEY, None)
