"""The tables of the directory: well made, and each of their moves is what the acts do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners import clock, graphs
from partners.agreeing import state_at
from partners.graph import Graph
from partners.models import Agreement, SheetAnswer, Succession, SuccessionAnswer
from partners.sheets import _moves
from partners.succeeding import state_at as succession_at

NOW = timezone.now()


@pytest.mark.parametrize("graph", graphs.GRAPHS, ids=lambda one: one.name)
def test_a_table_has_no_fault(graph: Graph) -> None:
    assert graph.faults() == []


@pytest.mark.parametrize(
    ("validated", "newer", "newer_validated", "state"),
    [
        (None, False, False, "waiting"),
        (None, True, False, "replaced"),
        (False, False, False, "changes_asked"),
        (False, True, True, "replaced"),
        (True, False, False, "validated"),
        (True, True, False, "validated"),
        (True, True, True, "replaced"),
    ],
)
def test_a_sheet_stands_where_its_answers_put_it(
    validated: bool | None, newer: bool, newer_validated: bool, state: str
) -> None:
    answer = None if validated is None else SheetAnswer(validated=validated)
    assert graphs.SHEET.reached(_moves(answer, newer=newer, newer_validated=newer_validated)) == state


def agreement(**fields: object) -> Agreement:
    today = clock.day_of(NOW)
    days = {"starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=9)}
    return Agreement(number="1", **{**days, **fields})


SOON, GONE = timedelta(days=5), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fields", "signed", "newer", "newer_signed", "state"),
    [
        ({}, False, False, False, "unsigned"),
        ({}, False, True, False, "replaced"),
        ({}, True, False, False, "current"),
        ({}, True, True, False, "current"),
        ({"starts_on": clock.day_of(NOW + SOON)}, True, False, False, "to_come"),
        ({"suspended_at": NOW - GONE}, True, False, False, "suspended"),
        ({"suspended_at": NOW + SOON}, True, False, False, "current"),
        ({"ended_at": NOW - GONE}, True, False, False, "ended"),
        ({"ended_at": NOW - GONE}, True, True, True, "replaced"),
        ({"ended_at": NOW + SOON}, True, True, True, "current"),
        ({"ended_at": NOW - GONE}, False, False, False, "ended"),
        ({"ends_on": clock.day_of(NOW - SOON)}, True, False, False, "ended"),
        ({"ends_on": clock.day_of(NOW - SOON)}, False, False, False, "ended"),
    ],
)
def test_an_agreement_stands_where_its_days_and_acts_put_it(
    fields: dict[str, object], signed: bool, newer: bool, newer_signed: bool, state: str
) -> None:
    assert state_at(agreement(**fields), NOW, signed=signed, newer=newer, newer_signed=newer_signed) == state
    assert state in graphs.AGREEMENT.states


def test_a_succession_stands_where_its_answer_and_its_day_put_it() -> None:
    proposed = Succession()
    yes = SuccessionAnswer(accepted=True, effective_at=NOW + SOON)
    assert succession_at(proposed, None, NOW) == "waiting"
    assert succession_at(proposed, SuccessionAnswer(accepted=False), NOW) == "refused"
    assert [succession_at(proposed, yes, at) for at in (NOW, NOW + SOON)] == ["accepted", "done"]
