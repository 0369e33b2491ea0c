"""Baselines: a scenario names where it starts from, and says only what departs from it."""

from typing import Any

import pytest
import yaml

from sharing import scenarios
from sharing.facts import Facts, Item, UnreadableFactsError
from sharing.scenarios import Scenario, Unreadable
from tests.core.intended import LEAVING_HOSPITAL

BASELINE = {"baseline": "sortie_d_hopital", "story": "Sortie d’hôpital.", "given": LEAVING_HOSPITAL}


def read(*entries: Any) -> list[Scenario | Unreadable]:
    # Each written in full: the rulebook refuses references from one place to another.
    text = "".join(yaml.safe_dump([entry], allow_unicode=True) for entry in entries)
    return list(scenarios.read(text))


def departing(*others: Any, **departs: Any) -> Facts:
    (scenario,) = read(BASELINE, {"id": "A", "from": "sortie_d_hopital", "given": departs}, *others)
    assert isinstance(scenario, Scenario), scenario
    return scenario.facts


def test_a_baseline_is_no_scenario_of_its_own() -> None:
    assert read(BASELINE) == []


def test_a_scenario_that_departs_from_nothing_is_its_baseline() -> None:
    (scenario,) = read({"id": "A", "from": "sortie_d_hopital"}, BASELINE)
    assert isinstance(scenario, Scenario)
    assert scenario.facts == Facts.from_plain(LEAVING_HOSPITAL)


def test_what_departs_replaces_what_the_baseline_says() -> None:
    assert departing(person="minor_9").person.age == 9
    assert departing(circumstances=[]).circumstances == frozenset()


def test_circumstances_are_added_or_taken_away() -> None:
    held = frozenset(LEAVING_HOSPITAL["circumstances"])
    assert departing(also=["person_objects"]).circumstances == held | {"person_objects"}
    assert departing(without=["same_care"]).circumstances == held - {"same_care"}
    assert departing(without=["same_care"], also=["same_care_team"]).circumstances == (held - {"same_care"}) | {
        "same_care_team"
    }


def test_items_replace_the_categories_of_the_baseline_and_say_what_the_short_form_cannot() -> None:
    told = departing(
        items=[
            {"category": "logement"},
            {"category": "violences", "nature": "rumeur", "origin": "ip", "necessity": "", "third_parties": True},
            {"category": "identite", "depositary": False, "received": True, "observed_on": "2026-05-04"},
        ]
    )
    assert told.items[0] == Item("logement", ref="1")
    assert (told.items[1].nature, told.items[1].origin, told.items[1].necessity) == ("rumeur", "ip", "")
    assert (told.items[1].third_parties, told.items[2].depositary, told.items[2].received) == (True, False, True)
    assert str(told.items[2].observed_on) == "2026-05-04"


def test_an_agreement_covers_every_item_of_its_scenario() -> None:
    (consent,) = departing(items=[{"category": "logement"}, {"category": "identite"}], consent="given").consents
    assert consent.categories == {"logement", "identite"}


def test_someone_may_no_longer_be_in_office() -> None:
    assert departing().sender.in_force
    assert not departing(sender_in_force=False).sender.in_force
    assert not departing(recipient_in_force=False).recipient.in_force


@pytest.mark.parametrize(
    ("departs", "says"),
    [
        ({"humeur": "bonne"}, "inconnu ici : humeur"),
        ({"also": "person_objects"}, "doivent être des listes de mots"),
        ({"without": [3]}, "doivent être des listes de mots"),
        ({"without": ["person_objects"]}, "n’est pas au point de départ : « person_objects »"),
        ({"also": ["same_care"]}, "est déjà au point de départ : « same_care »"),
        ({"also": ["il_pleut"]}, "circonstance inconnue : « il_pleut »"),
        (3, "les faits doivent être une liste"),
        ({"items": [], "categories": []}, "et non les deux"),
        ({"items": "logement"}, "« items » doit être une liste"),
        ({"items": ["logement"]}, "un élément de « items »"),
        ({"items": [{"nature": "rumeur"}]}, "il manque : category"),
        ({"items": [{"category": "logement", "humeur": "bonne"}]}, "inconnu ici : humeur"),
        ({"items": [{"category": "logement", "depositary": "oui"}]}, "doit être vrai ou faux"),
        ({"items": [{"category": "logement", "necessity": 3}]}, "« necessity » doit être un mot"),
        ({"items": [{"category": "logement", "nature": "humeur"}]}, "nature inconnue"),
        ({"items": [{"category": "logement", "observed_on": "hier"}]}, "jour illisible"),
        ({"sender_in_force": "non"}, "« sender_in_force » doit être vrai ou faux"),
    ],
)
def test_what_departs_wrongly_is_said(departs: Any, says: str) -> None:
    (wrong,) = read(BASELINE, {"id": "A", "from": "sortie_d_hopital", "given": departs})
    assert isinstance(wrong, Unreadable)
    assert wrong.id == "A"
    assert says in wrong.why


@pytest.mark.parametrize("start", ["ailleurs", ["sortie_d_hopital"]])
def test_an_unknown_baseline_is_an_error_of_that_scenario_only(start: Any) -> None:
    wrong, right = read(BASELINE, {"id": "A", "from": start}, {"id": "B", "from": "sortie_d_hopital"})
    assert isinstance(wrong, Unreadable)
    assert "point de départ inconnu" in wrong.why
    assert isinstance(right, Scenario)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({**BASELINE, "expect": {}}, "inconnu ici : « expect »"),
        ({**BASELINE, "baseline": 3}, "« baseline » doit être un mot"),
        ({**BASELINE, "baseline": ""}, "« baseline » doit être un mot"),
        ({"baseline": "vide"}, "il manque : given"),
        ({**BASELINE, "given": {**LEAVING_HOSPITAL, "sender": "voisin"}}, "rôle inconnu : « voisin »"),
        ({**BASELINE, "given": {"sender": "crip"}}, "il manque : categories"),
        ({**BASELINE, "given": "sortie"}, "les faits doivent être une liste"),
    ],
)
def test_a_baseline_is_read_as_strictly_as_a_scenario(wrong: dict[str, Any], says: str) -> None:
    (unreadable,) = read(wrong)
    assert isinstance(unreadable, Unreadable)
    assert says in unreadable.why


def test_a_scenario_that_starts_from_a_baseline_that_says_nothing_is_told_so() -> None:
    _baseline, scenario = read({"baseline": "vide", "given": []}, {"id": "A", "from": "vide"})
    assert isinstance(scenario, Unreadable)
    assert "les faits doivent être" in scenario.why


def test_two_baselines_of_the_same_name_are_an_error_of_both() -> None:
    found = read(BASELINE, BASELINE)
    assert ["deux points de départ" in each.why for each in found if isinstance(each, Unreadable)] == [True, True]


def test_a_short_form_that_says_neither_categories_nor_items_lacks_them() -> None:
    without = {key: value for key, value in LEAVING_HOSPITAL.items() if key != "categories"}
    with pytest.raises(UnreadableFactsError, match="il manque : categories"):
        Facts.from_plain(without)
    assert Facts.from_plain({**without, "items": []}).items == ()
