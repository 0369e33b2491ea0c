"""Everywhere that something may leak to: logs, the queue, Redis, the cache, sessions, the trail, what a browser is given."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery.app.task import Task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from audit.models import Entry
from config.logs import PROCESSORS, logging_settings
from sharing import outbox


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
        if answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            self.titles += re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
            self.addresses += re.findall(r"(?:href|src|action|hx-get|hx-post)=\"([^\"]*)\"", page)
        assert answer.status_code < 500
        return answer


def everything_in_redis() -> str:
    """Every key of the queue's server, with what it holds."""
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


def sessions() -> str:
    """What every session holds."""
    return "\n".join(json.dumps(one.get_decoded(), default=str) for one in Session.objects.all())


def cached() -> str:
    """What the cache holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM tact_cache")
        return "\n".join(row[0] for row in cursor.fetchall())


def bodies() -> str:
    """What the trail says, without what may be erased of it."""
    return "\n".join(bytes(one.body).decode() for one in Entry.objects.all())
