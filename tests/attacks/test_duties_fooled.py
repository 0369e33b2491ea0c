"""What could make a duty pass for done when it is not: words of another day, of another kind, about something else."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from consent import collected, registry
from consent.models import Consent, PriorInformation
from partners import clock
from partners.clock import day_of, end_of
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import discharge
from sharing.models import DecisionRecord, Disclosure, Duty
from sharing.owing import Owed, state_of
from tests import personas
from tests.duties.ways import Around, around, concern, conclude, duty_of, ill_treatment
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(territory: Territory) -> Around:
    return around(territory)


def state(disclosure: Disclosure, code: str) -> Owed:
    return state_of(duty_of(disclosure, code))


def spoken(territory: Territory, disclosure: Disclosure, *categories: str, ago: int = 0) -> dict[str, Any]:
    """What every word about a communication has, said `ago` days ago."""
    return {
        "scope": registry.Scope(
            case=territory.case,
            recipient=disclosure.recipient,
            purpose=disclosure.purpose,
            categories=categories or ("consigne_pratique",),
        ),
        "given_by": territory.mother,
        "collected_on": day_of(clock.now()) - timedelta(days=ago),
        "form": "in_person",
        "own_words": "",
        "late_reason": "Rentrée tardive de la note." if ago else "",
        "by": territory.camille,
    }


def excused(territory: Territory, disclosure: Disclosure, *categories: str, whose: str = "child_interest") -> None:
    """Camille records why the parents are not told yet."""
    word = spoken(territory, disclosure, *categories) | {"given_by": None, "form": ""}
    registry.inform(
        **word,
        withheld=whose,
        withheld_reason="Pression sur l’enfant.",
        decided_with="Mme Benali",
        reexamine_on=day_of(clock.now()) + timedelta(days=14),
    )


def added(territory: Territory, record: DecisionRecord, code: str) -> Duty:
    """A duty of a communication that another text would have asked for."""
    return Duty.objects.create(record=record, code=code, owed_by="author", due_at=record.decided_at)


def test_what_she_was_told_before_it_left_is_not_telling_her_afterwards(territory: Territory, there: Around) -> None:
    sent = ill_treatment(territory, there.crip)
    registry.inform(**spoken(territory, sent, ago=20))
    assert state(sent, "inform_after").waiting
    registry.inform(**spoken(territory, sent))
    assert not state(sent, "inform_after").waiting


@pytest.mark.parametrize("whose", ["category", "purpose", "recipient"])
def test_what_she_was_told_of_something_else_discharges_nothing(
    territory: Territory, there: Around, whose: str
) -> None:
    sent = ill_treatment(territory, there.crip)
    word = spoken(territory, sent)
    about: dict[str, dict[str, Any]] = {"category": {"categories": ("logement",)}, "purpose": {"purpose": "pe_ip"}}
    about["recipient"] = {"recipient": there.prosecutor}
    scope = word.pop("scope")
    kept = {name: getattr(scope, name) for name in ("case", "recipient", "purpose", "categories")}
    registry.inform(scope=registry.Scope(**kept | about[whose]), **word)
    assert state(sent, "inform_after").waiting


def test_the_comfort_of_a_professional_justifies_no_silence_and_puts_nothing_off(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip, timedelta(days=10))
    due = state(sent, "reexamine_information").due_at
    excused(territory, sent, whose=PriorInformation.Withheld.PROFESSIONAL_COMFORT)
    assert state(sent, "justify_information_exception").waiting
    assert state(sent, "reexamine_information").due_at == due


def test_an_exception_about_something_else_justifies_nothing_and_puts_nothing_off(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip, timedelta(days=10))
    due = state(sent, "reexamine_information").due_at
    excused(territory, sent, "logement")
    assert state(sent, "justify_information_exception").waiting
    assert state(sent, "reexamine_information").due_at == due
    excused(territory, sent)
    assert not state(sent, "justify_information_exception").waiting


def test_an_objection_about_something_else_is_not_the_one_to_record(territory: Territory, there: Around) -> None:
    sent = ill_treatment(territory, there.crip)
    duty = added(territory, sent.record, "record_objection")
    registry.object_to(**spoken(territory, sent, "logement"))
    assert state_of(duty).waiting
    registry.object_to(**spoken(territory, sent))
    assert not state_of(duty).waiting


def test_a_written_agreement_that_was_over_is_not_the_writing_of_this_one(territory: Territory) -> None:
    now = clock.now()
    long_ago, yesterday = now - timedelta(days=200), now - timedelta(days=1)

    def written(at: Any, days: int) -> Consent:
        return registry.give(
            scope=registry.Scope(
                case=territory.case,
                recipient=territory.lantier,
                purpose="scolarite",
                categories=("consigne_pratique",),
            ),
            notice=personas.notice(),
            valid_until=day_of(at) + timedelta(days=days),
            given_by=territory.mother,
            collected_on=day_of(at),
            form="written",
            own_words="",
            conditions="",
            late_reason="",
            by=territory.camille,
            at=at,
        )

    written(long_ago, 30)
    taken_back = written(now - timedelta(days=20), 90)
    registry.withdraw(
        consent=taken_back, form="in_person", own_words="", by=territory.camille, at=now - timedelta(days=19)
    )
    personas.parents_agree(territory, at=yesterday)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    duty = added(territory, sent.record, "written_notice")
    assert state_of(duty).waiting
    written(clock.now(), 30)
    assert not state_of(duty).waiting


def test_taken_up_again_it_is_due_at_its_own_date_whatever_it_was_put_off_to(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip, timedelta(days=10))
    duty = duty_of(sent, "reexamine_information")
    excused(territory, sent)
    registry.inform(**spoken(territory, sent))
    discharge.reopen(duty_id=duty.pk, why="Ce n’était pas elle.", by=territory.camille)
    assert state_of(duty).due_at == duty.due_at


def test_opened_again_for_ever_it_is_each_time_one_act_more_and_never_done_by_the_former_ones(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip)
    declared, examined = duty_of(sent, "feedback_within_3_months"), duty_of(sent, "review_after")
    for _ in range(4):
        discharge.discharge(duty_id=declared.pk, how="Par courrier.", by=there.crip)
        conclude(sent, territory.nadia)
        for duty, by in ((declared, there.crip), (examined, territory.nadia)):
            assert not state_of(duty).waiting
            discharge.reopen(duty_id=duty.pk, why="Relu trop vite.", by=by)
            with pytest.raises(discharge.DeclarationError):
                discharge.reopen(duty_id=duty.pk, why="Encore.", by=by)
            assert state_of(duty).waiting


def test_the_author_under_a_second_membership_does_not_review_what_she_sent(
    territory: Territory, there: Around
) -> None:
    duty = duty_of(concern(territory, there.crip), "review_after")
    also = personas.post(
        territory.camille.professional, territory.house, "chef_service", "Adjointe", "fonction", "CASF L221-6",
        "reviewer", "team_lead", "dpo",
    )  # fmt: skip
    for act in attempts(duty, also):
        with pytest.raises(discharge.NotOwed):
            act()
    assert personas.signed_in(also).post(f"/a-faire/{duty.pk}/", {"act": "fait", "how": "Vu."}).status_code == 404


def attempts(duty: Duty, by: Membership) -> list[Callable[[], Any]]:
    """Every act on a duty."""
    today = day_of(clock.now())
    return [
        lambda: discharge.discharge(duty_id=duty.pk, how="Fait.", by=by),
        lambda: discharge.reopen(duty_id=duty.pk, why="À refaire.", by=by),
        lambda: discharge.end_exception(duty_id=duty.pk, by=by),
        lambda: discharge.postpone(
            duty_id=duty.pk, reason="Risque.", decided_with="Mme Benali", until=today + timedelta(days=2), by=by
        ),
    ]


def test_who_follows_the_case_no_more_declares_nothing(territory: Territory, there: Around) -> None:
    from cases import access
    from cases.models import Assignment

    duty = duty_of(concern(territory, there.crip), "reexamine_information")
    personas.assign(territory.case, territory.leila, territory.camille)
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    access.end_assignment(assignment=mine, reason="Mutation", by=territory.nadia, at=clock.now())
    for act in attempts(duty, territory.camille):
        with pytest.raises(discharge.NotOwed):
            act()
    assert discharge.find(duty_id=duty.pk, by=territory.leila)


def test_a_colleague_of_who_received_in_person_declares_nothing(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip)
    duty = Duty.objects.filter(record=sent.record_id, owed_by="recipient", code="feedback_within_3_months").first()
    duty = duty or Duty.objects.create(
        record=sent.record, code="feedback_within_3_months", owed_by="recipient", due_at=timezone.now()
    )
    colleague = personas.post(
        personas.professional("Odile", "Fabre"), territory.department, "crip", "Adjointe", "mission", "CASF L226-3"
    )
    for act in attempts(duty, colleague):
        with pytest.raises(discharge.NotOwed):
            act()
    assert discharge.discharge(duty_id=duty.pk, how="Par courrier.", by=there.crip)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-02-29", "20226-01-01", "2026-1e3-01", "\u202e2026"])
def test_an_absurd_day_is_said_and_nothing_is_declared(territory: Territory, there: Around, day: str) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    crip = personas.signed_in(there.crip)
    answer = crip.post(f"/a-faire/{duty.pk}/", {"act": "fait", "how": "Par courrier.", "done_on": day})
    assert answer.status_code == 422
    assert state_of(duty).waiting


def test_a_report_counts_whole_days_over_the_nights_when_clocks_change() -> None:
    from datetime import date

    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        assert day_of(end_of(day)) == day + timedelta(days=1)
        assert clock.last_day(end_of(day)) == day


def test_a_word_that_the_rules_no_longer_know_is_said_and_breaks_nothing(
    territory: Territory, there: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another edition may have renamed what left: the old duties are owed all the same."""
    sent = concern(territory, there.crip)
    duty = duty_of(sent, "reexamine_information")
    forgotten = added(territory, sent.record, "promised_once")
    known = vocabulary()
    monkeypatch.setattr(collected, "vocabulary", lambda: SimpleNamespace(purposes=known.purposes, categories={}))
    camille = personas.signed_in(territory.camille)
    answer = camille.post(
        f"/a-faire/{duty.pk}/", {"act": "reporter", "reason": "Pression.", "decided_with": "Nadia", "again_in": "3"}
    )
    assert answer.status_code == 422
    for page in ("/", "/a-faire/", f"/a-faire/{forgotten.pk}/"):
        assert camille.get(page).status_code == 200
    typed = {"act": "fait", "how": "De vive voix.", "done_on": day_of(clock.now()).isoformat()}
    assert camille.post(f"/a-faire/{forgotten.pk}/", typed).status_code == 302
    assert not state_of(forgotten).waiting


@pytest.mark.parametrize("table", ["sharing_duty", "sharing_dutyact", "sharing_rulebookedition"])
def test_the_application_rewrites_and_removes_no_row(territory: Territory, there: Around, table: str) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    discharge.discharge(duty_id=duty.pk, how="Par courrier.", by=there.crip)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("column", ["at", "due_at", "owed_by", "code"])
def test_the_application_moves_no_date_of_a_duty(territory: Territory, there: Around, column: str) -> None:
    concern(territory, there.crip)
    table = "sharing_dutyact" if column == "at" else "sharing_duty"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = NULL")
