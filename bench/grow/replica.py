"""A hot standby of 20 000 cases: how long it takes to make, how late it is, what it costs a disclosure, what it spares the primary.

`python -m bench.grow.replica` (BENCH_CASES=). Both servers stand on this machine, so the network costs nothing here and
the processors are shared: what is spared is told in seconds of the primary's own processor, not in duration.
"""

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

from bench.grow import house as own

own.enter()

from django.core.management import call_command
from django.db import connection, connections

from bench.database import analyse, bench_database
from bench.grow.spent import seconds
from bench.sharing import own_case
from bench.trail import seal_all
from config import embedded, places
from config.backup import age
from config.postgres_server import PostgresServer
from sharing import service
from tests import personas
from tests.operations.two_servers import Follower, follower_of, url
from tests.sharing.ways import draft_of, seen

CASES = int(os.environ.get("BENCH_CASES", "20000"))
LOADED_SECONDS, QUIET_SECONDS = 12.0, 4.0
WRITERS = 2
SHARED_A_ROUND, ROUNDS = 40, 3
PROBE = "tact_bench_probe"
COMMITS = {
    "as_it_is": ("", "on"),
    "kept_by_both": ("*", "on"),
    "readable_on_both": ("*", "remote_apply"),
}
"""`synchronous_standby_names` and `synchronous_commit`: what a COMMIT waits for."""
STATISTICS = (
    "import django; django.setup(); from partners import clock; from sharing.statistics import figures;"
    "figures._counted(clock.day_of(clock.now()))"
)


