"""The letter of an invitation: a reference and a link, nobody's name. It leaves after the act; one that could not is said."""

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from partners.clock import last_day
from partners.models import Invitation

log = structlog.get_logger(__name__)
SUBJECT, TEXT = "partners/mail/invitation.subject.txt", "partners/mail/invitation.txt"


def link(secret: str) -> str:
    """Where the invited person accepts."""
    return f"{settings.SITE_URL}{reverse('partners:invitation', args=[secret])}"


def reference(invitation: Invitation) -> str:
    """What somebody on the telephone can say of it: the first eight characters of its id."""
    return str(invitation.pk)[:8]


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Send it to the invited address and nobody else; False where the mail server did not take it: it may be sent again."""
    told = {"reference": reference(invitation), "url": link(secret), "until": last_day(invitation.expires_at)}
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = render_to_string(SUBJECT, told).strip(), render_to_string(TEXT, told)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    except OSError as error:
        log.warning("letter.not_sent", kind="invitation", why=type(error).__name__)
        return False
    return True
