"""Abuse 25: PostgreSQL goes away in the middle of a request. What may be said, and the page that finds out the rest.

tests/faults kills a real one at each of these points; here is what each answer rests on.
"""

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.urls import reverse

from config import errors
from sharing import outbox
from sharing.models import Disclosure, Draft
from sharing.urgency import acts
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import alarm

NOTHING_LEFT = "Rien n’a été communiqué"
VERIFYING = "Nous vérifions si votre communication est partie."


class Camille:
    """At her check page, about to press."""

    def __init__(self, territory: Territory) -> None:
        personas.parents_agree(territory)
        self.client = personas.signed_in(territory.camille)
        self.client.raise_request_exception = False
        self.draft = draft_of(territory)
        where = [self.draft.case.reference, self.draft.pk]
        self.check, self.whether = (reverse(name, args=where) for name in ("sharing:check", "sharing:whether_left"))
        self.done = reverse("sharing:done", args=where)
        page = self.client.get(self.check).content.decode()
        self.button = {"seen": page.split('name="seen" value="')[1].split('"')[0]}

    def press(self) -> Any:
        return self.client.post(self.check, self.button)


@pytest.fixture
def camille(own_database: str) -> Camille:
    return Camille(personas.build())


def lost(*_arguments: Any, **_named: Any) -> Any:
    raise OperationalError("server closed the connection unexpectedly")


def test_abuse_25_before_any_commit_nothing_was_communicated(camille: Camille, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Disclosure, "save", lost)
        page = camille.press()
    assert page.status_code == 503
    assert NOTHING_LEFT in page.content.decode()
    assert "Refresh" not in page
    assert not Disclosure.objects.exists()
    assert camille.press().headers["Location"] == camille.done


@pytest.mark.parametrize("committed", [False, True])
def test_abuse_25_once_a_commit_was_sent_nobody_claims_anything(
    camille: Camille, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper: Any = connections["default"]
    usual = wrapper._commit

    def commit() -> None:
        if not Disclosure.objects.exists():
            usual()
            return
        wrapper.commits_sent += 1
        (wrapper.connection.commit if committed else wrapper.connection.rollback)()
        lost()

    with monkeypatch.context() as broken:
        broken.setattr(wrapper, "_commit", commit)
        page = camille.press()
    assert page.status_code == 503
    assert VERIFYING in page.content.decode()
    assert "Ne la recommencez pas." in page.content.decode()
    assert NOTHING_LEFT not in page.content.decode()
    assert page["Refresh"].endswith(f"url={camille.whether}")
    found: Any = camille.client.get(camille.whether, follow=True)
    if committed:
        assert found.redirect_chain == [(camille.done, 302)]
        assert "bien partie, une seule fois" in found.content.decode()
    else:
        assert NOTHING_LEFT in found.content.decode()
    assert camille.press().headers["Location"] == camille.done
    assert Disclosure.objects.count() == 1


def test_abuse_25_another_act_is_looked_for_where_it_was_done(
    camille: Camille, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page finds it out by itself; nobody claims that nothing was recorded."""
    wrapper: Any = connections["default"]

    def commit() -> None:
        wrapper.commits_sent += 1
        lost()

    with monkeypatch.context() as broken:
        broken.setattr(wrapper, "_commit", commit)
        page = camille.client.post(
            camille.check, {"action": "tomorrow"}, headers={"referer": f"http://testserver{camille.check}"}
        )
    assert page.status_code == 503
    assert "Regardez d’abord" in page.content.decode()
    assert f'href="{camille.check}"' in page.content.decode()
    assert NOTHING_LEFT not in page.content.decode()


@pytest.mark.parametrize("before", ["https://elsewhere.example/x/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_house(before: str, rf: Any) -> None:
    request = rf.post("/x/", headers={"referer": before})
    errors.note_commits(request)
    setattr(request, errors.COMMITS_BEFORE, -1)
    try:
        lost()
    except OperationalError:
        page = errors.server_error(request)
    assert 'class="btn btn-primary" href="/"' in page.content.decode()


def test_abuse_25_the_confirmation_that_cannot_be_drawn_says_no_word_of_nothing(
    camille: Camille, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It left; its confirmation is asked for while the database is away: the worst instant to say that nothing left."""
    assert camille.press().headers["Location"] == camille.done
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "delayed", lost)
        page = camille.client.get(camille.done)
    assert page.status_code == 503
    assert VERIFYING in page.content.decode()
    assert NOTHING_LEFT not in page.content.decode()
    assert page["Refresh"].endswith(f"url={camille.done}")


@contextlib.contextmanager
def under_way(act: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Somebody else's transaction has done this and not yet committed; call what is given to commit it."""
    ready, go_on = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                act()
                ready.set()
                go_on.wait(60)
        finally:
            ready.set()
            connection.close()

    other = threading.Thread(target=work)
    other.start()

    def commit() -> None:
        go_on.set()
        other.join(60)

    try:
        assert ready.wait(60)
        yield commit
    finally:
        commit()


def test_abuse_25_what_is_still_under_way_is_neither_left_nor_lost(camille: Camille) -> None:
    draft = camille.draft
    with under_way(lambda: send(draft, draft.author)) as commit:
        page = camille.client.get(camille.whether)
        assert page.status_code == 503
        assert VERIFYING in page.content.decode()
        assert page["Refresh"].endswith(f"url={camille.whether}")
        commit()
        assert camille.client.get(camille.whether).headers["Location"] == camille.done


def test_abuse_25_an_alarm_under_way_is_neither_left_nor_lost(own_database: str) -> None:
    """Its draft is written by the act itself: nothing can be seen of it, and yet it is waited for."""
    territory, key = personas.build(), uuid.uuid4()
    rescue = personas.rescue(territory)
    client = personas.signed_in(territory.camille)
    address = reverse("sharing:whether_left", args=[territory.case.reference, key])

    def sound() -> object:
        return acts.sound(key=key, case=territory.case, recipient=rescue, alarm=alarm(), by=territory.camille)

    with under_way(sound) as commit:
        assert VERIFYING in client.get(address).content.decode()
        commit()
        done = reverse("sharing:urgency_done", args=[territory.case.reference, key])
        assert client.get(address).headers["Location"] == done
    assert Disclosure.objects.count() == 1


@pytest.mark.django_db
def test_looking_whether_it_left_keeps_nothing(territory: Territory) -> None:
    key = uuid.uuid4()
    client = personas.signed_in(territory.camille)
    page: Any = client.get(reverse("sharing:whether_left", args=[territory.case.reference, key]))
    assert page.status_code == 200
    assert "votre alerte n’est pas partie" in page.content.decode()
    assert not Draft.objects.filter(pk=key).exists()
