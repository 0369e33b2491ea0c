"""The trail in one table, by month, or by hash: what each costs to write, to read and to keep, on two million entries.

`python -m bench.grow.partitions` (BENCH_ENTRIES=). Three copies of `audit_entry` with its own columns, indexes and generated hash,
filled alike over two years, without its triggers; then the access log, by month as it is and in one table. Prints one JSON object.
"""

import contextlib
import json
import os
import random
import statistics
import time
import uuid
from typing import Any

from bench.grow import house as own

own.enter()

from bench.database import bench_database
from config import embedded

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "2000000"))
UNTIL_KEYS = ENTRIES * 9 // 10
"""The rest is what is measured: written where all the others stand, with every index."""
ACCESSES = ENTRIES // 4
A_TRANSACTION = 50_000
CASES, PEOPLE = 20_000, 800
MONTHS, HASHES = 24, 8
BODY_BYTES, RECEIPT_BYTES = 620, 64
ALONE, READ = 400, 300
COLUMNS = "uuid, at, action, actor_ref, case_ref, body, receipt"
# How an entry is: its columns, its hash made by PostgreSQL, the transaction that wrote it.
TABLE = """
    CREATE TABLE {name} (
        id bigint NOT NULL DEFAULT nextval('{name}_id'), uuid uuid NOT NULL, at timestamptz NOT NULL, action varchar(60) NOT NULL,
        actor_ref uuid, case_ref uuid, body bytea NOT NULL, receipt bytea NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        leaf_hash bytea GENERATED ALWAYS AS (sha256('\\x00'::bytea || body)) STORED
    ) {parted}
"""
FILL = f"""
    INSERT INTO {{name}} ({COLUMNS})
    SELECT gen_random_uuid(), timestamptz '2025-01-01' + n * (interval '{MONTHS * 30} days' / {ENTRIES}),
           (ARRAY['disclosure.opened', 'disclosure.released', 'consent.given', 'item.written'])[1 + mod(n, 4)],
           md5(mod(n, {PEOPLE})::text)::uuid, md5('case' || mod(n::bigint * 7919, {CASES}))::uuid,
           decode(repeat(md5(n::text), {BODY_BYTES // 16}), 'hex'), decode(repeat(md5(n::text), {RECEIPT_BYTES // 16}), 'hex')
    FROM generate_series(%s::int, %s::int) n
"""
WAYS = {"as_it_is": "", "by_month": "PARTITION BY RANGE (at)", "by_hash": "PARTITION BY HASH (id)"}
INDEXES = ("at", "action", "actor_ref", "case_ref", "xid")
ACCESS_COLUMNS = "action, object_type, object_ref, granted, professional_ref, membership_ref, case_ref, at"
ACCESS_FILL = f"""
    INSERT INTO {{name}} ({ACCESS_COLUMNS})
    SELECT 'case.opened', 'case', md5('case' || (n::bigint * 7919 % {CASES})), true, md5((n % {PEOPLE})::text)::uuid,
           md5('m' || (n % {PEOPLE}))::uuid, md5('case' || (n::bigint * 7919 % {CASES}))::uuid,
           date_trunc('month', now()) - interval '13 months' + n * (interval '400 days' / {ACCESSES})
    FROM generate_series(1, {ACCESSES}) n
"""


def make(cursor: Any, way: str, parted: str) -> None:
    """The table and its partitions, without a key yet."""
    name = f"entry_{way}"
    cursor.execute(f"CREATE SEQUENCE {name}_id")
    cursor.execute(TABLE.format(name=name, parted=parted))
    if way == "by_month":
        for month in range(MONTHS):
            bounds = [f"timestamptz '2025-01-01' + interval '{30 * (month + more)} days'" for more in (0, 1)]
            cursor.execute(f"SELECT {bounds[0]}, {bounds[1]}")
            begins, ends = cursor.fetchone()
            after = "MAXVALUE" if month == MONTHS - 1 else f"'{ends.isoformat()}'"
            cursor.execute(
                f"CREATE TABLE {name}_{month} PARTITION OF {name} FOR VALUES FROM ('{begins.isoformat()}') TO ({after})"
            )
    if way == "by_hash":
        for rest in range(HASHES):
            cursor.execute(
                f"CREATE TABLE {name}_{rest} PARTITION OF {name} FOR VALUES WITH (modulus {HASHES}, remainder {rest})"
            )


