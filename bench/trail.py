"""How fast the trail is verified, sealed: entries a second, every check included but receipts. Prints one JSON object.

`python bench/trail.py [ENTRIES]` writes entries in a database of its own, seals them, verifies them, and drops it: nothing is
left. In the figure: for each entry its canonical form, its columns, its hash, the commitment to its personal part, its leaf,
its tile; each tile and its root; the root and the signature of every head; entries without leaf, leaves without entry; acts and
guards. Not in it: the receipts of sealed entries (`receipts_too_per_second`, on a trail of at most `WITH_RECEIPTS`).
"""

import contextlib
import io
import json
import os
import resource
import statistics
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from audit import ledger, sealing, signing, verification
from audit.report import Report
from bench.database import bench_database, owner_link
from config.postgres.account import become

ENTRIES = 50_000
WITH_RECEIPTS = 50_000
BATCH = 10_000
ROUNDS = 3
TABLES = ("audit_entry", "audit_payload", "audit_leaf", "audit_tile", "audit_checkpoint")


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


def composed(count: int) -> tuple[str, list[str]]:
    """Entries as COPY reads them, and their payloads, which wait for the entries' ids."""
    entries, payloads = [], []
    for one in (compose() for _ in range(count)):
        columns = (one.uuid, one.at.isoformat(), one.action, one.actor, one.case, hexadecimal(one.body))
        entries.append("\t".join(map(str, (*columns, hexadecimal(one.receipt)))))
        payloads.append(f"{hexadecimal(one.salt)}\t{hexadecimal(one.payload)}")
    return "\n".join(entries) + "\n", payloads


def hexadecimal(raw: bytes) -> str:
    return rf"\\x{raw.hex()}"


def load(entries: int) -> None:
    """Write them as one client would, ten thousand a transaction, composed by every core."""
    signing.sign(b"make the key")
    connections.close_all()
    with ProcessPoolExecutor() as pool:
        made = pool.map(composed, [BATCH] * (entries // BATCH))
        for rows, payloads in made:
            with connection.cursor() as cursor:
                cursor.copy_expert(
                    "COPY audit_entry (uuid, at, action, actor_ref, case_ref, body, receipt) FROM STDIN",
                    io.StringIO(rows),
                )
                cursor.execute("SELECT max(id) FROM audit_entry")
                first = cursor.fetchone()[0] - len(payloads) + 1
                numbered = "\n".join(f"{first + at}\t{payload}" for at, payload in enumerate(payloads)) + "\n"
                cursor.copy_expert("COPY audit_payload (entry_id, salt, body) FROM STDIN", io.StringIO(numbered))


def seal_all() -> float:
    """Seal by batches, each with its head; the seconds that it took."""
    become("sealer")
    began = time.perf_counter()
    while sealing.seal(limit=BATCH) is not None:
        pass
    took = time.perf_counter() - began
    become("app")
    return took


def vacuumed(name: str) -> None:
    """What autovacuum does within minutes of a load."""
    with contextlib.closing(owner_link(name)) as link, link.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def bytes_an_entry(entries: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, pg_total_relation_size(one::regclass) FROM unnest(%s) one", [list(TABLES)])
        return {table: round(size / entries) for table, size in cursor.fetchall()}


def measure(name: str, entries: int = ENTRIES) -> dict[str, object]:
    """Load, seal, verify: the median of a few rounds."""
    load(entries)
    sealing_took = seal_all()
    vacuumed(name)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    busy, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    reports: list[Report] = [verification.verify() for _ in range(ROUNDS)]
    busy = time.process_time() - busy
    grown = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy += grown.ru_utime + grown.ru_stime - children.ru_utime - children.ru_stime
    seconds = statistics.median(report.seconds for report in reports)
    figures: dict[str, object] = {
        "entries": reports[0].entries,
        "leaves": reports[0].leaves,
        "heads": reports[0].heads,
        "holds": all(report.holds for report in reports),
        "seconds": round(seconds, 3),
        "entries_per_second": round(reports[0].entries / seconds),
        "python_microseconds_an_entry": round(busy / ROUNDS / entries * 1e6, 1),
        "sealed_per_second": round(entries / sealing_took),
        "bytes_an_entry": bytes_an_entry(entries),
        "memory_grown_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024, 1),
    }
    if entries <= WITH_RECEIPTS:
        figures["receipts_too_per_second"] = round(entries / verification.verify(receipts=True).seconds)
    return figures


def main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings.SEAL_KEY = Path(folder) / "seal.pem"
        with bench_database() as name:
            print(json.dumps({"trail": measure(name, entries)}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
