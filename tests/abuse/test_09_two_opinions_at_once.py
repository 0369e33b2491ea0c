"""Abuse 9: two supervisors answer at once. The first counts, the second is shown it; one decision in the trail."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from audit.models import Entry
from partners.models import Membership
from sharing import service
from sharing.models import Disclosure, Opinion
from sharing.reviewing import opinions
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import Kind, another_reviewer, answer, awaiting, submitted
from tests.sharing.test_two_at_once import in_thread
from tests.sharing.ways import seen

ROUNDS = 8


def test_abuse_09_of_two_opinions_at_once_the_first_counts(own_database: str) -> None:
    territory = personas.build()
    other = another_reviewer(territory)
    for _ in range(ROUNDS):
        review = submitted(territory)
        gate = threading.Barrier(2)

        def say(kind: str, by: Membership, review: Any = review, gate: threading.Barrier = gate) -> Any:
            gate.wait()
            try:
                return answer(review, kind, by)
            except opinions.AlreadyAnswered as first:
                return first

        with ThreadPoolExecutor(2) as pool:
            both = [
                in_thread(pool, lambda: say(Kind.FAVOURABLE, territory.nadia)),
                in_thread(pool, lambda: say(Kind.UNFAVOURABLE, other)),
            ]
            said = [one.result(20) for one in both]
        won = [one for one in said if isinstance(one, Opinion)]
        lost = [one for one in said if isinstance(one, opinions.AlreadyAnswered)]
        assert len(won) == len(lost) == 1
        assert lost[0].standing.last == won[0]
        assert Opinion.objects.filter(review=review).count() == 1
    assert Entry.objects.filter(action__in=["review.favoured", "review.opposed"]).count() == ROUNDS


def test_abuse_09_the_second_is_answered_409_with_the_opinion_taken(territory: Territory) -> None:
    other = another_reviewer(territory)
    review = submitted(territory)
    answer(review, Kind.UNFAVOURABLE, other, reason="La mère n’en sait rien.")
    client = personas.signed_in(territory.nadia)
    page = client.post(f"/controle/avis/{review.pk}/", {"act": "avis", "kind": "favourable", "reason": "", "seen": "0"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "La mère n’en sait rien." in text
    assert other.professional.full_name in text
    assert Opinion.objects.count() == 1


def test_abuse_09_an_opinion_and_a_release_at_once_are_one_after_the_other(own_database: str) -> None:
    """Suspended favourable content never leaves after the word that stops it, nor is a word lost that came first."""
    territory = personas.build()
    for _ in range(ROUNDS):
        draft = awaiting(territory)
        review = submitted(territory, draft)
        token = seen(draft, territory.camille)
        gate = threading.Barrier(2)

        def send(draft: Any = draft, token: str = token, gate: threading.Barrier = gate) -> service.Shared:
            gate.wait()
            return service.share(draft_id=draft.pk, previewed=token, by=territory.camille)

        def favour(review: Any = review, gate: threading.Barrier = gate) -> Opinion:
            gate.wait()
            return answer(review, Kind.FAVOURABLE, territory.nadia)

        with ThreadPoolExecutor(2) as pool:
            sending, saying = in_thread(pool, send), in_thread(pool, favour)
            shared, opinion = sending.result(20), saying.result(20)
        if shared.disclosure is not None:
            assert shared.disclosure.released_at >= opinion.at
        else:
            assert shared.outcome is service.Outcome.AWAITING
    assert Opinion.objects.count() == ROUNDS
    assert Disclosure.objects.count() <= ROUNDS
