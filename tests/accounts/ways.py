"""How one enters, leaves and waits, in the tests."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.db.models import F
from django.test import Client

from partners.accounts import mailing
from partners.models import Try
from tests import personas

SIGN_IN = "/connexion/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)


def enter(
    client: Client, email: str, password: str = personas.PASSWORD, *, network: str = "192.0.2.1", **more: str
) -> Any:
    """Through the form, from this network."""
    return client.post(SIGN_IN, {"login": email, "password": password, **more}, REMOTE_ADDR=network)


def wait(seconds: float) -> None:
    """As if this long had passed for every count of tries."""
    ago = timedelta(seconds=seconds)
    Try.objects.update(last_at=F("last_at") - ago, until=F("until") - ago)


def letters() -> list[Any]:
    """What the worker writes now."""
    before = len(mail.outbox)
    mailing.write()
    return mail.outbox[before:]
