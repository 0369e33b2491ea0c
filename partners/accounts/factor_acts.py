"""What somebody does with her own second factor: set up, remove, new codes. Each is noted, and told to her by letter.

Each ends her other sessions (OWASP ASVS 5.0, 7.4.3): whoever is in one of them by her password alone, or by what is removed, is
out at the next request. `here` is the key of the session in which she acts, which goes on; None where there is none.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from audit import ledger
from partners.models import Professional

from . import codes, mailing, sessions
from .factors import PRIMARY

NAME_MOST = 60


class LastFactor(Exception):
    """Her last factor, where one is required of her: it is replaced, never removed."""


@transaction.atomic
def set_up_application(
    *, by: Professional, secret: str, code: str, at: datetime, here: str | None
) -> Authenticator | None:
    """Her application becomes a factor, once it showed this code, which then never serves again; None where it is not its code.

    Where she has one already, this one takes its place.
    """
    _held(by)
    counter = codes.counter_of(secret, code, at)
    if counter is None:
        return None
    Authenticator.objects.filter(user_id=by.pk, type=codes.APPLICATION).delete()
    made: Authenticator = TOTP.activate(by, secret).instance
    made.data[codes.LAST] = counter
    made.save(update_fields=["data"])
    _changed(by, made, "factor.added", mailing.Kind.FACTOR_ADDED, here)
    return made


@transaction.atomic
def add_key(*, by: Professional, name: str, credential: dict[str, Any], here: str | None) -> Authenticator:
    """A key that answered our challenge becomes a factor, under the name that she gives it."""
    _held(by)
    made: Authenticator = WebAuthn.add(by, name[:NAME_MOST], credential).instance
    _changed(by, made, "factor.added", mailing.Kind.FACTOR_ADDED, here)
    return made


@transaction.atomic
def remove(*, by: Professional, factor: Authenticator, required: bool, here: str | None) -> None:
    """This factor no longer proves anything; the recovery codes go with the last one. Raises LastFactor where one is `required`."""
    _held(by)
    others = Authenticator.objects.filter(user_id=by.pk, type__in=PRIMARY).exclude(pk=factor.pk).exists()
    if required and not others:
        raise LastFactor
    _changed(by, factor, "factor.removed", mailing.Kind.FACTOR_REMOVED, here)
    factor.delete()
    if not others:
        Authenticator.objects.filter(user_id=by.pk).delete()


@transaction.atomic
def new_codes(*, by: Professional, here: str | None) -> list[str]:
    """Ten recovery codes, in the place of those of before; to be shown once."""
    _held(by)
    Authenticator.objects.filter(user_id=by.pk, type=codes.RECOVERY).delete()
    made = RecoveryCodes.activate(by)
    made.mark_as_viewed()
    _changed(by, made.instance, "factor.codes_created", mailing.Kind.FACTOR_CODES, here)
    return list(made.generate_codes())


@transaction.atomic
def code_served(*, by: Professional, factor: Authenticator) -> None:
    """She signed in with one of her recovery codes: told to her, since it is the way of who stole them too."""
    if factor.type == codes.RECOVERY:
        _told(by, factor, "factor.code_used", mailing.Kind.FACTOR_USED)


def codes_left(professional: Professional) -> int | None:
    """How many recovery codes she still has; None where she made none."""
    found = Authenticator.objects.filter(user_id=professional.pk, type=codes.RECOVERY).first()
    return None if found is None else len(found.wrap().get_unused_codes())


def _held(professional: Professional) -> None:
    """Two windows of the same person act one after the other."""
    Professional.objects.select_for_update(no_key=True).get(pk=professional.pk)


def _changed(by: Professional, factor: Authenticator, action: str, letter: str, here: str | None) -> None:
    _told(by, factor, action, letter)
    sessions.end_others(by, here=here)


def _told(by: Professional, factor: Authenticator, action: str, letter: str) -> None:
    ledger.note_access(
        action=action,
        object_type="factor",
        object_ref=str(factor.type),
        granted=True,
        professional=by.pk,
        membership=None,
    )
    mailing.ask(letter, by)
