"""A call that writes says its own key: made twice, by a program that lost the answer, it is answered the same and done once.

The key is claimed, the act done and the answer kept in one transaction (ADR 0039). Two calls at once: the second waits for the
first, then finds its answer. (draft-ietf-httpapi-idempotency-key-header: 400 without a key, 422 with another body.)
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from sharing.api.errors import Unprocessable
from sharing.models import ApiToken, IdempotentCall

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(days=3)
"""A weekend and a day: a program that lost an answer on Friday finds it on Monday."""
ALLOWED = re.compile(r"[A-Za-z0-9._:-]{8,64}")
MISSING = _("Un appel qui écrit porte l’en-tête « Idempotency-Key » : 8 à 64 lettres, chiffres, points, tirets.")
OTHER = _("Cette clé a déjà servi à un autre appel : choisissez-en une nouvelle.")
SETTLED = frozenset({409, 422})
"""Refusals that are an answer like another; after any other error, nothing was done and the key is free again."""


def key_of(request: Request) -> str:
    """The key that came with the call. Raises ValidationError where there is none, or none that may be."""
    key = str(request.headers.get(HEADER, ""))
    if not ALLOWED.fullmatch(key):
        raise ValidationError({HEADER: [ErrorDetail(str(MISSING), code="required" if not key else "invalid")]})
    return key


def once(request: Request, token: ApiToken, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do the act and keep its answer, or give the answer kept; raises Unprocessable where the key was another call's.

    `act` turns what it foresees into answers: only what nobody foresaw leaves it raised, and takes everything back.
    """
    key, asked = key_of(request), digest_of(request)
    with transaction.atomic():
        mine = IdempotentCall(token=token, key=key, asked=asked)
        # On a key that another call is at, PostgreSQL waits here until that call ends.
        IdempotentCall.objects.bulk_create([mine], ignore_conflicts=True)
        call = IdempotentCall.objects.get(token=token, key=key)
        if call.pk != mine.pk:
            return again(call, asked)
        response = act()
        if isinstance(response, Response) and is_settled(response.status_code):
            call.status = response.status_code
            call.content_type = response.content_type or JSONRenderer.media_type
            call.answer = JSONRenderer().render(response.data).decode()
            call.save(update_fields=["status", "content_type", "answer"])
        else:
            call.delete()
    return response


def is_settled(status: int) -> bool:
    """Whether this answer is the one that the same call will always be given."""
    return status < 300 or status in SETTLED


def again(call: IdempotentCall, asked: bytes) -> HttpResponse:
    """The answer of before, byte for byte."""
    if bytes(call.asked) != asked or call.status is None:
        raise Unprocessable(OTHER, code="key_reused")
    return HttpResponse(call.answer, status=call.status, content_type=call.content_type, headers={REPLAYED: "true"})


def digest_of(request: Request) -> bytes:
    """What was asked: verb, address, body."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    said.update(request._request.body)
    return said.digest()


def purge(at: datetime) -> int:
    """Remove what is older than three days; returns how many."""
    removed, _models = IdempotentCall.objects.filter(at__lt=at - KEPT).delete()
    return removed
