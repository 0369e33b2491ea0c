"""Two people at once, on a database where commits are real: one act comes strictly before the other."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from partners import clock
from sharing import service, withdrawal
from sharing.models import Disclosure
from sharing.service import Outcome
from tests import personas
from tests.sharing.ways import draft_of, seen

ROUNDS = 25


def in_thread(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> "Future[Any]":
    """Run an act on a connection of its own, closed afterwards."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


def waits_for_a_lock() -> bool:
    """Whether some session of this database is waiting for another's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database OR l.database IS NULL"
            " WHERE NOT l.granted"
        )
        return bool(cursor.fetchone()[0])


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition; fail where it does not come."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("it never happened")


def test_a_disclosure_waits_for_the_withdrawal_under_way_and_is_refused(own_database: str) -> None:
    territory = personas.build()
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
            sending = in_thread(pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille))
            until(waits_for_a_lock)
        assert sending.result(10).outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()


def test_abuse_08_no_disclosure_slips_by_a_withdrawal(own_database: str) -> None:
    territory = personas.build()
    late = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            consent = personas.parents_agree(territory)
            draft = draft_of(territory)
            token = seen(draft, territory.camille)
            gate = threading.Barrier(2)

            def send(draft: Any = draft, token: str = token, gate: threading.Barrier = gate) -> service.Shared:
                gate.wait()
                return service.share(draft_id=draft.pk, previewed=token, by=territory.camille)

            def take_back(consent: Any = consent, gate: threading.Barrier = gate) -> withdrawal.Withdrawn:
                gate.wait()
                return withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)

            sending, taking = in_thread(pool, send), in_thread(pool, take_back)
            shared, withdrawn = sending.result(20), taking.result(20)
            if shared.disclosure is not None:
                if shared.disclosure.released_at >= withdrawn.withdrawal.withdrawn_at:
                    late.append(shared.disclosure)
                assert shared.disclosure in withdrawn.told
    assert late == []


def test_the_same_draft_sent_from_two_tabs_leaves_once(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    with ThreadPoolExecutor(2) as pool:
        both = [
            in_thread(pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille))
            for _ in range(2)
        ]
        answers = [one.result(20) for one in both]
    assert {one.outcome for one in answers} == {Outcome.RELEASED}
    assert answers[0].disclosure == answers[1].disclosure
    assert Disclosure.objects.count() == 1


def test_a_membership_ended_while_composing_stops_the_disclosure(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    personas.end_post(territory.lantier, clock.now())
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is Outcome.CHANGED