def make_keys(cursor: Any, way: str) -> None:
    """What PostgreSQL lets them be: each unique key holds what the table is parted by."""
    name = f"entry_{way}"
    also = {"as_it_is": "", "by_month": ", at", "by_hash": ""}[way]
    cursor.execute(f"ALTER TABLE {name} ADD PRIMARY KEY (id{also})")
    unique = {"as_it_is": "", "by_month": ", at", "by_hash": ", id"}[way]
    cursor.execute(f"ALTER TABLE {name} ADD UNIQUE (uuid{unique})")
    for column in INDEXES:
        cursor.execute(f"CREATE INDEX ON {name} ({column})")


def fill(cursor: Any, way: str, first: int, last: int) -> int:
    """Rows a second, by large transactions."""
    began = time.perf_counter()
    for start in range(first, last + 1, A_TRANSACTION):
        cursor.execute(FILL.format(name=f"entry_{way}"), [start, min(start + A_TRANSACTION - 1, last)])
    return round((last - first + 1) / (time.perf_counter() - began))


def one_by_one(cursor: Any) -> dict[str, float]:
    """Milliseconds of one entry and its COMMIT, as an act writes it; turn by turn."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    body, receipt = os.urandom(BODY_BYTES), os.urandom(RECEIPT_BYTES)
    for _turn in range(ALONE):
        for way in WAYS:
            began = time.perf_counter()
            cursor.execute(
                f"INSERT INTO entry_{way} ({COLUMNS}) VALUES (%s, now(), 'disclosure.opened', %s, %s, %s, %s) RETURNING id",
                [str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4()), body, receipt],
            )
            cursor.fetchone()
            times[way].append(time.perf_counter() - began)
    return {way: round(statistics.median(values) * 1000, 3) for way, values in times.items()}


QUESTIONS = {
    "newest_fifty_of_a_case": "SELECT id FROM {name} WHERE case_ref = md5('case' || %s)::uuid ORDER BY id DESC LIMIT 50",
    "of_an_actor": "SELECT count(*) FROM (SELECT 1 FROM {name} WHERE actor_ref = md5(%s::text)::uuid LIMIT 200) q",
    "the_entry_an_act_cites": "SELECT uuid FROM {name} WHERE id = %s",
    "newest_fifty": "SELECT id FROM {name} WHERE %s > 0 ORDER BY id DESC LIMIT 50",
    "a_month_by_action": (
        "SELECT count(*) FROM {name} WHERE action = 'consent.given' AND %s > 0"
        " AND at >= '2026-03-01' AND at < '2026-03-31'"
    ),
}


def read(cursor: Any, ways: dict[str, str], questions: dict[str, str], most: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each question, by way: medians, turn by turn, what is read being in memory or not as it comes."""
    dice = random.Random(1)
    found: dict[str, dict[str, float]] = {}
    for what, question in questions.items():
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _turn in range(READ if what != "a_month_by_action" else 5):
            asked = dice.randrange(1, most)
            for way, name in ways.items():
                began = time.perf_counter()
                cursor.execute(question.format(name=name), [asked])
                cursor.fetchall()
                times[way].append(time.perf_counter() - began)
        found[what] = {way: round(statistics.median(values) * 1000, 3) for way, values in times.items()}
    return found


def sizes(cursor: Any, name: str) -> dict[str, int]:
    """Megabytes of rows and of indexes, and how many tables."""
    cursor.execute(
        "SELECT sum(pg_table_size(relid)) / 1048576, sum(pg_indexes_size(relid)) / 1048576, count(*) FILTER (WHERE isleaf)"
        " FROM pg_partition_tree(%s)",
        [name],
    )
    rows, indexes, tables = cursor.fetchone()
    if not tables:
        cursor.execute(
            "SELECT pg_table_size(%s::regclass) / 1048576, pg_indexes_size(%s::regclass) / 1048576, 1", [name] * 2
        )
        rows, indexes, tables = cursor.fetchone()
    return {"rows_mb": round(rows), "indexes_mb": round(indexes), "tables": tables}


