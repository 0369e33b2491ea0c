"""How many web processors one PostgreSQL feeds: seconds of processor of each part, a request of `bench/soak_users.py`, an act.

`python -m bench.grow.webs`. The same people walk first with one gunicorn, then with two; what the house spends while nobody asks
is measured and taken away. A figure is a processor's time, not a duration: whoever asks may share the cores.
"""

import json
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.grow import house as own

own.enter()

from django.core.management import call_command
from django.db import connection, connections

from audit import verification
from bench import soak
from bench.database import analyse, bench_database
from bench.grow.spent import Meter, seconds
from bench.sharing import own_case
from config import embedded
from config.supervision import Child, web_command
from sharing import editions, service
from tests import personas
from tests.sharing.ways import draft_of, seen
from tests.site import free_port

CASES = int(os.environ.get("BENCH_CASES", "2000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "25"))
SETTLING_SECONDS, IDLE_SECONDS = 3, 8
"""What nobody asks for is measured once what was asked for has ended; a web does nothing of itself."""
PEOPLE = 8
PAUSE = "0,0.02"
DISCLOSURES = 150
SEALED_A_SECOND = 54_500
"""`bench/seal.py`, one sealer on a quiet machine."""


def second_web(first: Child, folder: Path) -> Child:
    """Another gunicorn like the first, at another port."""
    port = free_port()
    command = web_command(port, workers=soak.WEB_PROCESSES, threads=soak.WEB_THREADS)
    child = Child("second_web", command, folder / "second_web.log", {**first.environment, "PORT": str(port)}, first.cwd)
    child.start()
    soak.wait_for(f"http://127.0.0.1:{port}/healthz", child)
    return child


def walked(urls: list[str], people: list[dict[str, Any]], folder: Path) -> tuple[int, int, float]:
    """So many requests, so many errors, so many a second: the same people, shared out between the webs."""

    def one(place: int) -> list[dict[str, str]]:
        mine = folder / f"walk-{len(urls)}-{place}"
        mine.mkdir()
        share = people[place :: len(urls)]
        return soak.walk(urls[place], len(share), SECONDS / 60, PAUSE, mine, share)

    with ThreadPoolExecutor() as pool:
        totals = [next(row for row in rows if row["Name"] == "Aggregated") for rows in pool.map(one, range(len(urls)))]
    return (
        sum(int(row["Request Count"]) for row in totals),
        sum(int(row["Failure Count"]) for row in totals),
        round(sum(float(row["Requests/s"]) for row in totals), 1),
    )


def requests(name: str, folder: Path) -> dict[str, Any]:
    """Milliseconds of processor a request, by part, with one gunicorn and with two."""
    people = soak.people(PEOPLE)
    connections.close_all()
    postgres, redis = embedded.servers()
    found: dict[str, Any] = {}
    with soak.house(name, folder) as (url, children), ExitStack() as more:
        webs, urls = [children[0]], [url]
        parts = {
            "web": lambda: [pid for child in webs for pid in soak.group(child.process.pid)],
            "postgresql": postgres.processes,
            "redis": redis.processes,
            "worker_schedule_sealer": lambda: [pid for child in children[1:] for pid in soak.group(child.process.pid)],
        }
        for count in (1, 2):
            if count == 2:
                webs.append(second_web(children[0], folder))
                more.callback(webs[1].make_stop, 0)
                urls.append(f"http://127.0.0.1:{webs[1].environment['PORT']}")
            soak.walk(urls[-1], PEOPLE, 4 / 60, PAUSE, fresh(folder, f"warm-{count}"), people)
            time.sleep(SETTLING_SECONDS)
            meter = Meter(parts)
            time.sleep(IDLE_SECONDS)
            idle = {part: value / IDLE_SECONDS for part, value in meter.since().items()} | {"web": 0.0}
            began = time.perf_counter()
            asked, errors, rate = walked(urls, people, folder)
            spent, took = meter.since(), time.perf_counter() - began
            found[f"{count}_gunicorn"] = {
                "requests": asked,
                "errors": errors,
                "a_second": rate,
                "ms_a_request": {
                    part: round(max(0.01, (value - idle[part] * took) / asked * 1000), 2)
                    for part, value in spent.items()
                },
                "idle_ms_a_second": {part: round(value * 1000, 1) for part, value in idle.items()},
            }
    return found


def fresh(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def disclosures() -> dict[str, float]:
    """What one whole `share()` takes of each side, and what it leaves in the trail and in PostgreSQL's log."""
    territory = personas.build()
    editions.current()
    mine = own_case(territory, 1)
    personas.parents_agree(mine)
    prepared = [(draft.pk, seen(draft, mine.camille)) for draft in (draft_of(mine) for _ in range(DISCLOSURES))]
    entries, log = verification.entries_in_all(), log_position()
    postgres = embedded.servers()[0]
    before, python = seconds(postgres.processes()), time.process_time()
    times = []
    for pk, token in prepared:
        began = time.perf_counter()
        assert service.share(draft_id=pk, previewed=token, by=mine.camille).outcome is service.Outcome.RELEASED
        times.append(time.perf_counter() - began)
    python = time.process_time() - python
    spent = seconds(postgres.processes()) - before
    return {
        "ms": round(statistics.median(times) * 1000, 1),
        "web_ms": round(python / DISCLOSURES * 1000, 2),
        "postgresql_ms": round(spent / DISCLOSURES * 1000, 2),
        "entries": round((verification.entries_in_all() - entries) / DISCLOSURES, 2),
        "log_bytes": round((log_position() - log) / DISCLOSURES),
    }


def log_position() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])


def main() -> None:
    with bench_database() as first, tempfile.TemporaryDirectory() as place:
        name = own.copy_of(first)
        shared = disclosures()
        own.go_to(name)
        call_command("load_demo", cases=CASES, verbosity=0)
        analyse(name)
        call_command("collectstatic", interactive=False, verbosity=0)
        asked = requests(name, Path(place))
    one, two = (asked[f"{count}_gunicorn"]["ms_a_request"] for count in (1, 2))
    sealer = 1 / max(shared["entries"], 0.01) * SEALED_A_SECOND
    print(
        json.dumps(
            {
                "webs": {
                    "cases": CASES, "people": PEOPLE, "cores": os.cpu_count(), **asked,
                    "two_over_one": {part: round(two[part] / one[part], 2) for part in ("web", "postgresql")},
                    "web_cores_a_postgresql_core_feeds": round(one["web"] / one["postgresql"], 1),
                    "requests_a_second_a_web_core": round(1000 / one["web"], 1),
                    "requests_a_second_a_postgresql_core": round(1000 / one["postgresql"], 1),
                    "a_disclosure": shared,
                    "disclosures_a_second_a_postgresql_core": round(1000 / shared["postgresql_ms"], 1),
                    "disclosures_a_second_one_sealer_follows": round(sealer),
                    "sealer_over_postgresql_core": round(sealer / (1000 / shared["postgresql_ms"])),
                }
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
