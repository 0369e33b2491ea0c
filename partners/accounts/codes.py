"""Six digits that an application shows, or a recovery code: each serves once, and guessing them is slow.

The code of an application follows RFC 6238, by the database's clock; the last one that served is kept with the factor, under a
lock, so that neither it nor an older one is ever accepted again (RFC 6238, part 5.2).
"""

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.db import transaction

from partners.models import Professional, Try

from . import waiting
from .mfa_adapter import decipher

APPLICATION = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES
KEY = Authenticator.Type.WEBAUTHN
LAST = "last_counter"
PACE = waiting.Pace(free=4, longest=900)
"""Whoever tries a second proof already has the first: four tries go, then one waits, longer at each, wherever they come from."""


def seconds_to_wait(professional: Professional) -> int:
    """Count one more try at a proof of hers; 0 where it may be looked at, else how long to wait first."""
    try:
        waiting.count(_place(professional), PACE)
    except waiting.TooSoon as too_soon:
        return too_soon.seconds
    return 0


def forget_tries(professional: Professional) -> None:
    """She proved who she is: her failures of before no longer count."""
    Try.objects.filter(key=_place(professional)).delete()


def _place(professional: Professional) -> str:
    return waiting.key("proof", str(professional.pk))


def accept(professional: Professional, code: str, *, kinds: tuple[str, ...], at: datetime) -> Authenticator | None:
    """Her factor that this code proves, among these kinds; None where it proves nothing, or served already."""
    with transaction.atomic():
        factors = Authenticator.objects.select_for_update().filter(user_id=professional.pk, type__in=kinds)
        for one in factors.order_by("-type"):  # the application before the recovery codes
            if _proves(one, normalize_user_code(code), at):
                one.user = professional
                return one
    return None


def _proves(factor: Authenticator, typed: str, at: datetime) -> bool:
    """A secret written under a key that this installation no longer has proves nothing."""
    try:
        if factor.type == APPLICATION:
            return _served_now(factor, typed, at)
        return bool(factor.wrap().validate_code(typed))
    except InvalidToken:
        return False


def counter_of(secret: str, typed: str, at: datetime) -> int | None:
    """The step of time whose code this is, one step early or late at most (MFA_TOTP_TOLERANCE); None if it is none of theirs."""
    step = int(at.timestamp()) // app_settings.TOTP_PERIOD
    found = None
    for counter in range(step - app_settings.TOTP_TOLERANCE, step + app_settings.TOTP_TOLERANCE + 1):
        if compare_user_code(actual=typed, expected=format_hotp_value(hotp_value(secret, counter))):
            found = counter
    return found


def _served_now(factor: Authenticator, typed: str, at: datetime) -> bool:
    counter = counter_of(decipher(factor.data["secret"]), typed, at)
    if counter is None or counter <= factor.data.get(LAST, -1):
        return False
    factor.data[LAST] = counter
    factor.save(update_fields=["data"])
    return True
