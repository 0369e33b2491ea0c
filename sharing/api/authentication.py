"""Who calls: the bearer of a token, as one of her memberships, looked at again at each call. A session opens nothing here."""

import hashlib
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.db import transaction
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from audit import ledger
from partners import clock
from partners.models import Professional
from sharing.api import networks, throttles, watching
from sharing.models import ApiToken

PREFIX = "tact_"
SCHEME = "bearer"
NO_DIGEST = bytes(32)
HEADER_MOST = 200


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer tact_…` → the professional, and `request.membership`, in force at this instant.

    Every reason to refuse is answered the same 401, after the same statements: looking the digest up, counting, noting.
    """

    def authenticate(self, request: Request) -> tuple[Professional, ApiToken]:
        """Raises NotAuthenticated without a header, AuthenticationFailed, or Throttled."""
        header = str(request.META.get("HTTP_AUTHORIZATION", ""))
        scheme, _space, written = header.partition(" ")
        if scheme.lower() != SCHEME or not written.strip() or len(header) > HEADER_MOST:
            raise exceptions.NotAuthenticated
        token, wait = _presented(request, written.strip())
        if wait:
            raise exceptions.Throttled(wait=wait)
        if token is None:
            raise exceptions.AuthenticationFailed
        membership = token.membership
        outer: Any = request._request
        outer.membership, outer.memberships = membership, [membership]
        return membership.professional, token

    def authenticate_header(self, request: Request) -> str:
        """What makes DRF answer 401 rather than 403."""
        return 'Bearer realm="tact"'


@transaction.atomic
def _presented(request: Request, written: str) -> tuple[ApiToken | None, float]:
    """The token that may be used, or None; and how many seconds to wait, where too much was asked.

    Its row is locked while its calls are counted and this one is noted: two calls at once count as two.
    """
    asked = digest_of(written)
    found = (
        ApiToken.objects.select_for_update(no_key=True, of=("self",))
        .select_related("membership__professional", "membership__institution")
        .filter(digest=asked)
        .first()
    )
    at = clock.now()
    same = compare_digest(bytes(found.digest) if found else NO_DIGEST, asked)
    reason = why_not(found, request, at) if found and same else "unknown"
    wait = throttles.wait_of(found, at)
    if wait:
        if found is not None and not reason and wait > throttles.MINUTE.total_seconds():
            watching.too_much(token=found, at=at)
        return None, wait
    note(found, granted=not reason)
    if found is not None and reason:
        watching.out_of_place(token=found, reason=reason, at=at)
    return (None if reason else found), wait


def why_not(token: ApiToken, request: Request, at: datetime) -> str:
    """Why this token may not be used now, from here; "" where it may."""
    if token.revoked_at is not None and token.revoked_at <= at:
        return "revoked"
    if token.expires_at <= at:
        return "expired"
    if not token.membership.in_force_at(at):
        return "membership_ended"
    if not networks.inside(networks.address_of(request._request), token.networks):
        return "elsewhere"
    return ""


def note(token: ApiToken | None, *, granted: bool) -> None:
    """One line of the access log a call: which token, and so whose."""
    ledger.note_access(
        action=throttles.USED,
        object_type=throttles.OBJECT,
        object_ref=str(token.pk) if token else throttles.NOBODYS,
        granted=granted,
        professional=token.membership.professional_id if token else None,
        membership=token.membership_id if token else None,
    )
