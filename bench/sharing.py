"""`share()`: statements for 1 and 20 items, the part of it that is the decision, transactions a second, over a plain INSERT.

Run by `make bench` on a database of its own, with real commits. Every ratio is measured within one run.
"""

import dataclasses
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from audit import ledger
from bench.database import bench_database
from cases.models import Person, Representative
from config import embedded
from partners import clock
from sharing import editions, service
from sharing.decision import decide
from sharing.service import Outcome
from tests import personas
from tests.sharing.ways import draft_of, seen

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
DRAFTS = 200  # a second and client: more than one sends
CLIENTS = (1, 4, 8)
SHARED_ALONE = 200  # one after the other, by one client


def statements(territory: personas.Territory) -> dict[int, int]:
    """SQL statements of one `share()`, for 1 and for 20 items; the edition of the rules is written down once, before."""
    editions.current()
    counts = {}
    for number in (1, 20):
        items = [personas.write_down(territory.case, territory.camille) for _ in range(number)]
        draft = draft_of(territory, items=items)
        token = seen(draft, territory.camille)
        with CaptureQueriesContext(connection) as queries:
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
        assert shared.outcome is Outcome.RELEASED
        counts[number] = len(queries.captured_queries)
    return counts


def decision_part(territory: personas.Territory) -> dict[str, float]:
    """What of a whole `share()` is the decision, without paths: medians, and the sum of the ones over the sum of the others."""
    decided: list[float] = []
    shared: list[float] = []

    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        decision = decide(*args, **kwargs)
        decided.append(time.perf_counter() - began)
        return decision

    drafts = [draft_of(territory) for _ in range(SHARED_ALONE)]
    tokens = [seen(draft, territory.camille) for draft in drafts]
    with mock.patch.object(service, "decide", timed):
        for draft, token in zip(drafts, tokens, strict=True):
            began = time.perf_counter()
            outcome = service.share(draft_id=draft.pk, previewed=token, by=territory.camille).outcome
            shared.append(time.perf_counter() - began)
            assert outcome is Outcome.RELEASED
    assert len(decided) == len(shared)
    return {
        "share_ms": round(statistics.median(shared) * 1000, 2),
        "decide_us": round(statistics.median(decided) * 1e6, 1),
        "decision_part": round(sum(decided) / sum(shared), 4),
    }


def own_case(territory: personas.Territory, place: int) -> personas.Territory:
    """The same people around another child: clients do not share a person, as most professionals do not."""
    child = Person(first_name="Nino", last_name=f"Client-{place}", birth_date=territory.child.birth_date)
    case = personas.open_case_for(child, territory.camille)
    mother = Representative.objects.create(
        person=child, kind="mother", first_name="Inès", last_name="Client", holds_parental_authority=True
    )
    absences = personas.write_down(case, territory.camille)
    return dataclasses.replace(territory, child=child, case=case, mother=mother, absences=absences)


def sharing_client(name: str, place: int, territory: personas.Territory, ready: Any, go: Any, out: Any) -> None:
    """One client: a child of its own, more drafts than it can send, shared until time is up."""
    connect(name)
    mine = own_case(territory, place)
    personas.parents_agree(mine)
    queue = [(draft.pk, seen(draft, mine.camille)) for draft in (draft_of(mine) for _ in range(int(DRAFTS * SECONDS)))]
    ready.release()
    go.wait()
    began, done = time.perf_counter(), 0
    for pk, token in queue:
        if time.perf_counter() - began > SECONDS:
            break
        assert service.share(draft_id=pk, previewed=token, by=mine.camille).outcome is Outcome.RELEASED
        done += 1
    out.put(done / (time.perf_counter() - began))
    connections.close_all()


def plain_client(name: str, _place: int, _territory: personas.Territory, ready: Any, go: Any, out: Any) -> None:
    """One client writing the same entry alone: INSERT + COMMIT."""
    connect(name)
    ready.release()
    go.wait()
    done, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        with transaction.atomic():
            ledger.record(action="bench.plain", at=clock.now(), actor=None, codes={"padding": "x" * 300})
        done += 1
    out.put(done / SECONDS)
    connections.close_all()


def connect(name: str) -> None:
    """A fresh process, on the bench's database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


def rate(client: Callable[..., None], name: str, clients: int, territory: personas.Territory) -> float:
    """Transactions a second of this many processes together."""
    context = multiprocessing.get_context("fork")
    ready, go, out = context.Semaphore(0), context.Event(), context.Queue()
    connections.close_all()
    workers = [
        context.Process(target=client, args=(name, place, territory, ready, go, out)) for place in range(clients)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    go.set()
    total = sum(out.get() for _ in workers)
    for worker in workers:
        worker.join()
    return round(total, 1)


def main() -> None:
    embedded.ensure_redis()
    with bench_database() as name:
        territory = personas.build()
        personas.parents_agree(territory)
        counted = statements(territory)
        part = decision_part(territory)
        shares = {clients: rate(sharing_client, name, clients, territory) for clients in CLIENTS}
        plain = {clients: rate(plain_client, name, clients, territory) for clients in CLIENTS}
    print(
        json.dumps(
            {
                "share_statements": counted,
                **part,
                "share_per_second": shares,
                "four_over_one": round(shares[4] / shares[1], 2),
                "plain_insert_per_second": plain,
                "share_over_plain": {clients: round(shares[clients] / plain[clients], 3) for clients in CLIENTS},
            }
        )
    )


if __name__ == "__main__":
    main()
