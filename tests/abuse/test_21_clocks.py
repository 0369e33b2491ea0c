"""Abuse 21: a clock of the application that is wrong, a clock of the database that is set back."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit import alarms, ledger, monitoring
from audit.models import Access, Entry
from partners import clock
from tests import personas
from tests.architecture.source import ROOT
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

A_YEAR = timedelta(days=365)
OWN_CLOCK = re.compile(r"timezone\.now|datetime\.now\(|datetime\.utcnow|date\.today|auto_now|time\.time\(\)")
READ_AND_NOT_STORED = {
    "audit/monitoring.py",  # compares it with the database's
    "partners/accounts/sessions.py",  # how long a session is open, beside Django's own count of its idleness
}
"""The only files of the applications that read this machine's clock."""


def test_abuse_21_nothing_that_is_stored_is_dated_by_the_application() -> None:
    found = {
        str(path.relative_to(ROOT))
        for app in ("audit", "partners", "cases", "consent", "sharing")
        for path in (ROOT / app).rglob("*.py")
        if OWN_CLOCK.search(path.read_text())
    }
    assert found <= READ_AND_NOT_STORED


@pytest.mark.django_db
def test_abuse_21_on_a_machine_a_year_ahead_everything_is_dated_by_the_database(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + A_YEAR)
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None, "the agreement is in force by the database's clock"
    personas.signed_in(territory.lantier).post(f"/recu/{sent.pk}/")
    now = clock.now()
    for at in (sent.released_at, Entry.objects.latest("pk").at, Access.objects.latest("pk").at):
        assert now - timedelta(minutes=10) < at <= now


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "rings"), [(0.0, False), (1.5, False), (-1.5, False), (4.0, True), (-4.0, True)])
def test_abuse_21_two_clocks_more_than_two_seconds_apart_ring(
    monkeypatch: pytest.MonkeyPatch, ahead: float, rings: bool
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=ahead)

    monkeypatch.setattr(monitoring, "datetime", Ahead)
    monitoring._clocks(clock.now())
    assert [one.kind for one in alarms.standing()] == (["clocks_apart"] if rings else [])
    assert not alarms.sharing_suspended()


@pytest.mark.django_db
def test_abuse_21_a_database_set_back_an_hour_rings_once(territory: Territory) -> None:
    ledger.record(action="disclosure.opened", at=clock.now() + timedelta(hours=1), actor=None)
    for _round in range(2):
        monitoring._clocks(clock.now())
    (alarm,) = alarms.standing()
    assert (alarm.kind, alarm.found["seconds"] > 3500) == ("clock_set_back", True)
