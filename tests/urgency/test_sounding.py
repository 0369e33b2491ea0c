"""The alarm: who may receive it, what leaves at once, what follows, and nothing twice."""

import uuid
from pathlib import Path

import pytest

from cases.models import Item, ItemContent
from partners import clock
from partners.vocabulary import RULEBOOK, RulebookError, vocabulary
from sharing import law, service
from sharing.models import DecisionRecord, Disclosure, Draft, Duty, Outbox
from sharing.urgency import dangers, telling
from tests import personas
from tests.personas import Territory
from tests.urgency.ways import HAPPENING, sound

NOW = clock.now


def roles(territory: Territory, code: str) -> frozenset[str]:
    return dangers.empowered_roles(dangers.BY_CODE[code], case=territory.case, by=territory.camille, at=NOW())


def test_whom_one_may_reach_is_what_the_texts_say(territory: Territory) -> None:
    """For a peril, exactly the roles in a group that the texts of rescue name; no list of our own."""
    named = {group for text in law.BY_PURPOSE["secours"] for group in text.recipients}
    said = {code for code, role in vocabulary().roles.items() if role.groups & named}
    assert roles(territory, "peril") == said
    assert {"police_17", "crip", "procureur"} <= said
    assert not {"directeur_ecole", "bailleur", "police", "maire"} & said


def test_a_social_worker_is_not_offered_what_only_health_professionals_may_do(territory: Territory) -> None:
    open_ones = dangers.open_dangers(case=territory.case, by=territory.camille, at=NOW())
    assert "peril" in open_ones
    assert "couple" not in open_ones
    assert "vulnerable_adult" not in open_ones  # the person is a child


def test_every_danger_is_a_purpose_and_every_sign_declares_known_circumstances() -> None:
    for one in dangers.DANGERS:
        assert law.BY_PURPOSE[one.purpose], one.code
    for code, needed in dangers.ESTABLISHED_BY.items():
        assert vocabulary().circumstances[code].source == "declared"
        assert needed <= set(dangers.CRITERIA)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("purpose: secours,", "purpose: curiosite,", "dangers.peril.*« curiosite » est inconnu"),
        ("[grave, imminent]", "[grave, bruit]", "grave_imminent_peril.*« bruit » est inconnu"),
        ("  gravity: [grave]", "  nominative: [grave]", "nominative.*n’est pas une circonstance que l’on déclare"),
        ("  gravity: [grave]", "  gravity: []", "gravity.*aucun signe"),
        ("signs:", "signes:", "est inconnu|champ inconnu"),
        ('label: "Quelqu', 'x: "Quelqu', "« label » manque"),
    ],
)
def test_a_file_of_dangers_that_does_not_hold_together_is_refused_as_it_is_read(
    tmp_path: Path, written: str, instead: str, said: str
) -> None:
    text = (RULEBOOK / dangers.FILE).read_text(encoding="utf-8")
    assert written in text
    path = tmp_path / dangers.FILE
    path.write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=said):
        dangers.read(path)


def test_no_decision_reads_the_dangers_so_that_no_edition_holds_them() -> None:
    assert dangers.FILE not in vocabulary().files


def test_a_call_for_help_leaves_at_once_and_the_facts_become_an_item(territory: Territory) -> None:
    shared = sound(territory, personas.rescue(territory))
    assert shared.outcome is service.Outcome.RELEASED
    disclosure = Disclosure.objects.get()
    assert (disclosure.urgent, disclosure.channel, disclosure.basis) == (True, "spoken", "PERIL-CP-223-6")
    item = Item.objects.get(pk__in=disclosure_items(disclosure))
    assert ItemContent.objects.get(item=item).text == HAPPENING
    assert item.depositary == territory.camille
    assert "Quelqu’un peut mourir" in disclosure.benefit


def disclosure_items(disclosure: Disclosure) -> list[uuid.UUID]:
    from sharing.models import DisclosedItem

    return list(DisclosedItem.objects.filter(disclosure=disclosure).values_list("item", flat=True))


def test_no_letter_is_written_to_whoever_has_no_account(territory: Territory) -> None:
    rescue = personas.rescue(territory)
    sound(territory, rescue)
    assert not Outbox.objects.filter(recipient=rescue).exists()


def test_whoever_has_an_account_is_told_in_it(territory: Territory) -> None:
    crip = personas.crip(territory)
    sound(territory, crip)
    assert Outbox.objects.filter(recipient=crip, kind="disclosure_waiting").exists()


