"""What goes with a disclosure: which duties, until when, owed by whom; and until when it can be read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sharing.decision import Decision, DutyDue, decide
from sharing.duties import PARIS, months_later
from sharing.facts import Facts, Information
from tests.core.intended import CHILD_EVALUATION, CONCERN_REPORT, ON_AGREEMENT, RESCUE, SCHOOL_TEAM, intended
from tests.core.strategies import AT


def owed(facts: Facts) -> dict[str, DutyDue]:
    return {duty.code: duty for duty in decide(facts.but(at=AT)).duties}


def test_a_concern_report_without_information_is_motivated_reexamined_reviewed_and_answered() -> None:
    duties = owed(intended(CONCERN_REPORT, informed="not_done"))
    assert duties["justify_information_exception"].due_at == AT
    assert duties["reexamine_information"] == DutyDue("reexamine_information", AT + timedelta(days=15), "author")
    assert duties["review_after"] == DutyDue("review_after", AT + timedelta(hours=72), "reviewer")
    assert duties["feedback_within_3_months"] == DutyDue(
        "feedback_within_3_months", AT + timedelta(days=92), "recipient"
    )


@pytest.mark.parametrize(
    ("chosen", "due"),
    [
        (date(2026, 11, 25), datetime(2026, 11, 25, 23, tzinfo=UTC)),
        (date(2027, 1, 5), AT + timedelta(days=15)),
    ],
)
def test_the_exception_is_reexamined_on_the_day_chosen_never_later_than_the_default(
    chosen: date, due: datetime
) -> None:
    withheld = Information("excepted", reexamine_on=chosen)
    facts = intended(CHILD_EVALUATION, also=["exception_child_interest"], facts={"informed": withheld})
    assert owed(facts)["reexamine_information"].due_at == due


def test_peril_is_reviewed_within_a_day_and_told_afterwards() -> None:
    duties = owed(intended(RESCUE))
    assert duties["review_after"].due_at == AT + timedelta(hours=24)
    assert duties["inform_after"] == DutyDue("inform_after", AT + timedelta(hours=72), "author")


TO_THE_PROSECUTOR = {
    "sender": "educateur_mecs",
    "recipient": "procureur",
    "purpose": "pe_signalement",
    "person": "minor_14",
    "circumstances": ["gravity"],
}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (AT, datetime(2026, 11, 21, 23, tzinfo=UTC)),
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC)),  # past midnight in Paris
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (datetime(2026, 3, 29, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # the day has 23 hours
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # the day has 25
    ],
)
def test_a_copy_goes_to_the_departement_before_the_end_of_that_day_in_paris(at: datetime, due: datetime) -> None:
    duties = {duty.code: duty for duty in decide(intended(TO_THE_PROSECUTOR).but(at=at)).duties}
    assert duties["copy_to_pcd"].due_at == due


@pytest.mark.parametrize("hour", [0, 23])
def test_hours_are_counted_as_they_pass_whatever_the_clocks_do(hour: int) -> None:
    """The night of 24 to 25 October 2026: 72 hours are 72 hours, in whichever zone the instant is said."""
    at = datetime(2026, 10, 24, hour, tzinfo=UTC)
    for said in (at, at.astimezone(PARIS)):
        found = {duty.code: duty for duty in decide(intended(RESCUE).but(at=said)).duties}
        assert found["inform_after"].due_at == at + timedelta(hours=72)
        assert found["review_after"].due_at == at + timedelta(hours=24)


def test_a_feedback_never_takes_more_than_three_months() -> None:
    """From 1 December to 1 March there are 90 days, not 92."""
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    duties = {duty.code: duty for duty in decide(intended(CONCERN_REPORT, informed="not_done").but(at=at)).duties}
    assert duties["feedback_within_3_months"].due_at == datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_access_is_given_within_one_month() -> None:
    facts = intended(
        sender="responsable_traitement", recipient="personne_concernee", purpose="droit_acces", categories=[]
    )
    duties = owed(facts)
    assert duties["within_one_month"] == DutyDue("within_one_month", months_later(AT, 1), "institution")
    assert duties["protect_third_parties"].owed_by == "institution"


def test_third_parties_are_protected_wherever_an_item_speaks_of_them() -> None:
    assert "protect_third_parties" in owed(intended(CONCERN_REPORT, item={"third_parties": True}))


def test_a_report_is_told_afterwards_unless_it_was_told_before() -> None:
    report = {"sender": "ass_secteur", "recipient": "procureur", "purpose": "signaler_sevices", "person": "minor_8"}
    assert "inform_after" in owed(intended(report, informed="not_done", circumstances=[]))
    assert "inform_after" not in owed(intended(report, informed="done", circumstances=[]))


def test_a_refusal_owes_nothing() -> None:
    refused = decide(intended(purpose="curiosite"))
    assert refused.duties == ()
    assert refused.access_until is None


def access(facts: Facts) -> datetime | None:
    return decide(facts.but(at=AT)).access_until


def test_access_ends_with_the_default_of_the_text_or_with_the_agreement() -> None:
    assert access(intended()) == months_later(AT, 6)
    assert access(intended(ON_AGREEMENT)) == months_later(AT, 6)
    facts = intended(ON_AGREEMENT)
    soon = AT + timedelta(days=10)
    assert access(facts.but(consents=(replace(facts.consents[0], valid_until=soon),))) == soon


def test_a_local_setting_shortens_what_is_read_and_never_lengthens_it() -> None:
    assert access(intended(facts={"at_most_days": 30})) == AT + timedelta(days=30)
    assert access(intended(facts={"at_most_days": 3_000})) == months_later(AT, 6)
    assert access(intended(CONCERN_REPORT, facts={"at_most_days": 30})) is None


def test_authorities_keep_their_own_file() -> None:
    assert access(intended(CONCERN_REPORT)) is None


@pytest.mark.parametrize(("at", "end"), [(AT, 2027), (AT.replace(month=3), 2026)])
def test_what_the_school_team_reads_ends_with_the_school_year(at: datetime, end: int) -> None:
    until = decide(intended(SCHOOL_TEAM).but(at=at)).access_until
    assert until == datetime(end, 8, 31, 22, tzinfo=UTC)  # midnight in Paris


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (datetime(2026, 8, 31, tzinfo=UTC), 6, datetime(2027, 2, 28, 1, tzinfo=UTC)),  # two in the morning, both days
        (datetime(2026, 11, 21, tzinfo=UTC), 1, datetime(2026, 12, 21, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 12, datetime(2027, 12, 31, tzinfo=UTC)),
        (
            datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
            1,
            datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        ),  # 1 December in Paris
    ],
)
def test_months_are_counted_on_the_calendar(start: datetime, months: int, end: datetime) -> None:
    assert months_later(start, months) == end


def test_a_decision_can_be_written_as_json() -> None:
    plain = decide(intended(CONCERN_REPORT, informed="not_done"), paths=True).to_plain()
    assert plain["reasons"] == ["information_missing"]
    assert plain["duties"][0] == {"code": "minimise", "due_at": None, "owed_by": "author"}
    assert isinstance(plain["findings"][0]["items"], list)
    assert all(isinstance(duty["due_at"], str | None) for duty in plain["duties"])
    assert Decision("deny", None).to_plain()["access_until"] is None
