"""Letters about links with ProConnect: plain text, a link, nobody's name."""

from functools import partial

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from partners.models import Professional

from .described import ACCOUNT_PAGE

KINDS = ("added", "ended")
FOLDER = "partners/mail"
log = structlog.get_logger()


def send(to: Professional, kind: str) -> None:
    """Write to her, once the transaction stands. A mail server that is down stops nothing."""
    transaction.on_commit(partial(_send, to.email, kind), robust=True)


def _send(address: str, kind: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        told = {"url": f"{settings.SITE_URL}{ACCOUNT_PAGE}"}
        subject = render_to_string(f"{FOLDER}/proconnect_{kind}.subject.txt", told).strip()
        text = render_to_string(f"{FOLDER}/proconnect_{kind}.txt", told)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as error:
        log.warning("letter.not_sent", kind=f"proconnect_{kind}", why=type(error).__name__)
