"""The pages of every day: queries and times at 100 and at 20 000 cases, in one run.

Loads the demonstration twice, in two databases of its own. Each page is asked for by somebody whose own work does not grow:
Camille her situations, one of them, the composition, the first page, her requests; Nadia the queue of opinions and her first page;
Mme Lantier her inbox.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("TACT_ENV", "test")  # static files as they are, without collecting them

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.database import analyse, bench_database
from cases.models import Assignment, Case
from partners.acting import SESSION_KEY
from partners.models import Membership
from sharing import composing
from sharing.models import DraftItem

SIZES = tuple(int(one) for one in os.environ.get("BENCH_CASES", "100,20000").split(","))
ROUNDS = 25
PEOPLE = "camille.roussel@vallieres.example"
NADIA, LANTIER = "nadia.benali@vallieres.example", "helene.lantier@jean-mace.example"


def pages() -> dict[str, tuple[str, str]]:
    """Who asks for each page, and its address; a case is Camille's first."""
    camille = Membership.objects.select_related("professional", "institution").get(professional__email=PEOPLE)
    case = Case.objects.visible_to(camille).select_related("person").get(reference__endswith="-0143")
    draft = composing.start(case=case, by=camille)
    draft.purpose = "scolarite"
    draft.recipient = Membership.objects.get(professional__last_name="Lantier", role="directeur_ecole")
    draft.save()
    for item in case_items(case):
        DraftItem.objects.create(draft=draft, item_id=item, necessity="Pour organiser la classe.")
    return {
        "my_situations": (PEOPLE, "/situations/"),
        "one_case": (PEOPLE, f"/situations/{case.reference}/"),
        "compose": (PEOPLE, f"/situations/{case.reference}/communiquer/{draft.pk}/"),
        "home": (PEOPLE, "/"),
        "requests": (PEOPLE, "/demandes/"),
        "home_of_a_reviewer": (NADIA, "/"),
        "queue": (NADIA, "/controle/"),
        "inbox": (LANTIER, "/recu/"),
    }


def signed_in(email: str) -> Client:
    """Her browser, acting as the first of her memberships."""
    client = Client(HTTP_HOST="localhost")
    member = Membership.objects.in_force().select_related("professional").filter(professional__email=email).first()
    assert member is not None, email
    client.force_login(member.professional)
    session = client.session
    session[SESSION_KEY] = str(member.pk)
    session.save()
    return client


def case_items(case: Case) -> list[Any]:
    """Two of its items."""
    from cases.models import Item

    return list(Item.objects.filter(case=case).values_list("pk", flat=True)[:2])


def measure(client: Client, url: str) -> dict[str, float]:
    """Queries and the median time of a page, in milliseconds."""
    for _ in range(3):
        assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    queries = len(captured)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - began) * 1000)
    return {"queries": queries, "ms": round(statistics.median(times), 1)}


def main() -> None:
    found: dict[int, dict[str, dict[str, float]]] = {}
    loading = {}
    caseload = {}
    for size in SIZES:
        with bench_database() as name:
            began = time.perf_counter()
            call_command("load_demo", cases=size, verbosity=0)
            loading[size] = round(time.perf_counter() - began, 1)
            analyse(name)
            camille = Membership.objects.select_related("professional").get(professional__email=PEOPLE)
            caseload[size] = Assignment.objects.in_force().filter(membership=camille).count()
            found[size] = {name: measure(signed_in(who), url) for name, (who, url) in pages().items()}
    small, large = min(SIZES), max(SIZES)
    print(
        json.dumps(
            {
                "load_demo_seconds": loading,
                "caseload": caseload,
                "pages": found,
                "time_ratio": {
                    name: round(found[large][name]["ms"] / found[small][name]["ms"], 2) for name in found[small]
                },
                "queries_equal": all(
                    found[large][name]["queries"] == found[small][name]["queries"] for name in found[small]
                ),
            }
        )
    )


if __name__ == "__main__":
    main()
