"""The four columns of a person's sheet become statuses, and come back: nothing that stood is lost on the way."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.conftest import as_migrator

BEFORE, AFTER = "0004_the_persons_word", "0005_what_stands_is_computed"
SHEETS = """
    INSERT INTO cases_person (id, title, first_name, last_name, birth_date, measure, vulnerable, unable, parents_disagree)
    VALUES (gen_random_uuid(), '', 'Ana', 'A', '1950-01-01', 'tutelle_personal', true, false, false),
           (gen_random_uuid(), '', 'Bao', 'B', '1960-01-01', 'tutelle_property', false, true, false),
           (gen_random_uuid(), '', 'Cid', 'C', '1970-01-01', 'curatelle', false, false, false),
           (gen_random_uuid(), '', 'Dia', 'D', '2015-01-01', '', false, false, true),
           (gen_random_uuid(), '', 'Eva', 'E', '1980-01-01', '', false, false, false)
"""
COLUMNS = "SELECT first_name, measure, vulnerable, unable, parents_disagree FROM cases_person ORDER BY 1"
STATUSES = """
    SELECT p.first_name, s.kind, s.scope, s.starts_at = p.created_at, s.recorded_by_id IS NULL AND s.entry_id IS NULL
    FROM cases_personstatus s JOIN cases_person p ON p.id = s.person_id ORDER BY 1, 2
"""
GUARDS = """
    SELECT count(*) FROM pg_trigger WHERE tgrelid = 'cases_personstatus'::regclass AND NOT tgisinternal AND tgenabled <> 'A'
"""


def told(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.mark.usefixtures("own_database")
def test_what_stood_on_a_sheet_is_brought_over_and_taken_back() -> None:
    with as_migrator():
        call_command("migrate", "cases", BEFORE, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(SHEETS)
        before = told(COLUMNS)
        call_command("migrate", "cases", AFTER, verbosity=0)
        assert told(STATUSES) == [
            ("Ana", "tutelle", "personal_representation", True, True),
            ("Ana", "vulnerable", "", True, True),
            ("Bao", "tutelle", "property", True, True),
            ("Bao", "unable", "", True, True),
            ("Cid", "curatelle", "", True, True),
            ("Dia", "parents_disagree", "", True, True),
        ]
        assert told(GUARDS) == [(0,)]
        call_command("migrate", "cases", BEFORE, verbosity=0)
        assert told(COLUMNS) == before
        assert told(STATUSES) == []
        call_command("migrate", "cases", AFTER, verbosity=0)
        assert len(told(STATUSES)) == 6
        assert told(GUARDS) == [(0,)]
