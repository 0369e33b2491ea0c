"""Abuse 29: an address that has an account and one that has none are answered alike: same page, same work, same time."""

import re
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import Professional, Try
from tests.accounts.ways import letters
from tests.personas import Territory

pytestmark = pytest.mark.django_db

NOBODY = "camille.roussal@tact.example"
"""As long as hers: the page repeats what was typed."""
ROUNDS = 16
AT_MOST = 1.35
"""How far apart the two medians may be: a password that is not hashed, or a letter written at once, would be far beyond."""
Asked = tuple[int, str, dict[str, str], list[str], float]


@pytest.fixture
def hashed_as_in_production(territory: Territory, settings: Any) -> None:
    """The tests' own hasher takes no time: what it hides would not be seen."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    Professional.objects.update(password=make_password("une phrase que personne n’essaie"))


def bare(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"|X-CSRFToken": "[A-Za-z0-9]+', "", page).replace(NOBODY, "")


def asked(door: str, typed: dict[str, str], address: str) -> Asked:
    """One try from a browser and a network of their own, since each makes the next one wait."""
    Try.objects.all().delete()
    client = Client()
    with CaptureQueriesContext(connection) as seen:
        began = perf_counter()
        answer: Any = client.post(door, {name: value.format(address=address) for name, value in typed.items()})
        took = perf_counter() - began
    kinds = [re.sub(r"'[^']*'|\d+", "", one["sql"]).split(" WHERE ")[0][:60] for one in seen.captured_queries]
    page = bare(answer.content.decode()).replace(address, "")
    return (
        answer.status_code,
        page,
        {k: v for k, v in answer.headers.items() if k not in {"Content-Length", "Expires"}},
        kinds,
        took,
    )


@pytest.mark.usefixtures("hashed_as_in_production")
@pytest.mark.parametrize(
    ("door", "typed", "status"),
    [
        ("/connexion/", {"login": "{address}", "password": "une autre phrase"}, 422),
        ("/mot-de-passe/oublie/", {"email": "{address}"}, 302),
    ],
)
def test_abuse_29_an_address_that_has_an_account_is_not_told_from_one_that_has_none(
    door: str, typed: dict[str, str], status: int, territory: Territory
) -> None:
    hers = territory.camille.professional.email
    assert len(hers) == len(NOBODY)
    asked(door, typed, hers), asked(door, typed, NOBODY)
    # In turn, so that whatever the machine does meanwhile falls on both.
    rounds = [(asked(door, typed, hers), asked(door, typed, NOBODY)) for _round in range(ROUNDS)]
    for one, other in rounds:
        assert one[0] == other[0] == status
        assert one[1:4] == other[1:4]
    times = sorted((median(pair[0][4] for pair in rounds), median(pair[1][4] for pair in rounds)))
    assert times[1] / times[0] < AT_MOST
    assert not mail.outbox, "nothing is written while she waits for the answer"


def test_abuse_29_only_who_has_the_account_is_written_to(territory: Territory) -> None:
    client = Client()
    answers = [
        client.post("/mot-de-passe/oublie/", {"email": one}, follow=True).content
        for one in (NOBODY, territory.camille.professional.email)
    ]
    assert bare(answers[0].decode()) == bare(answers[1].decode())
    assert [letter.to for letter in letters()] == [[territory.camille.professional.email]]


def test_abuse_29_whoever_tries_too_often_waits_as_long_at_both(territory: Territory) -> None:
    told = []
    for address in (territory.camille.professional.email, NOBODY):
        Try.objects.all().delete()
        tries = [Client().post("/connexion/", {"login": address, "password": "faux"}) for _try in range(6)]
        told.append([(one.status_code, one.headers.get("Retry-After")) for one in tries])
    assert told[0] == told[1]
    assert told[0][-1] == (429, "2")


def test_abuse_29_a_closed_account_and_one_that_enters_elsewhere_are_unknown_too(
    territory: Territory, django_assert_num_queries: Callable
) -> None:
    Professional.objects.filter(pk=territory.leila.professional_id).update(is_active=False)
    Professional.objects.filter(pk=territory.sofia.professional_id).update(password="!none")
    for one in (territory.leila, territory.sofia):
        Try.objects.all().delete()
        with django_assert_num_queries(6):
            answer = Client().post("/connexion/", {"login": one.professional.email, "password": "faux"})
        assert answer.status_code == 422
        assert "Adresse ou mot de passe incorrect." in answer.content.decode()
