"""Two questions: does the process live, do its parts?"""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from config import errors, health


def test_the_process_lives_without_any_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_every_part_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "redis_part", lambda: health.OK)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    parts = {"database": "ok", "redis": "ok", "migrations": "ok", "seal": "ok"}
    assert answer.json() == {"ready": True, "parts": parts}


@pytest.mark.django_db
def test_without_redis_tact_is_degraded_and_still_serves(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["redis"] == "degraded"


@pytest.mark.parametrize("part", ["database_part", "migrations_part"])
@pytest.mark.django_db
def test_not_ready_while_the_database_or_its_schema_is_missing(
    part: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, part, lambda: health.DOWN)
    monkeypatch.setattr(health, "redis_part", lambda: health.OK)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False


def test_an_unreachable_database_is_a_page_that_says_nothing_was_sent(rf: Any) -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        answer = errors.server_error(rf.get("/"))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Rien n’a été communiqué" in page
    assert "119, 17, 15, 112" in page
    assert "connection refused" not in page


def test_every_answer_forbids_keeping_it(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
