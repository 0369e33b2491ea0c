"""Abuse 24: with the queue away, or silent, signing in, sharing, acknowledging and withdrawing work; letters only wait."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from config.celery import app
from consent.models import Withdrawal
from partners import clock
from sharing import outbox
from sharing.models import Disclosure, Outbox
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

MOST_SECONDS = 8.0
"""The queue is waited for once, as long as the settings say, and then left alone."""


@contextlib.contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Celery's broker is there for a while."""
    usual = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = url
    outbox._queue.left_alone_until = 0.0
    forget_connections()
    try:
        yield
    finally:
        app.conf.broker_url, app.conf.broker_write_url = usual
        outbox._queue.left_alone_until = 0.0
        forget_connections()


def forget_connections() -> None:
    app.amqp.__dict__.pop("_producer_pool", None)
    app.pool.force_close_all() if app._pool is not None else None
    app._pool = None
    app.amqp._producer_pool = None


@pytest.fixture(params=["away", "silent"])
def no_queue(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """A Redis whose socket is not there; or one that takes connections and never answers."""
    if request.param == "away":
        settings.REDIS_URL = "unix:///nowhere/redis.sock"
        with broker_at("redis+socket:///nowhere/redis.sock"):
            yield
        return
    with socket.create_server(("127.0.0.1", 0), backlog=64) as deaf:
        settings.REDIS_URL = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        with broker_at(settings.REDIS_URL):
            yield


def posted(client: Client, address: str, typed: dict[str, Any]) -> float:
    """Post and follow to a page; the seconds it took."""
    began = time.monotonic()
    answer: Any = client.post(address, typed, follow=True)
    assert answer.status_code == 200, address
    return time.monotonic() - began


def the_whole_way(territory: Territory) -> list[float]:
    """Sign in, send, open, acknowledge, withdraw, each through its page."""
    consent = personas.parents_agree(territory)
    camille, lantier = Client(), personas.signed_in(territory.lantier)
    took = [
        posted(
            camille,
            reverse("partners:sign_in"),
            {"login": territory.camille.professional.email, "password": personas.PASSWORD},
        )
    ]
    draft = draft_of(territory)
    check = reverse("sharing:check", args=[draft.case.reference, draft.pk])
    token = re.search(r'name="seen" value="([^"]+)"', camille.get(check).content.decode())
    assert token is not None
    took.append(posted(camille, check, {"seen": token[1]}))
    disclosure = Disclosure.objects.get()
    took.append(posted(lantier, reverse("sharing:received", args=[disclosure.pk]), {}))
    took.append(posted(lantier, reverse("sharing:acknowledge", args=[disclosure.pk]), {}))
    took.append(
        posted(camille, reverse("sharing:withdraw", args=[draft.case.reference, consent.pk]), {"form": "in_person"})
    )
    return took


def waiting() -> int:
    return Outbox.objects.filter(done_at=None).count()


def test_abuse_24_everything_works_without_redis_and_letters_wait(own_database: str, no_queue: None) -> None:
    territory = personas.build()
    took = the_whole_way(territory)
    assert max(took) < MOST_SECONDS, took
    disclosure = Disclosure.objects.get()
    assert disclosure.acknowledged_at is not None
    assert Withdrawal.objects.exists()
    assert waiting() == 2
    assert mail.outbox == []
    health = Client().get("/readyz")
    assert (health.status_code, health.json()["parts"]["redis"]) == (200, "degraded")
    assert outbox.sweep() == 2
    assert len(mail.outbox) == 2
    assert waiting() == 0
    assert outbox.sweep() == 0


def test_abuse_24_many_letters_of_one_act_wait_for_the_queue_once(own_database: str, no_queue: None) -> None:
    territory = personas.build()
    consent = personas.parents_agree(territory)
    for _each in range(6):
        assert send(draft_of(territory), territory.camille).disclosure is not None
    camille = personas.signed_in(territory.camille)
    took = posted(
        camille, reverse("sharing:withdraw", args=[territory.case.reference, consent.pk]), {"form": "in_person"}
    )
    assert took < MOST_SECONDS
    assert Outbox.objects.filter(kind=Outbox.Kind.CONSENT_WITHDRAWN).count() == 6


def test_a_letter_that_cannot_be_written_holds_up_no_other(own_database: str) -> None:
    """What is wrong is in the letter, not on the network: the next one leaves."""
    territory = personas.build()
    for key, who in (("bad", territory.lantier), ("good", territory.aubin)):
        outbox.promise(kind="disclosure_waiting", key=key, recipient=who, reference="C-2026-000001", path="/")
    Outbox.objects.filter(key="bad").update(kind="unheard_of")
    assert outbox.sweep() == 1
    assert [letter.to for letter in mail.outbox] == [[territory.aubin.professional.email]]
    assert Outbox.objects.get(key="bad").attempts == 1


def test_a_letter_tried_for_months_is_still_tried(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail servers stay down over a week-end: the wait stops doubling before it can no longer be said."""
    territory = personas.build()
    outbox.promise(
        kind="disclosure_waiting", key="old", recipient=territory.lantier, reference="C-2026-000001", path="/"
    )
    for attempts in (60, 32_767):
        Outbox.objects.update(attempts=attempts, next_attempt_at=clock.now())
        with monkeypatch.context() as away:
            away.setattr(outbox, "letter_of", lambda row: (_ for _ in ()).throw(ConnectionRefusedError()))
            assert outbox.sweep() == 0
    Outbox.objects.update(next_attempt_at=clock.now())
    assert outbox.sweep() == 1
