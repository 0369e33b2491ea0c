"""The guards of the trail, as PostgreSQL has them now: triggers, functions, event triggers, rights, roles (trust.md, point 3)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from . import event_guards as schema
from . import guards, partitions, rights
from .faults import Flaw
from .references import citations, missing_foreign_keys
from .rights import APPEND_ONLY, FOLLOWED, INSERTABLE, TABLES

__all__ = ["INSERTABLE", "Guard", "event_guards", "flaws", "guards_in_place"]

# pg_trigger.tgtype: 1 each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32
# What each guard's function carries: its own search path, whatever its caller's.
PINNED = ["search_path=pg_catalog, pg_temp"]
ONLY_THE_ERASURE_ROLE = f"((CURRENT_USER = '{guards.ERASURE_ROLE}'::name))"

TRIGGERS = """
    SELECT c.relname, t.tgname, t.tgenabled, t.tgtype,
        CASE WHEN p.pronamespace = 'public'::regnamespace THEN p.proname ELSE '' END,
        coalesce(substring(pg_get_triggerdef(t.oid) FROM ' WHEN (.*) EXECUTE '), ''), cardinality(t.tgattr::int2[]) = 0
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s) AND NOT t.tgisinternal
"""
# What the application may fill in later: each has the guard that lets it do so once.
UPDATED_LATER = """
    SELECT c.relname FROM pg_class c WHERE c.oid = ANY (SELECT to_regclass(one) FROM unnest(%s::text[]) one)
    AND has_any_column_privilege(%s, c.oid, 'UPDATE') ORDER BY 1
"""
# What the database itself writes in an entry; nobody may give it.
WRITTEN_BY_POSTGRESQL = """
    SELECT a.attname FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = to_regclass('public.audit_entry') AND NOT a.attisdropped AND (
        a.attname = 'leaf_hash' AND a.attgenerated <> 's'
        OR a.attname = 'xid' AND pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'pg_current_xact_id()'
        OR a.attname = 'xid' AND NOT a.attnotnull)
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that PostgreSQL refuses, in the reader's language, and what is wrong with it now."""

    sentence: str
    flaws: tuple[Flaw, ...]
    optional: bool = False

    @property
    def stands(self) -> bool:
        """As it was made."""
        return not self.flaws


def guards_in_place() -> list[Guard]:
    """Each guard, and whether it stands; in the order in which `verify_audit` tells them."""
    if gone := _missing_tables():
        return [Guard(_("les tables du journal"), gone)]
    return [
        Guard(
            _("aucune ligne n’est changée ni supprimée : déclencheurs actifs en toute circonstance"),
            _all(_trigger_flaws),
        ),
        Guard(
            _("les fonctions des gardes et les colonnes que PostgreSQL écrit lui-même"),
            _all(_function_flaws, _table_flaws),
        ),
        Guard(_("chaque acte cite son entrée : clés étrangères"), tuple(missing_foreign_keys())),
        Guard(_("chaque rôle n’a que ses droits"), tuple(rights.flaws(_act_tables()))),
        Guard(_("les mois du journal des accès"), tuple(partitions.flaws())),
        Guard(
            _("nul ne change le schéma du journal : déclencheurs d’événement"),
            _all(_event_flaws),
            optional=not settings.EMBEDDED_DATABASE,
        ),
    ]


def flaws() -> list[Flaw]:
    """Everything that is no longer as the migrations and the launcher made it."""
    return [flaw for guard in guards_in_place() if not guard.optional for flaw in guard.flaws]


def event_guards() -> bool:
    """Whether event triggers, which only a superuser can make, watch the schema too. Optional elsewhere than here."""
    return not _all(_event_flaws)


def _all(*found: Callable[[], Iterable[Flaw]]) -> tuple[Flaw, ...]:
    return tuple(flaw for one in found for flaw in one())


def _rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _missing_tables() -> tuple[Flaw, ...]:
    """Renamed, moved or dropped: the other questions have no sense then."""
    rows = _rows("SELECT one FROM unnest(%s::text[]) one WHERE to_regclass('public.' || one) IS NULL", [list(TABLES)])
    return tuple(Flaw("table_missing", table) for (table,) in rows)


