"""The sealer: entries a second, lag under writes, what it costs to those who write, a proof, storage. Prints one JSON object.

`python bench/seal.py [ENTRIES]` on a database of its own, with real commits, dropped at the end. Writers with and without the
sealer are taken in turns within the run, five times each, at 1 and 8 clients; each writes prepared entries, one a transaction,
as fast as it can: what is measured is the database and the sealer, not the application.
"""

import json
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection, connections, transaction

from audit import heads, keys, ledger, sealing
from audit.models import Entry, Leaf
from audit.sealer import Sealer
from bench.database import analyse, bench_database
from bench.trail import compose
from config.postgres.account import become

ENTRIES = 60_000
BATCH = 1000
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CLIENTS = (1, 8)
EVERY = 0.5
PROOFS = 300
COLD_PROOFS = 15
FORK = multiprocessing.get_context("fork")

WRITE = """
    WITH entry AS (
        INSERT INTO audit_entry (uuid, at, action, actor_ref, case_ref, body, receipt)
        VALUES (%s::uuid, %s, %s, %s, %s, %s, %s) RETURNING id
    )
    INSERT INTO audit_payload (entry_id, salt, body) SELECT id, %s, %s FROM entry
"""
LAGS = """
    SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY c.at - e.at)),
           extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY c.at - e.at)), count(*)
    FROM (SELECT at, size, lag(size, 1, 0::bigint) OVER (ORDER BY size) AS first FROM audit_checkpoint) c
    JOIN audit_leaf l ON l.index >= c.first AND l.index < c.size
    JOIN audit_entry e ON e.id = l.entry_ref
    JOIN unnest(%s::timestamptz[], %s::timestamptz[]) AS phase (began, ended) ON e.at BETWEEN phase.began AND phase.ended
"""


def connect(name: str) -> None:
    """A fresh process, on the bench's database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


def sealed_per_second(entries: int) -> dict[str, float | int]:
    """Write that many after a first head, then seal them, a transaction a batch."""
    with transaction.atomic():
        ledger.record_many([compose()])
    drain()
    for _ in range(0, entries, BATCH):
        with transaction.atomic():
            ledger.record_many([compose() for _ in range(BATCH)])
    become("sealer")
    busy, began = time.process_time(), time.perf_counter()
    while sealing.seal(limit=sealing.BATCH):
        pass
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    become("app")
    done = Leaf.objects.count() - 1
    return {
        "sealed_entries": done,
        "sealed_per_second": round(done / seconds),
        "sealing_cpu_microseconds_an_entry": round(busy / done * 1e6, 2),
    }


def storage() -> dict[str, float]:
    """Bytes an entry, indexes and what is stored apart included; a checkpoint's are its own."""
    sizes = {}
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_payload", "audit_leaf", "audit_tile"):
            cursor.execute(f"SELECT pg_total_relation_size('{table}')::float / (SELECT count(*) FROM audit_leaf)")
            sizes[table.removeprefix("audit_")] = round(cursor.fetchone()[0], 1)
    return sizes


def checkpoint_bytes() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('audit_checkpoint')::float / count(*) FROM audit_checkpoint")
        return round(float(cursor.fetchone()[0]), 1)


def milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def proofs() -> dict[str, float]:
    """Of entries taken at random: by a connection that has asked nothing yet, by one that has, and the verification alone."""
    refs = list(Leaf.objects.values_list("entry_ref", flat=True))
    dice = random.Random(1)
    cold = []
    for entry in dice.sample(refs, COLD_PROOFS):
        connections.close_all()
        connection.ensure_connection()
        cold.append(milliseconds(lambda entry=entry: heads.proof_of(entry)))
    warm = [milliseconds(lambda entry=entry: heads.proof_of(entry)) for entry in dice.sample(refs, PROOFS)]
    consistent = [
        milliseconds(lambda old=old: heads.consistency(old, len(refs)))
        for old in dice.sample(range(1, len(refs)), PROOFS)
    ]
    signers = keys.log_vkeys()
    verified = []
    for entry in dice.sample(refs, PROOFS):
        body, proof = bytes(Entry.objects.get(pk=entry).body), heads.proof_of(entry)
        assert proof is not None
        verified.append(milliseconds(lambda body=body, proof=proof: proof.verify(body, signers)))
    return {
        "proof_cold_ms": round(statistics.median(cold), 2),
        "proof_warm_ms": round(statistics.median(warm), 2),
        "consistency_warm_ms": round(statistics.median(consistent), 2),
        "proof_and_signature_verified_us": round(statistics.median(verified) * 1000, 1),
    }


