"""Whoever holds the machine changes the trail: `verify_audit` names the entry, and says what is wrong with it."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction

from audit import inspection, ledger, reading, references, signing, verification
from audit.faults import KEPT, Fault, Flaw, Tally
from audit.models import Entry
from consent import registry
from partners import clock
from tests.audit.forging import guards_asleep, schema_asleep, superuser_undone
from tests.conftest import cloned_database, put_schema_guards_to_sleep
from tests.personas import Territory, build, parents_agree, parents_refuse

Edit = Callable[[Any], None]


@pytest.fixture(scope="module")
def evidence(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this module's own: the territory, with the person's word given, refused and taken back."""
    usual = connection.settings_dict["NAME"]
    connections.close_all()
    with django_db_blocker.unblock(), cloned_database(usual) as name:
        connection.settings_dict["NAME"] = name
        try:
            speak(build())
            connections.close_all()
            with django_db_blocker.block():
                connection.settings_dict["NAME"] = usual
                yield name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual


def speak(territory: Territory) -> None:
    consent = parents_agree(territory)
    parents_refuse(territory, categories=["sante_diagnostic"])
    registry.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)


@pytest.fixture
def superuser(evidence: str, django_db_blocker: Any) -> Iterator[Any]:
    """Whoever holds the machine, in a transaction that also verifies what it did, and is rolled back."""
    with superuser_undone(evidence, django_db_blocker) as cursor:
        put_schema_guards_to_sleep(cursor)
        yield cursor


def codes(fault: Fault | None) -> set[str]:
    return {flaw.code for flaw in fault.flaws} if fault else set()


