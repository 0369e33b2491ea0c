"""Whatever is done, in whatever order, a request stands where the table of states says, and ends once."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.graph import NotFromHere
from sharing.asking import acts, answering
from sharing.asking.standing import OPEN, state_of, turn_of, with_state
from sharing.graphs import REQUEST
from sharing.models import InformationRequest, Outbox, RequestAct
from tests.asking.ways import sent
from tests.personas import Territory

pytestmark = pytest.mark.django_db

MOVES = ("opened", "declined", "ask_her", "without_name", "withdrawn")


def doing(territory: Territory, request: InformationRequest) -> dict[str, Callable[[], object]]:
    her, asker = territory.lantier, territory.camille
    return {
        "opened": lambda: answering.open_request(request_id=request.pk, by=her),
        "declined": lambda: answering.decline(request_id=request.pk, by=her),
        "ask_her": lambda: answering.send_to_her(request_id=request.pk, by=her),
        "without_name": lambda: answering.answer_without_name(request_id=request.pk, text="Du temps aide.", by=her),
        "withdrawn": lambda: acts.withdraw_request(request_id=request.pk, by=asker),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(MOVES), max_size=5))
def test_every_act_follows_the_table(territory: Territory, moves: list[str]) -> None:
    with transaction.atomic():
        request = sent(territory)
        state = REQUEST.first
        for move in moves:
            act = doing(territory, request)[move]
            if move == "opened" and state != REQUEST.first:
                act()  # shown again: traced, and no move
            elif REQUEST.allows(state, move):
                act()
                state = REQUEST.after(state, move)
            else:
                with pytest.raises(NotFromHere), transaction.atomic():
                    act()
            listed = with_state(InformationRequest.objects.filter(pk=request.pk)).get()
            assert state_of(request) == listed.state == state
            assert bool(turn_of(state)) == (state in OPEN)
        endings = RequestAct.objects.filter(request=request, kind__in=RequestAct.ENDING).count()
        assert endings == (0 if state in OPEN else 1)
        told = Outbox.objects.filter(key=f"request_ended:{request.pk}").count()
        assert told == (1 if state not in (*OPEN, "withdrawn") else 0)
        transaction.set_rollback(True)


def test_the_table_is_sound_and_every_ending_has_its_act() -> None:
    assert REQUEST.faults() == []
    assert {kind.value for kind in RequestAct.ENDING} == set(REQUEST.ended)
