"""How a duty is done: by the acts of the house, by a declaration that nobody rewrites, and who is told that somebody was first."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Entry, Payload
from consent import registry
from consent.models import PriorInformation
from partners import clock
from partners.clock import day_of, end_of
from sharing import discharge, release, service
from sharing.models import DecisionRecord, Disclosure, Duty, DutyAct, Outbox
from sharing.owing import Owed, state_of
from tests import personas
from tests.duties.ways import Around, around, concern, conclude, duty_of, ill_treatment, released
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen

pytestmark = pytest.mark.django_db
HOW = "De vive voix, au service, avec l’interprète."


@pytest.fixture
def there(territory: Territory) -> Around:
    return around(territory)


def state(disclosure: Disclosure, code: str) -> Owed:
    return state_of(duty_of(disclosure, code))


def inform(territory: Territory, disclosure: Disclosure, *categories: str, **options: Any) -> PriorInformation:
    """Camille records that the mother was told of what was said to this recipient."""
    return registry.inform(
        scope=registry.Scope(
            case=territory.case,
            recipient=disclosure.recipient,
            purpose=disclosure.purpose,
            categories=categories or ("consigne_pratique",),
        ),
        by=territory.camille,
        given_by=territory.mother,
        collected_on=day_of(clock.now()),
        form="in_person",
        own_words="",
        late_reason="",
        **options,
    )


def test_telling_her_afterwards_discharges_what_had_to_be_told(territory: Territory, there: Around) -> None:
    told = ill_treatment(territory, there.crip, timedelta(days=1))
    worried = concern(territory, there.crip, timedelta(days=1))
    assert state(told, "inform_after").waiting
    assert state(worried, "reexamine_information").waiting
    first, second = inform(territory, told), inform(territory, worried)
    assert state(told, "inform_after").done_at == first.recorded_at
    assert state(worried, "reexamine_information").done_at == second.recorded_at
    assert state(told, "inform_after").done_by == "information"
    assert not DutyAct.objects.exists()


def test_telling_her_of_something_else_or_of_another_recipient_discharges_nothing(
    territory: Territory, there: Around
) -> None:
    told = ill_treatment(territory, there.crip, timedelta(days=1))
    inform(territory, told, "logement")
    other = registry.Scope(
        case=territory.case, recipient=there.prosecutor, purpose=told.purpose, categories=["consigne_pratique"]
    )
    registry.inform(
        scope=other, by=territory.camille, given_by=territory.mother, collected_on=day_of(clock.now()),
        form="in_person", own_words="", late_reason="",
    )  # fmt: skip
    assert state(told, "inform_after").waiting


def test_what_was_said_before_does_not_tell_what_was_said_after(territory: Territory, there: Around) -> None:
    first = ill_treatment(territory, there.crip, timedelta(days=2))
    inform(territory, first)
    again = concern(territory, there.crip)
    assert state(first, "inform_after").done_at is not None
    assert state(again, "reexamine_information").waiting


def test_a_motive_written_before_or_after_discharges_its_duty(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip, timedelta(hours=2))
    assert state(sent, "justify_information_exception").late(clock.now())
    inform(
        territory, sent, withheld="child_interest", withheld_reason="Des représailles.",
        decided_with="Mme Benali",
        reexamine_on=day_of(clock.now()) + timedelta(days=3),
    )  # fmt: skip
    assert state(sent, "justify_information_exception").done_by == "exception"
    later = concern(territory, there.crip)
    assert state(later, "justify_information_exception").done_at == later.record.decided_at


def test_an_objection_on_record_is_already_recorded(territory: Territory, there: Around) -> None:
    scope = registry.Scope(case=territory.case, recipient=there.crip, purpose="pe_ip", categories=["consigne_pratique"])
    registry.object_to(
        scope=scope, by=territory.camille, given_by=territory.mother, collected_on=day_of(clock.now()),
        form="telephone", called_back=True, own_words="Non.", late_reason="",
    )  # fmt: skip
    sent = concern(territory, there.crip)
    found = state(sent, "record_objection")
    assert (found.done_by, found.done_at) == ("objection", sent.record.decided_at)


def test_the_same_items_sent_to_the_departement_are_the_copy(territory: Territory, there: Around) -> None:
    sent = released(territory, there.prosecutor, "pe_signalement", "gravity")
    assert state(sent, "copy_to_pcd").due_at == end_of(day_of(sent.released_at))
    assert state(sent, "copy_to_pcd").waiting
    copy = concern(territory, there.crip)
    found = state(sent, "copy_to_pcd")
    assert (found.done_by, found.done_at) == ("copy", copy.released_at)


def test_what_lasts_as_long_as_the_disclosure_is_never_to_be_done(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip)
    for code in ("minimise", "trace"):
        found = state(sent, code)
        assert not found.waiting
        assert found.word.kept
        owner = territory.camille if code == "minimise" else territory.nadia
        with pytest.raises(discharge.DeclarationError):
            discharge.discharge(duty_id=found.duty.pk, how=HOW, by=owner)


def test_what_is_declared_is_kept_with_its_entry_and_says_nothing_in_the_trail(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip, timedelta(days=3))
    duty = duty_of(sent, "feedback_within_3_months")
    act = discharge.discharge(duty_id=duty.pk, how=f"  {HOW}\u200b ", by=there.crip)
    assert act.how == HOW
    assert state(sent, "feedback_within_3_months").done_at == act.at
    entry = Entry.objects.get(pk=act.entry_id)
    assert entry.action == "duty.discharged"
    body = json.loads(bytes(entry.body))
    assert body["codes"] == {
        "duty": "feedback_within_3_months",
        "owed_by": "recipient",
        "done_on": day_of(act.at).isoformat(),
    }
    assert HOW not in bytes(entry.body).decode()
    assert HOW in bytes(Payload.objects.get(entry_id=entry.pk).body).decode()


@pytest.mark.parametrize("how", ["", "  ", "\u200b"])
def test_nothing_is_declared_without_a_word(territory: Territory, there: Around, how: str) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    with pytest.raises(discharge.DeclarationError, match="quelques mots"):
        discharge.discharge(duty_id=duty.pk, how=how, by=there.crip)
    assert not Entry.objects.filter(action="duty.discharged").exists()


@pytest.mark.parametrize(("days", "wrong"), [(1, "avenir"), (-4, "précéder")])
def test_it_was_done_after_the_communication_and_not_tomorrow(
    territory: Territory, there: Around, days: int, wrong: str
) -> None:
    duty = duty_of(concern(territory, there.crip, timedelta(days=3)), "feedback_within_3_months")
    on = day_of(clock.now()) + timedelta(days=days)
    with pytest.raises(discharge.DeclarationError, match=wrong):
        discharge.discharge(duty_id=duty.pk, how=HOW, done_on=on, by=there.crip)


def test_who_does_not_owe_it_declares_nothing(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip)
    others = (territory.camille, territory.leila, territory.claire)
    for code, strangers in (
        ("review_after", (*others, there.crip)),
        ("feedback_within_3_months", (*others, territory.nadia)),
    ):
        for member in strangers:
            with pytest.raises(discharge.NotOwed):
                discharge.discharge(duty_id=duty_of(sent, code).pk, how=HOW, by=member)


def test_what_is_to_be_examined_is_concluded_and_never_declared(territory: Territory, there: Around) -> None:
    """Even once its recipient has left: the conclusion is on the communication, which is still there."""
    sent = concern(territory, there.crip)
    duty = duty_of(sent, "review_after")
    for _time in range(2):
        with pytest.raises(discharge.DeclarationError, match="acte lui-même"):
            discharge.discharge(duty_id=duty.pk, how=HOW, by=territory.nadia)
        personas.end_post(there.crip)
    assert state(sent, "review_after").waiting
    conclusion = conclude(sent, territory.nadia)
    found = state(sent, "review_after")
    assert (found.done_by, found.done_at) == ("conclusion", conclusion.at)
    with pytest.raises(discharge.AlreadyDone):
        discharge.discharge(duty_id=duty.pk, how=HOW, by=territory.nadia)
    assert not DutyAct.objects.exists()


def test_an_examination_taken_up_again_wants_another_conclusion(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip)
    conclude(sent, territory.nadia)
    discharge.reopen(duty_id=duty_of(sent, "review_after").pk, why="Lu trop vite.", by=territory.nadia)
    assert state(sent, "review_after").waiting
    again = conclude(sent, territory.nadia)
    assert (again.number, state(sent, "review_after").done_at) == (2, again.at)


def test_the_second_to_declare_is_told_who_was_first(territory: Territory, there: Around) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    discharge.discharge(duty_id=duty.pk, how=HOW, by=there.crip)
    with pytest.raises(discharge.AlreadyDone) as told:
        discharge.discharge(duty_id=duty.pk, how="Encore.", by=there.crip)
    assert told.value.owed.steps[-1].who == "Irène Marchand"
    assert DutyAct.objects.count() == 1


def test_a_wrong_declaration_is_taken_up_again_and_both_stay(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip)
    duty = duty_of(sent, "feedback_within_3_months")
    with pytest.raises(discharge.DeclarationError):
        discharge.reopen(duty_id=duty.pk, why="Rien.", by=there.crip)
    discharge.discharge(duty_id=duty.pk, how=HOW, by=there.crip)
    with pytest.raises(discharge.DeclarationError):
        discharge.reopen(duty_id=duty.pk, why=" ", by=there.crip)
    discharge.reopen(duty_id=duty.pk, why="Le courrier est revenu.", by=there.crip)
    found = state(sent, "feedback_within_3_months")
    assert found.waiting
    assert found.due_at == duty.due_at
    discharge.discharge(duty_id=duty.pk, how="Par téléphone.", by=there.crip)
    kinds = [step.kind for step in state(sent, "feedback_within_3_months").steps]
    assert kinds == ["discharged", "reopened", "discharged"]


def test_what_an_act_of_the_house_did_can_be_taken_up_too_and_wants_another_act(
    territory: Territory, there: Around
) -> None:
    sent = ill_treatment(territory, there.crip, timedelta(days=1))
    inform(territory, sent)
    duty = duty_of(sent, "inform_after")
    discharge.reopen(duty_id=duty.pk, why="Ce n’était pas la bonne personne.", by=territory.camille)
    assert state(sent, "inform_after").waiting
    inform(territory, sent, child_heard=True, understanding="Il a compris.")
    assert state(sent, "inform_after").done_by == "information"


def test_a_report_that_was_due_is_discharged_by_itself_and_cannot_be_taken_up(territory: Territory) -> None:
    crip = around(territory).crip
    sent = concern(territory, crip)
    duty = Duty.objects.create(record=sent.record, code="must_report", owed_by="author", due_at=sent.released_at)
    assert state_of(duty).done_by == "communication"
    with pytest.raises(discharge.DeclarationError):
        discharge.reopen(duty_id=duty.pk, why="Pourquoi pas.", by=territory.camille)


# --- the exception to prior information: three outcomes ------------------------------------------------------------------


def test_a_child_s_exception_is_put_off_in_her_file_with_a_reason_and_the_chain_is_kept(
    territory: Territory, there: Around
) -> None:
    sent = concern(territory, there.crip, timedelta(days=14))
    duty = duty_of(sent, "reexamine_information")
    until = day_of(clock.now()) + timedelta(days=15)
    discharge.postpone(
        duty_id=duty.pk, reason="Le père menace l’enfant.", decided_with="Mme Benali", until=until, by=territory.camille
    )
    found = state(sent, "reexamine_information")
    assert found.waiting
    assert found.due_at == end_of(until)
    assert [(step.kind, step.text) for step in found.steps] == [("exception", "Le père menace l’enfant.")]
    assert Entry.objects.filter(action="information.withheld").count() == 1
    discharge.postpone(
        duty_id=duty.pk, reason="L’audience est lundi.", decided_with="Mme Benali", until=until, by=territory.camille
    )
    assert len(state(sent, "reexamine_information").steps) == 2


def test_an_adult_s_exception_is_put_off_by_a_declaration(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip, timedelta(days=3))
    territory.child.birth_date = personas.born_years_ago(40)
    territory.child.save(update_fields=["birth_date"])
    duty = duty_of(sent, "reexamine_information")
    until = day_of(clock.now()) + timedelta(days=7)
    discharge.postpone(duty_id=duty.pk, reason="Son compagnon lit son courrier.", until=until, by=territory.camille)
    assert DutyAct.objects.get().kind == "postponed"
    assert state(sent, "reexamine_information").due_at == end_of(until)


@pytest.mark.parametrize("days", [-1, 0, 16])
def test_an_exception_is_put_off_by_fifteen_days_at_most(territory: Territory, there: Around, days: int) -> None:
    duty = duty_of(concern(territory, there.crip), "reexamine_information")
    until = day_of(clock.now()) + timedelta(days=days)
    with pytest.raises(discharge.DeclarationError, match="15 jours"):
        discharge.postpone(duty_id=duty.pk, reason="Un risque.", until=until, by=territory.camille)
    with pytest.raises(discharge.DeclarationError, match="risque"):
        discharge.postpone(duty_id=duty.pk, reason=" ", until=until, by=territory.camille)
    tomorrow = day_of(clock.now()) + timedelta(days=1)
    with pytest.raises(discharge.DeclarationError, match="avec qui"):
        discharge.postpone(duty_id=duty.pk, reason="Un risque.", until=tomorrow, by=territory.camille)


def test_an_exception_that_no_longer_holds_is_to_be_told_the_same_day(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip, timedelta(days=3))
    duty = duty_of(sent, "reexamine_information")
    once = discharge.end_exception(duty_id=duty.pk, by=territory.camille)
    assert discharge.end_exception(duty_id=duty.pk, by=territory.camille) == once
    found = state(sent, "reexamine_information")
    assert found.waiting
    assert found.due_at == end_of(day_of(clock.now()))
    inform(territory, sent)
    assert not state(sent, "reexamine_information").waiting
    for act in (discharge.end_exception, discharge.postpone):
        options: dict[str, Any] = {"reason": "x", "until": day_of(clock.now())} if act is discharge.postpone else {}
        with pytest.raises(discharge.AlreadyDone):
            act(duty_id=duty.pk, by=territory.camille, **options)


def test_information_is_deferred_and_never_declared_away(territory: Territory, there: Around) -> None:
    duty = duty_of(concern(territory, there.crip), "reexamine_information")
    with pytest.raises(discharge.DeclarationError, match="acte lui-même"):
        discharge.discharge(duty_id=duty.pk, how=HOW, by=territory.camille)
    personas.end_post(there.crip)  # nobody is left to record it towards
    discharge.discharge(duty_id=duty.pk, how=HOW, by=territory.camille)


def test_only_a_re_examination_is_put_off(territory: Territory, there: Around) -> None:
    duty = duty_of(concern(territory, there.crip), "review_after")
    with pytest.raises(discharge.NotOwed):
        discharge.postpone(
            duty_id=duty.pk, reason="Plus tard.", until=day_of(clock.now()) + timedelta(days=2), by=territory.nadia
        )
    with pytest.raises(discharge.NotOwed):
        discharge.end_exception(duty_id=duty.pk, by=territory.nadia)


# --- one transaction, closed by the database -----------------------------------------------------------------------------


def test_where_a_duty_cannot_be_written_nothing_is(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    before = (Entry.objects.count(), Outbox.objects.count())
    real = release.duties_of

    def too_long(*given: Any) -> list[Duty]:
        duties = real(*given)
        duties[-1].code = "x" * 61
        return duties

    monkeypatch.setattr(release, "duties_of", too_long)
    with pytest.raises(DatabaseError), transaction.atomic():
        service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert not Disclosure.objects.exists()
    assert not DecisionRecord.objects.exists()
    assert not Duty.objects.exists()
    assert (Entry.objects.count(), Outbox.objects.count()) == before
    draft.refresh_from_db()
    assert draft.sent_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sharing_dutyact SET how = 'autre'",
        "DELETE FROM sharing_dutyact",
        "TRUNCATE sharing_dutyact",
        "UPDATE sharing_duty SET due_at = NULL",
        "DELETE FROM sharing_duty",
        "INSERT INTO sharing_dutyact (id, duty_id, kind, by_id, at, how, entry_id)"
        " SELECT gen_random_uuid(), duty_id, 'reopened', by_id, at, how, (SELECT min(id) FROM audit_entry)"
        " FROM sharing_dutyact",
    ],
)
def test_the_application_rewrites_no_duty_and_no_declaration(
    territory: Territory, there: Around, statement: str
) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    discharge.discharge(duty_id=duty.pk, how=HOW, by=there.crip)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
