"""Two people do the same thing at the same time: the first wins, the second is told so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from partners.models import Membership
from sharing import discharge
from sharing.models import DutyAct
from tests import personas
from tests.duties.ways import around, concern, duty_of
from tests.sharing.test_two_at_once import in_thread

ROUNDS = 6


def test_two_reviewers_declare_at_once_and_one_is_told_so(own_database: str) -> None:
    territory = personas.build()
    crip = around(territory).crip
    other = personas.post(
        personas.professional("Rose", "Klein"), territory.house, "chef_service", "Adjointe", "fonction", "CASF L221-6",
        "reviewer",
    )  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            duty = duty_of(concern(territory, crip), "review_after")
            gate = threading.Barrier(2)

            def declare(by: Membership, duty: Any = duty, gate: threading.Barrier = gate) -> str:
                gate.wait()
                try:
                    discharge.discharge(duty_id=duty.pk, how="Examiné : rien à redire.", by=by)
                except discharge.AlreadyDone as first:
                    return first.owed.steps[-1].who
                return ""

            both = [in_thread(pool, partial(declare, by)) for by in (territory.nadia, other)]
            answers = [one.result(20) for one in both]
            assert answers.count("") == 1
            assert {"Nadia Benali", "Rose Klein"} & set(answers)
            assert DutyAct.objects.filter(duty=duty).count() == 1
