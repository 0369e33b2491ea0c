"""A backup and its restoration, on a demonstration of 20 000 cases: seconds and megabytes. Prints one JSON object.

`python bench/backup.py [CASES]`, on the bundled server, in databases of its own, dropped at the end. The restoration counts
everything: reading the file twice, the rows, the schema, the guards, verifying the trail with its receipts.
"""

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("TACT_ENV", "test")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from bench.database import bench_database, owner_link
from config import embedded, roles
from tests import databases

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000


def megabytes_of(name: str) -> float:
    with contextlib.closing(owner_link(name)) as link, link.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return round(cursor.fetchone()[0] / 1024**2, 1)


def timed(*arguments: str) -> tuple[float, str]:
    """One command: its seconds, and what it printed."""
    out, began = io.StringIO(), time.perf_counter()
    call_command(*arguments, stdout=out)
    return round(time.perf_counter() - began, 1), out.getvalue()


def main() -> None:
    with bench_database() as name, tempfile.TemporaryDirectory() as folder:
        settings.VAR, settings.BACKUPS = Path(folder), Path(folder) / "backups"
        call_command("load_demo", cases=CASES, verbosity=0)
        saving, said = timed("backup")
        path = Path(said.splitlines()[-1])
        restored = f"tact_bench_{uuid.uuid4().hex[:8]}"
        server, _redis = embedded.servers()
        with contextlib.closing(server.connect_as_superuser("postgres")) as link:
            roles.make_databases(link, server.connect_as_superuser, restored)
        connections.close_all()
        try:
            connection.settings_dict["NAME"] = restored
            restoring, told = timed("restore", str(path), "--nothing-was-erased")
            sizes = {
                "before": megabytes_of(name),
                "after": megabytes_of(restored),
                "file": round(path.stat().st_size / 1024**2, 1),
            }
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = name
            with contextlib.closing(owner_link()) as link, link.cursor() as cursor:
                databases.drop(cursor, restored)
    print(
        json.dumps(
            {
                "cases": CASES,
                "backup_seconds": saving,
                "restore_seconds": restoring,
                "megabytes": sizes,
                "holds": "aucune anomalie" in told,
                "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


if __name__ == "__main__":
    main()
