"""Fifty people for ten minutes on a demonstration of 20 000 cases: errors, p50 and p95 of each page, memory of each process.

`python bench/soak.py [--minutes 10] [--users 50] [--cases 20000] [--pause 2,6]`. Served on loopback as `make run` serves it (web,
worker, schedule, sealer, each a process of its own), from a database of its own, dropped at the end. Whoever asks stands on
the same cores: a figure is that of the machine that carries both. Prints one JSON object.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils.crypto import get_random_string

from bench.database import ROOT, analyse, bench_database
from cases.models import Assignment, Case, Item
from config import embedded, places
from config.supervision import Child, beat_command, seal_command, stop_all, web_command, worker_command
from partners.acting import SESSION_KEY
from partners.models import Membership
from sharing import composing
from sharing.models import DraftItem
from tests.site import free_port

HERE = Path(__file__).resolve().parent
SAMPLE_SECONDS = 5
WARM_SECONDS = 60
"""Left out of the drift of memory, where there is time: processes load what they use."""
MAIN_PAGES = ("my_situations", "one_case", "compose", "preview")
WEB_PROCESSES, WEB_THREADS = 2, 4


def people(many: int) -> list[dict[str, Any]]:
    """So many professionals, each with a situation that holds at least two items, a session and a draft."""
    lantier = Membership.objects.get(professional__last_name="Lantier", role="directeur_ecole")
    found: list[dict[str, Any]] = []
    met: set[Any] = set()
    for row in (
        Assignment.objects.in_force()
        .select_related("membership__professional", "case__person")
        .order_by("-pk")
        .iterator()
    ):
        if row.membership_id in met:
            continue
        member, case = row.membership, row.case
        items = list(Item.objects.filter(case=case).values_list("pk", flat=True)[:2])
        if len(items) == 2 and Case.objects.visible_to(member).filter(pk=case.pk).exists():
            met.add(row.membership_id)
            found.append(person(member, case, items, lantier))
        if len(found) == many:
            break
    return found


@transaction.atomic
def person(member: Membership, case: Case, items: list[Any], to: Membership) -> dict[str, Any]:
    """Her cookies, her pages, and what her browser posts for a verdict."""
    draft = composing.start(case=case, by=member)
    draft.purpose, draft.recipient = "scolarite", to
    draft.save()
    for item in items:
        DraftItem.objects.create(draft=draft, item_id=item, necessity="Pour organiser la classe.")
    client = django.test.Client(HTTP_HOST="localhost")
    client.force_login(member.professional)
    session = client.session
    session[SESSION_KEY] = str(member.pk)
    session.save()
    secret = get_random_string(32)
    at = f"/situations/{case.reference}/"
    chosen = "&".join(f"item={item}&necessity-{item}={quote('Pour organiser la classe.')}" for item in items)
    return {
        "cookies": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secret}",
        "pages": {
            "my_situations": "/situations/",
            "one_case": at,
            "compose": f"{at}communiquer/{draft.pk}/",
            "home": "/",
            "inbox": "/recu/",
        },
        "verdict": f"{at}communiquer/{draft.pk}/verdict/",
        "form": f"csrfmiddlewaretoken={secret}&purpose=scolarite&recipient={to.pk}&{chosen}",
    }


@contextmanager
def house(database: str, folder: Path) -> Iterator[tuple[str, list[Child]]]:
    """Web, worker, schedule and sealer on this database; the web's address."""
    port = free_port()
    account, host = connection.settings_dict, quote(str(connection.settings_dict["HOST"]), safe="")

    def url(role: str) -> str:
        return f"postgres://tact_{role}:{quote(places.secret(role), safe='')}@:{account['PORT']}/{database}?host={host}"

    embedded.ensure_redis()
    environment = {
        **os.environ,
        "TACT_ENV": "demo",
        "TACT_SUPERVISED": "1",
        "PORT": str(port),
        "DATABASE_URL": url("app"),
        "REDIS_URL": f"{settings.REDIS_URL.split('?')[0]}?db=9",
        "TACT_METRICS_TOKEN": "",
    }
    sealing = environment | {"DATABASE_SEALER_URL": url("sealer"), "TACT_SEAL_KEY": str(folder / "seal.pem")}
    web = web_command(port, workers=WEB_PROCESSES, threads=WEB_THREADS)
    children = [
        Child(name, command, folder / f"{name}.log", variables, ROOT)
        for name, command, variables in (
            ("web", web, environment),
            ("worker", worker_command(), environment),
            ("schedule", beat_command(folder / "beat"), environment),
            ("sealer", seal_command(), sealing),
        )
    ]
    try:
        for child in children:
            child.start()
        wait_for(f"http://127.0.0.1:{port}/healthz", children[0])
        yield f"http://127.0.0.1:{port}", children
    finally:
        stop_all(children)


