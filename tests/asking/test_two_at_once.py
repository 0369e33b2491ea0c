"""Two people answer at the same time: one outcome, and the other is told so."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import transaction

from partners.graph import NotFromHere
from partners.models import Membership
from sharing import service
from sharing.asking import acts, answering
from sharing.asking.standing import state_of
from sharing.models import Disclosure, Draft, InformationRequest, Outbox, RequestAct
from sharing.service import Outcome
from tests import personas
from tests.asking.test_answering import composed
from tests.asking.ways import ask, parents_let_camille_know, seen, sent, wish_of
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import seen as seen_by_author

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


def test_a_withdrawal_and_the_answer_that_leaves_at_once_one_is_first_and_the_other_is_told(own_database: str) -> None:
    territory = personas.build()
    camille, lantier = territory.camille, territory.lantier
    first = sent(territory)
    draft = composed(territory, first)
    token = seen_by_author(draft, lantier)

    def answer() -> service.Shared:
        return service.share(draft_id=draft.pk, previewed=token, by=lantier)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            acts.withdraw_request(request_id=first.pk, by=camille)
            leaving = in_thread(pool, answer)
            until(waits_for_a_lock)
        assert leaving.result(20).outcome is Outcome.CHANGED
        assert not Disclosure.objects.exists()
        assert Draft.objects.filter(pk=draft.pk, sent_at=None, discarded_at=None).exists()
        second = ask(territory, own_role="Référente, à nouveau.").request
        assert second is not None
        Draft.objects.filter(pk=draft.pk).update(answers=second)
        with transaction.atomic():
            assert answer().outcome is Outcome.RELEASED
            taking_back = in_thread(pool, partial(acts.withdraw_request, request_id=second.pk, by=camille))
            until(waits_for_a_lock)
        assert isinstance(taking_back.exception(20), NotFromHere)
    assert (state_of(first), state_of(second)) == ("withdrawn", "answered")
