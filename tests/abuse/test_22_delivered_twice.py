"""Abuse 22: the queue delivers a task twice, or two workers sweep at once: each promise is one letter, whatever happens."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from sharing import outbox, tasks
from sharing.models import Outbox
from tests import personas
from tests.personas import Territory

LETTERS = 8


def promise(territory: Territory, number: int = 0) -> None:
    outbox.promise(
        kind="disclosure_waiting",
        key=f"disclosure_waiting:{number}",
        recipient=territory.lantier,
        reference=f"C-2026-{number:06d}",
        path="/",
    )


@pytest.fixture
def slow_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that takes its time, so that those who call at once are there at once."""
    deliver = EmailBackend.send_messages

    def slowly(server: EmailBackend, letters: Any) -> int:
        time.sleep(0.05)
        return int(deliver(server, letters))

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)


@pytest.mark.django_db
def test_abuse_22_the_same_promise_made_twice_is_one_letter(territory: Territory) -> None:
    promise(territory)
    promise(territory)
    tasks.sweep_outbox()
    tasks.sweep_outbox()
    assert len(mail.outbox) == 1


def test_abuse_22_workers_that_sweep_at_once_send_each_letter_once(own_database: str, slow_mail: None) -> None:
    territory = personas.build()
    for number in range(LETTERS):
        promise(territory, number)
    gate = threading.Barrier(4)

    def work() -> int:
        gate.wait(30)
        try:
            return outbox.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = [one.result(60) for one in [pool.submit(work) for _worker in range(4)]]
    assert sum(done) == LETTERS
    assert sorted(one.extra_headers["X-Tact-Key"] for one in mail.outbox) == [
        f"disclosure_waiting:{number}" for number in range(LETTERS)
    ]
    assert not Outbox.objects.filter(done_at=None).exists()


def test_abuse_22_a_letter_that_takes_longer_than_its_lease_is_still_one(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is over while the mail server is still taking it: whoever sweeps then sees that somebody living is at it."""
    territory = personas.build()
    promise(territory)
    seen: list[int] = []
    deliver = EmailBackend.send_messages

    def meanwhile(server: EmailBackend, letters: Any) -> int:
        def sweep() -> None:
            try:
                seen.append(outbox.sweep())
            finally:
                connection.close()

        other = threading.Thread(target=sweep)
        other.start()
        other.join(60)
        return int(deliver(server, letters))

    monkeypatch.setattr(outbox, "LEASE", outbox.FIRST_RETRY * 0)
    monkeypatch.setattr(EmailBackend, "send_messages", meanwhile)
    assert outbox.sweep() == 1
    assert seen == [0]
    assert len(mail.outbox) == 1


def test_abuse_22_a_sweep_that_looked_at_a_letter_being_claimed_does_not_put_it_off(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL keeps a row locked whose condition it finds no longer met: the one that claimed it waits, and sends."""
    promise(personas.build())
    held, hand_over = threading.Event(), outbox._hand_over

    def looked_at() -> None:
        try:
            with transaction.atomic():
                Outbox.objects.select_for_update().get()
                held.set()
                time.sleep(0.3)
        finally:
            connection.close()

    def after_a_look(row: Outbox, letter: Any) -> int:
        other = threading.Thread(target=looked_at)
        other.start()
        assert held.wait(30)
        try:
            return hand_over(row, letter)
        finally:
            other.join()

    monkeypatch.setattr(outbox, "_hand_over", after_a_look)
    assert outbox.sweep() == 1
    assert [one.extra_headers["X-Tact-Key"] for one in mail.outbox] == ["disclosure_waiting:0"]
