"""Abuse 26: a double click, the back button, a retry, two tabs. One disclosure, one letter, the same confirmation page."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from sharing.models import Disclosure, Duty, Outbox
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of


def check_page(client: Client, territory: Territory) -> tuple[str, dict[str, str], str]:
    """The address of the check page of a ready draft, what its button posts, and the confirmation's address."""
    draft = draft_of(territory)
    where = [draft.case.reference, draft.pk]
    address = reverse("sharing:check", args=where)
    token = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert token is not None
    return address, {"seen": token[1]}, reverse("sharing:done", args=where)


def left_once() -> bool:
    return (
        Disclosure.objects.count() == 1
        and Entry.objects.filter(action="disclosure.released").count() == 1
        and Outbox.objects.filter(kind=Outbox.Kind.DISCLOSURE_WAITING).count() == 1
        and Duty.objects.values("record").distinct().count() <= 1
    )


@pytest.mark.django_db
def test_abuse_26_back_and_retry_lead_to_the_same_confirmation(territory: Territory) -> None:
    personas.parents_agree(territory)
    client = personas.signed_in(territory.camille)
    address, button, done = check_page(client, territory)
    answers: list[Any] = [client.post(address, button) for _click in range(3)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, done)}
    assert client.get(address).headers["Location"] == done
    assert client.get(address.replace("relire/", "")).headers["Location"] == done
    first, again = client.get(done).content.decode(), client.get(done).content.decode()
    reference = Disclosure.objects.get().reference
    assert reference in first
    assert reference in again
    assert left_once()


def test_abuse_26_two_tabs_at_the_same_instant(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    first = personas.signed_in(territory.camille)
    address, button, done = check_page(first, territory)
    gate = threading.Barrier(4)

    def click() -> tuple[int, str]:
        tab = Client()
        tab.cookies.load(first.cookies.output(header="", sep=";"))
        gate.wait(10)
        try:
            answer: Any = tab.post(address, button)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [one.result(30) for one in [pool.submit(click) for _tab in range(4)]]
    assert set(answers) == {(302, done)}
    assert left_once()
