"""Whether whoever holds the keyboard is still who signed in: asked again inside a page, so that nothing typed is lost."""

from datetime import datetime, timedelta
from typing import cast

from django.http import HttpRequest

from audit import ledger

from .models import Professional

SESSION_KEY = "signed_in_at"
FRESH = timedelta(minutes=5)  # practice.md, part 8


def seen(request: HttpRequest, at: datetime) -> None:
    """Remember, in the session and nowhere else, when her identity was last proved."""
    request.session[SESSION_KEY] = at.isoformat()


def lately(request: HttpRequest, at: datetime) -> bool:
    """Whether her identity was proved within five minutes; what cannot be read was not."""
    try:
        proved_at = datetime.fromisoformat(request.session[SESSION_KEY])
    except (KeyError, TypeError, ValueError):
        return False
    return at - FRESH < proved_at <= at


def can_be_asked(request: HttpRequest) -> bool:
    """Whether she has a password here; who signs in elsewhere is not asked for one that she does not have."""
    return cast(Professional, request.user).has_usable_password()


def confirm(request: HttpRequest, password: str, at: datetime) -> bool:
    """Check her password, note the attempt, and remember a success."""
    professional = cast(Professional, request.user)
    right = professional.check_password(password)
    ledger.note_access(
        action="session.checked",
        object_type="session",
        object_ref=str(professional.pk),
        granted=right,
        professional=professional.pk,
        membership=None,
    )
    if right:
        seen(request, at)
    return right
