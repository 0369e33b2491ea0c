"""The short way to a token and to a call, for tests: a program that acts for somebody."""

import itertools
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client

from partners import clock
from partners.models import Membership
from sharing.api.scopes import Scope
from sharing.api.tokens import Made, create_token

EVERYTHING = tuple(Scope)
_keys = itertools.count(1)


def token_of(who: Membership, scopes: Iterable[str] = EVERYTHING, **options: Any) -> Made:
    """A token of hers, for a month, that may everything unless said otherwise."""
    options.setdefault("expires_on", clock.day_of(clock.now()) + timedelta(days=30))
    return create_token(name="Logiciel d’essai", scopes=scopes, by=who, **options)


class Program:
    """A program that bears a token: no cookie, no page, JSON in and out."""

    def __init__(self, secret: str, **headers: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {secret}", **headers}

    def get(self, path: str, **query: Any) -> Any:
        """GET `/api/v1/…`."""
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """POST `/api/v1/…`, with a key of its own unless one is given; `key=""` sends none."""
        key = f"essai-{next(_keys):06d}" if key is None else key
        own = {**self.headers, **({"Idempotency-Key": key} if key else {}), **headers}
        return self.client.post(
            f"/api/v1/{path}", json.dumps({} if body is None else body), content_type="application/json", headers=own
        )

    def call(self, verb: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Anything at all."""
        return self.client.generic(
            verb, f"/api/v1/{path}", body, content_type="application/json", headers={**self.headers, **headers}
        )


def program_of(who: Membership, scopes: Iterable[str] = EVERYTHING, **options: Any) -> Program:
    """Her program, with a token of its own."""
    return Program(token_of(who, scopes, **options).secret)
