"""Letters to the first people of an institution that another one added: which still open, and who takes one back."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners import registering
from partners.accounts import inviting, joining, opening
from partners.models import Function, Membership
from tests import personas
from tests.directory.test_registering import NEW_PASSWORD, added, card, people
from tests.personas import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def odette(territory: Territory) -> Membership:
    """Tends the directory of the département, where Claire protects the data."""
    return personas.tends_the_directory(territory)


def test_a_first_invitation_dies_with_who_sent_it_or_with_a_newer_one(territory: Territory, odette: Membership) -> None:
    foyer = added(odette, territory.claire)

    def sent() -> list[opening.Sent]:
        change = registering.propose_opening(institution=foyer, people=people(), why="Leur lettre.", by=odette)
        return registering.answer(change=change, accepted=True, sentence="", by=territory.claire)[1]

    earlier, later = sent(), sent()
    assert Client().get(f"/invitation/{earlier[0][1]}/").status_code == 404
    assert Client().get(f"/invitation/{later[0][1]}/").status_code == 200
    personas.end_post(territory.claire)
    assert Client().get(f"/invitation/{later[0][1]}/").status_code == 404


def test_a_first_invitation_to_a_mistaken_address_is_taken_back_by_another_opening(
    territory: Territory, odette: Membership
) -> None:
    foyer = added(odette, territory.claire)

    def sent(town: str) -> list[opening.Sent]:
        first, second = (
            replace(one, email=one.email.replace("@", f"@{town}."))
            for one in (people().administrator, people().dpo)
            if one
        )
        change = registering.propose_opening(
            institution=foyer, people=people(administrator=first, dpo=second), why="Leur lettre.", by=odette
        )
        return registering.answer(change=change, accepted=True, sentence="", by=territory.claire)[1]

    def opens(sent: list[opening.Sent]) -> list[bool]:
        return [Client().get(f"/invitation/{secret}/").status_code == 200 for _row, secret in sent]

    mistaken, right = sent("orme"), sent("vallieres")
    assert (opens(mistaken), opens(right)) == ([False, False], [True, True])
    account = joining.NewAccount(title="", first_name="A", last_name="B", password=NEW_PASSWORD)
    anne = joining.accept(secret=right[0][1], by=account)
    inviting.invite(post=replace(inviting.post_of(right[0][0]), email="leon.roy@acacias.fr", functions=()), by=anne)
    assert opens(right[1:]) == [True], "those from inside take nothing back"


def test_one_of_them_who_let_the_seven_days_pass_is_invited_again_from_inside(
    territory: Territory, odette: Membership
) -> None:
    foyer = added(odette, territory.claire)
    change = registering.propose_opening(institution=foyer, people=people(), why="Leur lettre.", by=odette)
    (_admin, first), (late, _secret) = registering.answer(
        change=change, accepted=True, sentence="", by=territory.claire
    )[1]
    account = joining.NewAccount(title="", first_name="A", last_name="B", password=NEW_PASSWORD)
    anne = joining.accept(secret=first, by=account)
    _again, secret = inviting.send_again(invitation=late, by=anne)
    denis = joining.accept(secret=secret, by=account)
    assert denis.has_function(Function.DPO), "there would be nobody to agree a second time"
    personas.end_post(denis)
    _new, secret = inviting.invite(post=inviting.post_of(late), by=anne)
    assert not joining.accept(secret=secret, by=denis.professional).has_function(Function.DPO), "once"


def test_whoever_leaves_either_house_meanwhile_is_awaited_by_each_act(territory: Territory, odette: Membership) -> None:
    foyer = added(odette, territory.claire)
    houses = sorted([territory.department.pk, foyer.pk])

    def held() -> list[UUID]:
        locks = [one["sql"] for one in seen.captured_queries if 'FROM "partners_institution"' in one["sql"]]
        return [pk for sql in locks if "FOR NO KEY UPDATE" in sql for pk in houses if str(pk) in sql]

    with CaptureQueriesContext(connection) as seen:
        change = registering.propose_opening(institution=foyer, people=people(), why="Leur lettre.", by=odette)
    assert held() == houses
    with CaptureQueriesContext(connection) as seen:
        registering.correct(institution=foyer, card=card(phone="01 00 00 00 00"), why="", by=odette)
    assert held() == houses
    with CaptureQueriesContext(connection) as seen:
        registering.answer(change=change, accepted=True, sentence="", by=territory.claire)
    assert held() == houses, "in one order, whoever asks"
