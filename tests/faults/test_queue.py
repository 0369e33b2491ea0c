"""`kill -9` of Redis before, during and after what professionals do: everything works, and letters leave later, each once."""

import uuid

import pytest

from sharing.models import Disclosure, Opinion, Outbox
from tests.faults.house import Browser, House, eventually
from tests.faults.proxy import Fault
from tests.faults.ways import left, noted, send, urgency_address, waiting_for
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of
from tests.urgency.ways import typed


def share(house: House, town: Territory) -> list[str]:
    """Camille tells Mme Lantier; the keys of the letters that this promises."""
    draft = draft_of(town)
    page = send(Browser(house, town.camille), draft)
    assert (page.status, page.address.endswith("/fait/")) == (200, True)
    assert left(draft.pk) == 1
    return [waiting_for(Disclosure.objects.get(draft=draft))]


def advise(house: House, town: Territory) -> list[str]:
    """Nadia gives the opinion that Camille asked for."""
    review = submitted(town)
    nadia = Browser(house, town.nadia)
    form = nadia.get(f"/controle/avis/{review.pk}/")
    page = nadia.post(form, {"act": "avis", "kind": "favourable", "seen": "0", "reason": ""})
    assert (page.status, page.address) == (200, "/controle/")
    return [f"review_answered:{Opinion.objects.get(review=review).pk}"]


def alarm(house: House, town: Territory) -> list[str]:
    """Camille calls for help."""
    key = uuid.uuid4()
    camille = Browser(house, town.camille)
    page = camille.post(camille.get(urgency_address(town)), typed(house.rescue, key=key))
    assert (page.status, page.address) == (200, f"{urgency_address(town)}{key}/")
    disclosure = Disclosure.objects.get(draft=key)
    keys = Outbox.objects.filter(kind="urgency_recorded", reference=disclosure.reference).values_list("key", flat=True)
    assert len(keys) == 2
    return list(keys)


ACTS = {
    share: b'INSERT INTO "sharing_disclosure"',
    advise: b'INSERT INTO "sharing_opinion"',
    alarm: b'INSERT INTO "sharing_disclosure"',
}


def each_letter_came_once(house: House, keys: list[str]) -> None:
    for key in keys:
        noted(house, key)
    assert [len(house.sent(key)) for key in keys] == [1] * len(keys)


def test_killed_before_all_work_and_the_letters_leave_when_it_is_back(house: House, town: Territory) -> None:
    house.kill_redis()
    keys = [key for act in ACTS for key in act(house, town)]
    assert house.answers()  # degraded, and ready
    house.start_redis()
    each_letter_came_once(house, keys)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_killed_during_the_commit_the_act_is_done_and_its_letters_leave(
    house: House, town: Territory, act: object
) -> None:
    fault = house.proxy.arm(Fault(ACTS[act], meanwhile=house.kill_redis))  # type: ignore[index]
    keys = act(house, town)  # type: ignore[operator]
    assert fault.met.is_set()
    house.start_redis()
    each_letter_came_once(house, keys)


def test_killed_after_with_what_it_held_and_the_worker_too_the_letters_leave(house: House, town: Territory) -> None:
    """Whatever was in the queue is gone, and whoever had taken it: the sweep finds the promises in PostgreSQL."""
    house.kill_child(house.worker)
    keys = [key for act in ACTS for key in act(house, town)]
    house.kill_redis()
    assert eventually(lambda: not house.redis.answers())
    for file in house.home.redis.glob("appendonly*"):
        file.unlink()
    house.start_redis()
    each_letter_came_once(house, keys)
