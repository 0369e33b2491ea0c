"""Abuse 34: curiosity, a neighbour, a series: never blocked, told at once, examined, the person informed, the third one raised."""

from django.urls import reverse

from audit.models import Entry
from sharing import service
from sharing.models import Duty, Outbox
from sharing.urgency import telling
from tests import personas
from tests.personas import Territory
from tests.urgency.ways import sound


def test_abuse_34_an_alarm_is_told_at_once_examined_and_owed_to_the_person(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    told = Outbox.objects.filter(kind="urgency_recorded", reference=disclosure.reference)
    assert {one.recipient_id for one in told} == {territory.nadia.pk, dpo.pk}
    duties = {duty.code: duty for duty in Duty.objects.filter(record=disclosure.record_id)}
    assert duties["review_after"].owed_by == "reviewer"
    assert duties["inform_after"].owed_by == "author"
    assert Duty.objects.visible_to(territory.nadia).filter(pk=duties["review_after"].pk).exists()
    assert not Duty.objects.visible_to(territory.camille).filter(pk=duties["review_after"].pk).exists()


def test_abuse_34_a_series_raises_an_alarm_and_is_never_stopped(territory: Territory) -> None:
    dpo, rescue = personas.second_dpo_post(territory), personas.rescue(territory)
    outcomes = [sound(territory, rescue).outcome for _each in range(5)]
    assert set(outcomes) == {service.Outcome.RELEASED}
    assert Outbox.objects.filter(kind="urgency_quota", recipient=dpo).count() == 3
    page = personas.signed_in(dpo).get(reverse("sharing:urgencies")).content.decode()
    assert page.count("<strong>Camille Roussel</strong>") == 3


def test_abuse_34_a_series_under_two_titles_is_one_person_s(territory: Territory) -> None:
    second = personas.post(
        territory.camille.professional, territory.house, "cesf_departement", "Conseillère", "mission", "CASF L221-6"
    )
    personas.assign(territory.case, second, territory.nadia)
    rescue = personas.rescue(territory)
    for by in (territory.camille, second, territory.camille):
        sent = sound(territory, rescue, by=by).disclosure
        assert sent is not None
    assert sent is not None
    assert telling.of_professional(territory.camille.professional_id, sent.released_at) == 3


def test_abuse_34_the_one_who_protects_data_is_not_told_of_her_own_by_herself(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    personas.assign(territory.case, dpo, territory.nadia)
    sound(territory, personas.rescue(territory), by=dpo)
    assert not Outbox.objects.filter(kind="urgency_recorded", recipient=dpo).exists()
    assert Outbox.objects.filter(kind="urgency_recorded", recipient=territory.nadia).exists()


def test_abuse_34_a_neighbour_s_case_stays_shut(territory: Territory) -> None:
    leila = personas.signed_in(territory.leila)
    assert leila.get(reverse("sharing:urgency", args=[territory.case.reference])).status_code == 404
    assert leila.post(reverse("sharing:urgency", args=[territory.case.reference]), {}).status_code == 404
    assert not Entry.objects.filter(action="disclosure.released").exists()
