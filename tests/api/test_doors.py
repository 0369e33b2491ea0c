"""Doors of programs × verbs × scopes × personas: each answers as the table says, and nothing else is let in (abuse 1, 3, 4)."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from audit.models import Access
from sharing.api.base import ApiView
from sharing.api.permissions import ANY_TOKEN
from sharing.api.scopes import Scope
from tests.api.table import DOORS, PERSONAS, VERBS
from tests.api.ways import Program, token_of
from tests.doors import scene as scenes
from tests.doors.scene import Scene
from tests.doors.test_matrix import OF_PROGRAMS, walk

MASS = {"status": "sent", "author": "x", "approved_by": "x", "organisation": "x", "consent_recorded_at": "2020-01-01"}
"""Abuse 3: what Tact alone writes."""
_keys = itertools.count(1)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One scene for the whole table: what is done at a door is forgotten at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scenes.build()
        transaction.set_rollback(True)


def view_of(door: str) -> type[ApiView]:
    """The class behind a door."""

    def find(patterns: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from find(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
            else:
                yield ":".join((*spaces, one.name or "")), one.callback

    return next(callback.view_class for name, callback in find(get_resolver().url_patterns) if name == door)


ROUTES = sorted(door for door in walk(get_resolver().url_patterns) if door.startswith(OF_PROGRAMS))


def address(door: str, scene: Scene) -> str:
    return "/api/v1/nulle-part" if door == "api:unknown" else scenes.url(door, scene)


def forgotten(knock: Callable[[], Any]) -> Any:
    """One knock, whose effects are then forgotten."""
    with transaction.atomic():
        answer = knock()
        transaction.set_rollback(True)
    return answer


def send(program: Program, verb: str, where: str, body: bytes = b"{}") -> Any:
    return program.call(verb, where.removeprefix("/api/v1/"), body, **{"Idempotency-Key": f"porte-{next(_keys):06d}"})


def with_scopes(scene: Scene, persona: str, scopes: list[str]) -> Program:
    return Program(token_of(getattr(scene.territory, persona), scopes).secret)


def test_every_door_of_programs_is_in_the_table() -> None:
    named = {door for door, _verb in DOORS}
    assert set(ROUTES) - named == set(), "doors that nobody thought of"
    assert named - set(ROUTES) == set(), "lines whose door is gone"


def test_the_table_says_the_scopes_that_the_views_declare() -> None:
    declared = {(door, verb): scope for door in ROUTES for verb, scope in view_of(door).scopes.items()}
    assert declared == {line: scope for line, (scope, _statuses) in DOORS.items()}
    assert set(declared.values()) <= {ANY_TOKEN, *Scope.values}


def test_whatever_writes_bears_a_key_and_a_scope_that_writes() -> None:
    from sharing.api.scopes import WRITING

    for (door, verb), (scope, _statuses) in DOORS.items():
        if verb != "GET" and scope in WRITING:
            assert verb in view_of(door).once, (door, verb)


def test_without_a_token_nothing_is_let_in(scene: Scene) -> None:
    """Nobody, a session, the token of somebody who left since."""
    former = Program(scene.former_token)
    for door in ROUTES:
        for verb in VERBS:
            where = address(door, scene)
            for knock in (
                lambda verb=verb, where=where: Client().generic(verb, where, b"{}", content_type="application/json"),
                lambda verb=verb, where=where: scene.client("camille").generic(verb, where, b"{}"),
                lambda verb=verb, where=where: send(former, verb, where),
            ):
                assert forgotten(knock).status_code == 401, (door, verb)


def test_a_token_without_the_scope_is_refused_and_an_unknown_verb_is_unknown(scene: Scene) -> None:
    for door in ROUTES:
        for verb in VERBS:
            line = DOORS.get((door, verb))
            scopes = [one.value for one in Scope if line is None or one.value != line[0]]

            def knock(scopes: list[str] = scopes, verb: str = verb, door: str = door) -> Any:
                return send(with_scopes(scene, "camille", scopes), verb, address(door, scene))

            expected = 405 if line is None else line[1]["camille"] if line[0] == ANY_TOKEN else 403
            assert forgotten(knock).status_code == expected, (door, verb)


def test_a_door_answers_each_persona_as_the_table_says(scene: Scene) -> None:
    """And what is not one's own answers exactly like what does not exist: status, body and headers (abuse 1)."""
    wrong, different = {}, []
    for (door, verb), (scope, statuses) in DOORS.items():
        for persona in PERSONAS:
            scopes = [Scope.DIRECTORY_READ.value] if scope == ANY_TOKEN else [scope]

            def knock(where: str, verb: str = verb, persona: str = persona, scopes: list[str] = scopes) -> Any:
                return forgotten(lambda: send(with_scopes(scene, persona, scopes), verb, where))

            answer = knock(address(door, scene))
            if answer.status_code != statuses[persona]:
                wrong[door, verb, persona] = (statuses[persona], answer.status_code, answer.content[:200])
            unknown = scenes.unknown_url(door, scene)
            if statuses[persona] == 404 and unknown is not None:
                nobodys = knock(unknown)
                if (answer.content, dict(answer.headers)) != (nobodys.content, dict(nobodys.headers)):
                    different.append((door, verb, persona))
    assert not wrong, wrong
    assert not different, different


def test_abuse_3_what_tact_alone_writes_is_refused_by_its_name(scene: Scene) -> None:
    import json

    for (door, verb), (scope, statuses) in DOORS.items():
        persona = next((one for one in PERSONAS if statuses[one] != 404), None)
        if verb == "GET" or persona is None:
            continue
        scopes = [Scope.DIRECTORY_READ.value if scope == ANY_TOKEN else scope]

        def knock(persona: str = persona, scopes: list[str] = scopes, verb: str = verb, door: str = door) -> Any:
            program = with_scopes(scene, persona, scopes)
            return send(program, verb, address(door, scene), json.dumps(MASS).encode())

        answer = forgotten(knock)
        assert answer.status_code == 400, (door, verb, answer.content)
        named = {one["field"]: one["code"] for one in answer.json()["errors"]}
        assert all(named.get(field) in {"unknown_field", "read_only_field"} for field in MASS), (door, verb, named)


def test_a_refusal_is_noted_beside_the_call(scene: Scene) -> None:
    def knock() -> None:
        before = Access.objects.filter(object_type="api_token").count()
        send(with_scopes(scene, "camille", [Scope.DIRECTORY_READ.value]), "GET", "/api/v1/nulle-part")
        assert Access.objects.filter(object_type="api_token").count() == before + 1

    forgotten(knock)
