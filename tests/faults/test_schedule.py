"""`kill -9` of the schedule, and of the worker that reminds: no reminder twice, no digest twice, and none forgotten."""

from collections import Counter
from collections.abc import Iterator

import pytest

from config.supervision import Child
from partners.models import Agreement
from sharing.models import Outbox
from tests import personas
from tests.faults.house import EVERYTHING, House, eventually
from tests.faults.ways import noted
from tests.personas import Territory


@pytest.fixture
def busy_beat(house: House) -> Iterator[Child]:
    """A schedule for which every morning comes each second; nothing else of the house changes."""
    usual = house.beat
    house.kill_child(usual)
    busy = house.child("busy-beat", usual.command, FAULTS_SCHEDULED=EVERYTHING)
    house.beat = house.children[2] = busy
    usual.process = None
    house.tend()
    yield busy
    house.kill_child(busy)
    house.beat = house.children[2] = usual


def ending(town: Territory, number: str) -> str:
    """An agreement that ends in ten days; the key of the reminder to Nadia."""
    made = personas.agreement(
        number, town.house, town.school, purposes=["scolarite"], categories=["coordonnees"], ends_in=10
    )
    return f"convention_ending:{made.pk}:{Agreement.objects.get(pk=made.pk).ends_on}:{town.nadia.pk}"


def letters(house: House, prefix: str) -> Counter[str]:
    """How many times each letter was taken by the mail server."""
    keys = Outbox.objects.filter(key__startswith=prefix).values_list("key", flat=True)
    return Counter({key: len(house.sent(key)) for key in keys})


def test_the_schedule_dies_and_nothing_is_said_twice(house: House, town: Territory, busy_beat: Child) -> None:
    first = ending(town, "901")
    assert house.comes(first)
    assert eventually(lambda: Outbox.objects.filter(kind="digest").exists(), tend=house.tend)
    house.kill_child(busy_beat)
    (house.var / "beat-schedule").unlink(missing_ok=True)  # it forgot when it last ran, too
    later = ending(town, "902")
    noted(house, later)  # it runs again, and has found what came meanwhile
    house.kill_child(house.worker)
    last = ending(town, "903")
    noted(house, last)
    for key in Outbox.objects.filter(kind="digest").values_list("key", flat=True):
        noted(house, key)
    assert [len(house.sent(key)) for key in (first, later, last)] == [1, 1, 1]
    for prefix in ("digest:", "convention_ending:", "duty_due:", "unread:"):
        assert set(letters(house, prefix).values()) <= {1}
    assert letters(house, "digest:")
