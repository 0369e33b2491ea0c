"""Abuse 30: a search, or addresses tried one after the other, used to browse."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.linking import WAITING_MOST
from cases.models import PersonLink
from partners import clock
from partners.models import Function, Membership
from sharing import outbox
from sharing.incidents import refusals
from sharing.models import Outbox
from tests import personas
from tests.personas import Territory

pytestmark = pytest.mark.django_db

TRICKS = (
    "%", "_", "*", "?", ".", "a", "e", "Mi%", "M_lo", "' OR 1=1 --", "Milo\x00", "\\", "((((", "Mil:*", "<->", "&", " ", "a" * 5000,
)  # fmt: skip
"""Wildcards, operators of a text search, prefixes, very short, very long."""


@pytest.fixture
def protector(territory: Territory) -> Membership:
    return personas.post(
        personas.professional("Noé", "Garde"), territory.house, "responsable_traitement", "Délégué", "fonction", "RGPD",
        Function.DPO,
    )  # fmt: skip


def references(answer: Any) -> list[str]:
    return [row.reference for row in answer.context["rows"]]


def test_abuse_30_no_wildcard_opens_more_than_one_s_own_caseload(territory: Territory) -> None:
    curious, referent = personas.signed_in(territory.leila), personas.signed_in(territory.camille)
    for typed in TRICKS:
        answer: Any = curious.post("/situations/", {"q": typed})
        assert answer.status_code in {200, 422}, typed
        assert references(answer) == [], typed
        own: Any = referent.post("/situations/", {"q": typed})
        assert own.status_code in {200, 422}, typed
        assert set(references(own)) <= {territory.case.reference}, typed


def test_abuse_30_the_directory_holds_professionals_and_never_whom_they_support(territory: Territory) -> None:
    curious = personas.signed_in(territory.lantier)
    for typed in (*TRICKS, personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, territory.case.reference):
        page = curious.get("/annuaire/", {"q": typed}).content.decode()
        shown = page.replace(f'value="{typed}"', "")
        assert "M. B., 9" not in shown
        assert f"/situations/{territory.case.reference}" not in shown


def test_abuse_30_references_are_not_tried_one_after_the_other(territory: Territory) -> None:
    client = personas.signed_in(territory.camille)
    address = reverse("cases:same_person", args=[territory.case.reference])
    tried = [
        client.post(address, {"reference": f"2019-{number:04d}", "reason": "Même mère."}).status_code
        for number in range(WAITING_MOST + 3)
    ]
    assert tried == [302] * WAITING_MOST + [422] * 3
    assert PersonLink.objects.count() == WAITING_MOST


def test_abuse_30_who_is_refused_again_and_again_is_told_once_and_not_blocked(
    territory: Territory, protector: Membership, settings: Any
) -> None:
    settings.REFUSALS_A_DAY = 5
    curious = personas.signed_in(territory.leila)
    for number in range(5):
        assert curious.get(f"/situations/2019-{number:04d}/").status_code == 404
        assert curious.get("/situations/2019-0001/").status_code == 404, "the same again counts once"
    refusals.watch(clock.now())
    assert not Outbox.objects.filter(kind=Outbox.Kind.MANY_REFUSALS).exists()
    curious.get(f"/recu/{uuid.uuid4()}/")
    for _turn in range(2):
        refusals.watch(clock.now())
    letter = Outbox.objects.get(kind=Outbox.Kind.MANY_REFUSALS)
    assert letter.recipient == protector
    written = outbox.letter_of(letter)
    for name in ("Haddad", "Leïla", personas.CHILD_LAST_NAME, territory.case.reference):
        assert name not in f"{written.subject}{written.body}"
    assert curious.get("/situations/").status_code == 200


def test_abuse_30_looking_for_who_is_refused_costs_two_statements_whatever_is_in_the_log(territory: Territory) -> None:
    refusals.watch(clock.now())
    with CaptureQueriesContext(connection) as statements:
        refusals.watch(clock.now())
    assert len(statements) <= 3