def told() -> tuple[int, str]:
    """The exit status of `verify_audit` and what it printed."""
    out = io.StringIO()
    try:
        call_command("verify_audit", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def entry_of(action: str) -> Entry:
    return Entry.objects.filter(action=action).earliest("pk")


def test_an_untouched_trail_holds(superuser: Any) -> None:
    status, text = told()
    assert status == 0
    assert text.startswith(f"{Entry.objects.count()} entrées vérifiées, aucune anomalie."), text


def test_an_edit_that_was_committed_is_seen_by_the_application(own_database: str, superuser_cursor: Any) -> None:
    speak(build())
    edited = entry_of("consent.given")
    assert told()[0] == 0
    with guards_asleep(superuser_cursor):
        edit_body(superuser_cursor)
    status, text = told()
    assert status == 1
    assert f"Entrée n° {edited.pk} (consent.given, {edited.uuid})" in text


def test_an_empty_trail_holds(own_database: str) -> None:
    signing.sign(b"make the key")
    status, text = told()
    assert (status, text.split("\n", 1)[0]) == (
        0,
        "Le journal est vide\u00a0: rien à vérifier, les gardes sont en place.",
    )


def edit_body(cursor: Any) -> None:
    cursor.execute(
        "UPDATE audit_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), 'consigne_pratique', 'logement'), 'UTF8')"
        " WHERE action = 'consent.given'"
    )


def respell_body(cursor: Any) -> None:
    cursor.execute(
        "UPDATE audit_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), ',', ', '), 'UTF8')"
        " WHERE action = 'consent.given'"
    )


def break_body(cursor: Any) -> None:
    cursor.execute(r"UPDATE audit_entry SET body = '\xff00'::bytea WHERE action = 'consent.given'")


def empty_body(cursor: Any) -> None:
    cursor.execute("UPDATE audit_entry SET body = '{}'::bytea WHERE action = 'consent.given'")


def column_edit(column: str, value: str) -> Edit:
    def edit(cursor: Any) -> None:
        cursor.execute(f"UPDATE audit_entry SET {column} = {value} WHERE action = 'consent.given'")

    return edit


def edit_payload(cursor: Any) -> None:
    cursor.execute(
        "UPDATE audit_payload SET body = convert_to('{}', 'UTF8')"
        " WHERE entry_id = (SELECT id FROM audit_entry WHERE action = 'consent.given')"
    )


def edit_salt(cursor: Any) -> None:
    cursor.execute(
        "UPDATE audit_payload SET salt = sha256(salt)"
        " WHERE entry_id = (SELECT id FROM audit_entry WHERE action = 'consent.given')"
    )


def remove_payload(cursor: Any) -> None:
    cursor.execute(
        "DELETE FROM audit_payload WHERE entry_id = (SELECT id FROM audit_entry WHERE action = 'consent.given')"
    )


def swap_receipts(cursor: Any) -> None:
    cursor.execute(
        "UPDATE audit_entry SET receipt = (SELECT receipt FROM audit_entry WHERE action = 'consent.withdrawn')"
        " WHERE action = 'consent.given'"
    )


def remove_act(cursor: Any) -> None:
    cursor.execute("DELETE FROM consent_consent")


def forge_hash(cursor: Any) -> None:
    cursor.execute("ALTER TABLE audit_entry ALTER COLUMN leaf_hash DROP EXPRESSION")
    cursor.execute("UPDATE audit_entry SET leaf_hash = sha256('forged') WHERE action = 'consent.given'")


EDITS: dict[str, tuple[Edit, set[str]]] = {
    "its body": (edit_body, {"receipt"}),
    "the spelling of its body": (respell_body, {"receipt", "not_canonical"}),
    "its body, made unreadable": (break_body, {"receipt", "unreadable"}),
    "its body, emptied": (empty_body, {"receipt", "format"}),
    "its uuid": (column_edit("uuid", "gen_random_uuid()"), {"column"}),
    "its instant": (column_edit("at", "at - interval '1 microsecond'"), {"column"}),
    "its action": (column_edit("action", "'consent.refused'"), {"column", "another_act", "act_missing"}),
    "its actor": (column_edit("actor_ref", "NULL"), {"column"}),
    "its case": (column_edit("case_ref", "gen_random_uuid()"), {"column"}),
    "its receipt": (column_edit("receipt", "sha256(receipt)"), {"receipt"}),
    "its receipt, for another's": (swap_receipts, {"receipt"}),
    "its hash": (forge_hash, {"leaf_hash"}),
    "its payload": (edit_payload, {"commitment"}),
    "the salt of its payload": (edit_salt, {"commitment"}),
    "its payload, removed": (remove_payload, {"payload_missing"}),
    "its act, removed": (remove_act, {"act_missing"}),
}


@pytest.mark.parametrize("what", EDITS)
def test_abuse_19_an_entry_edited_by_a_superuser_is_named(superuser: Any, what: str) -> None:
    edit, expected = EDITS[what]
    edited = entry_of("consent.given")
    with guards_asleep(superuser):
        edit(superuser)
    report = verification.verify()
    assert report.first is not None
    assert report.first.entry == edited.pk
    assert codes(report.first) == expected
    assert [fault.entry for fault in report.faults if fault.place != "guards" or fault.entry] == [edited.pk]
    status, text = told()
    assert status == 1
    assert f"Entrée n° {edited.pk}" in text


@pytest.mark.parametrize("action", ["consent.given", "item.added", "case.opened"])
def test_abuse_19_an_entry_removed_by_a_superuser_is_named_by_what_it_leaves(superuser: Any, action: str) -> None:
    removed = entry_of(action).pk
    with guards_asleep(superuser):
        superuser.execute("DELETE FROM audit_entry WHERE id = %s", [removed])
    report = verification.verify()
    assert report.first is not None
    assert report.first.entry == removed
    assert "removed_leaving_payload" in codes(report.first)
    if action != "case.opened":
        assert "removed_leaving_act" in codes(report.first)
    assert f"Entrée n° {removed}" in told()[1]


def test_an_act_whose_entry_and_payload_were_removed_is_named(superuser: Any) -> None:
    removed = entry_of("consent.withdrawn").pk
    with guards_asleep(superuser):
        superuser.execute("DELETE FROM audit_payload WHERE entry_id = %s", [removed])
        superuser.execute("DELETE FROM audit_entry WHERE id = %s", [removed])
    report = verification.verify()
    assert report.first is not None
    assert (report.first.entry, codes(report.first)) == (removed, {"removed_leaving_act"})
    assert "consent_withdrawal" in report.first.sentence


def test_an_act_tied_to_another_acts_entry_is_named(superuser: Any) -> None:
    other = entry_of("case.opened").pk
    superuser.execute("UPDATE consent_consent SET entry_id = %s", [other])
    found = {fault.entry: codes(fault) for fault in verification.verify().faults}
    assert found == {other: {"another_act"}, entry_of("consent.given").pk: {"act_missing"}}


def test_an_act_without_any_entry_is_told(superuser: Any) -> None:
    superuser.execute("ALTER TABLE consent_consent ALTER COLUMN entry_id DROP NOT NULL")
    superuser.execute("UPDATE consent_consent SET entry_id = NULL")
    found = [code for fault in verification.verify().faults for code in codes(fault)]
    assert set(found) == {"act_missing", "act_without_entry"}


GUARDS: dict[str, tuple[str, str]] = {
    "disabled": ("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_change", "trigger_not_always"),
    "disabled, then enabled again but not always": (
        "ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_entry ENABLE TRIGGER USER",
        "trigger_not_always",
    ),
    "dropped": ("DROP TRIGGER audit_payload_no_truncate ON audit_payload", "trigger_missing"),
    "dropped from an act": ("DROP TRIGGER consent_consent_needs_entry ON consent_consent", "trigger_missing"),
    "of an act, not always": (
        "ALTER TABLE sharing_disclosure ENABLE TRIGGER sharing_disclosure_needs_entry",
        "trigger_not_always",
    ),
    "narrowed to a column": (
        "DROP TRIGGER audit_entry_no_change ON audit_entry;"
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OF id OR DELETE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();"
        "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_no_change",
        "trigger_changed",
    ),
    "emptied of its function": (
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "function_changed",
    ),
    "passed by a rule": ("CREATE RULE quiet AS ON DELETE TO audit_access DO INSTEAD NOTHING", "rule_added"),
    "blinded by row-level security": ("ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY", "rows_hidden"),
    "without foreign key": (
        "ALTER TABLE consent_withdrawal DROP CONSTRAINT {withdrawal_key}",
        "foreign_key_missing",
    ),
    "with constraints asleep": ("ALTER TABLE cases_item DISABLE TRIGGER ALL", "constraint_disabled"),
    "with a right too many": ("GRANT DELETE ON audit_entry TO tact_app", "right_too_many"),
    "with a column too many": ("GRANT UPDATE (receipt) ON audit_entry TO tact_app", "right_too_many"),
    "with an insert too many": ("GRANT INSERT (xid) ON audit_entry TO tact_app", "right_too_many"),
    "with a right for everybody": ("GRANT TRUNCATE ON audit_payload TO PUBLIC", "right_too_many"),
    "with an auditor who writes": ("GRANT INSERT ON audit_access TO tact_auditor", "right_too_many"),
    "without a right to insert": ("REVOKE INSERT ON audit_access FROM tact_app", "right_missing"),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_no_longer_as_it_was_made_is_named(superuser: Any, guard: str) -> None:
    statement, expected = GUARDS[guard]
    superuser.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'consent_withdrawal'::regclass"
        " AND confrelid = 'audit_entry'::regclass"
    )
    statement = statement.format(withdrawal_key=superuser.fetchone()[0])
    with schema_asleep(superuser):
        superuser.execute(statement)
    report = verification.verify()
    assert expected in {code for fault in report.faults for code in codes(fault)}
    assert told()[0] == 1


def test_a_role_that_may_go_round_the_guards_is_named(superuser: Any) -> None:
    superuser.execute("ALTER ROLE tact_auditor BYPASSRLS")
    superuser.execute("ALTER ROLE tact_owner LOGIN")
    assert {flaw.code for flaw in inspection.flaws()} == {"role_too_strong", "owner_signs_in"}


def test_the_first_entry_at_fault_is_named_and_all_are_counted(superuser: Any) -> None:
    with guards_asleep(superuser):
        superuser.execute("UPDATE audit_entry SET receipt = sha256(receipt)")
    count = Entry.objects.count()
    status, text = told()
    first = Entry.objects.earliest("pk")
    assert status == 1
    assert f"{count} entrées vérifiées, {count} anomalies." in text
    assert text.count("Entrée n°") == 1
    assert f"Entrée n° {first.pk} ({first.action}, {first.uuid})" in text


def test_the_result_is_given_to_programs_too(superuser: Any) -> None:
    edited = entry_of("consent.given")
    with guards_asleep(superuser):
        edit_body(superuser)
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", "--json", stdout=out)
    assert end.value.code == 1
    result = json.loads(out.getvalue())
    assert (result["holds"], result["entries"], result["faults"]) == (False, Entry.objects.count(), 1)
    assert result["first"]["entry"] == edited.pk
    assert result["first"]["uuid"] == str(edited.uuid)
    assert result["first"]["flaws"] == [{"code": "receipt", "detail": ""}]


def test_a_verification_without_the_key_says_so_and_makes_none(superuser: Any, settings: Any, tmp_path: Any) -> None:
    settings.RECEIPT_KEY = tmp_path / "missing.pem"
    with pytest.raises(CommandError, match="make_receipt_key") as keyless:
        call_command("verify_audit")
    assert keyless.value.returncode == 2
    assert not (tmp_path / "missing.pem").exists(), "a new key would accuse every entry"


def test_a_verification_without_the_right_to_read_says_so(superuser: Any) -> None:
    superuser.execute("REVOKE SELECT ON audit_payload FROM tact_app")
    superuser.execute("SET ROLE tact_app")
    with pytest.raises(CommandError, match="permission denied") as refused:
        call_command("verify_audit")
    assert refused.value.returncode == 2


def test_the_auditor_of_the_database_may_verify(superuser: Any) -> None:
    superuser.execute("SET ROLE tact_auditor")
    assert verification.verify().holds


def test_every_act_of_the_house_is_found_in_the_catalogue(db: None) -> None:
    found = {one.label for one in references.citations()}
    declared = {f"{table}.{column}" for table, column in references.expected_columns()} - {"audit_payload.entry_id"}
    assert found == declared
    assert {"cases_item.entry_id", "consent_consent.entry_id", "sharing_disclosure.entry_id"} <= found
    for one in references.citations():
        assert references.actions_of(one), f"{one.table} is inserted without its entry"


def test_a_long_trail_is_read_in_order_chunk_by_chunk(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 10)
    with transaction.atomic():
        for count in (10, 13, 7):
            ledger.record_many([ledger.compose(action="case.opened", at=clock.now(), actor=None) for _ in range(count)])
    sizes = [len(rows) for rows in reading.chunks()]
    assert sum(sizes) == 30
    assert max(sizes) <= 10
    ids = [row.id for rows in reading.chunks() for row in rows]
    assert ids == list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    report = verification.verify(newest=12)
    assert (report.entries, report.partial, report.holds) == (12, True, True)


def test_a_verification_stops_when_its_time_is_over_and_says_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 5)
    with transaction.atomic():
        ledger.record_many([ledger.compose(action="case.opened", at=clock.now(), actor=None) for _ in range(20)])
    report = verification.verify(seconds=0)
    assert (report.entries, report.partial) == (5, True)


