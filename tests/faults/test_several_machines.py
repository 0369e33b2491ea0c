"""Two webs, two workers and one schedule on one database: a session is everybody's, a letter leaves once, one web may die."""

import contextlib
import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.db import transaction

from cases.files import lock_person
from config.supervision import Child, web_command, worker_command
from sharing.models import Disclosure
from tests.faults.house import ANSWER_SECONDS, Browser, House, eventually
from tests.faults.ways import NOTHING_LEFT, button, check_address, left, noted, waiting_for
from tests.personas import Territory
from tests.sharing.ways import draft_of
from tests.site import free_port

TOKEN = "a-token-that-the-supervisor-knows"
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|20\d\d-\d{4,}|@|roussel|camille", re.IGNORECASE)


@pytest.fixture
def second_web(house: House) -> Iterator[str]:
    """Another machine, with two processes that count together; waits a second, no more, for what somebody else holds."""
    port = free_port()
    web = house.child(
        "second-web", web_command(port, workers=2, threads=2), TACT_METRICS_TOKEN=TOKEN, TACT_LOCK_SECONDS="1"
    )
    worker = house.child("second-worker", worker_command())
    with running(web), running(worker):
        url = f"http://127.0.0.1:{port}"
        assert eventually(lambda: answers(f"{url}/readyz")), web.log.read_text()[-2000:]
        yield url


@contextlib.contextmanager
def running(child: Child) -> Iterator[None]:
    child.start()
    try:
        yield
    finally:
        child.ask_to_stop()
        child.make_stop(0)


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:
        return bool(answer.status == 200)
    return False


def figures(url: str, token: str) -> tuple[int, str]:
    asked = urllib.request.Request(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(asked, timeout=ANSWER_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def counted(text: str, route: str) -> int:
    lines = re.findall(rf'^tact_requests_total{{method="GET",route="{route}",status="200"}} (\S+)$', text, re.MULTILINE)
    return int(sum(float(one) for one in lines))


def test_what_one_machine_began_another_ends_and_says_in_figures_without_a_name(
    house: House, town: Territory, second_web: str
) -> None:
    camille, draft = Browser(house, town.camille), draft_of(town)
    form = camille.get(check_address(draft))
    assert form.status == 200
    camille.url = second_web
    before = counted(figures(second_web, TOKEN)[1], "home")
    assert {camille.get("/").status for _time in range(12)} == {200}

    # Somebody else holds what the act needs: the page says so, and that nothing left.
    with transaction.atomic():
        lock_person(town.case.person_id)
        held = camille.post(form, button(form), check_address(draft))
    assert held.status == 503
    assert held.says("prenait trop longtemps", NOTHING_LEFT, "119, 17, 15, 112")
    assert left(draft.pk) == 0

    house.kill_child(house.web)
    sent = camille.post(form, button(form), check_address(draft))
    assert (sent.status, sent.address) == (200, check_address(draft).replace("relire", "fait"))
    key = waiting_for(Disclosure.objects.get(draft=draft))
    noted(house, key)
    assert len(house.sent(key)) == 1

    status, text = figures(second_web, TOKEN)
    assert status == 200
    assert counted(text, "home") == before + 12
    assert re.search(r'^tact_request_seconds_bucket{le="0.1",route="home"} ', text, re.MULTILINE)
    assert 'status="503"' in text
    for name in (
        "tact_database_up 1.0",
        "tact_letters_waiting",
        "tact_seal_lag_seconds",
        "tact_alarms",
        "tact_sharing_suspended",
    ):
        assert name in text
    assert IDS.findall(text) == []


def test_without_the_token_there_is_no_such_door(house: House, second_web: str) -> None:
    assert figures(second_web, "another")[0] == 404
    assert figures(house.url, "")[0] == figures(house.url, TOKEN)[0] == 404
    wrong = figures(second_web, "")
    assert wrong[0] == 404
    assert "tact_" not in wrong[1]