def _wanted_triggers() -> Iterator[tuple[str, str, int, str, str]]:
    for table in APPEND_ONLY:
        changed = UPDATE if table == "audit_payload" else UPDATE + DELETE
        yield table, "no_change", BEFORE + changed, "audit_refuse_change", ""
        yield table, "no_truncate", BEFORE + TRUNCATE, "audit_refuse_change", ""
    yield "audit_payload", "by_erasure", BEFORE + DELETE, "audit_refuse_unless_erasing", ""
    yield "audit_payload", "with_entry", ROW + BEFORE + DELETE, "audit_erased_by_its_entry", ""
    yield "audit_entry", "of_erasure", ROW + BEFORE + INSERT, "audit_records_erasures_only", ONLY_THE_ERASURE_ROLE
    for table in _act_tables():
        yield table, "needs_entry", ROW + BEFORE + INSERT, "audit_entry_of_this_act", ""
    for (table,) in _rows(UPDATED_LATER, [[*_act_tables(), *FOLLOWED], guards.APP_ROLE]):
        yield table, "once", ROW + BEFORE + UPDATE, "audit_written_once", ""


def _act_tables() -> list[str]:
    return sorted({one.table for one in citations()})


def _trigger_flaws() -> Iterator[Flaw]:
    found = {(table, name): made for table, name, *made in _rows(TRIGGERS, [[*TABLES, *_act_tables()]])}
    for table, ending, kind, function, condition in _wanted_triggers():
        name = f"{table}_{ending}"
        made = found.pop((table, name), None)
        if made is None:
            yield Flaw("trigger_missing", name)
            continue
        enabled, *rest = made
        if rest != [kind, function, condition, True]:
            yield Flaw("trigger_changed", name)
        if enabled != "A":
            yield Flaw("trigger_not_always", name)
    # One that answers NULL would have entries vanish as they are written.
    for table, name in sorted(found):
        if table in TABLES:
            yield Flaw("trigger_added", f"{table}.{name}")


def _function_flaws() -> Iterator[Flaw]:
    wanted = re.findall(
        r"CREATE FUNCTION (\w+)\(\).*?AS \$\$(.*?)\$\$", guards.FUNCTIONS + guards.ERASING_FUNCTIONS, re.DOTALL
    )
    rows = _rows(
        "SELECT proname, prosrc, proconfig FROM pg_proc"
        " WHERE proname = ANY (%s) AND pronamespace = 'public'::regnamespace",
        [[name for name, _source in wanted]],
    )
    there = {name: (source.split(), pins) for name, source, pins in rows}
    for name, source in wanted:
        if there.get(name) != (source.split(), PINNED):
            yield Flaw("function_changed", name)


def _table_flaws() -> Iterator[Flaw]:
    tables = [*TABLES, *_act_tables()]
    for (column,) in _rows(WRITTEN_BY_POSTGRESQL):
        yield Flaw("column_changed", f"audit_entry.{column}")
    for table, rule in _rows(
        "SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
        " WHERE c.relname = ANY (%s)",
        [tables],
    ):
        yield Flaw("rule_added", f"{table}.{rule}")
    for (table,) in _rows("SELECT relname FROM pg_class WHERE relname = ANY (%s) AND relrowsecurity", [list(TABLES)]):
        yield Flaw("rows_hidden", table)
    for (table,) in _rows(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgisinternal AND t.tgenabled = 'D' AND c.relname = ANY (%s)",
        [tables],
    ):
        yield Flaw("constraint_disabled", table)


def _event_flaws() -> Iterator[Flaw]:
    """Present, always enabled, a superuser's, on every command, with our functions; and the schema is what they keep."""
    made = {
        name: (event, enabled, f"{namespace}.{function}", superuser, everything)
        for name, event, enabled, namespace, function, superuser, everything in _rows(
            "SELECT e.evtname, e.evtevent, e.evtenabled, n.nspname, p.proname, r.rolsuper, e.evttags IS NULL"
            " FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace"
            " JOIN pg_roles r ON r.oid = e.evtowner"
        )
    }
    for name, (event, function) in schema.EVENTS.items():
        if name not in made:
            yield Flaw("event_guard_missing", name)
        elif made[name] != (event, "A", f"{schema.SCHEMA}.{function}", True, True):
            yield Flaw("event_guard_changed", name)
    rows = _rows(
        "SELECT p.proname, p.prosrc, p.proconfig, r.rolsuper FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE p.pronamespace = to_regnamespace(%s)",
        [schema.SCHEMA],
    )
    there = {name: (source, pins, superuser) for name, source, pins, superuser in rows}
    changed = [name for name, source in schema.sources().items() if there.get(name) != (source, PINNED, True)]
    yield from (Flaw("event_guard_changed", f"{schema.SCHEMA}.{name}()") for name in changed if there)
    if there and not changed:
        if "kept" not in there or not there["kept"][2]:
            yield Flaw("event_guard_changed", f"{schema.SCHEMA}.kept()")
        elif _rows("SELECT 1 WHERE tact_guards.digest() IS DISTINCT FROM tact_guards.kept()"):
            yield Flaw("schema_changed")