def test_faults_are_all_counted_and_the_earliest_are_kept() -> None:
    tally = Tally()
    for entry in range(3 * KEPT, 0, -1):
        tally.add(Fault(entry=entry, flaws=(Flaw("receipt"),)))
    tally.add(Fault(entry=1, flaws=(Flaw("act_missing", "cases_item"),)))
    assert tally.count == 3 * KEPT
    assert [fault.entry for fault in tally.in_order] == list(range(1, KEPT + 1))
    assert codes(tally.in_order[0]) == {"receipt", "act_missing"}


def test_making_a_receipt_key_never_replaces_one(settings: Any, tmp_path: Any) -> None:
    settings.RECEIPT_KEY = tmp_path / "keys" / "receipt.pem"
    out = io.StringIO()
    call_command("make_receipt_key", stdout=out)
    made = settings.RECEIPT_KEY.read_bytes()
    assert settings.RECEIPT_KEY.stat().st_mode & 0o777 == 0o600
    call_command("make_receipt_key", stdout=out)
    assert settings.RECEIPT_KEY.read_bytes() == made
    assert "n’a pas été touchée" in out.getvalue()
    settings.RECEIPT_KEY = tmp_path / "keys" / "receipt.pem" / "below"
    with pytest.raises(CommandError) as refused:
        call_command("make_receipt_key")
    assert refused.value.returncode == 2
