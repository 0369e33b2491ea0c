"""Abuse 4: somebody writes a disclosure straight into the database, with the application's own password."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from audit import ledger
from cases.models import Assignment, Item, ItemContent
from consent.models import Consent, Objection, PriorInformation, Refusal, Withdrawal
from partners import clock
from sharing.models import DecisionRecord, DisclosedItem, Disclosure
from tests import personas
from tests.architecture import source
from tests.sharing.ways import draft_of, send

REFUSED = "no act without its entry"


def write_directly(of: Disclosure, *, entry: int | None) -> None:
    """A copy of a disclosure under another id and reference, bound to this entry: one bare INSERT."""
    columns = [str(field.column) for field in Disclosure._meta.concrete_fields]
    values = {"id": "gen_random_uuid()", "reference": "'C-2026-999999'", "entry_id": "%s::bigint", "draft_id": "NULL"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO sharing_disclosure ({', '.join(columns)})"
            f" SELECT {', '.join(values.get(name, name) for name in columns)} FROM sharing_disclosure WHERE id = %s",
            [entry, of.pk],
        )


def an_entry(action: str) -> int:
    return ledger.record(action=action, at=clock.now(), actor=None)


@pytest.fixture
def released(own_database: str) -> Disclosure:
    """A disclosure that left, committed: its entry belongs to a transaction that is over."""
    territory = personas.build()
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("tact_app",)
    return disclosure


def test_abuse_04_a_disclosure_without_an_entry_is_refused(released: Disclosure) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        write_directly(released, entry=None)


def test_abuse_04_a_disclosure_with_the_entry_of_another_act_is_refused(released: Disclosure) -> None:
    with pytest.raises(DatabaseError, match=REFUSED):
        write_directly(released, entry=released.entry_id)


def test_abuse_04_a_disclosure_with_a_new_entry_that_says_something_else_is_refused(released: Disclosure) -> None:
    for action in ("disclosure.refused", "item.added", "disclosure.released_"):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            write_directly(released, entry=an_entry(action))


def test_abuse_04_a_decision_without_its_entry_is_refused(released: Disclosure) -> None:
    record = DecisionRecord.objects.get(pk=released.record_id)
    record.pk = None
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        record.save(force_insert=True)


def test_abuse_04_what_left_is_never_written_over(released: Disclosure) -> None:
    for statement in (
        "UPDATE sharing_disclosure SET recipient_label = 'x'",
        "UPDATE sharing_disclosure SET entry_id = 1",
        "UPDATE sharing_disclosure SET access_until = now() + interval '9 years'",
        "UPDATE sharing_discloseditem SET label = 'x'",
        "UPDATE sharing_decisionrecord SET verdict = 'allow'",
        "UPDATE cases_itemcontent SET text = 'x'",
        "UPDATE consent_consent SET valid_until = now() + interval '9 years'",
        "DELETE FROM sharing_disclosure",
        "DELETE FROM consent_consent",
        "TRUNCATE sharing_disclosure CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_abuse_04_pages_write_acts_through_their_functions_alone() -> None:
    """No view, form or task creates a governed row by itself: only the acts and the loading of the demonstration do."""
    words = (Disclosure, DecisionRecord, DisclosedItem, Consent, Refusal, Objection, PriorInformation, Withdrawal)
    governed = "|".join(model.__name__ for model in (*words, Item, ItemContent, Assignment))
    writing = re.compile(rf"\b({governed})(\.objects)?\.(create|bulk_create|update_or_create|get_or_create)\(")
    found = {source.named(path) for path in source.app_files() if writing.search(path.read_text())}
    acts = {"cases/access.py", "cases/files.py", "consent/registry.py", "sharing/release.py"}
    assert {one for one in found if not one.startswith("sharing/demo/")} <= acts, found
