"""Abuse 28: names and words that exist nowhere else, then the whole way, then every place where they must not be."""

import json
import logging
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery.app.task import Task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import DataError, connection
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases.models import Item
from config import embedded
from config.logs import PROCESSORS, logging_settings
from sharing import outbox
from sharing.models import Disclosure, Draft
from tests import personas
from tests.personas import Territory

FIRST, LAST, MOTHER, TOWN = "Zéphirine", "Quillebœuf-Canari", "Ombeline", "Rue-des-Canaris"
TITLE, TEXT, WORDS, NEED, GOOD = "Intitulécanari", "Textecanari", "Motscanari", "Besoincanari", "Bienfaitcanari"
CANARIES = (FIRST, LAST, "Quilleb", MOTHER, TOWN, TITLE, TEXT, WORDS, NEED, GOOD)
PROFESSIONALS = ("Lantier", "Roussel")
"""Names of professionals: pages and letters of the trail may show them, logs, queues and addresses may not."""


def sung(text: str, *more: str) -> list[str]:
    """The canaries found in a text, however it is encoded."""
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else text
    return [one for one in (*CANARIES, *more) if one.lower() in text.lower() or one.lower() in plain.lower()]


@pytest.fixture
def logs(capfd: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Every line that production would write at its most talkative, formatted as production formats it."""
    import structlog

    lines: list[str] = []
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=logging_settings(level="DEBUG")["formatters"]["json"]["foreign_pre_chain"],
        processors=logging_settings(level="DEBUG")["formatters"]["json"]["processors"],
    )

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    keeping = Keeping(level=logging.INFO)
    root = logging.getLogger()
    loggers = [
        root,
        *(logging.getLogger(name) for name in ("django", "django.request", "tact.request", "sharing.outbox")),
    ]
    before = [(one, one.level) for one in loggers]
    root.addHandler(keeping)
    for one in loggers:
        one.setLevel(logging.INFO)
    yield lines
    root.removeHandler(keeping)
    for one, level in before:
        one.setLevel(level)
    captured = capfd.readouterr()
    lines += [captured.out, captured.err]
    assert PROCESSORS


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said to the queue, beside what reaches Redis."""
    said: list[str] = []
    real = Task.apply_async

    def listen(self: Task, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        said.append(repr((self.name, args, kwargs, options)))
        return real(self, args, kwargs, **options)

    monkeypatch.setattr(Task, "apply_async", listen)
    # A test before this one may have met a queue that was down: this one asks again.
    monkeypatch.setattr(outbox._queue, "left_alone_until", 0.0)
    return said


class Walk:
    """The whole way, keeping every address, title and redirection that a browser would see."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.titles: list[str] = []
        self.pages = 0

    def go(self, client: Client, method: str, path: str, posted: dict[str, Any] | None = None) -> Any:
        answer: Any = getattr(client, method)(path, posted or {})
        self.pages += 1
        self.addresses += [path, answer.headers.get("Location", "")]
        page = answer.content.decode()
        self.titles += re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
        self.addresses += re.findall(r"(?:href|src|action|hx-get|hx-post)=\"([^\"]*)\"", page)
        assert answer.status_code < 500
        return answer


def seed(territory: Territory) -> None:
    child, mother = territory.child, territory.mother
    child.first_name, child.last_name = FIRST, LAST
    child.save()
    mother.first_name, mother.last_name = MOTHER, LAST
    mother.save()


def whole_way(territory: Territory, walk: Walk) -> None:
    """Write down, compose, be refused, record the agreement, send, read, acknowledge, withdraw; and try what is not one's own."""
    camille, lantier, leila = (
        personas.signed_in(one) for one in (territory.camille, territory.lantier, territory.leila)
    )
    ref = territory.case.reference
    walk.go(camille, "get", "/")
    walk.go(camille, "get", "/situations/")
    walk.go(camille, "post", "/situations/", {"q": LAST})
    walk.go(
        camille, "post", "/situations/nouvelle/", {"first_name": FIRST, "last_name": LAST, "birth_date": "2017-01-01"}
    )
    walk.go(camille, "get", f"/situations/{ref}/")
    walk.go(camille, "post", f"/situations/{ref}/identite")
    item = personas.write_down(territory.case, territory.camille, label=TITLE, text=f"{TEXT} {TOWN}")
    walk.go(camille, "get", reverse("cases:item", args=[ref, item.pk]))
    walk.go(
        camille, "post", reverse("cases:item_new", args=[ref]), {"label": TITLE, "text": TEXT, "third_parties": MOTHER}
    )
    walk.go(camille, "post", reverse("sharing:start", args=[ref]))
    draft = Draft.objects.get(sent_at=None)
    typed = {
        "purpose": "scolarite",
        "recipient": str(territory.lantier.pk),
        "benefit": GOOD,
        "item": [str(item.pk)],
        f"necessity-{item.pk}": NEED,
    }
    where = [ref, draft.pk]
    walk.go(camille, "post", reverse("sharing:verdict", args=where), typed)
    walk.go(camille, "post", reverse("sharing:compose", args=where), typed | {"action": "check"})
    walk.go(camille, "get", reverse("consent:new", args=[ref]))
    agreed = personas.parents_agree(territory)
    personas.parents_refuse(territory, recipient=territory.aubin)
    page = walk.go(camille, "get", reverse("sharing:check", args=where)).content.decode()
    token = re.search(r'name="seen" value="([^"]+)"', page)
    assert token is not None
    walk.go(camille, "post", reverse("sharing:check", args=where), {"seen": token[1]})
    walk.go(camille, "get", reverse("sharing:done", args=where))
    sent = Disclosure.objects.get()
    received = reverse("sharing:received", args=[sent.pk])
    walk.go(lantier, "get", "/recu/")
    walk.go(lantier, "get", received)
    walk.go(lantier, "post", received)
    walk.go(lantier, "post", reverse("sharing:acknowledge", args=[sent.pk]))
    walk.go(camille, "get", "/communications/")
    walk.go(camille, "get", reverse("sharing:sent_one", args=[sent.pk]))
    walk.go(leila, "get", f"/situations/{ref}/")
    walk.go(leila, "post", received)
    walk.go(
        camille, "post", reverse("sharing:withdraw", args=[ref, agreed.pk]), {"form": "in_person", "own_words": WORDS}
    )
    walk.go(camille, "get", reverse("consent:list", args=[ref]))
    walk.go(lantier, "post", received)
    for auditor in (personas.signed_in(territory.yann), personas.signed_in(territory.claire)):
        walk.go(auditor, "get", "/audit/")
        walk.go(auditor, "get", "/audit/acces/")
        walk.go(auditor, "post", "/audit/verification/")
    walk.go(lantier, "get", f"/situations/{ref}/nulle-part/")


@pytest.mark.django_db
def test_abuse_28_no_name_and_no_word_reaches_a_log_an_address_a_title_a_letter_a_queue_a_cache_or_a_session(
    territory: Territory, logs: list[str], queued: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    if not os.environ.get("REDIS_URL"):
        embedded.ensure_redis()
    seed(territory)
    walk = Walk()
    with django_capture_on_commit_callbacks(execute=True):
        whole_way(territory, walk)
    outbox.sweep()
    assert walk.pages > 25
    assert not sung("\n".join(logs), *PROFESSIONALS)
    assert len(logs) > 20
    assert not sung("\n".join(walk.addresses), *PROFESSIONALS)
    assert not sung("\n".join(walk.titles))
    assert len(mail.outbox) == 2
    assert not sung("\n".join(one.message().as_string() for one in mail.outbox))
    assert queued
    assert not sung("\n".join(queued), *PROFESSIONALS)
    assert not sung("\n".join(json.dumps(one.get_decoded(), default=str) for one in Session.objects.all()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM tact_cache")
        assert not sung("\n".join(row[0] for row in cursor.fetchall()))
    assert not sung("\n".join(bytes(one.body).decode() for one in Entry.objects.all()), *PROFESSIONALS)
    assert not sung(everything_in_redis(), *PROFESSIONALS)
    assert Item.objects.filter(label=TITLE).exists()


def everything_in_redis() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL)
    found = []
    for key in client.scan_iter(count=1000):
        found.append(key)
        match client.type(key):
            case b"string":
                found.append(client.get(key) or b"")
            case b"list":
                found += client.lrange(key, 0, -1)
            case b"hash":
                found += [part for pair in client.hgetall(key).items() for part in pair]
            case b"set":
                found += list(client.smembers(key))
            case b"zset":
                found += client.zrange(key, 0, -1)
    client.close()
    return b"\n".join(found).decode(errors="replace")


@pytest.mark.django_db
def test_abuse_28_an_error_report_quotes_neither_a_row_nor_an_exception(logs: list[str]) -> None:
    log = logging.getLogger("django.request")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::uuid", [f"{FIRST} {LAST}"])
    except DataError:
        log.exception("Internal Server Error: /situations/%s/", LAST)
    assert logs
    assert not sung("\n".join(logs))
    assert "DataError" in logs[-1]


def test_abuse_28_a_production_cannot_be_put_in_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("TACT_ENV", "production")
    monkeypatch.setenv("TACT_DEBUG", "1")
    with pytest.raises(ImproperlyConfigured, match="TACT_DEBUG"):
        runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
