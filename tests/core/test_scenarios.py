"""The acceptance scenarios: who, to whom, what for, what about whom, and what must come out."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from partners.vocabulary import RULEBOOK, vocabulary
from sharing import law, scenarios
from sharing.decision import decide
from sharing.facts import Facts
from sharing.outcome import DENY, Decision
from sharing.rules import RULES
from sharing.scenarios import Scenario
from tests.core.sweeps import over_each


def _all() -> list[Scenario]:
    found = []
    for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")):
        for each in scenarios.read(path.read_text(encoding="utf-8")):
            assert isinstance(each, Scenario), f"{path.name}, {each}"
            found.append(each)
    return found


ALL = _all()
BY_ID = {each.id: each for each in ALL}


@pytest.mark.parametrize("scenario", ALL, ids=lambda each: each.id)
def test_the_scenario_comes_out_as_it_is_written(scenario: Scenario) -> None:
    decision = decide(scenario.facts)
    expected = scenario.expect
    assert decision.verdict == expected["verdict"], decision.reasons
    assert decision.basis == expected["basis"]
    assert set(expected["reasons"]) <= set(decision.reasons)
    assert set(expected["duties"]) <= {duty.code for duty in decision.duties}


@over_each(BY_ID)
def test_the_facts_of_a_scenario_can_be_stored_and_decided_again(name: str) -> None:
    facts = BY_ID[name].facts
    again = Facts.from_plain(facts.to_plain())
    assert again == facts
    assert decide(again) == decide(facts)


def test_no_two_scenarios_have_the_same_name() -> None:
    names = [each.id for each in ALL]
    assert len(names) == len(set(names))


# These norms speak of names that nobody knows: a scenario that has one is an error in its file, said to whoever wrote it
# (test_decide_command.py). What they do is tried in test_rules.py and test_unreadable.py.
NEVER_IN_A_SCENARIO = {"what_is_unknown_is_refused", "only_known_categories_pass"}
NORMS = [each.name for each in RULES if each.name not in NEVER_IN_A_SCENARIO]


@cache
def _decided(name: str) -> Decision:
    return decide(BY_ID[name].facts)


def _two_sides(applies: Callable[[Decision], bool]) -> tuple[list[Scenario], list[Scenario]]:
    """The scenarios where it applies; and those, from the same baseline or for the same purpose, where it does not."""
    where = [each for each in ALL if applies(_decided(each.id))]
    baselines = {each.baseline for each in where if each.baseline}
    purposes = {each.facts.purpose for each in where}
    near = [each for each in ALL if each.baseline in baselines or each.facts.purpose in purposes]
    return where, [each for each in near if not applies(_decided(each.id))]


@pytest.mark.parametrize("norm", NORMS)
def test_every_norm_has_a_scenario_where_it_speaks_and_one_next_to_it_where_it_is_silent(norm: str) -> None:
    speaks, silent = _two_sides(lambda decision: any(each.rule == norm for each in decision.findings))
    assert speaks, norm
    assert silent, norm


@pytest.mark.parametrize("text", sorted(law.BY_CODE))
def test_every_text_has_a_scenario_that_it_permits_and_one_next_to_it_that_it_does_not(text: str) -> None:
    permits, does_not = _two_sides(lambda decision: decision.basis == text and decision.verdict != DENY)
    assert permits, text
    assert does_not, text


@pytest.mark.parametrize("purpose", sorted(vocabulary().purposes.keys() | vocabulary().forbidden_purposes.keys()))
def test_every_purpose_has_its_scenarios(purpose: str) -> None:
    verdicts = {_decided(each.id).verdict for each in ALL if each.facts.purpose == purpose}
    assert DENY in verdicts
    assert (len(verdicts) > 1) == (purpose in vocabulary().purposes)


def test_a_baseline_is_itself_one_of_the_scenarios_that_start_from_it() -> None:
    for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        named = {each["baseline"] for each in entries if "baseline" in each}
        assert named == {each["from"] for each in entries if "from" in each and "given" not in each}, path.name


def test_no_scenario_restates_what_its_baseline_says() -> None:
    for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        starts = {each["baseline"]: each["given"] for each in entries if "baseline" in each}
        for each in (each for each in entries if "from" in each):
            told = each.get("given", {})
            restated = [key for key in told if starts[each["from"]].get(key) == told[key]]
            assert not restated, f"{path.name}, {each['id']}"


def test_each_file_of_scenarios_says_what_it_is_about() -> None:
    for path in sorted(Path(RULEBOOK / "scenarios").glob("*.yaml")):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name
