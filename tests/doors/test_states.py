"""Doors × states × verbs: in each state of a session or of a token, each door does what tests/doors/states.py says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as tact
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from partners import clock
from partners.accounts import sessions
from partners.acting import SESSION_KEY
from partners.models import Professional
from sharing.api.tokens import revoke_token
from tests import personas
from tests.accounts.factors import stale, with_application
from tests.api.table import DOORS as API_DOORS
from tests.api.ways import Program, token_of
from tests.doors import scene as scenes
from tests.doors.scene import Scene
from tests.doors.states import (
    ASKS_AGAIN,
    ASKS_INSIDE,
    BUT_FOR,
    NEVER,
    NOT_A_VISITOR_S,
    PROTECTED,
    STATES,
    TOKENS,
    lines,
)
from tests.doors.table import DOORS

METHODS = ("GET", "POST")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One scene for all these tables."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scenes.build()
        transaction.set_rollback(True)


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    """What a test does to it is forgotten at its end."""
    built.cookies.clear()
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
    built.cookies.clear()


def left(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    personas.end_post(who)


def idle(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=clock.now() - timedelta(seconds=1)
    )


def after_a_day(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    session = client.session
    session[sessions.OPENED_AT] = (
        session.get(sessions.OPENED_AT, clock.now().timestamp()) - sessions.LONGEST.total_seconds()
    )
    session.save()


def closed(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    Professional.objects.filter(pk=who.professional_id).update(is_active=False)


def factor_due(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"


def factor_unproved(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    with_application(who.professional)


def two_posts(scene: Scene, client: Client, who: Any, settings: Any) -> None:
    personas.post(who.professional, scene.territory.house, "chef_service", "Contrôle", "fonction", "Lettre", "auditor")
    session = client.session
    del session[SESSION_KEY]
    session.save()


COMING = {one.__name__: one for one in (left, idle, after_a_day, closed, factor_due, factor_unproved, two_posts)}


def ask(client: Client, verb: str, address: str, **headers: str) -> Any:
    """One knock, whose effects are then forgotten."""
    with transaction.atomic():
        answer = client.generic(verb, address, headers=headers)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize(("state", "persona", "leads_to", "but_for"), lines(STATES))
def test_in_each_state_every_protected_door_leads_where_the_table_says(
    scene: Scene, settings: Any, state: str, persona: str, leads_to: str, but_for: str
) -> None:
    who = getattr(scene.territory, persona)
    client = scene.client(persona)
    COMING[state](scene, client, who, settings)
    key = client.cookies[tact.SESSION_COOKIE_NAME].value
    wrong = {}
    for number, door in enumerate(PROTECTED):
        verb = METHODS[number % 2]  # what decides stands before both
        client.cookies.clear()
        client.cookies[tact.SESSION_COOKIE_NAME] = key
        answer = ask(client, verb, scenes.url(door, scene))
        led = answer.status_code == 302 and answer.headers["Location"].startswith(leads_to)
        if led == (door in BUT_FOR[but_for]):
            wrong[door, verb] = (answer.status_code, answer.headers.get("Location"))
    assert not wrong, wrong
    client.cookies[tact.SESSION_COOKIE_NAME] = key
    fragment = ask(client, "GET", scenes.url("sharing:inbox", scene), **{"HX-Request": "true"})
    assert fragment.status_code in {204, 302}
    assert fragment.content == b"", "no fragment of a page is sent to somebody who may not see it"


def test_whatever_leaves_the_house_asks_who_takes_it_away(scene: Scene) -> None:
    """The doors that ask are those of the table, and each of them asks."""
    declared = {name for name, callback in routes() if getattr(callback, "fresh_required", False)}
    assert declared - {name for name in declared if name.startswith("api:")} == ASKS_AGAIN
    client = stale(scene.client("claire"))
    for door in sorted(ASKS_AGAIN):
        for verb in METHODS:
            answer = ask(client, verb, scenes.url(door, scene))
            assert answer.headers.get("Location", "").startswith("/compte/confirmer/?next="), (door, verb)


def routes(patterns: list[Any] | None = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every door with what answers at it."""
    every: list[Any] = get_resolver().url_patterns if patterns is None else patterns
    for one in every:
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield ":".join((*spaces, one.name or "")), one.callback


