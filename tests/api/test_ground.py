"""The ground of the interface: who calls, what a token may, what is answered to what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.models import Access
from partners import clock
from partners.models import Institution, Professional
from sharing.api.scopes import Scope
from sharing.api.tokens import revoke_token
from sharing.models import ApiToken
from tests import personas
from tests.api.ways import Program, program_of, token_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db


def problem(answer: Any, status: int) -> dict[str, Any]:
    """What a problem says, once it was looked at."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:tact:problem:")
    assert told["title"]
    assert told["detail"]
    return told


def test_a_token_says_whose_it_is(territory: Territory) -> None:
    answer = program_of(territory.camille, [Scope.DIRECTORY_READ]).get("moi")
    assert answer.status_code == 200
    told = answer.json()
    assert told["membership"]["id"] == str(territory.camille.pk)
    assert told["membership"]["institution"]["name"] == territory.house.name
    assert told["token"]["scopes"] == ["directory:read"]
    assert told["token"]["calls_left_today"] == told["token"]["calls_a_day"] - 1
    used = Access.objects.get(action="api_token.used")
    assert (used.membership_ref, used.granted) == (territory.camille.pk, True)


def test_every_way_of_not_being_let_in_is_answered_the_same(territory: Territory) -> None:
    """Absent, of another scheme, unknown, revoked, expired, from elsewhere; the post, the account or the house ended."""
    good = token_of(territory.camille)
    revoked = token_of(territory.camille)
    revoke_token(token=revoked.token, by=territory.camille)
    elsewhere = token_of(territory.camille, networks=["192.0.2.0/24"])
    answers = [
        Client().get("/api/v1/moi"),
        Client().get("/api/v1/moi", headers={"Authorization": f"Basic {good.secret}"}),
        Client().get("/api/v1/moi", headers={"Authorization": f"Token {good.secret}"}),
        Client().get("/api/v1/moi", headers={"Authorization": "Bearer"}),
        Client().get("/api/v1/moi", {"token": good.secret}),
        Program("tact_" + "x" * 43).get("moi"),
        Program(good.secret[:-1]).get("moi"),
        Program(good.secret + "é" * 400).get("moi"),
        Program(revoked.secret).get("moi"),
        Program(elsewhere.secret).get("moi"),
    ]
    for end in (
        ApiToken.objects.none,
        lambda: personas.end_post(territory.lantier),
        lambda: Professional.objects.filter(pk=territory.sofia.professional_id).update(is_active=False),
        lambda: Institution.objects.filter(pk=territory.school_health.pk).update(closed_at=clock.now()),
    ):
        made = [
            token_of(one)
            for one in (territory.lantier, territory.sofia, territory.aubin)
            if one.in_force_at(clock.now())
        ]
        end()
        for one in (territory.lantier, territory.sofia, territory.aubin):
            one.refresh_from_db()
        answers += [Program(one.secret).get("moi") for one in made if not one.token.membership.in_force_at(clock.now())]
    assert len({(one.content, one["WWW-Authenticate"]) for one in answers}) == 1
    assert problem(answers[0], 401)["type"] == "urn:tact:problem:not_signed_in"
    assert Program(good.secret).get("moi").status_code == 200


def test_a_session_opens_nothing_and_a_token_signs_nobody_in(territory: Territory) -> None:
    browser = personas.signed_in(territory.camille)
    problem(browser.get("/api/v1/moi"), 401)
    problem(browser.post("/api/v1/moi", {}), 401)
    sessions = Session.objects.count()
    made = token_of(territory.lantier)
    both = browser.get("/api/v1/moi", headers={"Authorization": f"Bearer {made.secret}"})
    assert both.json()["membership"]["id"] == str(territory.lantier.pk)
    assert "Camille" in browser.get("/").content.decode(), "whoever has a session stays who she is"
    program = Program(made.secret)
    assert program.get("moi").status_code == 200
    assert not program.client.cookies
    assert program.client.get("/situations/", headers=program.headers).status_code == 302, "a token opens no page"
    assert Session.objects.count() == sessions


def test_a_scope_that_is_missing_an_unknown_address_and_an_unknown_verb(territory: Territory) -> None:
    program = program_of(territory.camille)
    assert problem(program.get("rien/du/tout"), 404) == problem(program.get("moi/"), 404)
    refused = program.post("moi")
    problem(refused, 405)
    assert refused["Allow"] == "GET, HEAD"
    for verb in ("OPTIONS", "TRACE", "LINK"):
        problem(program.call(verb, "moi"), 405)
    assert program.call("HEAD", "moi").status_code == 200
    problem(program.get("moi", inconnu=1), 400)
    problem(Program(program.headers["Authorization"][7:], Accept="text/html").get("moi"), 406)
    problem(program.call("POST", "nulle-part", b"x" * 1_100_000), 413)


def test_a_token_has_so_many_calls_a_minute_and_a_day(territory: Territory, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 3
    program = program_of(territory.camille)
    assert [program.get("moi").status_code for _call in range(4)] == [200, 200, 200, 429]
    refused = program.get("moi")
    problem(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert Access.objects.filter(action="api_token.used").count() == 3, "what is not heard fills no log"
    assert program_of(territory.camille).get("moi").status_code == 200, "each token has its own"
    settings.API_CALLS_A_MINUTE = 60
    few = program_of(territory.camille, calls_a_day=2)
    assert [few.get("moi").status_code for _call in range(3)] == [200, 200, 429]
    left = clock.end_of(clock.day_of(clock.now())) - clock.now()
    assert timedelta(seconds=int(few.get("moi")["Retry-After"])) <= left + timedelta(seconds=2)


def test_unknown_tokens_do_not_fill_the_log(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sharing.api.throttles.REFUSALS_A_MINUTE", 2)
    stranger = Program("tact_" + "y" * 43)
    assert [stranger.get("moi").status_code for _call in range(4)] == [401, 401, 429, 429]
    assert Access.objects.filter(action="api_token.used", granted=False).count() == 2
    assert program_of(territory.camille).get("moi").status_code == 200, "and close the door to nobody else"


def test_english_is_spoken_where_it_is_asked(territory: Territory) -> None:
    french = Client().get("/api/v1/moi")
    english = Client().get("/api/v1/moi", headers={"Accept-Language": "en"})
    assert french["Content-Language"] == "fr"
    assert english["Content-Language"] == "en"


def test_the_description_is_for_whoever_signed_in_or_has_a_token(territory: Territory) -> None:
    problem(Client().get("/api/v1/schema"), 401)
    assert Client().get("/compte/jetons/interface.json").status_code == 302
    by_token = program_of(territory.camille, [Scope.DIRECTORY_READ]).get("schema")
    by_page = personas.signed_in(territory.camille).get("/compte/jetons/interface.json")
    assert by_token.json() == by_page.json()
    told = by_token.json()
    assert told["components"]["securitySchemes"] == {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "tact_…"}
    }
    me = told["paths"]["/api/v1/moi"]["get"]
    assert me["security"] == [{"token": []}]
    assert {"200", "400", "401", "403", "404", "429", "503"} <= set(me["responses"])
