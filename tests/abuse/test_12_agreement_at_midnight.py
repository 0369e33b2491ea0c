"""Abuse 12: the agreement between the institutions ends while the page is open. Days are Paris days, half-open."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from partners import clock
from partners.models import Agreement
from sharing import service
from sharing.models import Disclosure
from sharing.service import Outcome
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
"""The days on which clocks change in France: 23 and 25 hours long."""
AN_INSTANT = timedelta(microseconds=1)


def test_a_day_is_covered_from_its_first_instant_to_the_first_of_the_next() -> None:
    day = date(2026, 11, 21)
    first, after = clock.start_of(day), clock.end_of(day)
    assert clock.covers(first, day, day)
    assert clock.covers(after - AN_INSTANT, day, day)
    assert not clock.covers(first - AN_INSTANT, day, day)
    assert not clock.covers(after, day, day)


def test_an_open_bound_covers_everything_on_its_side() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert clock.covers(at, None, None)
    assert clock.covers(at, date(2026, 1, 1), None)
    assert clock.covers(at, None, date(2026, 12, 31))
    assert not clock.covers(at, None, date(2026, 11, 20))


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 21), 24)])
def test_a_day_is_as_long_as_it_is_in_paris(day: date, hours: int) -> None:
    first, after = clock.start_of(day).astimezone(UTC), clock.end_of(day).astimezone(UTC)
    assert after - first == timedelta(hours=hours)
    one = first
    while one < after:
        assert clock.covers(one, day, day)
        assert clock.day_of(one) == day
        one += timedelta(minutes=30)
    assert not clock.covers(after, day, day)


@pytest.mark.parametrize("fold", [0, 1])
def test_both_half_past_two_of_the_autumn_night_are_the_same_day(fold: int) -> None:
    at = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=clock.PARIS)
    assert clock.covers(at, AUTUMN, AUTUMN)
    assert clock.day_of(at.astimezone(ZoneInfo("America/Cayenne"))) == AUTUMN


def test_midnight_in_paris_is_not_midnight_in_utc() -> None:
    assert clock.start_of(date(2026, 7, 1)).astimezone(UTC) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert clock.start_of(date(2026, 12, 1)).astimezone(UTC) == datetime(2026, 11, 30, 23, tzinfo=UTC)


@pytest.mark.django_db
def test_abuse_12_seen_at_23_59_59_and_sent_at_midnight_sends_nothing(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    territory.school_agreement.ends_on = today
    territory.school_agreement.save(update_fields=["ends_on"])
    personas.parents_agree(territory)
    draft = draft_of(territory)
    midnight = clock.end_of(today)
    facts, decision = service.preview(draft=draft, by=territory.camille, at=midnight - timedelta(seconds=1))
    assert decision.verdict == "allow"
    shared = service.share(
        draft_id=draft.pk, previewed=service.fingerprint(facts, decision), by=territory.camille, at=midnight
    )
    assert shared.outcome is Outcome.CHANGED
    assert shared.decision is not None
    assert "agreement_expired" in shared.decision.reasons
    assert not Disclosure.objects.exists()
    draft.refresh_from_db()
    assert draft.sent_at is None


@pytest.mark.django_db
def test_abuse_12_the_last_second_of_the_last_day_still_counts(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    territory.school_agreement.ends_on = today
    territory.school_agreement.save(update_fields=["ends_on"])
    personas.parents_agree(territory)
    draft = draft_of(territory)
    at = clock.end_of(today) - AN_INSTANT
    token = service.fingerprint(*service.preview(draft=draft, by=territory.camille, at=at))
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille, at=at)
    assert shared.outcome is Outcome.RELEASED


def test_abuse_12_the_clock_is_read_once_the_locks_are_held(own_database: str) -> None:
    """A transaction that began before the end and waited for a lock past it is refused: `now()` would have let it pass."""
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    territory.school_agreement.suspended_at = clock.now() + timedelta(seconds=1.5)
    territory.school_agreement.save(update_fields=["suspended_at"])
    token = seen(draft, territory.camille)

    def submit() -> service.Shared:
        try:
            return service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Agreement.objects.select_for_update(no_key=True).get(pk=territory.school_agreement.pk)
            sending = pool.submit(submit)
            while clock.now() <= territory.school_agreement.suspended_at:
                time.sleep(0.05)
        shared = sending.result(20)
    assert shared.outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()
