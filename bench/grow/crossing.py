"""What PostgreSQL shared out by case (Citus) would have to cross, reckoned from the real schema, rows and statements.

`python -m bench.grow.crossing` (BENCH_CASES=). Citus cannot be installed beside the bundled server: nothing here is a duration.
Tables are those of a demonstration, by what they hold; statements are those that pages and acts really send. A row belongs to a
case by its own column or by the rows that it cites; a table that leads to none is the directory's. Prints one JSON object.
"""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from bench.grow import house as own

os.environ["TACT_ENV"] = "test"  # static files as they are, without collecting them
own.enter()

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import pages
from bench.database import analyse, bench_database
from sharing import editions, service, withdrawal
from tests import personas
from tests.sharing.ways import draft_of, seen

CASES = int(os.environ.get("BENCH_CASES", "2000"))
ROOT_TABLE, PERSON = "cases_case", "cases_person"
TRAIL = "audit_"
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
NAMED = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?"?([a-z_]+)"?')
BY_ITS_CASE = re.compile(r'"?case_id"?\s*=\s*\'|"cases_case"\."id"\s*=\s*\'')
FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, a.attnotnull
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conparentid = 0 ORDER BY 1, 2
"""
UNIQUE_KEYS = """
    SELECT i.indrelid::regclass::text, i.indisprimary, array_agg(a.attname::text)
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
    JOIN pg_class c ON c.oid = i.indrelid
    WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition GROUP BY i.indexrelid, 1, 2
"""
TABLES = """
    SELECT c.relname, CASE c.relkind WHEN 'p' THEN (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(c.oid))
           ELSE pg_total_relation_size(c.oid) END
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


