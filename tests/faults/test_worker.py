"""`kill -9` of the worker while a letter is about to leave, leaves, has left (docs/adr/0019-a-letter-in-doubt.md)."""

import contextlib

import pytest
from django.db.models import F

from partners import clock
from sharing import outbox
from sharing.models import Outbox
from tests.faults import mail
from tests.faults.house import House, eventually
from tests.faults.ways import noted, promise
from tests.personas import Territory

PERHAPS = "peut-être déjà parvenu"


def killed_at(house: House, point: str, town: Territory) -> str:
    """The worker dies at this point of a letter; the letter's key."""
    file = house.arm(point)
    key = promise(town)
    assert eventually(lambda: not file.exists(), tend=house.tend)
    assert eventually(lambda: not house.worker.running)
    return key


def lease_is_over(key: str) -> None:
    """The rest of its lease has passed, which is less than a minute; nobody waits for it here."""
    row = Outbox.objects.get(key=key)
    assert row.done_at is None
    assert row.handed_at is not None
    assert row.next_attempt_at - row.handed_at <= outbox.LEASE
    Outbox.objects.filter(key=key).update(next_attempt_at=clock.now())


def test_killed_before_the_letter_is_handed_over_it_leaves_once_and_at_once(house: House, town: Territory) -> None:
    key = killed_at(house, mail.REACHED, town)
    assert Outbox.objects.get(key=key).handed_at is None
    noted(house, key)
    (letter,) = house.sent(key)
    assert PERHAPS not in letter.get_content()


def test_killed_as_the_letter_is_handed_over_it_is_not_lost_and_says_what_it_is(house: House, town: Territory) -> None:
    key = killed_at(house, mail.TAKING, town)
    assert house.sent(key) == []
    lease_is_over(key)
    noted(house, key)
    (letter,) = house.sent(key)
    assert PERHAPS in letter.get_content()


def test_killed_after_the_letter_left_the_second_is_the_same_message_and_says_so(house: House, town: Territory) -> None:
    """Nobody can know that it left: it is written again, under the same name, by which a mail server drops it."""
    key = killed_at(house, mail.TAKEN, town)
    lease_is_over(key)
    noted(house, key)
    first, second = house.sent(key)
    assert first["Message-ID"] == second["Message-ID"]
    assert PERHAPS not in first.get_content()
    assert PERHAPS in second.get_content()


@pytest.mark.parametrize("taken_first", [True, False])
def test_postgresql_killed_while_a_letter_leaves_the_worker_notes_it_as_soon_as_it_can(
    house: House, town: Territory, taken_first: bool
) -> None:
    """The worker lives and knows that it left: one letter, whether the database comes back before or after it."""
    slow = house.arm(mail.SLOW)
    key = promise(town)
    assert eventually((house.faults / "waiting").exists, tend=house.tend)
    house.kill_postgres()
    if taken_first:
        slow.unlink()
        assert house.comes(key)
    house.start_postgres()
    slow.unlink(missing_ok=True)
    noted(house, key)
    assert len(house.sent(key)) == 1


def test_two_workers_share_the_letters_and_send_each_once(house: House, town: Territory) -> None:
    second = house.child("second-worker", house.worker.command)
    second.start()
    try:
        keys = [promise(town) for _each in range(12)]
        for key in keys:
            noted(house, key)
        assert [len(house.sent(key)) for key in keys] == [1] * len(keys)
    finally:
        with contextlib.suppress(ProcessLookupError):
            house.kill_child(second)


def test_nothing_of_these_letters_was_left_behind(house: House) -> None:
    assert eventually(lambda: not Outbox.objects.filter(done_at=None).exists(), tend=house.tend)
    assert not Outbox.objects.filter(done_at__lt=F("created_at")).exists()
