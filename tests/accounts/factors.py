"""Ways of the tests of second factors: an application that shows its codes, a sign-in, a session that was just proved."""

import time
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from partners import clock, confirming
from partners.accounts import codes
from partners.models import Professional, Try
from tests import personas

SIGN_IN = "/connexion/"
SECOND = "/connexion/second-facteur/"
AGAIN = "/compte/confirmer/"
OVERVIEW = "/compte/second-facteur/"
INSTALL = "/compte/second-facteur/application/"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an application set with this secret shows now; `steps` of thirty seconds later, or earlier."""
    step = int(clock.now().timestamp()) // 30
    return str(format_hotp_value(hotp_value(secret, step + steps)))


def with_application(professional: Professional) -> str:
    """She set an application up a while ago, before her sessions of now: its secret, whose codes did not serve lately."""
    secret = generate_totp_secret()
    factor = TOTP.activate(professional, secret).instance
    factor.data[codes.LAST] = int(clock.now().timestamp()) // 30 - 10
    factor.save()
    return secret


def enter(client: Client, professional: Professional, **more: str) -> Any:
    """Her address and her password, at the sign-in page."""
    return client.post(SIGN_IN, {"login": professional.email, "password": personas.PASSWORD, **more})


def is_in(client: Client) -> bool:
    """Whether somebody is signed in."""
    return "_auth_user_id" in client.session


def stale(client: Client, *, minutes: int = 6) -> Client:
    """Her identity was proved so long ago."""
    session = client.session
    session[confirming.SESSION_KEY] = (clock.now() - timedelta(minutes=minutes)).isoformat()
    session.save()
    return client


def forget_tries() -> None:
    """As if an hour had gone by."""
    Try.objects.all().delete()


def wait_for_a_step_that_lasts() -> None:
    """A step of thirty seconds that does not end in the middle of a test."""
    left = 30 - clock.now().timestamp() % 30
    if left < 4:
        time.sleep(left + 0.1)
