"""Passkeys and security keys (WebAuthn): what the browser is asked, and whether what it answers is proof.

The challenge stands in the session and serves once. Nothing that a browser sends can raise: what cannot be read proves nothing.
"""

import json
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from partners.models import Professional

UNREADABLE = (
    AttributeError,
    IndexError,
    InvalidSignature,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValidationError,
    ValueError,
    struct.error,
)


def asked_of(professional: Professional | None) -> str:
    """The options of a proof, for the browser, as JSON: any of her keys; of nobody yet, a key that knows whose it is."""
    return json.dumps(dict(auth.begin_authentication(professional)), default=dict)


def asked_to_make(professional: Professional) -> str:
    """The options of a new key, for the browser, as JSON."""
    return json.dumps(dict(auth.begin_registration(professional, passwordless=False)), default=dict)


def proved_by(request: HttpRequest, professional: Professional | None, answer: str) -> Authenticator | None:
    """The key that signed our challenge, hers; whose it says, where nobody is known yet. None where it is no proof.

    Alone, it must have checked who holds it: the challenge may be one of a page where it comes beside a password, which does not
    ask that.
    """
    try:
        credential = _read(answer)
        said = auth.parse_authentication_response(credential)
        if professional is None and not said.response.authenticator_data.is_user_verified():
            return None
        whose = professional or auth.extract_user_from_response(credential)
        if not whose.is_active:
            return None
        found: Authenticator = auth.complete_authentication(whose, credential)
        found.user = whose
    except UNREADABLE:
        return None
    finally:
        auth.clear_state()
    return found


def made(request: HttpRequest, answer: str, *, alone: bool) -> dict[str, Any] | None:
    """A new key's credential, proved to answer our challenge; `alone`: it also checked who held it. None where it is no proof."""
    try:
        credential = _read(answer)
        auth.parse_registration_response(credential)
        proof = auth.complete_registration(credential)
        if alone and not proof.is_user_verified():
            return None
    except UNREADABLE:
        return None
    finally:
        auth.clear_state()
    return credential


def _read(answer: str) -> dict[str, Any]:
    credential = json.loads(answer)
    if not isinstance(credential, dict):
        raise TypeError("a credential is an object")
    return credential
