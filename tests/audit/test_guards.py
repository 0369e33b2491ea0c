"""Every way round the guards, as each role: what PostgreSQL answers; what a superuser does all the same is seen (abuse 18, 19)."""

import contextlib
import io
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from audit import event_guards, inspection, ledger, partitions
from config import places, roles
from config.postgres.account import account
from config.roles import AUDITOR
from partners import clock
from tests.audit.attempts import ATTEMPTS, DENIED, GUARDED, OBEYED, OTHERWISE, TABLES
from tests.audit.forging import superuser_undone
from tests.conftest import as_migrator, cloned_database, connect_as_superuser, on_database, put_schema_guards_to_sleep

ROLES = ("app", "auditor", "sealer", "erasure", "migrator")


@pytest.fixture(scope="module")
def guarded(schema_template: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of this module's own, with an entry, its payload and an access; every attempt is rolled back."""
    with django_db_blocker.unblock(), cloned_database(schema_template) as name:
        with on_database(name), transaction.atomic():
            ledger.record(action="case.opened", at=clock.now(), actor=None)
            ledger.note_access(
                action="case.read", object_type="case", object_ref="1", granted=True, professional=None, membership=None
            )
        yield name


@pytest.fixture
def links(signed_in: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The connection of each role, with nothing begun."""
    yield signed_in
    for link in signed_in.values():
        link.rollback()


@pytest.fixture(scope="module")
def signed_in(guarded: str) -> Iterator[dict[str, Any]]:
    """A connection for each role, to the same database."""
    server = connection.get_connection_params()
    with contextlib.ExitStack() as opened:
        made = {
            role: psycopg2.connect(host=server["host"], port=server["port"], dbname=guarded, **signs_in_as(role))
            for role in ROLES
        } | {"superuser": connect_as_superuser(guarded)}
        for link in made.values():
            opened.callback(link.close)
        made["auditor"].set_session(readonly=False)
        yield made


def signs_in_as(role: str) -> dict[str, Any]:
    """Name and password; on a server of one's own the auditor has no address, only the password that it was given."""
    if role == "auditor" and not settings.EMBEDDED_DATABASE:
        return {"user": AUDITOR, "password": os.environ["AUDITOR_PASSWORD"]}
    found = account(role)
    return {"user": found["USER"], "password": found["PASSWORD"]}


def answer(link: Any, statement: str) -> str:
    """What PostgreSQL says to it: SQLSTATE and words, or OBEYED; nothing of it stays."""
    try:
        with link.cursor() as cursor:
            if statement.endswith("STDIN"):
                cursor.copy_expert(statement, io.StringIO(""))
            else:
                cursor.execute(statement)
    except psycopg2.Error as error:
        return f"{error.pgcode} {error}".splitlines()[0]
    else:
        return OBEYED
    finally:
        link.rollback()


def variants(statement: str) -> Iterator[tuple[str, str]]:
    """The statement on each table that it speaks of."""
    for table, column in TABLES.items() if "{t}" in statement else [("", "")]:
        yield table, statement.format(t=table, c=column) if table else statement


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_abuse_18_what_postgresql_answers_to_each_role(links: dict[str, Any], attempt: str) -> None:
    tried = ATTEMPTS[attempt]
    wrong = []
    for table, statement in variants(tried.statement):
        for role, link in links.items():
            usual = {"migrator": tried.owner, "superuser": tried.superuser}.get(role, "42501")
            expected = OTHERWISE.get((attempt, role, table), usual)
            if not (said := answer(link, statement)).startswith(expected):
                wrong.append(f"{role}: {statement} → {said}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def superuser(guarded: str, django_db_blocker: Any) -> Iterator[Any]:
    """Django itself as a superuser, so that it inspects what he did before it is rolled back."""
    with superuser_undone(guarded, django_db_blocker) as cursor:
        yield cursor


def codes() -> set[str]:
    """What is wrong, be it a remark elsewhere than on the bundled server."""
    return {flaw.code for guard in inspection.guards_in_place() for flaw in guard.flaws}


@pytest.mark.parametrize("attempt", [name for name, one in ATTEMPTS.items() if one.seen])
def test_abuse_19_what_a_superuser_does_all_the_same_is_seen(superuser: Any, settings: Any, attempt: str) -> None:
    tried = ATTEMPTS[attempt]
    table, statement = next(variants(tried.statement))
    settings.EMBEDDED_DATABASE = True  # the bundled server has one superuser: another is seen
    assert codes() == set()
    if tried.superuser != OBEYED:
        put_schema_guards_to_sleep(superuser)
    superuser.execute(statement)
    assert tried.seen in codes(), table


@pytest.mark.parametrize("role", ["app", "auditor", "sealer", "erasure"])
def test_nobody_gives_what_he_does_not_hold(links: dict[str, Any], role: str) -> None:
    """PostgreSQL answers a grant of what one does not hold by a warning: what counts is what was gained."""
    link = links[role]
    gained = (
        "SELECT has_table_privilege('tact_app', %s, 'UPDATE') OR has_any_column_privilege('tact_app', %s, 'UPDATE')"
    )
    with link.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SAVEPOINT tried")
            with contextlib.suppress(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"GRANT ALL ON {table} TO tact_app WITH GRANT OPTION")
            cursor.execute("ROLLBACK TO tried" if link.info.transaction_status == 3 else "RELEASE tried")
            cursor.execute(gained, [table, table])
            assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    ["GRANT DELETE ON {t} TO tact_app", "GRANT UPDATE ({c}) ON {t} TO tact_erasure", "GRANT ALL ON {t} TO PUBLIC",
     "GRANT CREATE ON SCHEMA public TO tact_app"],
)  # fmt: skip
def test_the_owner_gives_nothing_either(links: dict[str, Any], statement: str) -> None:
    for _table, one in variants(statement):
        for role in ("migrator", "superuser"):
            assert answer(links[role], one).startswith(GUARDED), one


def test_an_operator_of_the_owners_does_not_stand_for_an_equal_sign(links: dict[str, Any]) -> None:
    """Found first by a search path that names `public`, it made any entry do for any act."""
    with links["migrator"].cursor() as cursor:
        cursor.execute("CREATE FUNCTION mine(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        cursor.execute("CREATE OPERATOR public.= (leftarg = varchar, rightarg = text, function = mine)")
        cursor.execute("SELECT 'a'::varchar OPERATOR(public.=) 'b'::text")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "INSERT INTO audit_entry (uuid, at, action, body, receipt)"
            " VALUES (gen_random_uuid(), now(), 'case.opened', '', '') RETURNING id"
        )
        with pytest.raises(psycopg2.errors.IntegrityConstraintViolation, match="no act without its entry"):
            cursor.execute("INSERT INTO audit_erasure (erased_ref, entry_id) VALUES (1, %s)", cursor.fetchone())


def test_no_function_of_the_trail_looks_for_anything_where_the_owner_writes(links: dict[str, Any]) -> None:
    with links["app"].cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig[1] FROM pg_proc"
            " WHERE proname ~ '^audit_' AND pronamespace = 'public'::regnamespace"
        )
        found = dict(cursor.fetchall())
    assert {"audit_refuse_change", "audit_access_make_month", "audit_access_drop_month"} <= found.keys()
    assert set(found.values()) == {"search_path=pg_catalog, pg_temp"}


def test_the_erasure_role_records_erasures_and_nothing_else(links: dict[str, Any]) -> None:
    entry = "INSERT INTO audit_entry (uuid, at, action, body, receipt) VALUES (gen_random_uuid(), now(), '{action}', '', '')"
    assert answer(links["erasure"], entry.format(action="disclosure.released")).startswith("42501 the erasure role")
    assert answer(links["erasure"], entry.format(action="payload.erased")) == OBEYED
    for column in ("body", "salt"):
        assert answer(links["erasure"], f"SELECT {column} FROM audit_payload").startswith(DENIED)


def test_the_sealer_reads_neither_content_nor_who_acted(links: dict[str, Any]) -> None:
    for statement in ("SELECT actor_ref FROM audit_entry", "SELECT * FROM audit_payload", "SELECT * FROM audit_access"):
        assert answer(links["sealer"], statement).startswith(DENIED)
    assert answer(links["sealer"], "SELECT id, uuid, xid, body, leaf_hash FROM audit_entry") == OBEYED


def test_months_of_the_access_log_come_and_go_under_the_guards_and_leave_them_as_they_were(
    links: dict[str, Any],
) -> None:
    """By the owner's two functions, which the application calls; the owner himself does not by hand."""
    with links["app"].cursor() as cursor:
        cursor.execute("SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months')::date")
        month = cursor.fetchone()
        cursor.execute("SELECT audit_access_make_month(%s)", month)
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT tact_guards.digest() = tact_guards.kept()")
        assert cursor.fetchone() == (True,), "a new month is like the others"
    links["app"].rollback()
    for role in ("migrator", "superuser"):
        assert answer(links[role], f"SELECT audit_access_make_month('{month[0]}')").startswith(GUARDED)


def test_other_tables_change_under_the_guards(links: dict[str, Any]) -> None:
    for statement in (
        "CREATE TABLE mine (id int); ALTER TABLE mine ADD COLUMN more text; CREATE INDEX ON mine (id); DROP TABLE mine",
        "ALTER TABLE consent_consent ADD COLUMN mine text",
        "GRANT SELECT ON consent_consent TO tact_auditor",
        "CREATE VIEW mine AS SELECT * FROM consent_consent",
    ):
        assert answer(links["migrator"], statement) == OBEYED, statement


def test_a_copy_of_a_database_carries_its_guards(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT evtname, evtenabled FROM pg_event_trigger ORDER BY 1")
        assert cursor.fetchall() == [("tact_guard_change", "A"), ("tact_guard_drop", "A")]
    guards = inspection.guards_in_place()
    assert all(guard.stands for guard in guards)
    assert len({guard.sentence for guard in guards}) == len(guards) >= 6
    assert inspection.event_guards()


def test_the_guards_leave_for_a_migration_and_come_back(own_database: str, superuser_cursor: Any) -> None:
    """As `config.roles --lower-guards` and `--raise-guards` do, and `manage.py migrate` by itself on the bundled server."""
    with contextlib.closing(connect_as_superuser(own_database)) as bootstrap:
        assert event_guards.take_down(bootstrap)
        assert not event_guards.take_down(bootstrap)
        with as_migrator(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_alarm ADD COLUMN mine text")
        assert codes() == {"event_guard_missing", "schema_changed"}
        assert event_guards.put_up(bootstrap)
    assert codes() == set()
    with as_migrator(), connection.cursor() as cursor, pytest.raises(Exception, match="the trail is guarded"):
        cursor.execute("ALTER TABLE audit_alarm DROP COLUMN mine")
    assert partitions.months()


def test_elsewhere_than_on_the_bundled_server_the_guards_of_the_schema_are_a_remark(
    own_database: str, superuser_cursor: Any, settings: Any
) -> None:
    superuser_cursor.execute("DROP EVENT TRIGGER tact_guard_drop")
    assert "event_guard_missing" in codes()
    settings.EMBEDDED_DATABASE = False
    assert inspection.flaws() == []
    told = [guard for guard in inspection.guards_in_place() if not guard.stands]
    assert [guard.optional for guard in told] == [True]
    assert not inspection.event_guards()


@pytest.mark.skipif(not settings.EMBEDDED_DATABASE, reason="the passwords of a server of one's own are its own")
def test_a_superuser_lowers_and_raises_the_guards_by_a_command(
    own_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = connection.get_connection_params()
    at = f"/{own_database}?host={quote(str(server['host']), safe='')}"
    for key, variable in (("app", ""), ("migrator", "MIGRATOR_"), ("sealer", "SEALER_"), ("erasure", "ERASURE_")):
        address = f"postgres://tact_{key}:{quote(places.secret(key), safe='')}@:{server['port']}{at}"
        monkeypatch.setenv(f"DATABASE_{variable}URL", address)
    monkeypatch.setenv("AUDITOR_PASSWORD", places.secret("auditor"))
    with contextlib.closing(connect_as_superuser("postgres")) as link:
        superuser = f"postgres://{link.info.user}:{quote(str(link.info.password), safe='')}@:{server['port']}"
    address = f"{superuser}/postgres?host={quote(str(server['host']), safe='')}"
    for wrong in ([], ["--raise-guards"], ["--guards", address], ["--raise-guards", "--lower-guards", address]):
        assert roles.main(wrong) == 2
        assert "--lower-guards | --raise-guards" in capsys.readouterr().err
    for arguments, standing in (([], True), (["--lower-guards"], False), ([], False), (["--raise-guards"], True)):
        assert roles.main([*arguments, address]) == 0
        assert inspection.event_guards() is standing
