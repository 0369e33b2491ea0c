"""A letter as a real mail server takes it, word for word (RFC 5321): accepted, refused, or left without an answer."""

import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sharing import outbox
from sharing.models import Outbox
from tests.personas import Territory

pytestmark = pytest.mark.django_db
ANSWERS = {b"EHLO": b"250 here", b"MAIL": b"250 ok", b"RCPT": b"250 ok", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


class MailServer:
    """One conversation at a time; `last`: what it says once it has the whole letter, nothing where it hangs up."""

    def __init__(self, last: bytes) -> None:
        self.last, self.taken, self.calls = last, [], 0  # type: ignore[var-annotated]
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            self.calls += 1
            with client, client.makefile("rwb") as talk, contextlib.suppress(OSError):
                self.say(talk, b"220 mail")
                self.converse(talk)

    def go_away(self) -> None:
        """Refuse every call from now on: closing alone leaves the port open while a thread waits in `accept`."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def converse(self, talk: Any) -> None:
        for line in talk:
            self.say(talk, ANSWERS.get(line[:4].upper(), b"250 ok"))
            if line[:4].upper() == b"DATA":
                self.taken.append(b"".join(iter(talk.readline, b".\r\n")))
                if not self.last:
                    return
                self.say(talk, self.last)

    def say(self, talk: Any, words: bytes) -> None:
        talk.write(words + b"\r\n")
        talk.flush()


@pytest.fixture
def letter(territory: Territory) -> str:
    outbox.promise(
        kind="disclosure_waiting", key="waiting:1", recipient=territory.lantier, reference="C-2026-000001", path="/"
    )
    return "waiting:1"


@contextlib.contextmanager
def server(last: bytes, settings: Any) -> Iterator[MailServer]:
    one = MailServer(last)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", one.port, False
    settings.EMAIL_TIMEOUT = 30
    try:
        yield one
    finally:
        one.go_away()


def test_an_accepted_letter_is_done_in_one_conversation(letter: str, settings: Any) -> None:
    with server(b"250 taken", settings) as one:
        assert outbox.sweep() == 1
        assert outbox.sweep() == 0
    assert (len(one.taken), one.calls) == (1, 1)
    assert outbox.message_id(letter).encode() in one.taken[0]
    assert Outbox.objects.get().done_at is not None


@pytest.mark.parametrize(
    ("last", "doubted", "error"),
    [(b"451 later", False, smtplib.SMTPDataError), (b"", True, smtplib.SMTPServerDisconnected)],
)
def test_a_refused_letter_did_not_leave_and_an_unanswered_one_may_have(
    letter: str, settings: Any, last: bytes, doubted: bool, error: type[Exception]
) -> None:
    with server(last, settings) as one:
        assert outbox.sweep() == 0
    assert len(one.taken) == 1
    row = Outbox.objects.get()
    assert row.done_at is None
    assert row.last_error == error.__name__
    assert (row.handed_at is not None) is doubted


def test_a_mail_server_that_is_away_leaves_no_doubt(letter: str, settings: Any) -> None:
    with server(b"250 taken", settings) as one:
        one.go_away()
        assert outbox.sweep() == 0
    row = Outbox.objects.get()
    assert (row.handed_at, row.last_error) == (None, "ConnectionRefusedError")
