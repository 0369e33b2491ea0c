"""The act of sharing: what leaves, what does not, and what is written either way."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry, Payload
from consent import registry
from partners import clock
from sharing import editions, reading, service, withdrawal
from sharing.models import DecisionRecord, DisclosedItem, Disclosure, Duty, Outbox
from sharing.service import Outcome
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import NECESSITY, draft_of, seen, send

pytestmark = pytest.mark.django_db


def test_with_the_parents_agreement_the_absences_leave_for_the_head_of_school(territory: Territory) -> None:
    personas.parents_agree(territory)
    shared = send(draft_of(territory), territory.camille)
    assert shared.outcome is Outcome.RELEASED
    assert shared.disclosure is not None
    assert shared.disclosure.basis == "ACCORD"
    row = DisclosedItem.objects.get(disclosure=shared.disclosure)
    assert (row.item, row.necessity) == (territory.absences, NECESSITY)


def test_without_the_agreement_nothing_leaves_and_the_refusal_is_stored_like_a_release(territory: Territory) -> None:
    shared = send(draft_of(territory), territory.camille)
    assert shared.outcome is Outcome.REFUSED
    assert not Disclosure.objects.exists()
    record = DecisionRecord.objects.get()
    assert record.verdict == "deny"
    assert "consent_missing" in record.decision["reasons"]
    entry = Entry.objects.get(pk=record.entry_id)
    assert entry.action == "disclosure.refused"
    assert json.loads(bytes(entry.body))["codes"]["verdict"] == "deny"


def test_a_diagnosis_keeps_the_whole_from_leaving_and_the_way_out_says_to_leave_it(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory, items=[territory.absences, territory.language])
    _facts, decision = service.preview(draft=draft, by=territory.camille)
    assert decision.verdict == "deny"
    verdicts = {one.ref: one.verdict for one in decision.items}
    assert verdicts == {str(territory.absences.pk): "allow", str(territory.language.pk): "deny"}
    assert any(way.code == "leave_out" and way.items == (str(territory.language.pk),) for way in decision.paths)


def test_the_disclosure_its_entry_its_duties_and_the_promise_to_tell_are_written_together(territory: Territory) -> None:
    personas.parents_agree(territory)
    shared = send(draft_of(territory), territory.camille)
    disclosure = shared.disclosure
    assert disclosure is not None
    entry = Entry.objects.get(pk=disclosure.entry_id)
    assert entry.action == "disclosure.released"
    assert Duty.objects.filter(record=disclosure.record, code="parents_consent_on_record").exists()
    promise = Outbox.objects.get(key=f"disclosure_waiting:{disclosure.pk}")
    assert promise.recipient == territory.lantier


def test_the_entry_names_nobody_and_quotes_nothing(territory: Territory) -> None:
    personas.parents_agree(territory)
    shared = send(draft_of(territory), territory.camille)
    assert shared.record is not None
    body = bytes(Entry.objects.get(pk=shared.record.entry_id).body).decode()
    for word in ("Roussel", "Lantier", "Bertin", "Milo", NECESSITY, "mardi"):
        assert word not in body
    payload = bytes(Payload.objects.get(entry_id=shared.record.entry_id).body).decode()
    assert "Lantier" in payload


def test_a_draft_sent_twice_leaves_once_and_answers_the_same(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    first = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    again = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert first.disclosure == again.disclosure
    assert Disclosure.objects.count() == 1


def test_abuse_07_an_agreement_withdrawn_while_composing_sends_nothing_and_keeps_the_draft(
    territory: Territory,
) -> None:
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    withdrawal.withdraw(consent=consent, form="telephone", own_words="", by=territory.camille)
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()
    draft.refresh_from_db()
    assert draft.sent_at is None
    assert draft.discarded_at is None
    record = DecisionRecord.objects.get()
    assert record.verdict == "deny"
    assert "consent_withdrawn" in record.decision["reasons"]


def test_text_changed_in_another_tab_after_the_check_sends_nothing(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    draft.benefit = "Autre chose."
    draft.save()
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is Outcome.CHANGED
    assert Entry.objects.filter(action="disclosure.not_sent").count() == 1


def test_a_colleague_who_does_not_follow_the_case_sends_nothing(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    with pytest.raises(service.CaseNotOpen):
        service.share(draft_id=draft.pk, previewed="", by=territory.leila)


def test_what_a_colleague_wrote_is_hers_to_communicate(territory: Territory) -> None:
    personas.parents_agree(territory)
    personas.assign(territory.case, territory.leila, territory.nadia)
    hers = personas.write_down(territory.case, territory.leila)
    draft = draft_of(territory, items=[hers])
    _facts, decision = service.preview(draft=draft, by=territory.camille)
    assert decision.verdict == "deny"
    assert "not_depositary" in decision.reasons


def test_one_and_twenty_items_cost_the_same_number_of_statements(territory: Territory) -> None:
    personas.parents_agree(territory)
    editions.current()  # written down by the very first decision, whoever takes it
    counts = []
    for number in (1, 20):
        items = [personas.write_down(territory.case, territory.camille) for _ in range(number)]
        draft = draft_of(territory, items=items)
        token = seen(draft, territory.camille)
        with CaptureQueriesContext(connection) as queries:
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
        assert shared.outcome is Outcome.RELEASED
        counts.append(len([q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_an_agreement_for_one_recipient_opens_nothing_to_another(territory: Territory) -> None:
    personas.parents_agree(territory, recipient=territory.lantier)
    draft = draft_of(territory, recipient=territory.perrin)
    _facts, decision = service.preview(draft=draft, by=territory.camille)
    assert decision.verdict == "deny"
    assert "consent_missing" in decision.reasons


def test_reading_decides_again_and_a_withdrawal_leaves_a_stub(territory: Territory) -> None:
    consent = personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    first = reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    assert first.closed == ""
    assert "mardi" in first.items[0].text
    withdrawal.withdraw(consent=consent, form="in_person", own_words="J’ai changé d’avis.", by=territory.camille)
    stub = reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    assert stub.closed == "consent_withdrawn"
    assert stub.items == ()
    assert Outbox.objects.filter(kind="consent_withdrawn", recipient=territory.lantier).count() == 1


def test_an_objection_closes_what_was_open_too(territory: Territory) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    at = clock.now()
    registry.object_to(
        scope=registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        given_by=territory.mother,
        collected_on=clock.day_of(at),
        form="telephone",
        called_back=True,
        own_words="Non, finalement.",
        late_reason="",
        by=territory.camille,
        at=at,
    )
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed


def test_an_agreement_between_institutions_that_is_suspended_stops_what_rests_on_it(territory: Territory) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    territory.school_agreement.suspended_at = clock.now()
    territory.school_agreement.save()
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == "agreement_expired"
