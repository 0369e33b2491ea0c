"""A limitation in the decision: what leaves, what was sent, what the law requires whatever she limits (RGPD 18)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import rights
from partners import clock
from sharing import facts as f
from sharing import gather, reading, service
from sharing.decision import decide
from sharing.models import DecisionRecord, Disclosure
from sharing.outcome import ALLOW, DENY
from sharing.service import Outcome
from tests import personas
from tests.personas import Territory
from tests.rights.ways import lifted, limits, sent
from tests.sharing.ways import draft_of, seen, send

pytestmark = pytest.mark.django_db


def test_what_is_limited_does_not_leave_and_the_way_out_is_to_leave_it_out(territory: Territory) -> None:
    personas.parents_agree(territory)
    timetable = personas.write_down(territory.case, territory.camille, label="Horaires de la séance")
    limits(territory, territory.absences)
    draft = draft_of(territory, items=[territory.absences, timetable])
    _facts, decision = service.preview(draft=draft, by=territory.camille)
    assert decision.verdict == DENY
    assert {one.ref: one.verdict for one in decision.items} == {
        str(territory.absences.pk): DENY,
        str(timetable.pk): ALLOW,
    }
    assert any(way.code == "leave_out" and way.items == (str(territory.absences.pk),) for way in decision.paths)
    refused = send(draft, territory.camille)
    assert refused.outcome is Outcome.REFUSED
    record = DecisionRecord.objects.get()
    assert "limited" in record.decision["reasons"]
    # The facts have one shape: stored, read again and decided again, they say the same.
    assert decide(f.Facts.from_plain(record.facts)).verdict == DENY


def test_abuse_07_what_is_limited_between_the_check_and_the_sending_is_not_sent(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    limits(territory)
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()
    draft.refresh_from_db()
    assert draft.sent_at is None


def test_what_was_sent_closes_for_its_reader_and_opens_again_once_it_is_lifted(territory: Territory) -> None:
    disclosure = sent(territory)
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == ""
    one = limits(territory, territory.absences)
    stub = reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    assert (stub.closed, stub.items) == ("limited", ())
    lifted(territory, one)
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == ""


def test_the_limitation_of_another_item_closes_nothing_here(territory: Territory) -> None:
    disclosure = sent(territory)
    limits(territory, territory.language)
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == ""


def test_what_stood_when_it_was_said_aloud_is_what_counts(territory: Territory) -> None:
    """Nothing recorded after the instant of the facts counts."""
    personas.parents_agree(territory)
    before = clock.now()
    limits(territory)
    draft = draft_of(territory)
    _facts, then = service.preview(draft=draft, by=territory.camille, at=before)
    _facts, now = service.preview(draft=draft, by=territory.camille)
    assert (then.verdict, now.verdict) == (ALLOW, DENY)


def test_a_limitation_costs_no_statement(territory: Territory) -> None:
    at = clock.now()
    counts = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            gather.recorded(territory.case, territory.lantier, at)
        counts.append(len(queries))
        limits(territory)
    assert counts == [1, 1]
    assert rights.limits_at(territory.case.pk, clock.now()).whole


def test_a_decision_stored_before_anybody_could_limit_reads_the_same(territory: Territory) -> None:
    record = sent(territory).record
    plain = {
        **record.facts,
        "items": [{k: v for k, v in one.items() if k != "limited"} for one in record.facts["items"]],
    }
    old = f.Facts.from_plain(plain)
    assert old == f.Facts.from_plain(record.facts)
    assert decide(old).verdict == record.verdict