def wait_for(url: str, child: Child) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.running:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the web did not start: {child.log.read_text()[-2000:]}")


class Memory:
    """Megabytes of each process and of all that it started, every few seconds: what is shared is counted once (Pss)."""

    def __init__(self, children: list[Child]) -> None:
        self.children, self.over = children, threading.Event()
        self.seen: dict[str, list[float]] = defaultdict(list)
        self.thread = threading.Thread(target=self.sample, daemon=True)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def sample(self) -> None:
        postgres = embedded.servers()[0]
        while not self.over.wait(SAMPLE_SECONDS):
            for child in self.children:
                assert child.process is not None
                self.seen[child.name].append(sum(map(megabytes, group(child.process.pid))))
            self.seen["postgresql"].append(sum(map(megabytes, postgres.processes())))

    def told(self) -> dict[str, dict[str, float]]:
        """First, last and most; and by how much it drifted, the last fifth over the first once warm."""
        told = {}
        for name, seen in self.seen.items():
            warm = seen[WARM_SECONDS // SAMPLE_SECONDS :] if len(seen) > 3 * WARM_SECONDS // SAMPLE_SECONDS else seen
            fifth = max(1, len(warm) // 5)
            early, late = statistics.median(warm[:fifth]), statistics.median(warm[-fifth:])
            told[name] = {
                "first": round(seen[0], 1),
                "last": round(seen[-1], 1),
                "most": round(max(seen), 1),
                "late_over_early": round(late / early, 3) if early else 1.0,
            }
        return told


def group(leader: int) -> list[int]:
    """The processes of a child: it leads a group of its own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rpartition(")")[2].split()[2]) == leader:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def megabytes(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def walk(
    url: str, users: int, minutes: float, pause: str, folder: Path, who: list[dict[str, Any]]
) -> list[dict[str, str]]:
    """What locust found, a row a page."""
    (folder / "people.json").write_text(json.dumps(who))
    command = [
        sys.executable, "-m", "locust", "-f", str(HERE / "soak_users.py"), "--headless", "--host", url, "-u", str(users),
        "-r", "5", "-t", f"{round(minutes * 60)}s", "--csv", str(folder / "found"), "--only-summary", "--exit-code-on-error", "0",
    ]  # fmt: skip
    environment = {**os.environ, "SOAK_PEOPLE": str(folder / "people.json"), "SOAK_PAUSE": pause}
    subprocess.run(command, env=environment, stdout=sys.stderr, cwd=folder, check=True)
    with (folder / "found_stats.csv").open() as file:
        return list(csv.DictReader(file))


def shown(row: dict[str, str]) -> dict[str, float]:
    return {
        "requests": int(row["Request Count"]),
        "errors": int(row["Failure Count"]),
        "p50_ms": float(row["50%"]),
        "p95_ms": float(row["95%"]),
    }


def main() -> int:
    """Status 1 where there was an error."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--users", type=int, default=50)
    asked.add_argument("--cases", type=int, default=20_000)
    asked.add_argument("--pause", default="2,6", help="seconds between two pages of one person: least,most")
    options = asked.parse_args()
    with bench_database() as name, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.perf_counter()
        call_command("load_demo", cases=options.cases, verbosity=0)
        loaded = round(time.perf_counter() - began, 1)
        analyse(name)
        call_command("collectstatic", interactive=False, verbosity=0)
        who = people(options.users)
        connections.close_all()
        with house(name, folder) as (url, children), Memory(children) as memory:
            rows = walk(url, options.users, options.minutes, options.pause, folder, who)
            died = [child.name for child in children if not child.running]
    total = next(row for row in rows if row["Name"] == "Aggregated")
    pages = {row["Name"]: shown(row) for row in rows if row["Name"] != "Aggregated"}
    print(
        json.dumps(
            {
                "soak": {
                    "minutes": options.minutes, "users": options.users, "people": len(who), "cases": options.cases,
                    "cores": os.cpu_count(), "web": [WEB_PROCESSES, WEB_THREADS], "load_demo_seconds": loaded,
                },
                "a_second": round(float(total["Requests/s"]), 1),
                **shown(total),
                "main_pages": {name: pages[name] for name in MAIN_PAGES if name in pages},
                "other_pages": {name: value for name, value in pages.items() if name not in MAIN_PAGES},
                "memory_mb": memory.told(),
                "died": died,
            }
        )
    )  # fmt: skip
    return 1 if int(total["Failure Count"]) or died else 0


if __name__ == "__main__":
    sys.exit(main())