def client(name: str, ready: Any, go: Any, out: Any) -> None:
    """Write prepared entries, one a transaction, until time is up."""
    connect(name)
    prepared = [compose() for _ in range(200)]
    connection.ensure_connection()
    link = connection.connection
    with link.cursor() as cursor:
        ready.release()
        go.wait()
        done, end = 0, time.perf_counter() + SECONDS
        link.autocommit = False
        while time.perf_counter() < end:
            one = prepared[done % len(prepared)]
            cursor.execute(
                WRITE,
                [
                    str(uuid4()),
                    datetime.now(UTC),
                    one.action,
                    one.actor,
                    one.case,
                    one.body,
                    one.receipt,
                    one.salt,
                    one.payload,
                ],
            )
            link.commit()
            done += 1
    out.put(done / SECONDS)
    connections.close_all()


def seal_for_ever(name: str) -> None:
    connect(name)
    become("sealer")
    Sealer(every=EVERY, say=lambda sentence: None).run()


def rate(name: str, clients: int) -> float:
    """Commits a second of this many processes together."""
    ready, go, out = FORK.Semaphore(0), FORK.Event(), FORK.Queue()
    connections.close_all()
    workers = [FORK.Process(target=client, args=(name, ready, go, out)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    go.set()
    total = sum(out.get() for _ in workers)
    for worker in workers:
        worker.join()
    return float(total)


def rate_while_sealing(name: str, clients: int, phases: list[tuple[datetime, datetime]]) -> float:
    connections.close_all()
    sealer = FORK.Process(target=seal_for_ever, args=(name,))
    sealer.start()
    try:
        time.sleep(2 * EVERY)
        began = datetime.now(UTC)
        found = rate(name, clients)
        phases.append((began, datetime.now(UTC)))
        time.sleep(3 * EVERY)
    finally:
        sealer.kill()
        sealer.join()
    return found


def drain() -> None:
    """Nothing waits when a phase begins."""
    become("sealer")
    while sealing.seal(limit=sealing.BATCH):
        pass
    become("app")


def writers(name: str) -> dict[str, Any]:
    """With and without the sealer, in turns, the one that goes first changing at each round."""
    found: dict[int, dict[str, list[float]]] = {clients: {"with": [], "without": []} for clients in CLIENTS}
    phases: list[tuple[datetime, datetime]] = []
    for turn in range(ROUNDS):
        for clients in CLIENTS:
            for which in ("with", "without") if turn % 2 else ("without", "with"):
                drain()
                measured = rate_while_sealing(name, clients, phases) if which == "with" else rate(name, clients)
                found[clients][which].append(measured)
    drain()
    with connection.cursor() as cursor:
        cursor.execute(LAGS, [[began for began, _ in phases], [ended for _, ended in phases]])
        half, most, entries = cursor.fetchone()
    return {
        "writes_per_second": {
            clients: {which: round(statistics.median(rates)) for which, rates in both.items()}
            for clients, both in found.items()
        },
        "with_over_without": {
            clients: round(statistics.median(a / b for a, b in zip(both["with"], both["without"], strict=True)), 3)
            for clients, both in found.items()
        },
        "rounds": ROUNDS,
        "lag_p50_s": round(float(half), 3),
        "lag_p99_s": round(float(most), 3),
        "lag_of_entries": entries,
    }


def main(entries: int = ENTRIES) -> None:
    with bench_database() as name:
        figures: dict[str, Any] = sealed_per_second(entries)
        figures["bytes_an_entry"] = storage()
        analyse(name)
        figures |= proofs()
        figures |= writers(name)
        figures["bytes_a_checkpoint"] = checkpoint_bytes()
        waiting = heads.unsealed()
        assert waiting.count == 0, waiting
    print(json.dumps({"seal": figures}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
