"""The short way to an act, for these tests: through the page that does it, on the house's own web."""

import uuid
from typing import Any

from sharing import outbox
from sharing.models import Disclosure, Draft, Outbox
from tests.faults.house import Browser, House, Page, eventually
from tests.personas import Territory

VERIFYING = "Nous vérifions si votre communication est partie."
NOT_AGAIN = "Ne la recommencez pas."
NOTHING_LEFT = "Rien n’a été communiqué"


def check_address(draft: Draft) -> str:
    return f"/situations/{draft.case.reference}/communiquer/{draft.pk}/relire/"


def urgency_address(town: Territory) -> str:
    return f"/situations/{town.case.reference}/urgence/"


def whether_address(town: Territory, key: uuid.UUID) -> str:
    return f"/situations/{town.case.reference}/communiquer/{key}/partie/"


def button(page: Page) -> dict[str, Any]:
    """What the button « Communiquer » of the check page posts."""
    return {"seen": page.text.split('name="seen" value="')[1].split('"')[0]}


def send(somebody: Browser, draft: Draft) -> Page:
    """Read it again, then send it."""
    page = somebody.get(check_address(draft))
    return somebody.post(page, button(page))


def left(key: uuid.UUID) -> int:
    """How many communications this draft became."""
    return Disclosure.objects.filter(draft=key).count()


def promise(town: Territory) -> str:
    """A letter is promised to Mme Lantier; its key."""
    key = f"disclosure_waiting:{uuid.uuid4()}"
    outbox.promise(kind="disclosure_waiting", key=key, recipient=town.lantier, reference="C-2026-000001", path="/")
    return key


def noted(house: House, key: str) -> Outbox:
    """The promise once it is noted as done; no sweep sends it after that."""
    eventually(lambda: Outbox.objects.filter(key=key, done_at__isnull=False).exists(), tend=house.tend)
    return Outbox.objects.get(key=key)


def waiting_for(disclosure: Disclosure) -> str:
    """The key of the letter that tells its recipient."""
    return f"disclosure_waiting:{disclosure.pk}"
