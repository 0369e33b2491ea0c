"""Facts: one shape in memory, in the scenarios and in a stored decision."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from sharing.facts import CAME_LATER, OF_AN_ITEM_CAME_LATER, SCENARIO_INSTANT, Facts, Subject, UnreadableFactsError
from tests.core.intended import LEAVING_HOSPITAL, intended
from tests.core.strategies import disclosures


@settings(max_examples=60, deadline=None)
@given(disclosures)
def test_whatever_the_facts_they_are_stored_as_json_and_read_again(facts: Facts) -> None:
    assert Facts.from_plain(json.loads(json.dumps(facts.to_plain()))) == facts


def test_a_scenario_reads_its_words() -> None:
    facts = intended(consent="given", at="2026-03-01T09:00:00+01:00", basis="ACCORD", narrowed=["logement"])
    assert facts.at.isoformat() == "2026-03-01T09:00:00+01:00"
    assert facts.consents[0].categories == {"sante_fonctionnel"}
    assert facts.consents[0].recipient == facts.recipient.ref
    assert (facts.basis, facts.narrowed) == ("ACCORD", frozenset({"logement"}))
    assert intended().at == SCENARIO_INSTANT


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("adult", Subject(None)),
        ("minor_0", Subject(0)),
        ("minor_17", Subject(17)),
        ("adult_under_sauvegarde", Subject(None, measure="sauvegarde")),
        ("adult_under_curatelle", Subject(None, measure="curatelle")),
        ("vulnerable_adult", Subject(None, vulnerable=True)),
        ("adult_temporarily_unable", Subject(None, unable=True)),
        ("many", Subject(None, many=True)),
        ("nobody", Subject(None, identifiable=False)),
    ],
)
def test_a_scenario_s_word_for_the_person_is_read(code: str, subject: Subject) -> None:
    assert Subject.of(code) == subject
    assert subject.is_minor == code.startswith("minor")


@pytest.mark.parametrize("code", ["minor_18", "minor_", "minor_x", "child", ""])
def test_another_word_for_the_person_is_an_error(code: str) -> None:
    with pytest.raises(UnreadableFactsError, match="personne inconnue"):
        Subject.of(code)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"consent": "perhaps"}, "« consent » doit être"),
        ({"informed": "perhaps"}, "« informed » doit être"),
        ({"purpose": 3}, "« purpose » doit être un mot"),
        ({"categories": "logement"}, "« categories » doit être une liste"),
        ({"categories": [1]}, "« categories » doit être une liste"),
        ({"weather": "rain"}, "inconnu ici : weather"),
        ({"closed_purposes": "scolarite"}, "« closed_purposes » doit être une liste"),
        ({"at_most_days": "un mois"}, "« at_most_days » doit être un nombre de jours"),
        ({"at_most_days": 0}, "« at_most_days » doit être un nombre de jours"),
        ({"at": "hier"}, "instant illisible"),
        ({"at": 12}, "instant illisible"),
        ({"at": "2026-03-01T09:00:00"}, "sans fuseau"),
    ],
)
def test_a_scenario_that_cannot_be_read_says_why(change: dict[str, Any], says: str) -> None:
    with pytest.raises(UnreadableFactsError, match=says):
        Facts.from_plain({**LEAVING_HOSPITAL, **change})


def test_a_scenario_that_lacks_something_says_what() -> None:
    with pytest.raises(UnreadableFactsError, match="il manque : categories, circumstances"):
        Facts.from_plain({"sender": "crip"})
    with pytest.raises(UnreadableFactsError, match="liste de noms"):
        Facts.from_plain(["sender"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at": None}, "doit être un instant"),
        ({"items": 3}, "illisibles"),
        ({"items": [3]}, "illisibles"),
        ({"person": {"age": 3, "humour": "bon"}}, "illisibles"),
        ({"informed": {**intended().to_plain()["informed"], "on": "hier"}}, "jour illisible"),
        ({"humour": "bon"}, "inconnu ici"),
    ],
)
def test_a_stored_decision_that_cannot_be_read_says_why(change: dict[str, Any], says: str) -> None:
    with pytest.raises(UnreadableFactsError, match=says):
        Facts.from_plain({**intended().to_plain(), **change})


def test_a_stored_decision_leaves_nothing_out() -> None:
    plain = intended().to_plain()
    for name in plain.keys() - CAME_LATER:
        with pytest.raises(UnreadableFactsError, match=f"il manque : {name}"):
            Facts.from_plain({key: value for key, value in plain.items() if key != name})


# What decisions held when the first of them were stored. Whoever adds a fact reads them still: see CAME_LATER.
FIRST_STORED: dict[str, Any] = {
    "at": "2026-11-20T09:00:00+00:00",
    "sender": {"role": "ass_hopital", "bound": None, "ref": "a", "institution": "b", "in_force": True},
    "recipient": {"role": "infirmier_ssiad", "bound": None, "ref": "c", "institution": "d", "in_force": True},
    "purpose": "coord_soins",
    "items": [
        {
            "category": "sante_fonctionnel",
            "ref": "1",
            "nature": "fait_constate",
            "necessity": None,
            "origin": "",
            "third_parties": False,
            "depositary": True,
            "received": False,
            "observed_on": None,
        }
    ],
    "person": {
        "age": None,
        "measure": "",
        "vulnerable": False,
        "unable": False,
        "identifiable": True,
        "many": False,
    },
    "consents": [
        {
            "state": "given",
            "ref": "",
            "recipient": "c",
            "institution": "",
            "purpose": "coord_soins",
            "categories": ["sante_fonctionnel"],
            "valid_from": None,
            "valid_until": None,
            "said_at": None,
        }
    ],
    "informed": {"state": "done", "categories": None, "on": None, "reexamine_on": None},
    "circumstances": ["named_recipient", "same_care"],
    "basis": None,
    "justification": "",
    "narrowed": [],
}


def test_a_decision_stored_before_there_were_local_settings_is_read_still() -> None:
    facts = Facts.from_plain(FIRST_STORED)
    assert (facts.kept_here, facts.closed_purposes, facts.opinion_on, facts.at_most_days) == (*[frozenset()] * 3, None)
    assert (facts.sheet_missing, facts.sheet_unread) == (False, False)
    (item,) = facts.items
    assert not item.limited
    (stored,) = FIRST_STORED["items"]
    again = {**FIRST_STORED, "items": [{**stored, **{name: getattr(item, name) for name in OF_AN_ITEM_CAME_LATER}}]}
    assert facts.to_plain() == {**again, **{name: facts.to_plain()[name] for name in CAME_LATER}}
