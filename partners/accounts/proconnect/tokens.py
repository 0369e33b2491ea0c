"""Whether what the provider signed may be believed (OpenID Connect Core 1.0, parts 3.1.3.7 and 5.3; RFC 8725).

The algorithm is ours, never the token's; keys are those that the provider publishes, of the type that the algorithm asks for.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from jwt import PyJWK

from partners.siret import is_siret
from partners.text import plain

from .described import LEVELS_OF_TWO_FACTORS, ProConnect
from .identity import Identity
from .refusing import Refused

LEEWAY_SECONDS = 10
KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}
Claims = Mapping[str, Any]


def signed(token: object, *, keys: object, provider: ProConnect, required: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token whose signature, issuer, audience and dates hold. Raises Refused."""
    if not isinstance(token, str):
        raise Refused("unreadable")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(token, keys, provider.algorithm),
            algorithms=[provider.algorithm],
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": list(required)},
        )
    except jwt.ExpiredSignatureError as error:
        raise Refused("expired") from error
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError) as error:
        raise Refused("not_for_us") from error
    except jwt.PyJWTError as error:
        raise Refused("unreadable") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise Refused("not_for_us")
    return claims


def _key(token: str, keys: object, algorithm: str) -> PyJWK:
    """The published key that this token names, if it is one for our algorithm. Raises Refused."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Refused("unreadable") from error
    published = keys.get("keys") if isinstance(keys, dict) else None
    named = header.get("kid")
    fitting = [
        one
        for one in (published if isinstance(published, list) else [])
        if isinstance(one, dict)
        and one.get("kty") == KEY_TYPES[algorithm]
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and (named is None or one.get("kid") == named)
    ]
    if header.get("alg") != algorithm or len(fitting) != 1:
        raise Refused("unreadable")
    try:
        return PyJWK(fitting[0], algorithm)
    except jwt.PyJWTError as error:
        raise Refused("unreadable") from error


def entering(
    id_token: object, *, keys: object, provider: ProConnect, nonce: object, access_token: str
) -> dict[str, Any]:
    """The claims of the token of this very entry: for us, now, answering our nonce. Raises Refused."""
    claims = signed(id_token, keys=keys, provider=provider, required=("iss", "aud", "exp", "iat", "sub", "nonce"))
    told = claims["nonce"]
    if not (isinstance(told, str) and isinstance(nonce, str) and nonce and secrets.compare_digest(told, nonce)):
        raise Refused("replayed")
    if "at_hash" in claims and claims["at_hash"] != _left_half(access_token):
        raise Refused("not_for_us")
    _subject(claims)
    return claims


def _left_half(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _subject(claims: Claims) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise Refused("unreadable")
    return subject


def identity_of(claims: Claims, told: Claims, provider: ProConnect) -> Identity:
    """Who she is, from the token of this entry and from the signed answer of userinfo. Raises Refused where they differ."""
    subject = _subject(claims)
    if told.get("sub") != subject:
        raise Refused("not_for_us")
    siret = _text(told.get("siret"), 20).replace(" ", "")
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        siret=siret if is_siret(siret) else "",
        name=" ".join(part for part in (_text(told.get("given_name"), 100), _text(told.get("usual_name"), 99)) if part),
        email=_text(told.get("email"), 254),
        second_factor=two_factors(claims),
    )


def two_factors(claims: Claims) -> bool:
    """Whether she proved two factors there: « mfa » in `amr` (RFC 8176); where `amr` is silent, a level that says so."""
    if "amr" in claims:
        methods = claims["amr"]
        return isinstance(methods, list) and "mfa" in methods
    return claims.get("acr") in LEVELS_OF_TWO_FACTORS


def _text(value: object, most: int) -> str:
    return " ".join(plain(value).split())[:most] if isinstance(value, str) else ""
