"""What the application holds on the trail, and what it may not choose in it (abuse 18); every way round: `test_guards`."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit import ledger
from audit.inspection import INSERTABLE
from partners import clock

TABLES = tuple(INSERTABLE)
INSUFFICIENT_PRIVILEGE = "42501"


def answer_to(statement: str) -> str:
    """What PostgreSQL answers to one statement of the application: an SQLSTATE, empty where it obeyed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "pgcode", ""))
    return ""


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


def test_an_act_without_an_entry_of_its_own_transaction_is_refused(db: None) -> None:
    with transaction.atomic():
        entry = ledger.record(action="consent.given", at=clock.now(), actor=None)
    refused = answer_to(f"INSERT INTO cases_item (entry_id) VALUES ({entry})")
    assert refused == "23000", "an entry of another action opens nothing"
    assert answer_to("INSERT INTO sharing_disclosure (entry_id) VALUES (NULL)") == "23000"
