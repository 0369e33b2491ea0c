"""The access log by month: made ahead, guarded like the rest of the trail, purged whole, never in silence (trust.md, point 8)."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string

from audit import access_log, inspection, ledger, partitions, sentences, verification
from audit.models import Access, Entry
from config.roles import close_database
from partners import clock
from tests.conftest import as_migrator, drop_database, on_database, owner_cursor
from tests.personas import build

REFUSED = "42501"
BEFORE, AFTER = "0005_erased_by_its_role", "0006_an_access_log_by_month"
ROWS = "SELECT id, at, professional_ref, membership_ref, action, object_type, object_ref, case_ref, granted"


def answer_to(statement: str) -> str:
    """What PostgreSQL answers to the application: an SQLSTATE, empty where it obeyed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "pgcode", ""))
    return ""


def told(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def months_from(at: datetime, *ahead: int) -> list[str]:
    return [f"{access_log._shifted(at, one):%Y-%m}" for one in ahead]


def written_at(*instants: datetime) -> None:
    """Rows of those instants, as the owner alone can write them."""
    with as_migrator(), connection.cursor() as cursor:
        for at in instants:
            cursor.execute(
                "INSERT INTO audit_access (at, action, object_type, object_ref, case_ref, granted)"
                " VALUES (%s, 'case.read', 'case', %s, %s, true)",
                [at, str(uuid4()), uuid4()],
            )


def partitions_of(instants: Sequence[datetime]) -> list[str]:
    return [told("SELECT tableoid::regclass::text FROM audit_access WHERE at = %s", at)[0][0] for at in instants]


def test_abuse_18_the_application_holds_nothing_on_a_month_itself(db: None) -> None:
    at = access_log.now()
    ledger.note_access(
        action="case.read", object_type="case", object_ref="x", granted=True, professional=None, membership=None
    )
    assert partitions.months() == months_from(at, 0, 1, 2)
    tables = [partitions.DEFAULT, *(f"audit_access_{one.replace('-', '_')}" for one in partitions.months())]
    assert Access.objects.filter(object_ref="x").exists()
    for table in tables:
        for statement in (
            "SELECT * FROM {0}",
            "INSERT INTO {0} (action, object_type, object_ref, granted) VALUES ('a', 'b', 'c', true)",
            "UPDATE {0} SET granted = false",
            "DELETE FROM {0}",
            "TRUNCATE {0}",
            "DROP TABLE {0}",
            "ALTER TABLE audit_access DETACH PARTITION {0}",
            "ALTER TABLE {0} DISABLE TRIGGER ALL",
            "CREATE TABLE mine (LIKE {0})",
            "SELECT audit_access_guard('{0}')",
        ):
            assert answer_to(statement.format(table)) == REFUSED, (table, statement)
    for statement in ("SELECT audit_access_add_month('2020-01-01')", "SELECT audit_access_add_default()"):
        assert answer_to(statement) == REFUSED


@pytest.mark.usefixtures("own_database")
def test_abuse_18_the_owner_itself_changes_no_row_of_a_month() -> None:
    written_at(access_log.now())
    table = f"audit_access_{partitions.months()[0].replace('-', '_')}"
    with as_migrator():
        for one in (table, partitions.DEFAULT, partitions.PARENT):
            for statement in ("UPDATE {0} SET granted = false", "DELETE FROM {0}", "TRUNCATE {0}"):
                assert answer_to(statement.format(one)) == REFUSED, (one, statement)
    assert Access.objects.count() == 1


def test_abuse_18_a_compromised_application_can_neither_wipe_recent_traces_nor_litter(db: None) -> None:
    at = access_log.now()
    with transaction.atomic():
        ledger.record(
            action="access_log.purged", at=at, actor=None, codes={"months": months_from(at, *range(-7, 4)), "rows": {}}
        )
        for ahead in range(-6, 4):
            first = access_log._shifted(at, ahead).date()
            assert answer_to(f"SELECT audit_access_drop_month('{first}')") == REFUSED, first
        old = access_log._shifted(at, -9).date()
        # With an entry that does not name it; with one that does, of a month that does not stand.
        assert answer_to(f"SELECT audit_access_drop_month('{old}')") == "23000"
        gone = access_log._shifted(at, -7).date()
        assert answer_to(f"SELECT audit_access_drop_month('{gone}')") == "42P01"
    assert answer_to("SELECT audit_access_drop_month('2020-01-15')") == "22023"
    assert answer_to("SELECT audit_access_drop_month(NULL)") == "22023"
    for absurd in (access_log._shifted(at, 4).date(), access_log._shifted(at, -1).date(), "9999-01-01", "2026-11-02"):
        assert answer_to(f"SELECT audit_access_make_month('{absurd}')") == "22023", absurd
    assert answer_to("SELECT audit_access_make_month(NULL)") == "22023"
    # Its own schema, clock zone and patience change nothing: they are pinned.
    assert (
        answer_to("SET LOCAL timezone = 'Pacific/Kiritimati'; SELECT audit_access_make_month('2020-01-01')") == "22023"
    )
    assert partitions.months() == months_from(at, 0, 1, 2)


def test_a_month_made_ahead_is_made_once_and_guarded(db: None) -> None:
    at = access_log.now()
    assert access_log.make_months(at=at) == []
    assert access_log.make_months(at=access_log._shifted(at, 1)) == months_from(at, 3)
    assert access_log.make_months(at=access_log._shifted(at, 1)) == []
    assert partitions.months() == months_from(at, 0, 1, 2, 3)
    assert list(inspection.flaws()) == []
    with pytest.raises(DatabaseError):
        access_log.make_months(at=access_log._shifted(at, 2))


@pytest.mark.usefixtures("own_database")
def test_a_month_turns_at_midnight_and_a_forgotten_one_refuses_nobody_and_is_moved_when_it_is_made() -> None:
    at = access_log.now()
    turn = access_log._shifted(at, 1)
    instants = [turn - timedelta(microseconds=1), turn, turn + timedelta(microseconds=1)]
    # Months that nobody made, in the middle of the winter time and of the summer one.
    forgotten = [access_log._shifted(at, -ago) + timedelta(days=3) for ago in (8, 2, 1)]
    forgotten += [access_log._shifted(at, -2), access_log._shifted(at, -1) - timedelta(microseconds=1)]
    written_at(*instants, *forgotten)
    named = [f"audit_access_{one.replace('-', '_')}" for one in months_from(at, 0, 1)]
    assert partitions_of(instants) == [named[0], named[1], named[1]]
    assert set(partitions_of(forgotten)) == {partitions.DEFAULT}
    before = told(f"{ROWS} FROM audit_access ORDER BY id")
    assert access_log.make_months(at=turn) == months_from(at, 3)
    assert told(f"{ROWS} FROM audit_access ORDER BY id") == before
    assert partitions.months() == months_from(at, -8, -2, -1, 0, 1, 2, 3)
    assert partitions_of(forgotten) == [
        f"audit_access_{one.replace('-', '_')}" for one in months_from(at, -8, -2, -1, -2, -2)
    ]
    assert list(inspection.flaws()) == []
    ledger.note_access(
        action="case.read", object_type="case", object_ref="next", granted=True, professional=None, membership=None
    )
    assert Access.objects.latest("pk").object_ref == "next"
    assert Access.objects.latest("pk").pk == before[-1][0] + 1


@pytest.mark.usefixtures("own_database")
def test_a_purge_drops_whole_months_only_leaves_its_trace_and_the_register_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "ACCESS_LOG_MONTHS", 12)
    territory = build()
    at = access_log.now()
    kept_since = access_log.kept_since(at)
    old = [access_log._shifted(at, -ago) + timedelta(days=1) for ago in (40, 14, 14, 13)]
    kept = [kept_since, kept_since + timedelta(days=20), access_log._shifted(at, -6)]
    last_moment = kept_since - timedelta(microseconds=1)
    written_at(*old, last_moment, *kept)
    recent = Access.objects.filter(at__gte=kept_since).count()
    entries = told("SELECT id, body, leaf_hash FROM audit_entry ORDER BY id")
    payloads = told("SELECT count(*) FROM audit_payload")

    # The worker was down for years: one turn makes, moves, and drops.
    access_log.make_months(at=access_log._shifted(at, 1))
    expected = dict(zip(months_from(at, -40, -14, -13), (1, 2, 2), strict=True))
    dry = access_log.purge(at=at, dry_run=True)
    assert (dry.rows, dry.kept_since) == (expected, kept_since)
    out = io.StringIO()
    call_command("purge_access_log", "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{month}\N{NO-BREAK SPACE}: {count} accès à effacer." for month, count in expected.items()
    ]
    assert Access.objects.filter(at__lt=kept_since).count() == 5

    access_log.keep()
    assert Access.objects.filter(at__lt=kept_since).count() == 0
    assert Access.objects.filter(at__gte=kept_since).count() == recent
    assert partitions.months()[0] == f"{kept_since:%Y-%m}"
    now = told("SELECT id, body, leaf_hash FROM audit_entry ORDER BY id")
    assert now[: len(entries)] == entries
    assert told("SELECT count(*) FROM audit_payload") == [(payloads[0][0] + 1,)]
    trace = Entry.objects.get(action="access_log.purged")
    assert (len(now), trace.actor_ref, trace.case_ref) == (len(entries) + 1, None, None)
    assert json.loads(bytes(trace.body))["codes"] == {"months": list(expected), "rows": expected, "kept_months": 12}
    line = sentences.line(trace)
    said = render_to_string(list(line.templates), {"line": line, "places": {}})
    assert "3 mois ont été effacés" in said
    assert "Lignes effacées\N{NO-BREAK SPACE}: 5." in said

    access_log.keep()
    assert Entry.objects.filter(action="access_log.purged").count() == 1
    assert [fault.sentence for fault in verification.verify().faults] == []
    assert access_log.known_since() == kept_since
    monkeypatch.setattr(settings, "ACCESS_LOG_MONTHS", 6)
    assert list(access_log.purge(at=clock.now()).rows) == months_from(at, -12)
    assert access_log.known_since() == access_log._shifted(at, -6)
    assert territory.case.pk


