"""`kill -9` of PostgreSQL around a COMMIT. Two of abuse 25's answers: « rien n’a été communiqué », or it is found out and said."""

import uuid

import pytest

from sharing.models import Opinion
from tests.faults.house import Browser, House, Page, eventually
from tests.faults.proxy import Fault
from tests.faults.ways import (
    NOT_AGAIN,
    NOTHING_LEFT,
    VERIFYING,
    check_address,
    left,
    send,
    urgency_address,
    whether_address,
)
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of
from tests.urgency.ways import typed

DISCLOSURE = b'INSERT INTO "sharing_disclosure"'
DANGER = "En cas de danger"


def around(house: House, *, answered: bool) -> Fault:
    """PostgreSQL dies with the COMMIT on its way to it, or with its answer on the way back."""
    kill = house.kill_postgres
    return Fault(DISCLOSURE, after=kill) if answered else Fault(DISCLOSURE, before=kill)


def refreshes_to(page: Page) -> str:
    """Where this page goes by itself."""
    return str(page.headers["Refresh"]).partition("url=")[2]


def becomes_known(somebody: Browser, page: Page) -> Page:
    """What the page that verifies shows in the end."""
    assert page.status == 503
    assert page.says(VERIFYING, NOT_AGAIN, DANGER)
    assert NOTHING_LEFT not in page.text
    address = refreshes_to(page)
    return eventually(lambda: found if (found := somebody.get(address)).status == 200 else None)


def test_abuse_25_killed_before_the_commit_nothing_was_communicated_and_the_next_press_sends(
    house: House, town: Territory
) -> None:
    camille, draft = Browser(house, town.camille), draft_of(town)
    fault = house.proxy.arm(Fault(DISCLOSURE, before=house.kill_postgres, at=DISCLOSURE))
    page = send(camille, draft)
    assert fault.met.is_set()
    assert page.status == 503
    assert page.says(NOTHING_LEFT, DANGER, "rechargez cette page")
    assert VERIFYING not in page.text
    assert camille.get(check_address(draft)).status == 503
    house.start_postgres()
    assert left(draft.pk) == 0
    again = send(camille, draft)  # the same connections, made anew
    assert again.status == 200
    assert again.address.endswith("/fait/")
    assert left(draft.pk) == 1


@pytest.mark.parametrize("answered", [False, True])
def test_abuse_25_killed_around_the_commit_the_page_finds_out_and_says(
    house: House, town: Territory, answered: bool
) -> None:
    camille, draft = Browser(house, town.camille), draft_of(town)
    fault = around(house, answered=answered)
    house.proxy.arm(fault)
    page = send(camille, draft)
    assert fault.met.is_set()
    while_down = camille.get(refreshes_to(page))
    assert while_down.says(VERIFYING, NOT_AGAIN)
    assert NOTHING_LEFT not in while_down.text
    house.start_postgres()
    found = becomes_known(camille, page)
    assert left(draft.pk) == int(answered)
    if answered:
        assert found.address.endswith("/fait/")
        assert found.says("Votre communication est bien partie, une seule fois.")
    else:
        assert found.says(NOTHING_LEFT, "votre communication n’est pas partie")
    assert send_again(camille, draft.case.reference, draft.pk).address.endswith("/fait/")
    assert left(draft.pk) == 1


def send_again(somebody: Browser, reference: str, key: uuid.UUID) -> Page:
    """Whoever presses all the same, or comes back to the draft."""
    page = somebody.get(f"/situations/{reference}/communiquer/{key}/relire/")
    if 'name="seen"' not in page.text:
        return page
    return somebody.post(page, {"seen": page.text.split('name="seen" value="')[1].split('"')[0]})


def test_abuse_25_a_commit_still_on_its_way_is_waited_for_and_never_said_lost(house: House, town: Territory) -> None:
    camille, draft = Browser(house, town.camille), draft_of(town)
    fault = house.proxy.arm(Fault(DISCLOSURE, late=True))
    page = send(camille, draft)
    assert left(draft.pk) == 0
    meanwhile = camille.get(refreshes_to(page))
    assert meanwhile.status == 503
    assert meanwhile.says(VERIFYING, NOT_AGAIN)
    fault.go_on.set()
    assert fault.over.wait(60)
    assert becomes_known(camille, page).address.endswith("/fait/")
    assert left(draft.pk) == 1


@pytest.mark.parametrize("answered", [False, True])
def test_abuse_25_an_emergency_whose_answer_is_lost_is_found_by_its_key(
    house: House, town: Territory, answered: bool
) -> None:
    camille, key = Browser(house, town.camille), uuid.uuid4()
    fault = around(house, answered=answered)
    form = camille.get(urgency_address(town))
    house.proxy.arm(fault)
    page = camille.post(form, typed(house.rescue, key=key))
    assert fault.met.is_set()
    house.start_postgres()
    found = becomes_known(camille, page)
    assert left(key) == int(answered)
    if answered:
        assert found.address == f"{urgency_address(town)}{key}/"
    else:
        assert found.says(NOTHING_LEFT, "votre alerte n’est pas partie", DANGER)
    again = camille.post(form, typed(house.rescue, key=key))
    assert again.address == f"{urgency_address(town)}{key}/"
    assert left(key) == 1


def test_abuse_25_an_emergency_still_on_its_way_is_waited_for(house: House, town: Territory) -> None:
    camille, key = Browser(house, town.camille), uuid.uuid4()
    fault = house.proxy.arm(Fault(DISCLOSURE, late=True))
    page = camille.post(camille.get(urgency_address(town)), typed(house.rescue, key=key))
    assert camille.get(whether_address(town, key)).says(VERIFYING)
    fault.go_on.set()
    assert fault.over.wait(60)
    assert becomes_known(camille, page).address == f"{urgency_address(town)}{key}/"
    assert left(key) == 1


def test_an_opinion_whose_answer_is_lost_says_to_look_first_and_is_given_once(house: House, town: Territory) -> None:
    """Any other act: nobody claims that nothing was recorded, and the way back is given."""
    review = submitted(town)
    nadia, address = Browser(house, town.nadia), f"/controle/avis/{review.pk}/"
    form = nadia.get(address)
    house.proxy.arm(Fault(b'INSERT INTO "sharing_opinion"', after=house.kill_postgres))
    opinion = {"act": "avis", "kind": "favourable", "seen": "0", "reason": ""}
    page = nadia.post(form, opinion)
    assert page.status == 503
    assert page.says("Nous ne savons pas encore si ce que vous veniez de faire est enregistré.", f'href="{address}"')
    assert NOTHING_LEFT not in page.text
    house.start_postgres()
    assert eventually(lambda: nadia.get(address).status == 200)
    assert nadia.post(form, opinion).status == 409
    assert Opinion.objects.filter(review=review).count() == 1
