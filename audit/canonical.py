"""Canonical bytes: one value, one spelling, so that a hash or a signature can be checked by anyone."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from audit import tree

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
COMMITMENT_DOMAIN = b"tact/payload/v1\x00"
leaf_hash = tree.leaf_hash


def encode(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; raises TypeError on what JSON cannot say and ValueError on NaN."""
    return _ENCODER.encode(value).encode()


def instant(at: datetime) -> str:
    """An aware instant in UTC with microseconds; a naive one is an error."""
    if at.tzinfo is None:
        raise ValueError("an instant in the trail carries its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: bytes, payload: bytes) -> str:
    """SHA-256 over domain, salt and payload, in hexadecimal: binds the personal part without revealing it."""
    return hashlib.sha256(COMMITMENT_DOMAIN + salt + payload).hexdigest()


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
