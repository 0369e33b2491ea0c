"""Abuse 23: a worker dies in the middle of a task. What it had begun is taken up within the minute, and nothing is left to Redis.

tests/faults kills real workers at these points; here are the promises that it rests on.
"""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from sharing import outbox
from sharing.models import Outbox
from tests.personas import Territory

A_MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """No program notices its own end: nothing catches this."""


@pytest.fixture
def letter(territory: Territory) -> Outbox:
    outbox.promise(
        kind="disclosure_waiting", key="waiting:1", recipient=territory.lantier, reference="C-2026-000001", path="/"
    )
    return Outbox.objects.get()


def dying(error: BaseException, *, sent: bool) -> Any:
    """A mail server during whose answer something ends."""
    deliver = EmailBackend.send_messages

    def answer(server: EmailBackend, letters: Any) -> int:
        if sent:
            deliver(server, letters)
        raise error

    return answer


def swept_again(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """A minute later."""
    monkeypatch.undo()
    Outbox.objects.update(next_attempt_at=Outbox.objects.get().created_at)
    assert outbox.sweep() == 1
    return Outbox.objects.get()


def test_abuse_23_the_lease_of_a_dead_worker_ends_within_the_minute() -> None:
    sweep = settings.CELERY_BEAT_SCHEDULE["empty-the-outbox"]
    assert outbox.LEASE + timedelta(seconds=sweep["schedule"]) < A_MINUTE


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.django_db
def test_abuse_23_a_letter_whose_fate_is_unknown_is_written_again_and_says_so(
    letter: Outbox, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", dying(Killed(), sent=sent))
    with pytest.raises(Killed):
        outbox.sweep()
    held = Outbox.objects.get()
    assert held.done_at is None
    assert held.handed_at is not None
    assert outbox.sweep() == 0  # its lease runs
    assert swept_again(monkeypatch).done_at is not None
    assert len(mail.outbox) == (2 if sent else 1)
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 1
    assert "peut-être déjà parvenu" in str(mail.outbox[-1].body)
    if sent:
        assert "peut-être déjà parvenu" not in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("error", "doubted"),
    [
        (smtplib.SMTPDataError(451, b"later"), False),
        (smtplib.SMTPRecipientsRefused({}), False),
        (TimeoutError(), True),
        (smtplib.SMTPServerDisconnected(), True),
    ],
)
@pytest.mark.django_db
def test_abuse_23_a_refusal_leaves_no_doubt_and_a_silence_does(
    letter: Outbox, error: Exception, doubted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", dying(error, sent=False))
    assert outbox.sweep() == 0
    held = Outbox.objects.get()
    assert held.last_error == type(error).__name__
    assert (held.handed_at is not None) is doubted
    swept_again(monkeypatch)
    assert [("peut-être déjà parvenu" in str(one.body)) for one in mail.outbox] == [doubted]


@pytest.mark.django_db
def test_abuse_23_a_mail_server_that_cannot_be_reached_leaves_no_doubt(
    letter: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(server: EmailBackend) -> None:
        raise TimeoutError

    monkeypatch.setattr(EmailBackend, "open", away)
    assert outbox.sweep() == 0
    assert Outbox.objects.get().handed_at is None
    swept_again(monkeypatch)
    assert "peut-être" not in str(mail.outbox[0].body)


@pytest.mark.django_db
def test_the_name_of_a_letter_says_nothing_of_what_it_is_about(letter: Outbox) -> None:
    outbox.sweep()
    name = mail.outbox[0].extra_headers["Message-ID"]
    assert name == outbox.message_id("waiting:1") != outbox.message_id("waiting:2")
    assert "waiting" not in name