@pytest.mark.parametrize(("door", "verb", "persona"), lines(ASKS_INSIDE))
def test_a_form_that_hands_power_asks_who_one_is_in_the_page(scene: Scene, door: str, verb: str, persona: str) -> None:
    client = scene.client(persona)
    asked = 'name="password"'
    assert asked not in ask(client, verb, scenes.url(door, scene)).content.decode(), "proved a minute ago"
    assert asked in ask(stale(client), verb, scenes.url(door, scene)).content.decode()


def test_no_door_knows_a_verb_that_is_not_in_the_table(scene: Scene) -> None:
    """405, or what the door answers to whoever has no business there; never a success, and TRACE repeats nothing."""
    wrong = {}
    for number, door in enumerate(sorted({door for door, _method in DOORS})):
        verb = NEVER[number % len(NEVER)]
        known = {DOORS[door, method]["camille"] for method in METHODS}
        answer = ask(scene.client("camille"), verb, scenes.url(door, scene), **{"X-Repeat": "canari"})
        if answer.status_code not in {405, *(known & {302, 404, 410})} or b"canari" in answer.content:
            wrong[door, verb] = answer.status_code
        if answer.status_code == 405 and not answer.headers.get("Allow"):
            wrong[door, verb] = "405 without saying which verbs"
    assert not wrong, wrong


def test_a_head_is_answered_like_a_get_without_a_body(scene: Scene) -> None:
    """By turns over the doors of pages: a HEAD never opens what a GET does not, and is never a 500."""
    for door in PROTECTED[::6]:
        said = DOORS[door, "GET"]["camille"]
        answer = ask(scene.client("camille"), "HEAD", scenes.url(door, scene))
        assert answer.status_code in {said, 405}, door
        assert answer.content == b"", door


def test_what_a_visitor_may_open_is_listed_and_short() -> None:
    """A door that became public by accident is seen here."""
    public = {door for (door, _method), said in DOORS.items() if said["anonymous"] in {200, 422}}
    assert public == {
        "accessibility", "account_login", "account_reset_password", "account_reset_password_done", "cookies", "demo_components",
        "healthz", "help", "help_topic", "legal", "mfa_login_webauthn", "partners:invitation", "partners:sign_in", "privacy",
        "readyz", "robots_txt", "security_txt", "sharing:statistics", "sitemap",
    }  # fmt: skip
    assert {door for door, _method in DOORS} >= NOT_A_VISITOR_S


def bearer(scene: Scene, state: str) -> Program:
    """A program that comes in this state."""
    camille, now = scene.territory.camille, clock.now()
    if state == "of_who_left":
        return Program(scene.former_token)
    if state == "nobody_s":
        return Program("tact_" + "A" * 43)
    options: dict[str, Any] = {}
    if state == "expired":
        options = {"expires_on": clock.day_of(now) - timedelta(days=1), "at": now - timedelta(days=3)}
    if state == "from_elsewhere":
        options = {"networks": ["198.51.100.0/24"]}
    if state == "spent":
        options = {"calls_a_day": 1}
    made = token_of(camille, **options)
    program = Program(made.secret)
    if state == "revoked":
        revoke_token(token=made.token, by=camille)
    if state == "as_basic":
        program.headers["Authorization"] = f"Basic {made.secret}"
    if state == "in_the_address":
        program.headers.clear()
        program.client.cookies["token"] = made.secret
        program.client.defaults["QUERY_STRING"] = f"access_token={made.secret}&token={made.secret}"
    if state == "spent":
        assert program.get("moi").status_code == 200
    return program


@pytest.mark.parametrize(("state", "status"), lines(TOKENS))
def test_in_each_state_of_a_token_every_door_of_programs_answers_the_same(
    scene: Scene, state: str, status: str, settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 10_000
    program = bearer(scene, state)
    said = set()
    for door, verb in API_DOORS:
        address = "/api/v1/nulle-part" if door == "api:unknown" else scenes.url(door, scene)
        answer = ask(program.client, verb, address, **program.headers, **{"Idempotency-Key": "etat-000001"})
        assert answer.status_code == int(status), (door, verb, answer.content)
        said.add(answer.content)
    assert len(said) == 1, "every door says the same, and nothing of what it holds"
    assert tact.SESSION_COOKIE_NAME not in program.client.cookies
