"""`kill -9` of the web while it answers: the browser says that the connection was lost; pressed again, it is the same one."""

import uuid

import pytest

from sharing.models import Disclosure, Outbox
from tests.faults.house import Browser, House, Lost
from tests.faults.proxy import Fault
from tests.faults.ways import button, check_address, left, noted, urgency_address, waiting_for
from tests.personas import Territory
from tests.sharing.ways import draft_of
from tests.urgency.ways import typed

DISCLOSURE = b'INSERT INTO "sharing_disclosure"'


def dying_web(house: House, *, committed: bool) -> Fault:
    """The web dies with the COMMIT in its hands, or with its answer on the way."""

    def die() -> None:
        house.kill_child(house.web)

    return house.proxy.arm(Fault(DISCLOSURE, after=die) if committed else Fault(DISCLOSURE, before=die))


@pytest.mark.parametrize("committed", [False, True])
def test_the_web_dies_and_pressing_again_gives_one_disclosure(house: House, town: Territory, committed: bool) -> None:
    camille, draft = Browser(house, town.camille), draft_of(town)
    form = camille.get(check_address(draft))
    fault = dying_web(house, committed=committed)
    with pytest.raises(Lost):
        camille.post(form, button(form))
    assert fault.over.wait(60)
    house.put_right()
    assert left(draft.pk) == int(committed)
    for _press in range(2):
        again = camille.post(form, button(form))
        assert (again.status, again.address) == (200, check_address(draft).replace("relire", "fait"))
    assert left(draft.pk) == 1
    key = waiting_for(Disclosure.objects.get(draft=draft))
    noted(house, key)
    assert len(house.sent(key)) == 1


@pytest.mark.parametrize("committed", [False, True])
def test_the_web_dies_and_the_alarm_pressed_again_is_one_alarm(house: House, town: Territory, committed: bool) -> None:
    camille, key = Browser(house, town.camille), uuid.uuid4()
    form = camille.get(urgency_address(town))
    fault = dying_web(house, committed=committed)
    with pytest.raises(Lost):
        camille.post(form, typed(house.rescue, key=key))
    assert fault.over.wait(60)
    house.put_right()
    again = camille.post(form, typed(house.rescue, key=key))
    assert again.address == f"{urgency_address(town)}{key}/"
    assert left(key) == 1
    reference = Disclosure.objects.get(draft=key).reference
    assert Outbox.objects.filter(kind="urgency_recorded", reference=reference).count() == 2
