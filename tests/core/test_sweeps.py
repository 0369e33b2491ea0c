"""One test over many scenarios says as much as one test for each."""

import inspect

import pytest

from tests.core.sweeps import over_each


def test_each_is_tried_and_every_failure_is_told_whatever_became_of_the_others() -> None:
    seen: list[str] = []

    @over_each(["A-1", "B-2", "C-3", "D-4"])
    def law(name: str) -> None:
        seen.append(name)
        if name == "C-3":
            raise KeyError("unreadable")
        if name == "D-4":
            pytest.fail("not refused")
        assert name != "A-1", "not what was said"

    with pytest.raises(AssertionError, match=r"3 of 4 do not hold \(A-1, C-3, D-4\)") as raised:
        law()
    assert seen == ["A-1", "B-2", "C-3", "D-4"]
    for told in ("A-1: AssertionError: not what was said", "C-3: KeyError: 'unreadable'", "D-4: Failed: not refused"):
        assert told in str(raised.value)
    assert "B-2:" not in str(raised.value)


def test_where_all_hold_it_holds() -> None:
    seen: list[str] = []
    over_each(["A-1", "B-2"])(lambda name: seen.append(f"tried {name}"))()
    assert seen == ["tried A-1", "tried B-2"]


def test_a_law_tried_on_nothing_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        over_each([])(lambda name: None)()


def test_a_law_that_takes_no_scenario_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="takes no « scenario »"):
        over_each(["A-1"], named="scenario")(lambda name: None)


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
@over_each(["A-1", "B-2"], named="scenario")
def test_what_else_a_law_takes_is_given_by_pytest(scenario: str, state: str) -> None:
    assert scenario in ("A-1", "B-2")
    assert state in ("refused", "withdrawn")


def test_what_is_swept_is_hidden_from_pytest_and_the_name_of_the_law_stays() -> None:
    test = test_what_else_a_law_takes_is_given_by_pytest
    assert list(inspect.signature(test).parameters) == ["state"]
    assert test.__name__ == "test_what_else_a_law_takes_is_given_by_pytest"
