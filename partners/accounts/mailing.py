"""Letters about an account: asked for in the request, written by the worker.

Whoever asks for a new password waits the same time whether the address is known or not: both leave one row, and only the worker,
later, finds whether there is anybody to write to. No secret is kept meanwhile: the link is made as the letter is written.
"""

from datetime import timedelta

import structlog
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from partners import clock
from partners.models import AccountLetter, Professional

Kind = AccountLetter.Kind
AGAIN_AFTER = timedelta(minutes=1)
MOST_AT_ONCE = 50
SPACED: dict[str, timedelta] = {Kind.PASSWORD_RESET: timedelta(minutes=2), Kind.NEW_BROWSER: timedelta(days=1)}
"""Nobody's letter box is filled by somebody else: one letter of a kind in that time, to one person."""
DOORS: dict[str, str] = {
    Kind.FACTOR_WAITING: "partners:factor_losses",
    Kind.PROCONNECT_WAITING: "partners:to_validate",
}
"""Where a letter leads that does not lead to one's own account."""
log = structlog.get_logger()


def ask(kind: str, to: Professional | None) -> None:
    """Promise a letter; `to` None is an address that nobody has. The same statement in both cases."""
    AccountLetter(kind=kind, professional=to).save(force_insert=True)


def write() -> int:
    """Write what waits, oldest first; how many letters left. A mail server that is down is tried again a minute later."""
    left = 0
    for _turn in range(MOST_AT_ONCE):
        with transaction.atomic():
            waiting = AccountLetter.objects.filter(sent_at__isnull=True, next_attempt_at__lte=clock.Instant())
            letter = waiting.select_for_update(skip_locked=True).select_related(None).first()
            if letter is None:
                return left
            taken = _write(letter)
        if taken is None:
            return left
        left += taken
    return left


def forget() -> None:
    """Drop the letters of before: those that left, and those that could not leave in a day."""
    AccountLetter.objects.filter(asked_at__lt=clock.now() - AccountLetter.KEPT).delete()


def _write(letter: AccountLetter) -> bool | None:
    """Write one, or drop it where there is nobody to write to, or where the same was just written. None: no server took it."""
    whose = letter.professional_id
    to = Professional.objects.filter(pk=whose, is_active=True).first() if whose else None
    if to is None or _just_written(letter, to):
        letter.delete()
        return False
    with translation.override(settings.LANGUAGE_CODE):
        told = {"url": link(letter.kind, to)}
        subject = render_to_string(f"partners/mail/{letter.kind}.subject.txt", told).strip()
        text = render_to_string(f"partners/mail/{letter.kind}.txt", told)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [to.email])
    except OSError as error:
        log.warning("letter.not_sent", kind=letter.kind, why=type(error).__name__)
        letter.next_attempt_at = clock.now() + AGAIN_AFTER
        letter.save(update_fields=["next_attempt_at"])
        return None
    letter.sent_at = clock.now()
    letter.save(update_fields=["sent_at"])
    return True


def _just_written(letter: AccountLetter, to: Professional) -> bool:
    space = SPACED.get(letter.kind)
    same = AccountLetter.objects.filter(kind=letter.kind, professional=to)
    return space is not None and same.filter(sent_at__gt=letter.asked_at - space).exists()


def link(kind: str, to: Professional) -> str:
    """Where the letter leads: to the choice of a new password, once and within the hour, or to one's account."""
    if kind == Kind.PASSWORD_RESET:
        there = {"uidb36": user_pk_to_url_str(to), "key": default_token_generator.make_token(to)}
        return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=there)}"
    return f"{settings.SITE_URL}{reverse(DOORS.get(kind, 'partners:account'))}"
