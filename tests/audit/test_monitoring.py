"""The monitor finds each fault that is planted, raises its alarm once, and writes it in the trail once."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import alarms, ledger, monitoring
from audit.models import Alarm, Entry, Verification
from partners import clock
from tests import personas
from tests.audit.forging import guards_asleep
from tests.audit.sealing_ways import key_file, sealed, write


def found() -> set[str]:
    """What rings after two rounds of the schedule."""
    for _round in range(2):
        monitoring.watch()
        monitoring.watch_acts()
    kinds = [one.kind for one in alarms.standing()]
    assert len(kinds) == len(set(kinds))
    assert Entry.objects.filter(action="alarm.raised").count() == Alarm.objects.count()
    return set(kinds)


def test_each_planted_fault_raises_its_alarm_once(
    own_database: str, superuser_cursor: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file(tmp_path, settings)
    monkeypatch.setattr("audit.verifying.hurry", lambda: None)
    monkeypatch.setattr(monitoring, "SECOND_LOOK_SECONDS", 0)
    territory = personas.build()
    personas.parents_agree(territory)
    sealed()
    expected: set[str] = set()
    assert found() == expected
    sealed()

    with transaction.atomic():
        ledger.record(action="disclosure.opened", at=clock.now() - timedelta(minutes=2), actor=None)
    expected |= {"sealer_silent"}
    assert found() == expected
    sealed()

    Verification.objects.create(asked_at=clock.now() - timedelta(hours=4))
    expected |= {"verification_overdue"}
    assert found() == expected

    superuser_cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_truncate")
    expected |= {"guards_missing"}
    assert found() == expected
    superuser_cursor.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_no_truncate")
    assert not alarms.sharing_suspended()

    with guards_asleep(superuser_cursor):
        superuser_cursor.execute("SET session_replication_role = 'replica'")
        superuser_cursor.execute("DELETE FROM consent_consent")
        superuser_cursor.execute("SET session_replication_role = 'origin'")
    expected |= {"act_without_entry"}
    assert found() == expected
    assert alarms.sharing_suspended()

    write(2)
    sealed()
    with guards_asleep(superuser_cursor):
        superuser_cursor.execute(
            "UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE index = (SELECT max(index) FROM audit_leaf) - 1"
        )
    expected |= {"heads_inconsistent"}
    assert found() == expected


@pytest.mark.django_db
def test_every_alarm_has_its_words_and_what_was_settled_does_not_ring_again() -> None:
    at = clock.now()
    for code, words in alarms.KINDS.items():
        assert str(words.title), code
        assert str(words.meaning), code
        assert words.steps, code
    with pytest.raises(KeyError):
        alarms.raise_alarm(kind="no_such_thing", found={}, at=at)
    yann = personas.build().yann.pk
    for kind, again in (("trail_altered", 0), ("guards_missing", 1)):
        alarms.raise_alarm(kind=kind, found={"count": 1}, at=at)
        alarm = Alarm.objects.get(kind=kind, lifted_at=None)
        alarms.lift(alarm=alarm, by=yann, why="La cause est connue.", at=at)
        with pytest.raises(alarms.NotStanding):
            alarms.lift(alarm=alarm, by=yann, why="Encore.", at=at)
        alarms.raise_alarm(kind=kind, found={"count": 1}, at=at)
        assert Alarm.objects.filter(kind=kind, lifted_at=None).count() == again
        alarms.raise_alarm(kind=kind, found={"count": 2}, at=at)
        assert Alarm.objects.filter(kind=kind, lifted_at=None).count() == 1


@pytest.mark.django_db
def test_an_alarm_is_never_removed_and_what_it_found_never_changed() -> None:
    alarms.raise_alarm(kind="trail_altered", found={"count": 1}, at=clock.now())
    Verification.objects.create(asked_at=clock.now(), ended_at=clock.now(), holds=False)
    alarms.lift(alarm=Alarm.objects.get(), by=uuid.uuid4(), why="La cause est connue.", at=clock.now())
    for statement in (
        "DELETE FROM audit_alarm",
        "TRUNCATE audit_alarm",
        "UPDATE audit_alarm SET found = '{}'",
        "UPDATE audit_alarm SET kind = 'sealer_silent'",
        "UPDATE audit_alarm SET lifted_at = NULL",
        "UPDATE audit_alarm SET lifted_by = gen_random_uuid()",
        "DELETE FROM audit_verification",
        "UPDATE audit_verification SET holds = true",
        "UPDATE audit_verification SET asked_by = NULL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
