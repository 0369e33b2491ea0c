"""Whoever tries passwords waits, longer each time; nobody makes anybody else wait where she usually works."""

from collections.abc import Callable

import pytest
from django.test import Client

from partners.accounts import waiting
from partners.models import Membership, Try
from tests.accounts.ways import enter, wait
from tests.personas import Territory

pytestmark = pytest.mark.django_db
WRONG = "pas celui-ci du tout"


def refused(client: Client, email: str, times: int, *, network: str = "192.0.2.1") -> list[int]:
    return [enter(client, email, WRONG, network=network).status_code for _try in range(times)]


def test_after_four_mistakes_each_try_waits_twice_as_long_and_says_how_many_seconds(
    camille: Membership, client: Client
) -> None:
    email = camille.professional.email
    assert refused(client, email, 5) == [422] * 5
    told: list[int] = []
    for _try in range(4):
        answer = enter(client, email)
        assert answer.status_code == 429
        seconds = int(answer.headers["Retry-After"])
        page = answer.content.decode()
        assert f"Attendez {seconds}\N{NO-BREAK SPACE}seconde" in page or f"Attendez {seconds} seconde" in page
        assert "Votre compte n’est pas bloqué." in page
        assert email in page, "what was typed is kept"
        told.append(seconds)
        wait(seconds)
        assert enter(client, email, WRONG).status_code == 422
    assert told == [2, 4, 8, 16]


def test_the_wait_never_passes_a_quarter_of_an_hour_and_an_hour_forgets(camille: Membership, client: Client) -> None:
    assert waiting.PAIR.wait_after(4) == 0
    assert waiting.PAIR.wait_after(5) == 2
    assert {waiting.PAIR.wait_after(tries) for tries in range(14, 200)} == {900}
    refused(client, camille.professional.email, 5)
    wait(3601)
    assert refused(client, camille.professional.email, 5) == [422] * 5


def test_the_right_password_after_the_wait_opens_and_begins_anew(camille: Membership, client: Client) -> None:
    refused(client, camille.professional.email, 5)
    wait(2)
    assert enter(client, camille.professional.email).status_code == 302
    assert refused(Client(), camille.professional.email, 4) == [422] * 4


def test_an_attacker_s_tries_do_not_make_her_wait_on_her_own_browser_nor_elsewhere(camille: Membership) -> None:
    email = camille.professional.email
    hers = Client()
    assert enter(hers, email).status_code == 302
    hers.post("/deconnexion/")
    for number in range(12):  # from everywhere, and from her own network too
        refused(Client(), email, 3, network=f"198.51.100.{number}")
    refused(Client(), email, 6)
    assert enter(Client(), email).status_code == 429, "the attacker's own network waits"
    assert enter(hers, email).status_code == 302, "her browser does not"
    assert enter(Client(), email, network="203.0.113.9").status_code == 302, "nor does a new one, from another network"


def test_tries_from_everywhere_at_one_address_wait_half_a_minute_at_each_network(camille: Membership) -> None:
    email = camille.professional.email
    for number in range(7):
        refused(Client(), email, 3, network=f"198.51.100.{number}")
    assert enter(Client(), email, WRONG, network="203.0.113.5").status_code == 422
    answer = enter(Client(), email, WRONG, network="203.0.113.5")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(waiting.EVERYWHERE_WAIT))


def test_a_network_that_tries_many_addresses_waits_a_minute_at_most(db: None) -> None:
    statuses = [enter(Client(), f"personne{number}@tact.example", WRONG).status_code for number in range(42)]
    assert statuses == [422] * 41 + [429]
    assert {waiting.NETWORK.wait_after(tries) for tries in range(47, 200)} == {60}
    assert enter(Client(), "personne@tact.example", WRONG, network="203.0.113.9").status_code == 422


def test_neighbours_of_one_ipv6_network_are_one_and_what_a_visitor_writes_is_not_believed(camille: Membership) -> None:
    email = camille.professional.email
    for number in range(5):
        refused(Client(), email, 1, network=f"2001:db8:0:7::{number + 1}")
    assert enter(Client(), email, WRONG, network="2001:db8:0:7::99").status_code == 429
    assert enter(Client(), email, WRONG, network="2001:db8:0:8::1").status_code == 422
    forged = Client(headers={"X-Forwarded-For": "203.0.113.77"})
    refused(forged, email, 5)
    assert Client().post("/connexion/", {"login": email, "password": WRONG}, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_what_is_counted_names_neither_the_address_nor_the_network(camille: Membership, client: Client) -> None:
    refused(client, camille.professional.email, 1)
    assert Try.objects.count() == 3
    assert all(len(key) == 64 and "@" not in key for key in Try.objects.values_list("key", flat=True))
    wait(24 * 3600 + 1)
    waiting.forget()
    assert not Try.objects.exists()


def test_whoever_finds_the_page_open_does_not_guess_the_password_there(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    camille = sign_in("camille")
    typed = {"oldpassword": WRONG, "password1": "une toute autre phrase", "password2": "une toute autre phrase"}
    statuses = [camille.post("/compte/mot-de-passe/", typed).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]
