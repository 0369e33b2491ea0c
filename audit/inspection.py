"""The guards of the trail, as PostgreSQL has them now: triggers, functions, rights, roles (trust.md, point 3)."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection

from . import guards, partitions
from .faults import Flaw
from .references import citations, missing_foreign_keys

# The columns that the application may insert; everything else about these tables is closed to it.
INSERTABLE = {
    "audit_entry": {"uuid", "at", "action", "actor_ref", "case_ref", "body", "receipt"},
    "audit_payload": {"entry_id", "salt", "body"},
    "audit_access": {
        "action", "object_type", "object_ref", "granted", "professional_ref", "membership_ref", "case_ref",
    },
}  # fmt: skip
FORBIDDEN = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
# pg_trigger.tgtype: 1 each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
BEFORE_UPDATE_OR_DELETE, BEFORE_TRUNCATE, BEFORE_EACH_INSERT, BEFORE_EACH_UPDATE = (
    2 + 8 + 16,
    2 + 32,
    1 + 2 + 4,
    1 + 2 + 16,
)
# What each guard's function carries: its own search path, whatever its caller's.
PINNED = ["search_path=pg_catalog, pg_temp"]

TRIGGERS = """
    SELECT t.tgname, t.tgenabled, t.tgtype,
        CASE WHEN p.pronamespace = 'public'::regnamespace THEN p.proname ELSE '' END,
        t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal
"""
# Acts of which the application may fill in an instant later: each has the guard that lets it do so once.
UPDATED_LATER = """
    SELECT c.relname FROM pg_class c WHERE c.oid = ANY (SELECT to_regclass(one) FROM unnest(%s) one)
    AND has_any_column_privilege(%s, c.oid, 'UPDATE') ORDER BY 1
"""


def flaws() -> list[Flaw]:
    """Everything that is no longer as the migrations and the launcher made it."""
    return [
        *missing_foreign_keys(),
        *_trigger_flaws(),
        *_function_flaws(),
        *_table_flaws(),
        *_role_flaws(),
        *_right_flaws(),
        *partitions.flaws(),
    ]


def event_guards() -> bool:
    """Whether event triggers, which only a superuser can make, watch the schema too. Optional elsewhere than here."""
    rows = _rows("SELECT evtevent FROM pg_event_trigger WHERE evtenabled = 'A'")
    return {"ddl_command_end", "sql_drop"} <= {row[0] for row in rows}


def _rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _wanted_triggers() -> Iterator[tuple[str, str, int, str]]:
    for table in INSERTABLE:
        yield table, f"{table}_no_change", BEFORE_UPDATE_OR_DELETE, "audit_refuse_change"
        yield table, f"{table}_no_truncate", BEFORE_TRUNCATE, "audit_refuse_change"
    for table in _act_tables():
        yield table, f"{table}_needs_entry", BEFORE_EACH_INSERT, "audit_entry_of_this_act"
    for (table,) in _rows(UPDATED_LATER, [_act_tables(), guards.APP_ROLE]):
        yield table, f"{table}_once", BEFORE_EACH_UPDATE, "audit_written_once"


def _act_tables() -> list[str]:
    return sorted({one.table for one in citations()})


def _trigger_flaws() -> Iterator[Flaw]:
    there = {(table, row[0]): row[1:] for table in [*INSERTABLE, *_act_tables()] for row in _rows(TRIGGERS, [table])}
    for table, name, kind, function in _wanted_triggers():
        if (table, name) not in there:
            yield Flaw("trigger_missing", name)
            continue
        enabled, found_kind, found_function, unconditional = there[table, name]
        if (found_kind, found_function, unconditional) != (kind, function, True):
            yield Flaw("trigger_changed", name)
        if enabled != "A":
            yield Flaw("trigger_not_always", name)


def _function_flaws() -> Iterator[Flaw]:
    wanted = re.findall(r"CREATE FUNCTION (\w+)\(\).*?AS \$\$(.*?)\$\$", guards.FUNCTIONS, re.DOTALL)
    rows = _rows(
        "SELECT proname, prosrc, proconfig FROM pg_proc"
        " WHERE proname = ANY (%s) AND pronamespace = 'public'::regnamespace",
        [[name for name, _ in wanted]],
    )
    there = {name: (source.split(), settings) for name, source, settings in rows}
    for name, source in wanted:
        if there.get(name) != (source.split(), PINNED):
            yield Flaw("function_changed", name)


def _table_flaws() -> Iterator[Flaw]:
    tables = [*INSERTABLE, *_act_tables()]
    for table, rule in _rows(
        "SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
        " WHERE c.relname = ANY (%s)",
        [tables],
    ):
        yield Flaw("rule_added", f"{table}.{rule}")
    for (table,) in _rows(
        "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND relrowsecurity", [list(INSERTABLE)]
    ):
        yield Flaw("rows_hidden", table)
    for (table,) in _rows(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgisinternal AND t.tgenabled = 'D' AND c.relname = ANY (%s)",
        [tables],
    ):
        yield Flaw("constraint_disabled", table)


def _role_flaws() -> Iterator[Flaw]:
    for (owner,) in _rows(
        "SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE c.relname = ANY (%s) AND (r.rolcanlogin OR r.rolsuper)",
        [list(INSERTABLE)],
    ):
        yield Flaw("owner_signs_in", owner)
    for role in (guards.APP_ROLE, guards.AUDITOR_ROLE):
        rows = _rows(
            """
            SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication
                OR has_parameter_privilege(r.rolname, 'session_replication_role', 'SET')
                OR EXISTS (SELECT 1 FROM pg_class c
                           WHERE c.relname = ANY (%s) AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
            FROM pg_roles r WHERE r.rolname = %s
            """,
            [list(INSERTABLE), role],
        )
        if not rows:
            yield Flaw("role_missing", role)
        elif rows[0][0]:
            yield Flaw("role_too_strong", role)


def _right_flaws() -> Iterator[Flaw]:
    roles = [row[0] for row in _rows("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)",
                                     [[guards.APP_ROLE, guards.AUDITOR_ROLE]])]  # fmt: skip
    for role in roles:
        for table, columns in INSERTABLE.items():
            yield from _rights_on(role, table, columns if role == guards.APP_ROLE else set())
        for table in _act_tables():
            for right in ("DELETE", "TRUNCATE", "TRIGGER"):
                if _rows("SELECT 1 WHERE has_table_privilege(%s, %s, %s)", [role, table, right]):
                    yield Flaw("right_too_many", f"{right} ({role}, {table})")


def _rights_on(role: str, table: str, insertable: set[str]) -> Iterator[Flaw]:
    for right in FORBIDDEN:
        if _rows("SELECT 1 WHERE has_table_privilege(%s, %s, %s)", [role, table, right]):
            yield Flaw("right_too_many", f"{right} ({role}, {table})")
    if not _rows("SELECT 1 WHERE has_table_privilege(%s, %s, 'SELECT')", [role, table]):
        yield Flaw("right_missing", f"SELECT ({role}, {table})")
    for column, inserts, changes in _rows(
        "SELECT attname, has_column_privilege(%s, attrelid, attnum, 'INSERT'),"
        " has_column_privilege(%s, attrelid, attnum, 'UPDATE')"
        " FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [role, role, table],
    ):
        if changes:
            yield Flaw("right_too_many", f"UPDATE ({role}, {table}.{column})")
        if inserts and column not in insertable:
            yield Flaw("right_too_many", f"INSERT ({role}, {table}.{column})")
        if not inserts and column in insertable:
            yield Flaw("right_missing", f"INSERT ({role}, {table}.{column})")