def milliseconds(values: list[float]) -> dict[str, float]:
    values = sorted(values)
    return {
        "p50": round(statistics.median(values) * 1000, 2),
        "p95": round(values[len(values) * 95 // 100] * 1000, 2),
        "most": round(values[-1] * 1000, 2),
        "measured": len(values),
    }


def probe_link(server: PostgresServer) -> Any:
    link = server.connect_as_superuser(PROBE)
    link.autocommit = True
    return link


def lag(primary: PostgresServer, follower: Follower, for_seconds: float) -> dict[str, float]:
    """From the answer to a COMMIT on the primary to the moment when the standby shows what it wrote."""
    found = []
    with (
        closing(probe_link(primary)) as written, closing(probe_link(follower)) as read,
        written.cursor() as writing, read.cursor() as reading,
    ):  # fmt: skip
        writing.execute("SELECT coalesce(max(number), 0) FROM probe")
        number, end = writing.fetchone()[0], time.perf_counter() + for_seconds
        while time.perf_counter() < end:
            number += 1
            writing.execute("INSERT INTO probe VALUES (%s)", [number])
            began = time.perf_counter()
            while True:
                reading.execute("SELECT 1 FROM probe WHERE number = %s", [number])
                if reading.fetchone():
                    break
            found.append(time.perf_counter() - began)
            time.sleep(0.02)
    return milliseconds(found)


def prepared(territory: personas.Territory, place: int, many: int) -> list[tuple[Any, str, Any]]:
    mine = own_case(territory, place)
    personas.parents_agree(mine)
    return [(draft.pk, seen(draft, mine.camille), mine.camille) for draft in (draft_of(mine) for _ in range(many))]


def writer(name: str, place: int, territory: personas.Territory, ready: Any, go: Any, over: Any, out: Any) -> None:
    """Shares until it is told to stop, or has nothing left."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    drafts = prepared(territory, place, 300)
    ready.release()
    go.wait()
    began, done = time.perf_counter(), 0
    for pk, token, by in drafts:
        if over.is_set():
            break
        assert service.share(draft_id=pk, previewed=token, by=by).outcome is service.Outcome.RELEASED
        done += 1
    out.put((done, time.perf_counter() - began))
    connections.close_all()


def lag_while_sharing(
    name: str, territory: personas.Territory, primary: PostgresServer, follower: Follower
) -> dict[str, Any]:
    """The same while several clients share as fast as they can."""
    context = multiprocessing.get_context("fork")
    ready, go, over, out = context.Semaphore(0), context.Event(), context.Event(), context.Queue()
    connections.close_all()
    clients = [
        context.Process(target=writer, args=(name, place, territory, ready, go, over, out))
        for place in range(2, 2 + WRITERS)
    ]
    for one in clients:
        one.start()
    for _ in clients:
        ready.acquire()
    go.set()
    found = lag(primary, follower, LOADED_SECONDS)
    over.set()
    rates = [out.get() for _ in clients]
    for one in clients:
        one.join()
    return {**found, "disclosures_a_second": round(sum(done / took for done, took in rates), 1)}


def waits(territory: personas.Territory, primary: PostgresServer) -> dict[str, Any]:
    """Milliseconds of a whole disclosure, by what its COMMIT waits for: turn by turn."""
    drafts = prepared(territory, 1, SHARED_A_ROUND * ROUNDS * len(COMMITS))
    times: dict[str, list[float]] = {name: [] for name in COMMITS}
    for _round in range(ROUNDS):
        for name, (standbys, commit) in COMMITS.items():
            choose(primary, standbys, commit)
            connections.close_all()
            for place in range(SHARED_A_ROUND):
                pk, token, by = drafts.pop()
                began = time.perf_counter()
                assert service.share(draft_id=pk, previewed=token, by=by).outcome is service.Outcome.RELEASED
                if place:  # the first one connects
                    times[name].append(time.perf_counter() - began)
    choose(primary, "", "on")
    found = {name: milliseconds(values) for name, values in times.items()}
    return {
        **found,
        "over_as_it_is": {name: round(found[name]["p50"] / found["as_it_is"]["p50"], 2) for name in COMMITS},
    }


def choose(primary: PostgresServer, standbys: str, commit: str) -> None:
    with closing(primary.connect_as_superuser("postgres")) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET synchronous_standby_names = %s", [standbys])
            cursor.execute("ALTER SYSTEM SET synchronous_commit = %s", [commit])
            cursor.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)


def readings(name: str, primary: PostgresServer, follower: Follower) -> dict[str, Any]:
    """Each long reading on either server: its seconds, and those of each PostgreSQL's processor."""
    folder = places.var()
    (folder / "recipients.txt").write_text(age.make_identity(folder / "identity.txt") + "\n")
    commands = {
        "verify_audit": ["manage.py", "verify_audit"],
        "replay": ["manage.py", "replay"],
        "backup": [
            "manage.py",
            "backup",
            "--to",
            str(folder / "backups"),
            "--recipients",
            str(folder / "recipients.txt"),
        ],
        "statistics": ["-c", STATISTICS],
    }
    environment = {
        **os.environ,
        "TACT_SUPERVISED": "1",
        "DATABASE_URL": url(primary, "app", name),
        "DATABASE_MIGRATOR_URL": url(primary, "migrator", name),
        "DATABASE_STANDBY_URL": url(follower, "app", name),
    }
    found: dict[str, Any] = {}
    for what, command in commands.items():
        for where, asked in (("on_the_primary", "primary"), ("on_the_standby", "standby")):
            before = seconds(primary.processes()), seconds(follower.processes())
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, *command],
                cwd=own.ROOT,
                env={**environment, "TACT_DATABASE_SERVER": asked},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout[:500] + done.stderr[-2000:]
            found.setdefault(what, {})[where] = {
                "seconds": round(time.perf_counter() - began, 1),
                "primary_processor": round(seconds(primary.processes()) - before[0], 2),
                "standby_processor": round(seconds(follower.processes()) - before[1], 2),
            }
    return found


def make_probe(primary: PostgresServer) -> None:
    with closing(primary.connect_as_superuser("postgres")) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {PROBE} TEMPLATE template0")
    with closing(probe_link(primary)) as link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE probe (number int PRIMARY KEY)")


def cluster_megabytes(primary: PostgresServer) -> float:
    with closing(primary.connect_as_superuser("postgres")) as link, link.cursor() as cursor:
        cursor.execute("SELECT sum(pg_database_size(oid)) FROM pg_database")
        return round(float(cursor.fetchone()[0]) / 1024**2, 1)


def main() -> None:
    found: dict[str, Any] = {"cases": CASES, "cores": os.cpu_count()}
    with bench_database() as small:
        name = own.copy_of(small)
        territory = personas.build()
        own.go_to(name)
        began = time.perf_counter()
        call_command("load_demo", cases=CASES, verbosity=0)
        seal_all()
        analyse(name)
        found["loaded_and_sealed_seconds"] = round(time.perf_counter() - began, 1)
        own.go_to(small)
        primary = embedded.servers()[0]
        make_probe(primary)
        found["megabytes"] = cluster_megabytes(primary)
        connections.close_all()
        began = time.perf_counter()
        with follower_of(primary) as follower:
            found["made_and_caught_up_seconds"] = round(time.perf_counter() - began, 1)
            found["lag_ms"] = {
                "nobody_writes": lag(primary, follower, QUIET_SECONDS),
                "while_sharing": lag_while_sharing(small, territory, primary, follower),
            }
            found["a_disclosure_ms"] = waits(territory, primary)
            connections.close_all()
            found["readings"] = readings(name, primary, follower)
    print(json.dumps({"replica": found}))


if __name__ == "__main__":
    main()
