"""The acceptance scenarios: who, to whom, what for, what about whom, and what must come out."""

from pathlib import Path

import pytest

from partners.vocabulary import RULEBOOK
from sharing import law, scenarios
from sharing.decision import decide
from sharing.facts import Facts
from sharing.scenarios import Scenario


def _all() -> list[Scenario]:
    found = []
    for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")):
        for each in scenarios.read(path.read_text(encoding="utf-8")):
            assert isinstance(each, Scenario), f"{path.name}, {each}"
            found.append(each)
    return found


ALL = _all()


@pytest.mark.parametrize("scenario", ALL, ids=lambda each: each.id)
def test_the_scenario_comes_out_as_jurists_wrote_it(scenario: Scenario) -> None:
    decision = decide(scenario.facts)
    expected = scenario.expect
    assert decision.verdict == expected["verdict"], decision.reasons
    assert decision.basis == expected["basis"]
    assert set(expected["reasons"]) <= set(decision.reasons)
    assert set(expected["duties"]) <= {duty.code for duty in decision.duties}


@pytest.mark.parametrize("scenario", ALL, ids=lambda each: each.id)
def test_the_facts_of_a_scenario_can_be_stored_and_decided_again(scenario: Scenario) -> None:
    again = Facts.from_plain(scenario.facts.to_plain())
    assert again == scenario.facts
    assert decide(again) == decide(scenario.facts)


def test_no_two_scenarios_have_the_same_name() -> None:
    names = [each.id for each in ALL]
    assert len(names) == len(set(names))


def test_every_text_has_a_scenario_that_retains_it() -> None:
    retained = {each.expect["basis"] for each in ALL}
    assert set(law.BY_CODE) <= retained


def test_each_file_of_scenarios_says_what_it_is_about() -> None:
    for path in sorted(Path(RULEBOOK / "scenarios").glob("*.yaml")):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name
