"""Effects promised inside a transaction, carried out after it: each once, by its business key.

Redis only hurries them: with the queue down a sweep finds them, and nothing that the law requires lives in the queue alone.
"""

import time
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least, Now
from django.template.loader import render_to_string
from django.utils import translation

from partners import clock
from partners.models import Membership
from sharing.models import Outbox

log = structlog.get_logger(__name__)

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
DOUBLINGS = 8
ATTEMPTS_COUNTED = 32_767
LATE_AFTER = timedelta(minutes=1)
LEFT_ALONE_SECONDS = 30.0


class _Queue:
    """What this process knows of the queue: until when, by its own monotonic clock, not to call it again."""

    left_alone_until = 0.0


_queue = _Queue()


def promise(
    *,
    kind: str,
    key: str,
    recipient: Membership,
    reference: str,
    path: str,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Promise an effect in the current transaction; the same key twice is the same promise.

    `counts` are for the digest: numbers, and nothing but numbers.
    """
    Outbox.objects.bulk_create(
        [
            Outbox(
                kind=kind,
                key=key,
                recipient=recipient,
                reference=reference,
                path=path,
                counts={name: int(many) for name, many in (counts or {}).items()},
            )
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(hurry, robust=True)


def hurry() -> None:
    """Ask a worker to empty the outbox now. With the queue down, the sweep does it within the minute.

    A queue that just failed is left alone for a while: whoever writes ten letters waits for it once, and not each time.
    """
    if time.monotonic() < _queue.left_alone_until:
        return
    from kombu.exceptions import OperationalError

    from sharing.tasks import sweep_outbox

    try:
        sweep_outbox.apply_async(expires=60, retry=False)
    except OperationalError as error:
        _queue.left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
        log.warning("outbox.queue_down", error=type(error).__name__)


def sweep() -> int:
    """Carry out what is due, oldest first; returns how many were. Two sweeps at once share the work (SKIP LOCKED)."""
    done = 0
    while (one := _attempt()) is not None:
        done += one
    return done


def _attempt() -> int | None:
    """Try the oldest effect that is due and that no other sweep holds; None where there is none left.

    A failure, whatever it is, is noted with its next instant and stops nothing else.
    """
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient__professional")
            .filter(done_at__isnull=True, next_attempt_at__lte=Now())
            .order_by("pk")
            .first()
        )
        if row is None:
            return None
        at = clock.now()
        mine = Outbox.objects.filter(pk=row.pk)
        try:
            send_letter(row)
        except Exception as error:  # a letter that cannot be written must not hold up those behind it
            wait = min(FIRST_RETRY * 2 ** min(row.attempts, DOUBLINGS), LONGEST_RETRY)
            mine.update(
                attempts=Least(F("attempts") + 1, ATTEMPTS_COUNTED),
                next_attempt_at=at + wait,
                last_error=type(error).__name__,
            )
            log.warning("outbox.attempt_failed", kind=row.kind, error=type(error).__name__)
            return 0
        mine.update(done_at=at, attempts=Least(F("attempts") + 1, ATTEMPTS_COUNTED), last_error="")
    return 1


def send_letter(row: Outbox) -> None:
    """One mail: a reference, a link, numbers; never a name nor a word of content (abuse 27: templates see nothing else)."""
    context = {"reference": row.reference, "url": f"{settings.SITE_URL}{row.path}", "counts": row.counts}
    with translation.override("fr"):
        subject = render_to_string(f"sharing/mail/{row.kind}.subject.txt", context).strip()
        body = render_to_string(f"sharing/mail/{row.kind}.txt", context)
    EmailMessage(
        subject=subject,
        body=body,
        to=[row.recipient.professional.email],
        headers={"X-Tact-Key": row.key, "Auto-Submitted": "auto-generated"},
    ).send()


def delayed() -> bool:
    """Whether something promised more than a minute ago is not done: pages then say « notifications retardées »."""
    return Outbox.objects.filter(done_at__isnull=True, created_at__lt=Now() - LATE_AFTER).exists()
