"""How fast the trail is verified: entries a second, every check included. Prints one JSON object.

`python bench/trail.py [ENTRIES]` writes entries in a database of its own, verifies them, and drops it: nothing is left.
"""

import json
import os
import resource
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection, transaction
from django.utils import timezone

from audit import ledger, signing, verification
from bench.database import bench_database

ENTRIES = 50_000
BATCH = 1000


def compose() -> ledger.Sealed:
    """An entry of the size of a disclosure's; of an action that needs no act, so that nothing is missing."""
    return ledger.compose(
        action="disclosure.opened",
        at=timezone.now(),
        actor=uuid.uuid4(),
        case=uuid.uuid4(),
        refs={"person": uuid.uuid4(), "recipient": uuid.uuid4(), "institution": uuid.uuid4()},
        codes={
            "purpose": "scolarite",
            "basis": "CSP-L1110-4-II",
            "verdict": "allow",
            "categories": ["consigne_pratique", "besoins_scolaires"],
            "duties": ["minimise", "trace", "inform_before"],
        },
        personal={"label": "Absences du mardi", "recipient": "une directrice d’école"},
    )


def signatures_alone(bodies: list[bytes]) -> float:
    """Receipts a second checked by the same number of threads that do nothing else: what the machine allows now."""
    check = signing.checker()
    pairs = [(body, signing.sign(body)) for body in bodies]
    began = time.perf_counter()
    with ThreadPoolExecutor(verification.WORKERS) as pool:
        share = -(-len(pairs) // verification.WORKERS)
        shares = [pairs[start : start + share] for start in range(0, len(pairs), share)]
        assert all(pool.map(lambda some: all(check(*one) for one in some), shares))
    return len(pairs) / (time.perf_counter() - began)


def measure(entries: int = ENTRIES) -> dict[str, float | int | bool]:
    """Write `entries`, verify the newest `entries`, roll back."""
    with transaction.atomic():
        began = time.perf_counter()
        for _ in range(0, entries, BATCH):
            ledger.record_many([compose() for _ in range(BATCH)])
        written = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("SELECT sum(length(body)) / count(*) FROM audit_entry")
            size = int(cursor.fetchone()[0])
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        busy = time.process_time()
        report = verification.verify(newest=entries)
        busy = time.process_time() - busy
        signatures = signatures_alone([compose().body for _ in range(5000)])
        transaction.set_rollback(True)
    return {
        "entries": report.entries,
        "holds": report.holds,
        "bytes_an_entry": size,
        "seconds": round(report.seconds, 3),
        "entries_per_second": round(report.entries / report.seconds),
        "cpu_microseconds_an_entry": round(busy / report.entries * 1e6, 1),
        "signatures_alone_per_second": round(signatures),
        "over_signatures_alone": round(report.entries / report.seconds / signatures, 2),
        "written_per_second": round(entries / written),
        "memory_grown_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024, 1),
    }


if __name__ == "__main__":
    with bench_database():
        print(json.dumps({"trail": measure(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)}))
