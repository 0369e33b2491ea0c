"""Entries and the acts that cite them: none without the other. Tables come from the catalogue: audit imports no app."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from psycopg2 import sql

from .faults import KEPT, Fault, Flaw
from .models import Entry, Payload

FOREIGN_KEYS = """
    SELECT n.nspname, t.relname, a.attname
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'audit_entry'::regclass
    ORDER BY t.relname, a.attname
"""
# Of each kind of fault: enough to say how bad it is, in memory that does not grow.
MOST = 10_000
# The actions for which an act is inserted are the arguments of its own trigger, ended each by a zero byte.
ACTIONS = """
    SELECT tgargs FROM pg_trigger
    WHERE tgrelid = to_regclass(%s) AND tgname = %s AND NOT tgisinternal
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A column that cites the entry of an act."""

    schema: str
    table: str
    column: str

    @property
    def label(self) -> str:
        """As people write it."""
        return f"{self.table}.{self.column}"


def citations() -> list[Citation]:
    """Every foreign key of this database that points to an entry, the payload's apart."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        found = [Citation(*row) for row in cursor.fetchall()]
    return [one for one in found if one.table != Payload._meta.db_table]


def expected_columns() -> set[tuple[str, str]]:
    """The columns that the application's own models say cite an entry."""
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.related_model is Entry and field.column is not None
    }


def missing_foreign_keys() -> list[Flaw]:
    """Foreign keys that the models declare and that the database no longer has."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        there = {(table, column) for _schema, table, column in cursor.fetchall()}
    return [Flaw("foreign_key_missing", f"{table}.{column}") for table, column in sorted(expected_columns() - there)]


def actions_of(citation: Citation) -> list[str]:
    """The actions that the act's own trigger accepts; empty where the trigger is gone."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS, [f'"{citation.schema}"."{citation.table}"', f"{citation.table}_needs_entry"])
        row = cursor.fetchone()
    return [one for one in bytes(row[0]).decode().split("\x00") if one] if row else []


def faults() -> Iterator[Fault]:
    """Payloads and acts whose entry is gone, entries whose act is gone; one fault an entry."""
    wrong: dict[int, list[Flaw]] = defaultdict(list)
    for orphan in _payloads_without_entry():
        wrong[orphan].append(Flaw("removed_leaving_payload"))
    for citation in citations():
        for cited, flaw in _citation_flaws(citation):
            if cited is None:
                yield Fault(entry=None, flaws=(flaw,))
            else:
                wrong[cited].append(flaw)
    known = _actions_and_uuids(list(wrong))
    for entry_id in sorted(wrong):
        action, uuid = known.get(entry_id, ("", ""))
        yield Fault(entry=entry_id, flaws=tuple(wrong[entry_id]), uuid=uuid, action=action)


def _citation_flaws(citation: Citation) -> Iterator[tuple[int | None, Flaw]]:
    table, column = sql.Identifier(citation.schema, citation.table), sql.Identifier(citation.column)
    actions = actions_of(citation)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT t.{column}, e.id IS NULL FROM {table} t LEFT JOIN audit_entry e ON e.id = t.{column}"
                " WHERE e.id IS NULL OR (%s AND e.action <> ALL (%s)) ORDER BY 1 LIMIT %s"
            ).format(table=table, column=column),
            [bool(actions), actions, MOST],
        )
        for entry_id, gone in cursor.fetchall():
            if entry_id is None:
                yield None, Flaw("act_without_entry", citation.label)
            else:
                yield entry_id, Flaw("removed_leaving_act" if gone else "another_act", citation.label)
        cursor.execute(
            sql.SQL(
                "SELECT e.id FROM audit_entry e WHERE e.action = ANY (%s)"
                " AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.{column} = e.id) ORDER BY 1 LIMIT %s"
            ).format(table=table, column=column),
            [actions, MOST],
        )
        for (entry_id,) in cursor.fetchall():
            yield entry_id, Flaw("act_missing", citation.table)


def _payloads_without_entry() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.entry_id FROM audit_payload p"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = p.entry_id) ORDER BY 1 LIMIT %s",
            [MOST],
        )
        return [row[0] for row in cursor.fetchall()]


def _actions_and_uuids(ids: list[int]) -> dict[int, tuple[str, str]]:
    shown = sorted(ids)[:KEPT]
    return {
        entry_id: (action, str(uuid))
        for entry_id, action, uuid in Entry.objects.filter(pk__in=shown).values_list("pk", "action", "uuid")
    }