def test_what_is_dropped_is_what_was_recorded_or_nothing_is(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at = access_log.now()
    with monkeypatch.context() as patched:
        patched.setattr(partitions, "months", lambda: months_from(at, -20))
        with pytest.raises(DatabaseError), transaction.atomic():
            access_log.purge(at=at)
    assert not Entry.objects.filter(action="access_log.purged").exists()


def test_the_policy_keeps_whole_months_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ACCESS_LOG_MONTHS", 6)
    assert access_log.kept_since(datetime(2026, 8, 31, 23, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)
    assert access_log.kept_since(datetime(2026, 6, 1, tzinfo=UTC)) == datetime(2025, 12, 1, tzinfo=UTC)
    # In Paris it is already March: the month is that of UTC.
    assert access_log.kept_since(datetime(2026, 3, 1, 0, 30, tzinfo=clock.PARIS)) == datetime(2025, 8, 1, tzinfo=UTC)


@pytest.mark.usefixtures("own_database")
def test_a_month_whose_guards_are_gone_is_named(superuser_cursor: Any) -> None:
    month = f"audit_access_{partitions.months()[0].replace('-', '_')}"
    assert list(inspection.flaws()) == []
    superuser_cursor.execute("SELECT count(*) FROM pg_event_trigger")
    superuser_cursor.execute("DO $$ DECLARE one name; BEGIN FOR one IN SELECT evtname FROM pg_event_trigger LOOP"
                             " EXECUTE format('ALTER EVENT TRIGGER %I DISABLE', one); END LOOP; END $$")  # fmt: skip
    superuser_cursor.execute(f"ALTER TABLE {month} DISABLE TRIGGER {month}_no_change")
    superuser_cursor.execute(f"DROP TRIGGER {month}_no_truncate ON {month}")
    superuser_cursor.execute(f"GRANT DELETE ON {partitions.DEFAULT} TO tact_app")
    superuser_cursor.execute("GRANT EXECUTE ON FUNCTION audit_access_add_month(date) TO PUBLIC")
    found = {(flaw.code, flaw.detail) for flaw in inspection.flaws()}
    assert {
        ("trigger_not_always", f"{month}_no_change"),
        ("trigger_missing", f"{month}_no_truncate"),
        ("right_too_many", f"DELETE (tact_app, {partitions.DEFAULT})"),
        ("function_changed", "audit_access_add_month"),
    } <= found
    superuser_cursor.execute(f"ALTER TABLE audit_access DETACH PARTITION {partitions.DEFAULT}")
    assert ("partition_missing", partitions.DEFAULT) in {(flaw.code, flaw.detail) for flaw in inspection.flaws()}


def test_existing_rows_survive_the_migration_with_their_ids(schema_template: str, django_db_blocker: Any) -> None:
    name = f"{schema_template}_{uuid4().hex[:8]}"
    with django_db_blocker.unblock(), owner_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["TEST"]["TEMPLATE"]}"')
        close_database(cursor, name)
        try:
            with on_database(name), as_migrator():
                call_command("migrate", "audit", BEFORE, verbosity=0)
                told(
                    "INSERT INTO audit_access (at, action, object_type, object_ref, case_ref, granted)"
                    " SELECT clock_timestamp() - n * interval '1 hour', 'case.read', 'case', n::text, gen_random_uuid(), n % 7 > 0"
                    " FROM generate_series(1, 5000) n RETURNING id"
                )
                told("INSERT INTO audit_access (id, action, object_type, object_ref, granted) VALUES (9000, 'a', 'b', 'c', true)"
                     " RETURNING id")  # fmt: skip
                told("SELECT nextval('audit_access_id_seq')")
                before = told(f"{ROWS} FROM audit_access ORDER BY id")
                call_command("migrate", "audit", AFTER, verbosity=0)
                assert told(f"{ROWS} FROM audit_access ORDER BY id") == before
                assert told("SELECT count(*) FROM audit_access_default") == [(0,)]
                assert len(partitions.months()) >= 9
                assert list(partitions.flaws()) == []
            with on_database(name):
                ledger.note_access(
                    action="a", object_type="b", object_ref="c", granted=True, professional=None, membership=None
                )
                assert told("SELECT id FROM audit_access ORDER BY at DESC LIMIT 1") == [(5002,)]
        finally:
            drop_database(name)
