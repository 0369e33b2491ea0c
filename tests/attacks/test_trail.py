"""With the application's own password, or with more: lies that PostgreSQL refuses, lies that the verification names."""

import os
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import event_guards, ledger
from audit.models import Entry
from audit.verification import verify
from partners import clock
from sharing import reading
from sharing.models import Disclosure
from tests import personas
from tests.abuse.test_04_no_disclosure_without_its_entry import write_directly
from tests.sharing.ways import draft_of, send


@pytest.fixture
def released(own_database: str) -> Disclosure:
    """A disclosure that left and was opened, committed."""
    territory = personas.build()
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    disclosure.refresh_from_db()
    return disclosure


def obeyed(statement: str, *values: Any) -> bool:
    """Whether PostgreSQL let the application do it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return False
    return True


def test_a_table_of_ones_own_never_stands_for_the_trail(released: Disclosure, superuser_cursor: Any) -> None:
    """Temporary tables are refused, and those of the trail's names twice; made all the same, the real trail is still read."""
    assert not obeyed("CREATE TEMP TABLE mine (id int)")
    superuser_cursor.execute(f'GRANT TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" TO tact_app')
    assert obeyed("CREATE TEMP TABLE mine (id int)")
    assert not obeyed("CREATE TEMP TABLE audit_entry (id int)")
    for name in event_guards.EVENTS:
        superuser_cursor.execute(f"ALTER EVENT TRIGGER {name} DISABLE")
    old = ledger_entry("case.opened")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE audit_entry AS SELECT id, pg_current_xact_id() AS xid, action FROM audit_entry"
        )
        with transaction.atomic():
            cursor.execute("UPDATE pg_temp.audit_entry SET action = 'disclosure.released', xid = pg_current_xact_id()")
            with pytest.raises(DatabaseError, match="no act without its entry"), transaction.atomic():
                write_directly(released, entry=old)
        cursor.execute("DROP TABLE pg_temp.audit_entry")


def ledger_entry(action: str) -> int:
    return int(Entry.objects.filter(action=action).values_list("pk", flat=True)[0])


def test_the_guards_that_trust_the_callers_search_path_are_named(released: Disclosure, superuser_cursor: Any) -> None:
    assert verify().holds
    superuser_cursor.execute("ALTER FUNCTION audit_entry_of_this_act() RESET search_path")
    flaws = [flaw for fault in verify().faults for flaw in fault.flaws]
    assert ("function_changed", "audit_entry_of_this_act") in [(flaw.code, flaw.detail) for flaw in flaws]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sharing_disclosure SET opened_at = NULL",
        "UPDATE sharing_disclosure SET opened_at = opened_at - interval '1 day'",
        "UPDATE sharing_disclosure SET opened_at = now(), acknowledged_at = now() + interval '1 day'",
    ],
)
def test_when_it_was_opened_is_written_once(released: Disclosure, statement: str) -> None:
    assert not obeyed(statement)


def test_when_an_assignment_ended_is_written_once(released: Disclosure) -> None:
    assert obeyed("UPDATE cases_assignment SET ends_at = clock_timestamp()")
    assert not obeyed("UPDATE cases_assignment SET ends_at = NULL")
    assert not obeyed("UPDATE cases_assignment SET ends_at = ends_at + interval '1 day'")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT setval('audit_entry_id_seq', 1)",
        "SELECT setval('sharing_reference', 1)",
        "ALTER SEQUENCE audit_entry_id_seq RESTART",
        "SET session_replication_role = replica",
        "SET ROLE tact_owner",
        "SET SESSION AUTHORIZATION tact_owner",
        "CREATE SCHEMA mine",
        "COPY audit_payload FROM '/dev/null'",
        "ALTER FUNCTION audit_refuse_change() RENAME TO mine",
        "LOCK TABLE audit_entry",
        "SELECT lo_import('/etc/passwd')",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_what_would_go_round_the_trail_is_refused(released: Disclosure, statement: str) -> None:
    assert not obeyed(statement)


def test_a_forged_entry_of_the_application_is_named(released: Disclosure) -> None:
    """With the database's password but not the key: the bytes may be right, the receipt cannot."""
    forged = ledger.compose(action="disclosure.opened", at=clock.now(), actor=None, case=released.case_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (uuid, at, action, actor_ref, case_ref, body, receipt)"
            " VALUES (%s, %s, %s, NULL, %s, %s, %s) RETURNING id",
            [forged.uuid, forged.at, forged.action, forged.case, forged.body, os.urandom(64)],
        )
        entry = cursor.fetchone()[0]
    report = verify()
    assert report.first is not None
    assert report.first.entry == entry
    assert {flaw.code for flaw in report.first.flaws} == {"receipt", "payload_missing"}
