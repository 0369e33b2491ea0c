"""Narrowing under a disclosure under way, on a database where commits are real: one is strictly before the other."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from partners import narrowing
from partners.narrowing import Place, Takes
from sharing import service
from sharing.models import Disclosure
from sharing.service import Outcome
from tests import personas
from tests.narrowing.ways import House, approve, house, lifted, parents_invited, proposed
from tests.personas import Territory
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen

ROUNDS = 12


def of_the_house(territory: Territory) -> tuple[Place, House, Any]:
    return territory.house, house(territory), territory.lantier


def of_the_agreement(territory: Territory) -> tuple[Place, House, Any]:
    return territory.school_agreement, house(territory), territory.lantier


def of_the_forum(territory: Territory) -> tuple[Place, House, Any]:
    seat = personas.seat_in_the_ess(territory)
    parents_invited(territory, seat, ["consigne_pratique"])
    at_school = House(
        tender=personas.tends_the_directory(territory, territory.school, name="Solange"),
        dpo=personas.tends_the_directory(territory, territory.school, name="Armelle"),
    )
    return personas.forum(territory, seat), at_school, seat


@pytest.mark.parametrize("where", [of_the_house, of_the_agreement, of_the_forum])
def test_a_disclosure_waits_for_the_approval_under_way_and_is_stopped(
    own_database: str, where: Callable[[Territory], tuple[Place, House, Any]]
) -> None:
    territory = personas.build()
    place, who, recipient = where(territory)
    personas.parents_agree(territory, recipient=recipient)
    draft = draft_of(territory, recipient=recipient)
    token = seen(draft, territory.camille)
    made = proposed(place, who.tender)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            approve(made, who.dpo)
            sending = in_thread(pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille))
            until(waits_for_a_lock)
        assert sending.result(10).outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()


def test_no_disclosure_slips_by_an_approval(own_database: str) -> None:
    territory = personas.build()
    place, who, recipient = of_the_house(territory)
    personas.parents_agree(territory, recipient=recipient)
    late = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            made = proposed(place, who.tender)
            draft = draft_of(territory)
            token = seen(draft, territory.camille)
            gate = threading.Barrier(2)

            def send(draft: Any = draft, token: str = token, gate: threading.Barrier = gate) -> service.Shared:
                gate.wait()
                return service.share(draft_id=draft.pk, previewed=token, by=territory.camille)

            def close(made: Any = made, gate: threading.Barrier = gate) -> Any:
                gate.wait()
                return approve(made, who.dpo)

            sending, closing = in_thread(pool, send), in_thread(pool, close)
            shared, decision = sending.result(20), closing.result(20)
            if shared.disclosure is not None and shared.disclosure.released_at >= decision.effective_at:
                late.append(shared.disclosure)
            lifted(made, who)
    assert late == []


def test_two_who_decide_at_once_come_to_one_decision(own_database: str) -> None:
    territory = personas.build()
    who = house(territory)
    third = personas.tends_the_directory(territory, territory.house, name="Solange")
    made = proposed(territory.house, who.tender, Takes(at_most_days=30))

    def answer(by: Any, approved: bool) -> str:
        try:
            narrowing.decide(proposal=made, approved=approved, sentence="Vu.", by=by)
        except narrowing.AlreadyDecided:
            return "too late"
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        both = [in_thread(pool, lambda: answer(who.dpo, True)), in_thread(pool, lambda: answer(third, False))]
        assert sorted(one.result(20) for one in both) == ["decided", "too late"]
