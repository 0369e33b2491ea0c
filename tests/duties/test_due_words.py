"""By when, in words: days are those of Paris, and a duty is late from its very instant on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from partners.clock import PARIS
from sharing.duty_page import due_exactly, due_in_words
from sharing.models import Disclosure, Duty
from sharing.owing import Owed, in_order, word_of

AT = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)  # 14:32 in Paris
MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)  # the end of that day in Paris


def owed(due_at: datetime | None, code: str = "inform_after", done_at: datetime | None = None) -> Owed:
    return Owed(
        duty=Duty(code=code), word=word_of(code), disclosure=None, categories=(), due_at=due_at, done_at=done_at
    )


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        (None, "dès que possible"),
        (MIDNIGHT, "aujourd’hui"),
        (AT + timedelta(hours=2), "aujourd’hui, avant 16:32"),
        (AT + timedelta(microseconds=1), "aujourd’hui, avant 14:32"),
        (AT, "en retard depuis 14:32"),
        (AT - timedelta(hours=3), "en retard depuis 11:32"),
        (MIDNIGHT + timedelta(hours=1), "demain"),
        (MIDNIGHT + timedelta(days=1), "demain"),
        (MIDNIGHT + timedelta(days=2), "dans 2 jours"),
        (AT + timedelta(days=15), "dans 15 jours"),
        (MIDNIGHT - timedelta(days=1), "en retard d’un jour"),  # due on the 20th
        (AT - timedelta(days=3), "en retard de 3 jours"),
    ],
)
def test_a_due_date_is_said_in_words(due_at: datetime | None, said: str) -> None:
    assert due_in_words(due_at, AT) == said


def test_days_are_those_of_paris_whatever_the_clocks_do() -> None:
    """25 October 2026 has twenty-five hours: its end is still the same day."""
    night = datetime(2026, 10, 25, 0, 30, tzinfo=PARIS)
    assert due_in_words(datetime(2026, 10, 25, 23, tzinfo=UTC), night) == "aujourd’hui"
    assert due_in_words(datetime(2026, 10, 25, 23, tzinfo=UTC), night - timedelta(hours=1)) == "demain"
    assert (
        due_in_words(datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == "aujourd’hui"
    )


@pytest.mark.parametrize(("due_at", "said"), [(MIDNIGHT, "21 novembre 2026"), (AT, "21 novembre 2026, 14:32")])
def test_the_exact_date_names_the_last_day_rather_than_the_midnight_after(due_at: datetime, said: str) -> None:
    assert due_exactly(due_at) == said


def test_a_duty_is_late_from_its_instant_on() -> None:
    assert owed(AT).late(AT)
    assert not owed(AT + timedelta(microseconds=1)).late(AT)
    assert not owed(None).late(AT)
    assert not owed(AT, done_at=AT).late(AT)
    assert not owed(AT, code="minimise").late(AT)


def test_what_is_due_at_the_instant_it_leaves_is_to_be_done_now_and_late_an_hour_after() -> None:
    for sent in (Disclosure(released_at=AT), Disclosure(released_at=AT, said_at=AT - timedelta(hours=2))):
        one = replace(owed(sent.said_at or AT), disclosure=sent)
        assert one.now(AT + timedelta(minutes=59))
        assert not one.late(AT + timedelta(minutes=59))
        assert one.late(AT + timedelta(hours=1))
        assert not one.now(AT + timedelta(hours=1))
    later = replace(owed(AT + timedelta(hours=2)), disclosure=Disclosure(released_at=AT))
    assert not later.now(AT)
    assert later.late(AT + timedelta(hours=2))


def test_the_most_urgent_comes_first_and_what_has_no_date_after_the_week() -> None:
    dates = [AT + timedelta(days=30), None, AT + timedelta(days=2), AT - timedelta(days=1)]
    found = in_order([owed(one) for one in dates] + [owed(AT, code="trace")], AT)
    assert [one.due_at for one in found] == [dates[3], dates[2], dates[1], dates[0]]


def test_a_duty_that_the_rulebook_no_longer_knows_is_still_to_be_done() -> None:
    word = word_of("ancienne")
    assert (word.label, word.to_do, word.by_hand) == ("ancienne", "ancienne", True)
    assert word.ask


@pytest.mark.parametrize("code", ["inform_after", "review_after", "reexamine_information"])
def test_a_duty_to_do_says_what_proves_it(code: str) -> None:
    word = word_of(code)
    assert word.to_do
    assert word.proves
    assert not word.kept
