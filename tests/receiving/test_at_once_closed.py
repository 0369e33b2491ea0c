"""Readings, returns and recalls at once, on real commits: whoever reads after one of them finds the stub."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import transaction

from partners.graph import NotFromHere
from sharing import reading
from sharing.models import Disclosure, Incident, Outbox, Recalled, Returned
from sharing.returning import acts
from tests import personas
from tests.personas import Territory
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, send

ROUNDS = 8


def sent(territory: Territory) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def test_whoever_reads_while_it_is_returned_waits_and_finds_the_stub(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    disclosure = sent(territory)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            acts.send_back(disclosure_id=disclosure.pk, by=territory.lantier)
            opening = in_thread(
                pool, lambda: reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
            )
            until(waits_for_a_lock)
        found = opening.result(10)
    assert (found.closed, found.items) == ("returned", ())


def test_whoever_reads_while_it_is_recalled_waits_and_finds_the_stub(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    disclosure = sent(territory)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            acts.recall(disclosure_id=disclosure.pk, by=territory.nadia, reason="Erreur.")
            opening = in_thread(
                pool, lambda: reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
            )
            until(waits_for_a_lock)
        found = opening.result(10)
    assert (found.closed, found.items) == ("recalled", ())


def test_two_who_return_and_two_who_recall_at_once_do_each_once(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    territory.lantier.receives_for_service = True
    territory.lantier.save()
    with ThreadPoolExecutor(4) as pool:
        for _round in range(ROUNDS):
            disclosure = sent(territory)
            gate = threading.Barrier(4)

            def return_it(by: personas.Membership, pk: object = disclosure.pk, gate: threading.Barrier = gate) -> bool:
                gate.wait()
                try:
                    acts.send_back(disclosure_id=pk, by=by)  # type: ignore[arg-type]
                except NotFromHere:
                    return False
                return True

            def recall_it(by: personas.Membership, pk: object = disclosure.pk, gate: threading.Barrier = gate) -> bool:
                gate.wait()
                acts.recall(disclosure_id=pk, by=by, reason="Erreur.")  # type: ignore[arg-type]
                return True

            returning = [in_thread(pool, partial(return_it, by)) for by in (territory.lantier, territory.perrin)]
            recalling = [in_thread(pool, partial(recall_it, by)) for by in (territory.camille, territory.nadia)]
            assert all(one.result(20) for one in recalling)
            returned = [one.result(20) for one in returning]
            mine = {"disclosure": disclosure}
            assert Recalled.objects.filter(**mine).count() == 1
            assert Returned.objects.filter(**mine).count() == int(any(returned))
            assert Incident.objects.filter(**mine).count() == int(any(returned))
            letters = Outbox.objects.filter(reference=disclosure.reference)
            assert letters.filter(kind="disclosure_returned").count() == int(any(returned))
            again = reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
            assert (again.closed, again.items) == ("recalled", ())


def test_reading_and_returning_at_once_never_leave_a_text_open_after_it(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    with ThreadPoolExecutor(2) as pool:
        for _round in range(ROUNDS):
            disclosure = sent(territory)
            gate = threading.Barrier(2)

            def read(pk: object = disclosure.pk, gate: threading.Barrier = gate) -> reading.Reading:
                gate.wait()
                return reading.open_disclosure(disclosure_id=pk, by=territory.lantier)  # type: ignore[arg-type]

            def give_back(pk: object = disclosure.pk, gate: threading.Barrier = gate) -> Returned:
                gate.wait()
                return acts.send_back(disclosure_id=pk, by=territory.lantier)  # type: ignore[arg-type]

            reads, returns = in_thread(pool, read), in_thread(pool, give_back)
            seen, returned = reads.result(20), returns.result(20)
            disclosure.refresh_from_db()
            assert bool(seen.items) == (disclosure.opened_at is not None)
            if disclosure.opened_at is not None:
                assert disclosure.opened_at <= returned.at