def test_without_the_signs_of_a_peril_nothing_leaves_and_the_refusal_is_kept(territory: Territory) -> None:
    shared = sound(territory, personas.rescue(territory), criteria=("seen",))
    assert shared.outcome is service.Outcome.REFUSED
    assert not Disclosure.objects.exists()
    record = DecisionRecord.objects.get()
    assert record.verdict == "deny"
    assert "condition_missing" in record.decision["reasons"]


def test_a_refused_alarm_is_mended_under_the_same_key_without_writing_its_facts_twice(territory: Territory) -> None:
    rescue, key = personas.rescue(territory), uuid.uuid4()
    before = Item.objects.count()
    sound(territory, rescue, key=key, criteria=("seen",))
    shared = sound(territory, rescue, key=key)
    assert shared.outcome is service.Outcome.RELEASED
    assert Item.objects.count() == before + 1


def test_a_refused_alarm_taken_up_on_the_ordinary_page_is_no_longer_urgent(territory: Territory) -> None:
    sound(territory, personas.rescue(territory), criteria=("seen",))
    assert not Draft.objects.get(author=territory.camille).urgent


def test_pressed_twice_it_leaves_once(territory: Territory) -> None:
    rescue, key = personas.rescue(territory), uuid.uuid4()
    first, second = (sound(territory, rescue, key=key) for _each in range(2))
    assert first.disclosure == second.disclosure
    assert Disclosure.objects.count() == 1
    assert Item.objects.filter(label="Faits signalés en urgence").count() == 1
    assert Outbox.objects.filter(kind="urgency_recorded", recipient=territory.nadia).count() == 1


def test_it_is_examined_within_a_day_and_the_person_is_told_after(territory: Territory) -> None:
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    due = {duty.code: duty.due_at - disclosure.released_at for duty in duties_of(disclosure) if duty.due_at}
    assert due["review_after"].total_seconds() == 24 * 3600
    assert due["inform_after"].total_seconds() == 72 * 3600


def duties_of(disclosure: Disclosure) -> list[Duty]:
    return list(Duty.objects.filter(record=disclosure.record_id))


def test_an_emergency_that_no_text_reviews_is_examined_all_the_same(territory: Territory) -> None:
    crip = personas.crip(territory)
    disclosure = sound(territory, crip, danger="child", criteria=("seen",)).disclosure
    assert disclosure is not None
    assert [duty.owed_by for duty in duties_of(disclosure) if duty.code == "review_after"] == ["reviewer"]


def test_who_supervises_and_who_protects_data_are_told_at_once(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    sound(territory, personas.rescue(territory))
    told = set(Outbox.objects.filter(kind="urgency_recorded").values_list("recipient", flat=True))
    assert told == {territory.nadia.pk, dpo.pk}


def test_items_of_another_case_never_go_along(territory: Territory) -> None:
    other = personas.open_case_for(
        personas.Person(first_name="Autre", last_name="Enfant", birth_date=personas.born_years_ago(8)),
        territory.camille,
    )
    foreign = personas.write_down(other, territory.camille)
    disclosure = sound(territory, personas.rescue(territory), known=[foreign.pk, territory.absences.pk]).disclosure
    assert disclosure is not None
    assert territory.absences.pk in disclosure_items(disclosure)
    assert foreign.pk not in disclosure_items(disclosure)


def test_whoever_does_not_follow_the_case_sounds_nothing(territory: Territory) -> None:
    rescue = personas.rescue(territory)
    with pytest.raises(service.CaseNotOpen):
        sound(territory, rescue, by=territory.leila)
    key = uuid.uuid4()
    sound(territory, rescue, key=key)
    with pytest.raises(service.CaseNotOpen):
        sound(territory, rescue, key=key, by=territory.leila)


def test_the_third_in_thirty_days_is_told_to_who_protects_data_and_never_blocked(territory: Territory) -> None:
    dpo, rescue = personas.second_dpo_post(territory), personas.rescue(territory)
    for count in range(1, 5):
        assert sound(territory, rescue).outcome is service.Outcome.RELEASED
        raised = Outbox.objects.filter(kind="urgency_quota", recipient=dpo).count()
        assert raised == max(0, count - 2)
    alarms = telling.alarms(list(telling.watched_by(dpo).select_related("author")))
    assert [len(one.references) for one in alarms] == [4, 3]
    assert not telling.watched_by(territory.leila).exists()
