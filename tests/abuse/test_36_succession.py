"""Abuse 36: an institution closes and another succeeds it. Labels stay those of the day; no access passes by itself."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Case
from partners import clock, succeeding
from partners.models import Institution, Membership, MissionSheet, Succession
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing.models import Disclosure
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def closing(territory: Territory) -> Membership:
    return personas.tends_the_directory(territory, territory.school, name="Solange")


@pytest.fixture
def taking(territory: Territory) -> Membership:
    return personas.tends_the_directory(territory, territory.clinic, name="Armelle")


def proposed(territory: Territory, by: Membership, *, in_days: int = 0) -> Succession:
    day = clock.day_of(clock.now()) + timedelta(days=in_days)
    return succeeding.propose(successor=territory.clinic, why="Regroupement.", wanted_on=day, by=by)


def test_abuse_36_nothing_changes_until_the_successor_accepts(
    territory: Territory, closing: Membership, taking: Membership
) -> None:
    one = proposed(territory, closing)
    assert Membership.objects.in_force().filter(pk=territory.lantier.pk).exists()
    succeeding.answer(succession=one, accepted=True, sentence="Nous y sommes prêts.", by=taking)
    assert not Membership.objects.in_force().filter(institution=territory.school).exists()
    assert personas.signed_in(territory.lantier).get("/recu/").status_code == 302


def test_abuse_36_no_access_passes_to_the_successor(
    territory: Territory, closing: Membership, taking: Membership
) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    before = Disclosure.objects.values("recipient_id", "recipient_label").get(pk=sent.pk)
    sheets = MissionSheet.objects.filter(partner=territory.clinic).count()
    one = proposed(territory, closing)
    succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=taking)
    for who in (taking, territory.sofia):
        assert personas.signed_in(who, Client()).get(f"/recu/{sent.pk}/").status_code == 404
        assert not Case.objects.visible_to(who).exists()
    assert Disclosure.objects.values("recipient_id", "recipient_label").get(pk=sent.pk) == before
    assert MissionSheet.objects.filter(partner=territory.clinic).count() == sheets


def test_abuse_36_history_keeps_the_label_of_the_day(
    territory: Territory, closing: Membership, taking: Membership
) -> None:
    one = proposed(territory, closing)
    succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=taking)
    Institution.objects.filter(pk=territory.clinic.pk).update(name="CMPP et écoles réunis")
    page = personas.signed_in(territory.camille).get(f"/annuaire/successions/{one.pk}/").content.decode()
    assert "École Jean-Macé" in page
    assert "CMPP des Tilleuls" in page
    assert "Aucun accès ne passe de lui-même" in page
    closed = personas.signed_in(territory.camille).get(f"/annuaire/{territory.school.pk}/")
    assert closed.status_code == 200
    assert "lui succède" in closed.content.decode()
    listed = personas.signed_in(territory.camille).get("/annuaire/").content.decode()
    assert "École Jean-Macé" not in listed


def test_a_day_to_come_leaves_everything_as_it_is_until_then(
    territory: Territory, closing: Membership, taking: Membership
) -> None:
    one = proposed(territory, closing, in_days=20)
    answer = succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=taking)
    assert answer.effective_at == clock.start_of(one.wanted_on)
    assert Membership.objects.in_force().filter(pk=territory.lantier.pk).exists()
    personas.parents_agree(territory)
    assert send(draft_of(territory), territory.camille).disclosure is not None


def test_who_may_and_by_two_persons(territory: Territory, closing: Membership, taking: Membership) -> None:
    for somebody in (territory.nadia, territory.lantier, territory.claire):
        with pytest.raises(NotTended):
            proposed(territory, somebody)
    one = proposed(territory, closing)
    for somebody in (closing, territory.sofia):
        with pytest.raises(NotTended):
            succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=somebody)
    both = personas.post(
        closing.professional, territory.clinic, "institution", "Gestionnaire", "fonction", "Lettre", "directory_admin"
    )
    with pytest.raises(SamePerson):
        succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=both)
    refused = succeeding.answer(succession=one, accepted=False, sentence="Pas encore.", by=taking)
    assert succeeding.answer(succession=one, accepted=False, sentence="Pas encore.", by=taking) == refused
    with pytest.raises(TooLate):
        succeeding.answer(succession=one, accepted=True, sentence="Oui.", by=taking)
    assert Membership.objects.in_force().filter(pk=territory.lantier.pk).exists()


def test_bad_input_says_what_to_do(territory: Territory, closing: Membership) -> None:
    with pytest.raises(DirectoryError, match="déjà passée"):
        proposed(territory, closing, in_days=-1)
    with pytest.raises(DirectoryError, match="autre institution"):
        succeeding.propose(successor=territory.school, why="x", wanted_on=clock.day_of(clock.now()), by=closing)
    proposed(territory, closing)
    with pytest.raises(DirectoryError, match="attend déjà"):
        proposed(territory, closing)