class Schema:
    """Which table leads to a case, and by which columns."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.bytes = {name: int(size) for name, size in cursor.fetchall()}
            cursor.execute(FOREIGN_KEYS)
            self.foreign = [row for row in cursor.fetchall() if row[0] in self.bytes]
            cursor.execute(UNIQUE_KEYS)
            self.unique = cursor.fetchall()
            self.rows = {}
            for name in self.bytes:
                cursor.execute(f'SELECT count(*) FROM "{name}"')
                self.rows[name] = int(cursor.fetchone()[0])
        self.keys = {table: columns[0] for table, primary, columns in self.unique if primary and len(columns) == 1}
        self.parents: dict[str, tuple[str, str]] = {}
        self.by_column = {
            table for table, _c, to, _n in self.foreign if to == ROOT_TABLE and not table.startswith(TRAIL)
        }
        self.leads = {ROOT_TABLE: 0} | dict.fromkeys(self.by_column, 1)
        self._follow()

    def _follow(self) -> None:
        """From the case outwards: who cites a row of a case belongs to it; a column that is always filled is believed first."""
        for table, column, to, _filled in self.foreign:
            if to == ROOT_TABLE and table in self.by_column:
                self.parents.setdefault(table, (column, ROOT_TABLE))
        grown = True
        while grown:
            grown = False
            for filled_only in (True, False):
                for table, column, to, filled in self.foreign:
                    if table in self.leads or table == PERSON or table.startswith(TRAIL) or to not in self.leads:
                        continue
                    if filled or not filled_only:
                        self.leads[table] = self.leads[to] + 1
                        self.parents[table] = (column, to)
                        grown = True

    def kind(self, table: str) -> str:
        if table.startswith(TRAIL):
            return "trail"
        hers = table == PERSON or any(one == table and to == PERSON for one, _c, to, _n in self.foreign)
        if hers and table not in self.by_column:
            return "person"
        if table in self.by_column or table == ROOT_TABLE:
            return "case"
        return "leads_to_a_case" if table in self.leads else "directory"

    def whose(self) -> dict[str, set[str]]:
        """Each id of a row that belongs to cases → which."""
        owner: dict[str, dict[str, set[str]]] = {}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id::text FROM {ROOT_TABLE}")
            owner[ROOT_TABLE] = {case: {case} for (case,) in cursor.fetchall()}
            for table in sorted(self.parents, key=lambda one: self.leads[one]):
                column, to = self.parents[table]
                key = self.keys.get(table)
                if key is None:
                    continue
                cursor.execute(f'SELECT "{key}"::text, "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
                owner[table] = {row: owner.get(to, {}).get(cited, set()) for row, cited in cursor.fetchall()}
            cursor.execute(f"SELECT person_id::text, id::text FROM {ROOT_TABLE}")
            persons: dict[str, set[str]] = defaultdict(set)
            for person, case in cursor.fetchall():
                persons[person].add(case)
        whose: dict[str, set[str]] = {}
        for rows in (*owner.values(), persons):
            whose.update({row: cases for row, cases in rows.items() if cases})
        return whose


def sorted_out(statements: list[str], schema: Schema, whose: dict[str, set[str]]) -> dict[str, int]:
    """How many statements a shard would answer as they are written, and how many it would not."""
    found: Counter[str] = Counter()
    for statement in statements:
        tables = {name for name in NAMED.findall(statement) if name in schema.bytes}
        kinds = {schema.kind(name) for name in tables}
        if not tables:
            continue
        if "trail" in kinds:
            found["the_trail"] += 1
        elif kinds <= {"directory"}:
            found["directory_only"] += 1
        elif BY_ITS_CASE.search(statement):
            found["one_case_as_written"] += 1
        else:
            cases = set().union(*(whose.get(one, set()) for one in ID.findall(statement)))
            found["one_case_by_another_key" if len(cases) == 1 else "several_cases_or_unknown"] += 1
    return {name: found[name] for name in (
        "one_case_as_written", "one_case_by_another_key", "several_cases_or_unknown", "the_trail", "directory_only",
    )}  # fmt: skip


def captured(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        act()
    return [str(one["sql"]) for one in queries.captured_queries]


def of_pages(schema: Schema) -> dict[str, dict[str, int]]:
    asked = {}
    for name, (who, url) in pages.pages().items():
        client = pages.signed_in(who)
        assert client.get(url).status_code == 200
        asked[name] = captured(lambda client=client, url=url: client.get(url))
    whose = schema.whose()
    return {name: sorted_out(statements, schema, whose) for name, statements in asked.items()}


def of_acts() -> dict[str, dict[str, int]]:
    """By the real acts, on a small territory."""
    territory = personas.build()
    editions.current()
    agreed: list[Any] = []
    sent = draft_of(territory)
    asked = {
        "write_an_item": captured(lambda: personas.write_down(territory.case, territory.camille)),
        "record_an_agreement": captured(lambda: agreed.append(personas.parents_agree(territory))),
        "preview": captured(lambda: seen(sent, territory.camille)),
    }
    token = seen(sent, territory.camille)
    asked["share"] = captured(lambda: service.share(draft_id=sent.pk, previewed=token, by=territory.camille))
    asked["take_an_agreement_back"] = captured(
        lambda: withdrawal.withdraw(consent=agreed[0], form="in_person", own_words="", by=territory.camille)
    )
    schema = Schema()
    whose = schema.whose()
    return {name: sorted_out(statements, schema, whose) for name, statements in asked.items()}


def of_tables(schema: Schema) -> dict[str, Any]:
    """By kind: how many tables, how much a case; then each table of weight."""
    kinds: dict[str, dict[str, float]] = defaultdict(lambda: {"tables": 0, "rows_a_case": 0.0, "bytes_a_case": 0})
    cases = schema.rows[ROOT_TABLE]
    for name, size in schema.bytes.items():
        one = kinds[schema.kind(name)]
        one["tables"] += 1
        one["rows_a_case"] = round(one["rows_a_case"] + schema.rows[name] / cases, 2)
        one["bytes_a_case"] += round(size / cases)
    heavy = sorted(schema.bytes, key=lambda name: -schema.bytes[name])[:15]
    return {
        "kinds": dict(kinds),
        "heaviest": {
            name: {
                "kind": schema.kind(name),
                "rows_a_case": round(schema.rows[name] / cases, 2),
                "bytes_a_case": round(schema.bytes[name] / cases),
            }
            for name in heavy
        },
    }


def of_keys(schema: Schema) -> dict[str, Any]:
    """Unique and foreign keys of what would be shared out, that do not hold the case."""
    shared = {name for name in schema.bytes if schema.kind(name) in {"case", "leads_to_a_case", "person", "trail"}}
    own_unique = [(table, columns) for table, _primary, columns in schema.unique if table in shared]
    own_foreign = [(table, to) for table, column, to, _filled in schema.foreign if table in shared and to in shared]
    without = [table for table in shared if schema.kind(table) in {"leads_to_a_case", "person"}]
    return {
        "unique_keys": len(own_unique),
        "unique_keys_without_the_case": sum("case_id" not in columns for _table, columns in own_unique),
        "foreign_keys_between_them": len(own_foreign),
        "foreign_keys_without_the_case": sum(to != ROOT_TABLE for _table, to in own_foreign),
        "tables_without_a_column_for_the_case": len(without),
        "foreign_keys_to_the_directory": sum(
            table in shared and to not in shared for table, _column, to, _filled in schema.foreign
        ),
    }


def persons_of_several_cases() -> dict[str, int]:
    """What binds cases to each other: one person, several houses."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE n > 1) FROM"
            f" (SELECT count(*) n FROM {ROOT_TABLE} GROUP BY person_id) q"
        )
        persons, several = cursor.fetchone()
    return {"persons": persons, "in_several_cases": several}


def main() -> None:
    with bench_database() as first:
        name = own.copy_of(first)
        acts = of_acts()
        own.go_to(name)
        call_command("load_demo", cases=CASES, verbosity=0)
        analyse(name)
        seen_pages = of_pages(Schema())
        schema = Schema()
        total = sum(schema.bytes.values())
        cases = schema.rows[ROOT_TABLE]
        print(
            json.dumps(
                {
                    "crossing": {
                        "cases": cases,
                        "bytes_a_case": round(total / cases),
                        "gigabytes_a_million_cases": round(total / cases * 1_000_000 / 1024**3, 1),
                        "tables": of_tables(schema),
                        "keys": of_keys(schema),
                        "persons": persons_of_several_cases(),
                        "statements_of_pages": seen_pages,
                        "statements_of_acts": acts,
                    }
                }
            )
        )


if __name__ == "__main__":
    main()
