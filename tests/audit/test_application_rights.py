"""What PostgreSQL answers to the application, the auditor and the owner who try to change the trail (abuse 18)."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from audit import ledger
from audit.inspection import INSERTABLE
from config import places
from partners import clock

TABLES = tuple(INSERTABLE)
INSUFFICIENT_PRIVILEGE = "42501"

ATTEMPTS = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "delete what is not there": "DELETE FROM {table} WHERE false",
    "truncate": "TRUNCATE {table}",
    "truncate with what depends on it": "TRUNCATE {table} CASCADE",
    "merge": "MERGE INTO {table} t USING {table} s ON t.{column} = s.{column} WHEN MATCHED THEN DELETE",
    "drop": "DROP TABLE {table} CASCADE",
    "alter": "ALTER TABLE {table} ADD COLUMN more text",
    "drop a column": "ALTER TABLE {table} DROP COLUMN {column}",
    "rename": "ALTER TABLE {table} RENAME TO elsewhere",
    "give away": "ALTER TABLE {table} OWNER TO tact_app",
    "disable its triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "disable the guard": "ALTER TABLE {table} DISABLE TRIGGER {table}_no_change",
    "drop the guard": "DROP TRIGGER {table}_no_change ON {table}",
    "add a trigger": "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
    "rewrite by a rule": "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "hide rows": "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "lock for itself": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "rows for update": "SELECT * FROM {table} FOR UPDATE",
    "cluster": "CREATE INDEX mine ON {table} ({column})",
    "comment": "COMMENT ON TABLE {table} IS 'mine'",
}
ELSEWHERE = {
    "sleep over triggers": "SET session_replication_role = 'replica'",
    "replace the guards": (
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    ),
    "drop the guards": "DROP FUNCTION audit_refuse_change() CASCADE",
    "become the owner": "SET ROLE tact_owner",
    "become the migrator": "SET ROLE tact_migrator",
    "make a role": "CREATE ROLE mine SUPERUSER",
    "make a table": "CREATE TABLE mine (id int)",
    "make a function": "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "write files": "COPY (SELECT 1) TO '/tmp/mine'",
    "run programs": "COPY (SELECT 1) TO PROGRAM 'true'",
    "copy over a column": "COPY audit_entry (xid) FROM STDIN",
}


def answer_to(statement: str) -> str:
    """What PostgreSQL answers to one statement of the application: an SQLSTATE, empty where it obeyed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "pgcode", ""))
    return ""


def first_column(table: str) -> str:
    return "entry_id" if table == "audit_payload" else "id"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_abuse_18_the_application_cannot_edit_the_trail(db: None, table: str, attempt: str) -> None:
    statement = ATTEMPTS[attempt].format(table=table, column=first_column(table))
    assert answer_to(statement) == INSUFFICIENT_PRIVILEGE


@pytest.mark.parametrize("attempt", ELSEWHERE)
def test_abuse_18_the_application_cannot_go_round_the_guards(db: None, attempt: str) -> None:
    assert answer_to(ELSEWHERE[attempt]) == INSUFFICIENT_PRIVILEGE


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("audit_entry", "id", "1"),
        ("audit_entry", "xid", "'1'"),
        ("audit_entry", "leaf_hash", "''::bytea"),
        ("audit_access", "id", "1"),
        ("audit_access", "at", "now()"),
    ],
)
def test_abuse_18_the_application_cannot_choose_what_the_database_writes(
    db: None, table: str, column: str, value: str
) -> None:
    assert answer_to(f"INSERT INTO {table} ({column}) VALUES ({value})") in {INSUFFICIENT_PRIVILEGE, "428C9"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege(%s, %s, 'INSERT')", [table, column])
        assert cursor.fetchone() == (False,)


def test_abuse_18_the_application_holds_column_insert_and_select_and_nothing_else(db: None) -> None:
    # PostgreSQL answers a grant of what one does not hold by a warning: what counts is what one holds afterwards.
    for table in TABLES:
        answer_to(f"GRANT ALL ON {table} TO tact_app WITH GRANT OPTION")
    with connection.cursor() as cursor:
        for table, columns in INSERTABLE.items():
            cursor.execute(
                """
                SELECT a.attname FROM pg_attribute a
                WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND has_column_privilege(a.attrelid, a.attnum, 'INSERT')
                """,
                [table],
            )
            assert {row[0] for row in cursor.fetchall()} == columns
            cursor.execute(
                "SELECT array_agg(one) FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER'])"
                " one WHERE has_table_privilege(%s, one)",
                [table],
            )
            assert cursor.fetchone() == (["SELECT"],)


@contextlib.contextmanager
def signed_in_as(user: str) -> Iterator[Any]:
    """A connection of another role to the tests' database."""
    parameters = connection.get_connection_params()
    link = psycopg2.connect(
        host=parameters["host"],
        port=parameters["port"],
        user=f"tact_{user}",
        password=places.secret(user),
        dbname=parameters["dbname"],
    )
    with contextlib.closing(link), link.cursor() as cursor:
        yield cursor


ROW_CHANGES = ("update", "delete", "delete what is not there", "truncate with what depends on it", "merge")


def test_the_triggers_refuse_the_owner_of_the_tables_every_change_of_rows(db: None) -> None:
    for table in TABLES:
        for attempt in ROW_CHANGES:
            refused = pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only")
            with signed_in_as("migrator") as cursor, refused:
                cursor.execute(ATTEMPTS[attempt].format(table=table, column=first_column(table)))


def test_the_auditor_of_the_database_reads_and_writes_nothing(db: None) -> None:
    for table in TABLES:
        with signed_in_as("auditor") as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {first_column(table)} = 1",
            f"INSERT INTO {table} DEFAULT VALUES",
        ):
            with signed_in_as("auditor") as cursor:
                cursor.execute("SET TRANSACTION READ WRITE")
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)


def test_an_act_without_an_entry_of_its_own_transaction_is_refused(db: None) -> None:
    with transaction.atomic():
        entry = ledger.record(action="consent.given", at=clock.now(), actor=None)
    refused = answer_to(f"INSERT INTO cases_item (entry_id) VALUES ({entry})")
    assert refused == "23000", "an entry of another action opens nothing"
    assert answer_to("INSERT INTO sharing_disclosure (entry_id) VALUES (NULL)") == "23000"
