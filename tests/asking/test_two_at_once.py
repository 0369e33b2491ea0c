"""Two people answer at the same time: one outcome, and the other is told so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from partners.graph import NotFromHere
from partners.models import Membership
from sharing.asking import acts, answering
from sharing.models import InformationRequest, Outbox, RequestAct
from tests import personas
from tests.asking.ways import ask, parents_let_camille_know, seen, wish_of
from tests.sharing.test_two_at_once import in_thread

ROUNDS = 5


def test_two_answers_and_a_withdrawal_at_once_are_one_outcome(own_database: str) -> None:
    territory = personas.build()
    territory.lantier.receives_for_service = True
    territory.lantier.save(update_fields=["receives_for_service"])
    parents_let_camille_know(territory)
    with ThreadPoolExecutor(3) as pool:
        for number in range(ROUNDS):
            asked = ask(territory, own_role=f"Référente, question {number}.")
            if asked.request is None or asked.request.stopped:
                # A refusal of the round before stands until she agrees again.
                parents_let_camille_know(territory)
                asked = ask(territory, own_role=f"Référente, question {number}, à nouveau.")
            request = asked.request
            assert request is not None
            gate = threading.Barrier(3)

            def act(do: Any, by: Membership, request: Any = request, gate: threading.Barrier = gate) -> str:
                gate.wait()
                try:
                    do(request_id=request.pk, by=by)
                except NotFromHere:
                    return "told"
                return "first"

            answers = [
                in_thread(pool, partial(act, answering.decline, territory.lantier)),
                in_thread(pool, partial(act, answering.send_to_her, territory.perrin)),
                in_thread(pool, partial(act, acts.withdraw_request, territory.camille)),
            ]
            assert sorted(one.result(20) for one in answers) == ["first", "told", "told"]
            assert RequestAct.objects.filter(request=request, kind__in=RequestAct.ENDING).count() == 1


def test_a_request_sent_from_two_tabs_is_one(own_database: str) -> None:
    territory = personas.build()
    parents_let_camille_know(territory)
    wish = wish_of(territory)
    token = seen(wish, territory.camille)
    key = territory.case.pk
    with ThreadPoolExecutor(2) as pool:
        both = [
            in_thread(pool, lambda: acts.ask(key=key, wish=wish_of(territory), previewed=token, by=territory.camille))
            for _ in range(2)
        ]
        answers = [one.result(20) for one in both]
    assert {one.outcome for one in answers} == {acts.Asking.SENT}
    assert InformationRequest.objects.count() == 1
    assert Outbox.objects.filter(kind=Outbox.Kind.REQUEST_WAITING).count() == 1
