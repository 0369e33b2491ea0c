"""Doors × personas: every door of the URLconf is in the table, and answers each persona as the table says.

Each persona knocks once at each door, and each test looks at what those knocks were answered, wrote or showed.
"""

import re
import runpy
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from audit.models import Access
from partners import confirming
from partners.models import Membership
from tests.architecture.source import ROOT
from tests.doors import scene as scenes
from tests.doors.scene import Scene
from tests.doors.table import DOORS, PERSONAS

DEMONSTRATION = {"demo_mail", "demo_enter", "demo_visit", "demo_components"}
"""Doors that a production does not have."""

CURIOUS = ("leila", "lantier", "yann")
"""Who tries the addresses of others: a colleague, a partner, an auditor."""
OF_PROGRAMS = "api:"
"""Doors that no session opens: tests/api/table.py is theirs."""
ALWAYS_OPEN = {"partners:sign_out", "account_logout", "partners:set_language", "change_password"}
"""Doors that send whoever comes somewhere else than to the sign-in page."""

WRITES = re.compile(r"^\s*(?:/\*.*?\*/)?\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
MAY_WRITE = {"audit_access", "django_session", "tact_cache"}
"""What reading a page may leave behind: the trace of the reading, and the session."""


def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The full name of every route, in every include; a route without a name is named by its pattern."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield ":".join((*spaces, one.name)) if one.name else f"unnamed {one.pattern}"


Bare = tuple[int, str, dict[str, str]]
"""Status, body and headers, but for what is never twice the same."""


@dataclass(frozen=True)
class Knock:
    """What one knock was answered, and what it left."""

    status: int
    location: str
    written: list[str]
    """The statements that wrote what no reading may, shortened."""
    bare: Bare | None
    """Kept where the curious were told that there is nothing."""


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One scene for the whole matrix: what is done at a door is forgotten at once.

    Everybody has just proved who she is, however long the walk takes: what is asked again after five minutes has tests of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(confirming, "FRESH", timedelta(hours=1))
        scene = scenes.build()
        for persona in PERSONAS:
            scene.client(persona)  # everybody signs in before anything is watched
        yield scene
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def knocks(built: Scene) -> dict[tuple[str, str, str], Knock]:
    """Door, method, persona → what happened."""
    return {
        (door, method, persona): knock(built, door, method, persona) for door, method in DOORS for persona in PERSONAS
    }


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    """The scene, for a test that does more than knock; forgotten at its end."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def knock(scene: Scene, door: str, method: str, persona: str) -> Knock:
    """At the real address; what a reading writes is watched."""
    written: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        match = WRITES.match(sql)
        if match and match[2].lower() not in MAY_WRITE:
            written.append(sql[:120])
        return execute(sql, params, many, context)

    address = scenes.url(door, scene)
    with connection.execute_wrapper(watch) if method == "GET" else nullcontext():
        answer = at_the_door(scene, persona, method, address)
    nothing_there = persona in CURIOUS and answer.status_code == 404
    return Knock(
        answer.status_code,
        answer.headers.get("Location", ""),
        written,
        without_what_changes(answer, address) if nothing_there else None,
    )


def at_the_door(scene: Scene, persona: str, method: str, address: str) -> HttpResponse:
    """One knock, whose effects are then forgotten."""
    client = scene.client(persona)
    with transaction.atomic():
        response: HttpResponse = getattr(client, method.lower())(address)
        transaction.set_rollback(True)
    return response


def without_what_changes(answer: HttpResponse, address: str) -> Bare:
    """An answer but for its forgery token and the address that was asked for."""
    body = answer.content.decode().replace(address, "<address>")
    body = re.sub(r"(name=\"csrfmiddlewaretoken\" value=\"|X-CSRFToken\": \")[^\"]+", r"\1", body)
    headers = {name: value for name, value in answer.headers.items() if name not in {"Date", "Set-Cookie"}}
    return answer.status_code, body, headers


def test_every_door_is_in_the_table() -> None:
    doors = {door for door in walk(get_resolver().url_patterns) if not door.startswith(OF_PROGRAMS)}
    for method in ("GET", "POST"):
        named = {door for door, one in DOORS if one == method}
        assert doors - named == set(), "doors that nobody thought of"
        assert named - doors == set(), "lines whose door is gone"


def test_a_production_has_no_door_of_the_demonstration() -> None:
    def doors_when(**settings: Any) -> set[str]:
        with override_settings(**settings):
            return set(walk(runpy.run_path(str(ROOT / "config" / "urls.py"))["urlpatterns"]))

    production = doors_when(TACT_ENV="production", DEMO=False)
    assert not production & DEMONSTRATION
    assert doors_when(TACT_ENV="demo", DEMO=True) - production == DEMONSTRATION


@pytest.mark.parametrize("space", sorted({door.rpartition(":")[0] for door, _method in DOORS}))
def test_a_door_answers_each_persona_as_the_table_says(knocks: dict[tuple[str, str, str], Knock], space: str) -> None:
    wrong = {
        (door, method, persona): (said[persona], knocks[door, method, persona].status)
        for (door, method), said in DOORS.items()
        if door.rpartition(":")[0] == space
        for persona in PERSONAS
        if knocks[door, method, persona].status != said[persona]
    }
    assert not wrong, f"(table, answered): {wrong}"


def test_reading_a_page_writes_nothing_but_its_trace(knocks: dict[tuple[str, str, str], Knock]) -> None:
    found = {
        (door, persona): one.written
        for (door, method, persona), one in knocks.items()
        if method == "GET" and DOORS[door, method][persona] == 200 and one.written
    }
    assert not found, found


def test_abuse_1_what_is_not_one_s_own_answers_exactly_like_what_does_not_exist(
    scene: Scene, knocks: dict[tuple[str, str, str], Knock]
) -> None:
    """Same status, same body, same headers, whichever door, method and persona."""
    different = []
    for door, method in DOORS:
        unknown = scenes.unknown_url(door, scene)
        if unknown is None:
            continue
        assert len(scenes.url(door, scene)) == len(unknown)
        for persona in (one for one in CURIOUS if DOORS[door, method][one] == 404):
            nobodys = without_what_changes(at_the_door(scene, persona, method, unknown), unknown)
            if knocks[door, method, persona].bare != nobodys:
                different.append((door, method, persona))
    assert not different, different


def test_abuse_1_a_refused_opening_of_a_disclosure_is_noted(scene: Scene) -> None:
    scene.client("perrin").get(scenes.url("sharing:received", scene))
    noted = Access.objects.get(object_ref=str(scene.sent.pk), granted=False)
    assert noted.membership_ref == scene.territory.perrin.pk


def test_abuse_2_a_colleague_who_is_not_named_reads_nothing_unless_the_service_is_addressed(scene: Scene) -> None:
    address = scenes.url("sharing:received", scene)
    colleague = scene.client("perrin")
    assert colleague.get(address).status_code == 404
    assert colleague.post(address).status_code == 404
    inbox = colleague.get(scenes.url("sharing:inbox", scene)).content.decode()
    assert scene.sent.reference not in inbox
    Membership.objects.filter(pk=scene.territory.lantier.pk).update(receives_for_service=True)
    assert colleague.get(address).status_code == 200
    read = colleague.post(address)
    assert read.status_code == 200
    assert scene.territory.absences.label in read.content.decode()
    assert scene.client("sofia").get(address).status_code == 404


def test_a_door_without_a_session_leads_to_the_sign_in_page(knocks: dict[tuple[str, str, str], Knock]) -> None:
    for door, method in DOORS:
        if DOORS[door, method]["anonymous"] == 302 and door not in ALWAYS_OPEN:
            assert knocks[door, method, "anonymous"].location.startswith("/connexion/"), door
