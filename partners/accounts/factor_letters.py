"""Letters about a second factor: plain text, a link, nobody's name.

They leave once the act stands; a mail server that is down stops nothing.
"""

from functools import partial
from typing import Literal

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from partners.models import Professional

Kind = Literal["added", "removed", "codes", "used", "reset"]
KINDS = ("added", "removed", "codes", "used", "reset")
FOLDER = "partners/mail"
log = structlog.get_logger()


def send(to: Professional, kind: str) -> None:
    """Write to her, once the transaction stands, that this happened to her second factor."""
    transaction.on_commit(partial(_send, to.email, kind), robust=True)


def _send(address: str, kind: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        told = {"url": f"{settings.SITE_URL}{reverse('mfa_index')}"}
        subject = render_to_string(f"{FOLDER}/factor_{kind}.subject.txt", told).strip()
        text = render_to_string(f"{FOLDER}/factor_{kind}.txt", told)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as error:
        log.warning("letter.not_sent", kind=f"factor_{kind}", why=type(error).__name__)
