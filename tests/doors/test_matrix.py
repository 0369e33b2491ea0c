"""Doors × personas: every door of the URLconf is in the table, and answers each persona as the table says."""

import re
import runpy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from audit.models import Access
from tests.architecture.source import ROOT
from tests.doors import scene as scenes
from tests.doors.scene import Scene
from tests.doors.table import DOORS, PERSONAS

DEMONSTRATION = {"demo_mail", "demo_enter", "demo_visit", "demo_components"}
"""Doors that a production does not have."""

CURIOUS = ("leila", "lantier", "yann")
"""Who tries the addresses of others: a colleague, a partner, an auditor."""
ALWAYS_OPEN = {"partners:sign_out", "partners:set_language"}
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


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.build()


def at_the_door(scene: Scene, persona: str, method: str, address: str) -> HttpResponse:
    """One knock, whose effects are then forgotten."""
    answer: dict[str, Any] = {}
    client = scene.client(persona)
    with transaction.atomic():
        answer["it"] = getattr(client, method.lower())(address)
        transaction.set_rollback(True)
    response: HttpResponse = answer["it"]
    return response


def test_every_door_is_in_the_table() -> None:
    doors = set(walk(get_resolver().url_patterns))
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
def test_a_door_answers_each_persona_as_the_table_says(scene: Scene, space: str) -> None:
    wrong = {}
    for (door, method), said in DOORS.items():
        if door.rpartition(":")[0] == space:
            address = scenes.url(door, scene)
            answered = {persona: at_the_door(scene, persona, method, address).status_code for persona in PERSONAS}
            if answered != said:
                wrong[door, method] = {
                    one: (said[one], answered[one]) for one in PERSONAS if said[one] != answered[one]
                }
    assert not wrong, f"(table, answered): {wrong}"


def test_reading_a_page_writes_nothing_but_its_trace(scene: Scene) -> None:
    written: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        match = WRITES.match(sql)
        if match and match[2].lower() not in MAY_WRITE:
            written.append(sql[:120])
        return execute(sql, params, many, context)

    found = {}
    for door, method in DOORS:
        for persona in PERSONAS:
            if method == "GET" and DOORS[door, method][persona] == 200:
                scene.client(persona)  # she signs in before anything is watched
                written.clear()
                with connection.execute_wrapper(watch):
                    at_the_door(scene, persona, method, scenes.url(door, scene))
                if written:
                    found[door, persona] = list(written)
    assert not found, found


def without_what_changes(answer: HttpResponse, address: str) -> tuple[int, str, dict[str, str]]:
    """An answer but for its forgery token and the address that was asked for."""
    body = answer.content.decode().replace(address, "<address>")
    body = re.sub(r"(name=\"csrfmiddlewaretoken\" value=\"|X-CSRFToken\": \")[^\"]+", r"\1", body)
    headers = {name: value for name, value in answer.headers.items() if name not in {"Date", "Set-Cookie"}}
    return answer.status_code, body, headers


def test_abuse_1_what_is_not_one_s_own_answers_exactly_like_what_does_not_exist(scene: Scene) -> None:
    """Same status, same body, same headers, whichever door, method and persona."""
    different = []
    for door, method in DOORS:
        unknown = scenes.unknown_url(door, scene)
        if unknown is None:
            continue
        real = scenes.url(door, scene)
        assert len(real) == len(unknown)
        for persona in (one for one in CURIOUS if DOORS[door, method][one] == 404):
            theirs = without_what_changes(at_the_door(scene, persona, method, real), real)
            nobodys = without_what_changes(at_the_door(scene, persona, method, unknown), unknown)
            if theirs != nobodys:
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
    scene.territory.lantier.receives_for_service = True
    scene.territory.lantier.save(update_fields=["receives_for_service"])
    assert colleague.get(address).status_code == 200
    read = colleague.post(address)
    assert read.status_code == 200
    assert scene.territory.absences.label in read.content.decode()
    assert scene.client("sofia").get(address).status_code == 404


def test_a_door_without_a_session_leads_to_the_sign_in_page(scene: Scene) -> None:
    for door, method in DOORS:
        if DOORS[door, method]["anonymous"] == 302 and door not in ALWAYS_OPEN:
            answer = at_the_door(scene, "anonymous", method, scenes.url(door, scene))
            assert answer.headers["Location"].startswith("/connexion/"), door
