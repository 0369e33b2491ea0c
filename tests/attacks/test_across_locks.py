"""Acts of different parts at the same instant: whatever each holds, no two wait for each other for ever."""

from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from cases import access, files
from cases.models import Assignment, Case
from partners.graph import NotFromHere
from sharing import service
from sharing.asking import acts as asking
from sharing.asking import answering
from sharing.asking.standing import state_of
from sharing.keeping import withheld
from sharing.models import NotShared
from sharing.service import Outcome
from tests import personas
from tests.asking.test_answering import composed
from tests.asking.ways import seen as seen_by_asker
from tests.asking.ways import sent, wish_of
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import seen


def test_not_sharing_and_the_end_of_an_assignment_do_not_wait_for_each_other(own_database: str) -> None:
    """Whoever ends an assignment holds the case, then the assignment; so does whoever decides not to share."""
    territory = personas.build()
    personas.assign(territory.case, territory.leila, territory.nadia)
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).get(pk=territory.case.pk)
            keeping = in_thread(
                pool,
                lambda: withheld.withhold(
                    case=territory.case, code="her_wish", reason="Elle le dira.", by=territory.camille
                ),
            )
            until(waits_for_a_lock)
            access.end_assignment(assignment=mine, reason="Départ", by=territory.nadia)
        raised = keeping.exception(20)
    assert isinstance(raised, service.CaseNotOpen)
    assert not NotShared.objects.exists()


def test_an_answer_that_leaves_and_one_that_begins_do_not_wait_for_each_other(own_database: str) -> None:
    """A colleague begins an answer to the very request that another's communication is answering."""
    territory = personas.build()
    territory.lantier.receives_for_service = True
    territory.lantier.save(update_fields=["receives_for_service"])
    request = sent(territory)
    draft = composed(territory, request)
    token = seen(draft, territory.lantier)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            service.take(draft=service.hold_draft(draft_id=draft.pk, author=territory.lantier))
            beginning = in_thread(pool, lambda: answering.begin_answer(request_id=request.pk, by=territory.perrin))
            until(waits_for_a_lock)
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.lantier)
        raised = beginning.exception(20)
    assert shared.outcome is Outcome.RELEASED
    assert state_of(request) == "answered"
    assert isinstance(raised, NotFromHere)


def test_a_request_written_again_and_an_answer_that_begins_do_not_wait_for_each_other(own_database: str) -> None:
    """She went back to her page and wrote something else under the same key, while it is being answered."""
    territory = personas.build()
    request = sent(territory)
    wish = wish_of(territory, own_role="Je suis aussi sa référente.")
    token = seen_by_asker(wish, territory.camille)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            files.lock_person(territory.child.pk)
            again = in_thread(
                pool, lambda: asking.ask(key=request.pk, wish=wish, previewed=token, by=territory.camille)
            )
            until(waits_for_a_lock)
            draft = answering.begin_answer(request_id=request.pk, by=territory.lantier)
        answer = again.result(20)
    assert draft.answers_id == request.pk
    assert answer.request is not None
    assert answer.request.pk != request.pk
