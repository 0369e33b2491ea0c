"""Second factors attacked: a stolen key where its code was not asked, what a browser may send as a key's answer."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import Access
from partners.accounts import waiting
from tests import personas
from tests.accounts.factors import AGAIN, SECOND, enter, is_in
from tests.attacks.soft_key import SoftKey
from tests.personas import Territory

pytestmark = pytest.mark.django_db
ALONE = "/connexion/cle/"
TWO_LEVELS = 20_000


def options_of(answer: Any) -> str:
    """What the page of the second factor asks a key for."""
    assert answer.status_code == 200
    return str(answer.context["options"])


def test_a_stolen_key_does_not_enter_alone_by_the_challenge_of_a_page_that_asks_no_code(territory: Territory) -> None:
    """Beside a password, a key need not check who holds it; alone it must, whichever page gave the challenge it signs."""
    stolen = SoftKey(territory.camille.professional)
    stolen.enrolled()
    SoftKey(territory.perrin.professional).enrolled()
    thief = Client()
    enter(thief, territory.perrin.professional)
    answer = stolen.signed(options_of(thief.get(SECOND)), verified=False)
    assert thief.post(ALONE, {"credential": answer})["Location"] == "/connexion/?cle=refusee"
    assert not is_in(thief)


def test_a_key_that_checked_who_holds_it_enters_alone_and_another_not(territory: Territory) -> None:
    key, client = SoftKey(territory.camille.professional), Client()
    key.enrolled()
    for verified in (False, True):
        answer = key.signed(client.get(ALONE).content.decode(), verified=verified)
        client.post(ALONE, {"credential": answer})
        assert is_in(client) is verified
    assert Client().post(ALONE, {"credential": answer})["Location"] == "/connexion/?cle=refusee", "its challenge served"


def test_somebody_else_s_key_is_no_second_factor_and_proves_nobody_again(territory: Territory) -> None:
    mine, hers = SoftKey(territory.perrin.professional), SoftKey(territory.camille.professional)
    mine.enrolled()
    hers.enrolled()
    thief = Client()
    enter(thief, territory.camille.professional)
    assert (
        thief.post(SECOND, {"credential": mine.signed(options_of(thief.get(SECOND)), verified=True)}).status_code == 422
    )
    assert not is_in(thief)
    session = personas.signed_in(territory.camille)
    asked = session.get(f"{AGAIN}cle/").content.decode()
    assert session.post(f"{AGAIN}cle/", {"credential": mine.signed(asked, verified=True)}).status_code == 422


@pytest.mark.parametrize(
    "answer",
    [
        "[" * TWO_LEVELS,
        '{"a":' * (TWO_LEVELS // 5),
        "null",
        "[]",
        "{}",
        '"\\ud800"',
        '{"id": 1, "rawId": 1, "response": {}}',
        json.dumps({"id": "gQ", "rawId": "gQ", "response": {"attestationObject": "gYGB" * 2_000}}),
        json.dumps({"id": "gQ", "rawId": "gQ", "response": {"userHandle": {"a": []}}}),
        json.dumps(
            {"id": "gQ", "rawId": "gQ", "response": {"authenticatorData": "x" * 9_000, "clientDataJSON": "W1tb"}}
        ),
    ],
)
def test_nothing_that_is_sent_for_a_key_breaks_a_page(territory: Territory, answer: str) -> None:
    visitor = Client(raise_request_exception=False)
    visitor.get(ALONE)
    assert visitor.post(ALONE, {"credential": answer}).status_code == 302
    session = personas.signed_in(territory.camille, Client(raise_request_exception=False))
    session.get(f"{AGAIN}cle/")
    assert session.post(f"{AGAIN}cle/", {"credential": answer}).status_code == 422
    new = "/compte/second-facteur/cles/nouvelle/"
    session.get(new, headers={"Host": "localhost"})
    assert session.post(new, {"name": "Clé", "credential": answer}, headers={"Host": "localhost"}).status_code == 422


def test_refused_keys_do_not_fill_the_access_log(territory: Territory) -> None:
    """Nobody signed in, no password tried: whoever posts again and again leaves so many lines, then one a minute."""
    visitor = Client()
    for _again in range(waiting.NETWORK.free + 10):
        visitor.post(ALONE, {"credential": "{}"})
    assert Access.objects.filter(action="session.refused").count() <= waiting.NETWORK.free + 1
    # What is no longer noted is looked at all the same: whoever shares the network enters.
    key = SoftKey(territory.camille.professional)
    key.enrolled()
    visitor.post(ALONE, {"credential": key.signed(visitor.get(ALONE).content.decode(), verified=True)})
    assert is_in(visitor)
