"""Two people do the same thing at the same time: the first wins, the second is told so."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

from partners.models import Membership
from sharing import discharge
from sharing.models import Conclusion, DutyAct
from sharing.reviewing import concluding
from tests import personas
from tests.duties.ways import around, concern, duty_of
from tests.sharing.test_two_at_once import in_thread

ROUNDS = 6
Act = Callable[[Membership], str]


def both_at_once(pool: ThreadPoolExecutor, act: Act, *people: Membership) -> list[str]:
    """What each is answered, where all press at the same instant."""
    gate = threading.Barrier(len(people))

    def pressed(by: Membership) -> str:
        gate.wait()
        return act(by)

    return [one.result(20) for one in [in_thread(pool, partial(pressed, by)) for by in people]]


def test_two_of_a_service_declare_at_once_and_one_is_told_so(own_database: str) -> None:
    territory = personas.build()
    crip = around(territory).crip
    crip.receives_for_service = True
    crip.save(update_fields=["receives_for_service"])
    other = personas.post(
        personas.professional("Rose", "Klein"), territory.department, "crip", "Évaluatrice", "mission", "CASF L226-3"
    )
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            duty = duty_of(concern(territory, crip), "feedback_within_3_months")

            def declare(by: Membership, owed: UUID = duty.pk) -> str:
                try:
                    discharge.discharge(duty_id=owed, how="Par téléphone.", by=by)
                except discharge.AlreadyDone as first:
                    return first.owed.steps[-1].who
                return ""

            answers = both_at_once(pool, declare, crip, other)
            assert answers.count("") == 1
            assert {"Irène Marchand", "Rose Klein"} & set(answers)
            assert DutyAct.objects.filter(duty=duty).count() == 1


def test_two_reviewers_conclude_at_once_and_one_is_told_so(own_database: str) -> None:
    territory = personas.build()
    crip = around(territory).crip
    other = personas.post(
        personas.professional("Rose", "Klein"), territory.house, "chef_service", "Adjointe", "fonction", "CASF L221-6",
        "reviewer",
    )  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            sent = concern(territory, crip)

            def conclude(by: Membership, pk: UUID = sent.pk) -> str:
                kind = Conclusion.Kind.JUSTIFIED
                try:
                    concluding.conclude(disclosure_id=pk, kind=kind, reason="Rien à redire.", seen=0, by=by)
                except concluding.AlreadyConcluded as first:
                    return first.examined.conclusions[-1].by.professional.full_name
                return ""

            answers = both_at_once(pool, conclude, territory.nadia, other)
            assert answers.count("") == 1
            assert {"Nadia Benali", "Rose Klein"} & set(answers)
            assert Conclusion.objects.filter(disclosure=sent).count() == 1