def citations(cursor: Any) -> dict[str, int]:
    """Foreign keys onto an entry, which hold its number alone: by month each would need its instant too."""
    cursor.execute(
        "SELECT count(*), count(DISTINCT conrelid) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'audit_entry'::regclass"
    )
    keys, tables = cursor.fetchone()
    return {"foreign_keys": keys, "tables": tables, "columns_to_add_by_month": keys, "columns_to_add_by_hash": 0}


def access_log(cursor: Any) -> dict[str, Any]:
    """By month, as it is (ADR 0034), and in one table: the same rows."""
    cursor.execute("CREATE TABLE access_in_one (LIKE audit_access INCLUDING DEFAULTS)")
    cursor.execute("ALTER TABLE access_in_one ADD PRIMARY KEY (id)")
    for columns in ("at", "case_ref, id DESC", "object_ref, id DESC", "professional_ref, id DESC"):
        cursor.execute(f"CREATE INDEX ON access_in_one ({columns})")
    cursor.execute(
        "SELECT audit_access_add_month((date_trunc('month', now()) - n * interval '1 month')::date) FROM generate_series(1, 13) n"
    )
    found: dict[str, Any] = {"accesses": ACCESSES, "filled_a_second": {}}
    ways = {"in_one": "access_in_one", "by_month": "audit_access"}
    for way, name in ways.items():
        began = time.perf_counter()
        cursor.execute(ACCESS_FILL.format(name=name))
        found["filled_a_second"][way] = round(ACCESSES / (time.perf_counter() - began))
        cursor.execute(f"ANALYZE {name}")
    case = "SELECT id FROM {name} WHERE case_ref = md5('case' || %s)::uuid ORDER BY id DESC LIMIT 50"
    found["read_ms"] = read(cursor, ways, {"newest_fifty_of_a_case": case}, CASES)
    found["sizes"] = {way: sizes(cursor, name) for way, name in ways.items()}
    oldest = "(SELECT min(at) + interval '1 month' FROM access_in_one)"
    began = time.perf_counter()
    cursor.execute(f"DELETE FROM access_in_one WHERE at < {oldest}")
    found["a_month_forgotten_ms"] = {"in_one": round((time.perf_counter() - began) * 1000, 1)}
    cursor.execute("SELECT relid::text FROM pg_partition_tree('audit_access') WHERE isleaf ORDER BY 1 LIMIT 1")
    (first,) = cursor.fetchone()
    began = time.perf_counter()
    cursor.execute(f"DROP TABLE {first}")
    found["a_month_forgotten_ms"]["by_month"] = round((time.perf_counter() - began) * 1000, 1)
    return found


def until_nobody_is_there(name: str) -> None:
    """A superuser's connection takes a moment to end, and nobody else may end it."""
    with contextlib.closing(embedded.servers()[0].connect_as_superuser("postgres")) as link, link.cursor() as cursor:
        for _turn in range(100):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = current_user", [name]
            )
            if cursor.fetchone()[0] == 0:
                return
            link.rollback()  # what is seen of others is kept for the time of a transaction
            time.sleep(0.1)


def main() -> None:
    with bench_database() as name:
        server = embedded.servers()[0]
        with contextlib.closing(server.connect_as_superuser(name)) as link, link.cursor() as cursor:
            link.autocommit = True
            cursor.execute("SET event_triggers = off")  # what stands here guards the schema of the trail
            cursor.execute("SET timezone = 'UTC'")
            filled = {}
            for way, parted in WAYS.items():
                make(cursor, way, parted)
                fill(cursor, way, 1, UNTIL_KEYS)
                make_keys(cursor, way)
                cursor.execute(f"VACUUM (ANALYZE) entry_{way}")
                cursor.execute("CHECKPOINT")
                filled[way] = fill(cursor, way, UNTIL_KEYS + 1, ENTRIES)
            cursor.execute("CHECKPOINT")
            names = {way: f"entry_{way}" for way in WAYS}
            found = {
                "entries": ENTRIES,
                "last_tenth_filled_a_second": filled,
                "one_and_its_commit_ms": one_by_one(cursor),
                "read_ms": read(cursor, names, QUESTIONS, CASES),
                "sizes": {way: sizes(cursor, one) for way, one in names.items()},
                "cited_by": citations(cursor),
                "access_log": access_log(cursor),
            }
        print(json.dumps({"partitions": found}))
        until_nobody_is_there(name)


if __name__ == "__main__":
    main()
