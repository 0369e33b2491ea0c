"""« A-t-il servi, pour quelle décision ? »: the same question to both sides, a month after, once."""

from datetime import timedelta

import pytest

from audit.models import Entry
from partners import clock
from sharing import reading
from sharing.daily import usefulness
from sharing.models import Disclosure, Usefulness
from tests import personas
from tests.duties.ways import around, concern
from tests.personas import Territory

pytestmark = pytest.mark.django_db
A_MONTH = timedelta(days=31)


@pytest.fixture
def old(territory: Territory) -> Disclosure:
    return concern(territory, around(territory).crip, A_MONTH)


def test_both_sides_are_asked_a_month_after_and_not_before(territory: Territory, old: Disclosure) -> None:
    now = clock.now()
    assert list(usefulness.asked_of_author(territory.camille, now)) == [old]
    assert not usefulness.asked_of_author(territory.camille, now - timedelta(days=3))
    crip = old.recipient
    assert not usefulness.asked_of_recipient(crip, now)  # what was never opened cannot have served
    reading.open_disclosure(disclosure_id=old.pk, by=crip)
    assert list(usefulness.asked_of_recipient(crip, now)) == [old]
    assert not usefulness.asked_of_author(territory.leila, now)
    assert not usefulness.asked_of_author(territory.camille, now + timedelta(days=150))


def test_each_side_says_once_and_the_other_is_still_asked(territory: Territory, old: Disclosure) -> None:
    usefulness.tell(disclosure_id=old.pk, served="yes", decision="Une évaluation a commencé.", by=territory.camille)
    with pytest.raises(usefulness.AlreadyTold):
        usefulness.tell(disclosure_id=old.pk, served="no", decision="", by=territory.camille)
    reading.open_disclosure(disclosure_id=old.pk, by=old.recipient)
    usefulness.tell(disclosure_id=old.pk, served="no", decision="", by=old.recipient)
    assert Usefulness.objects.count() == 2
    entry = Entry.objects.get(action="usefulness.told", actor_ref=territory.camille.pk)
    assert b"commenc" not in bytes(entry.body)
    # The sender's case is not the recipient's to know.
    assert Entry.objects.get(action="usefulness.told", actor_ref=old.recipient.pk).case_ref is None


def test_too_soon_is_asked_again_a_month_later(territory: Territory, old: Disclosure) -> None:
    at = clock.now()
    usefulness.tell(disclosure_id=old.pk, served="too_soon", decision="", by=territory.camille, at=at)
    assert not usefulness.asked_of_author(territory.camille, at)
    assert usefulness.asked_of_author(territory.camille, at + A_MONTH)
    usefulness.tell(disclosure_id=old.pk, served="partly", decision="Orientation.", by=territory.camille)
    assert not usefulness.asked_of_author(territory.camille, at + A_MONTH)


def test_nobody_else_may_say(territory: Territory, old: Disclosure) -> None:
    for stranger in (territory.leila, territory.nadia, territory.lantier, territory.claire, old.recipient):
        with pytest.raises(usefulness.NotAsked):
            usefulness.tell(disclosure_id=old.pk, served="yes", decision="Vu.", by=stranger)


def test_the_page_asks_for_what_decision_and_loses_nothing(territory: Territory, old: Disclosure) -> None:
    camille = personas.signed_in(territory.camille)
    address = f"/a-t-il-servi/{old.pk}/"
    assert "a-t-elle servi" in camille.get("/").content.decode()
    wrong = camille.post(address, {"served": "yes", "decision": ""})
    assert wrong.status_code == 422
    assert "pour quelle décision elle a servi" in wrong.content.decode()
    assert camille.post(address, {"served": "yes", "decision": "Une mesure."}).status_code == 302
    assert "Une mesure." in camille.get(address).content.decode()
    again = camille.post(address, {"served": "no", "decision": ""}, follow=True)
    assert "Rien n’a été ajouté" in again.content.decode()
    assert "a-t-elle servi" not in camille.get("/").content.decode()
