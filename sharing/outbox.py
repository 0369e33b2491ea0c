"""Effects promised inside a transaction, carried out after it: each once, by its business key.

Redis only hurries them: with the queue down a sweep finds them, and nothing that the law requires lives in the queue alone.
What a process killed at the worst instant leaves behind, docs/adr/0019-a-letter-in-doubt.md says.
"""

import contextlib
import hashlib
import smtplib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Least, Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from audit.models import Checkpoint
from partners import clock
from partners.models import Membership
from sharing.models import Outbox

log = structlog.get_logger(__name__)

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
DOUBLINGS = 8
ATTEMPTS_COUNTED = 32_767
LATE_AFTER = timedelta(minutes=1)
# How long a letter about to leave is its sweep's own. With the period of the sweep, a dead one is made up for within the minute.
LEASE = timedelta(seconds=30)
MARGIN = timedelta(seconds=5)
PAUSE_SECONDS = 0.5
# The mail server said no: the letter did not leave. Any other failure after it was handed over leaves a doubt.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)
PERHAPS_TWICE = gettext_noop("Ce message vous est peut-être déjà parvenu : une panne nous empêche de le savoir.")
LEFT_ALONE_SECONDS = 30.0


class _Queue:
    """What this process knows of the queue: until when, by its own monotonic clock, not to call it again."""

    left_alone_until = 0.0


_queue = _Queue()


def promise(
    *,
    kind: str,
    key: str,
    recipient: Membership | None = None,
    address: str = "",
    reference: str,
    path: str,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Promise an effect in the current transaction; the same key twice is the same promise.

    To a membership, or to an `address` outside the house (heads of the trail alone). `counts` are for the digests: numbers, and
    nothing but numbers.
    """
    Outbox.objects.bulk_create(
        [
            Outbox(
                kind=kind,
                key=key,
                recipient=recipient,
                address=address,
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

    Two transactions (ADR 0019). In the first, all that can fail before anything leaves: the letter is written, the mail server
    reached; it ends by noting that the letter is about to be handed over. In the second it is handed over, and noted as done. A
    process killed in the first has sent nothing, and its row is free at once; killed in the second, it leaves a row that is in
    doubt, and whose lease ends within the minute.
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
        try:
            letter = letter_of(row)
            letter.connection = server = get_connection()
            server.open()
        except Exception as error:  # a letter that cannot be written must not hold up those behind it
            _postpone(row, error, in_doubt=row.handed_at)
            return 0
        row.handed_at = clock.now()
        Outbox.objects.filter(pk=row.pk).update(handed_at=row.handed_at, next_attempt_at=row.handed_at + LEASE)
    try:
        return _hand_over(row, letter)
    finally:
        with contextlib.suppress(Exception):  # said or not, farewell changes nothing of what was sent
            server.close()


def _hand_over(row: Outbox, letter: EmailMessage) -> int:
    """Hand a claimed letter to the mail server, under a lock that says that somebody living is at it; 1 where it left."""
    mine = Outbox.objects.filter(pk=row.pk, handed_at=row.handed_at, done_at__isnull=True)
    sent = False
    try:
        with transaction.atomic():
            # Waited for: a sweep that looked at the row while it was being claimed holds it until its own first transaction ends.
            if mine.select_for_update().first() is None:
                return 0
            try:
                letter.send()
                sent = True
            except Exception as error:
                # Refused in so many words, it did not leave; without an answer, nobody knows.
                _postpone(row, error, in_doubt=None if isinstance(error, REFUSALS) else row.handed_at)
                return 0
            _done(mine)
    except (OperationalError, InterfaceError) as error:
        log.warning("outbox.database_lost", kind=row.kind, sent=sent, error=type(error).__name__)
        return int(sent and _note_once_it_is_back(mine))
    return 1


def _done(mine: QuerySet[Outbox]) -> int:
    return mine.update(done_at=clock.now(), attempts=Least(F("attempts") + 1, ATTEMPTS_COUNTED), last_error="")


def _note_once_it_is_back(mine: QuerySet[Outbox]) -> bool:
    """The letter left and the database died: as long as nobody else may take it, try to say so. False where it stays in doubt."""
    deadline = time.monotonic() + (LEASE - MARGIN).total_seconds()
    while time.monotonic() < deadline:
        connection.close()
        try:
            _done(mine)
        except (OperationalError, InterfaceError):
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def _postpone(row: Outbox, error: Exception, *, in_doubt: datetime | None) -> None:
    """A failure, whatever it is, is noted with its next instant and stops nothing else."""
    wait = min(FIRST_RETRY * 2 ** min(row.attempts, DOUBLINGS), LONGEST_RETRY)
    Outbox.objects.filter(pk=row.pk).update(
        attempts=Least(F("attempts") + 1, ATTEMPTS_COUNTED),
        next_attempt_at=clock.now() + wait,
        last_error=type(error).__name__,
        handed_at=in_doubt,
    )
    log.warning("outbox.attempt_failed", kind=row.kind, error=type(error).__name__, in_doubt=in_doubt is not None)


def letter_of(row: Outbox) -> EmailMessage:
    """One mail: a reference, a link, numbers; never a name nor a word of content (abuse 27: templates see nothing else).

    The daily head of the trail carries its signed note too: an origin, a size, hashes (`audit.checkpoint`).

    The same promise is the same message: its `Message-ID` comes from its key, so that a mail server that was already given it may
    drop it. In doubt, it says in its first line that it may have come before.
    """
    context = {"reference": row.reference, "url": f"{settings.SITE_URL}{row.path}", "counts": row.counts}
    if row.kind == Outbox.Kind.TRAIL_HEAD:
        context["note"] = bytes(Checkpoint.objects.get(size=row.counts["size"]).note).decode()
    to = row.recipient.professional.email if row.recipient else row.address
    with translation.override("fr"):
        subject = render_to_string(f"sharing/mail/{row.kind}.subject.txt", context).strip()
        body: str = render_to_string(f"sharing/mail/{row.kind}.txt", context)
        if row.handed_at is not None:
            body = "\n\n".join([gettext(PERHAPS_TWICE), body])
    return EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={
            "Message-ID": message_id(row.key),
            "X-Tact-Key": row.key,
            "Auto-Submitted": "auto-generated",
        },
    )


def message_id(key: str) -> str:
    """The name of a letter among mail servers (RFC 5322, 3.6.4): always the same for one promise, and silent about it."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}\n{key}".encode()).hexdigest()
    return f"<{digest[:32]}@{urlsplit(settings.SITE_URL).hostname or 'tact'}>"


def delayed() -> bool:
    """Whether something promised more than a minute ago is not done: pages then say « notifications retardées »."""
    return Outbox.objects.filter(done_at__isnull=True, created_at__lt=Now() - LATE_AFTER).exists()
