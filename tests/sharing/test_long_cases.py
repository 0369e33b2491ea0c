"""A case of fifty items and one of two thousand cost the same statements and stay readable; the chronology tells everything."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import ledger
from cases.models import Item, ItemContent
from consent import registry
from partners import clock
from sharing import composing, knows, withdrawal
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def write_many(territory: Territory, many: int) -> None:
    """So many more items, a few at each of the last days, in two statements: this is not what is tested."""
    at, day = clock.now(), clock.day_of(clock.now())
    entries = ledger.record_many(
        [
            ledger.compose(action="item.added", at=at, actor=territory.camille.pk, case=territory.case.pk)
            for _number in range(many)
        ]
    )
    items = [
        Item(
            case=territory.case,
            label=f"Élément n° {number}",
            category="consigne_pratique",
            nature="fait_constate",
            provenance=Item.Provenance.OBSERVED,
            depositary=territory.camille,
            observed_on=day - timedelta(days=number // 5),
            entry_id=entry,
        )
        for number, entry in enumerate(entries)
    ]
    Item.objects.bulk_create(items)
    ItemContent.objects.bulk_create([ItemContent(item=one, text="Vu ce jour.") for one in items])


def cost(client: Client, address: str, **posted: Any) -> tuple[int, int]:
    """Statements, and bytes of the page."""
    with CaptureQueriesContext(connection) as seen:
        response = client.post(address, posted) if posted else client.get(address)
    assert response.status_code == 200, address
    return len(seen), len(response.content)


def test_fifty_items_and_two_thousand_cost_the_same_on_every_page_of_the_case(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    camille, ref = sign_in("camille"), territory.case.reference
    pages: dict[str, tuple[str, dict[str, Any]]] = {
        "case": (reverse("sharing:case", args=[ref]), {}),
        "items": (reverse("cases:items", args=[ref]), {}),
        "compose": (reverse("sharing:compose", args=[ref, draft.pk]), {}),
        "check": (reverse("sharing:check", args=[ref, draft.pk]), {}),
        "chronology": (reverse("sharing:chronology", args=[ref]), {}),
        "urgency": (reverse("sharing:urgency", args=[ref]), {}),
    }
    write_many(territory, 50)
    for address, posted in pages.values():
        cost(camille, address, **posted)
    few = {name: cost(camille, address, **posted) for name, (address, posted) in pages.items()}
    write_many(territory, 1950)
    many = {name: cost(camille, address, **posted) for name, (address, posted) in pages.items()}
    assert {name: one[0] for name, one in many.items()} == {name: one[0] for name, one in few.items()}
    heavier = {name: (few[name][1], size) for name, (_count, size) in many.items() if size > few[name][1] + 2000}
    assert not heavier


def test_what_is_chosen_stays_on_the_page_and_the_rest_is_found_by_its_title(
    territory: Territory, sign_in: SignIn
) -> None:
    draft = draft_of(territory)
    write_many(territory, 60)
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    camille = sign_in("camille")
    first = camille.get(page).content.decode()
    chosen = [str(row.item_id) for row in composing.rows_of(draft)]
    assert all(f'value="{pk}"' in first for pk in chosen)
    assert "Élément n° 55<" not in first
    found = camille.post(page, {"iq": "ELEMENT 55", "item": chosen, "action": "search"}).content.decode()
    assert "Élément n° 55<" in found
    assert "Élément n° 3<" not in found
    assert [str(row.item_id) for row in composing.rows_of(draft)] == chosen
    listed = camille.post(reverse("cases:items", args=[territory.case.reference]), {"q": "élément 55"})
    assert listed.content.decode().count("Élément n° 55") == 1


def test_a_cell_of_who_knows_what_shows_the_latest_and_says_how_many_more(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_agree(territory)
    for _number in range(knows.CHIPS_MOST + 2):
        send(draft_of(territory), territory.camille)
    camille = sign_in("camille")
    page = camille.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert "et 2 autres" in page
    address = f"{reverse('sharing:chronology', args=[territory.case.reference])}?avec={territory.school.pk}"
    assert address in page
    assert camille.get(address).content.decode().count("Communiqué") == knows.CHIPS_MOST + 2


def test_the_chronology_tells_what_she_said_what_left_and_what_ended_in_words_too(
    territory: Territory, sign_in: SignIn
) -> None:
    given = personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    withdrawal.withdraw(consent=given, form="in_person", own_words="", by=territory.camille)
    registry.refuse(
        scope=registry.Scope(
            case=territory.case, recipient=territory.aubin, purpose="suivi_medico_social", categories=["addiction"]
        ),
        by=territory.camille,
        given_by=territory.mother,
        collected_on=clock.day_of(clock.now()),
        form="in_person",
        own_words="Non.",
        late_reason="",
    )
    address = reverse("sharing:chronology", args=[territory.case.reference])
    page = sign_in("camille").get(address).content.decode()
    table = page[page.index('id="tableau"') :]
    for told in ("Refus", "Accord retiré", "Communiqué", "Accord donné, jusqu’au"):
        assert told in table
    assert table.index("Accord retiré") < table.index("Communiqué") < table.index("Accord donné")
    assert reverse("sharing:sent_one", args=[sent.pk]) in table
    assert "<svg" in page[: page.index('id="tableau"')]
    other = sign_in("camille").get(address, {"avec": str(territory.school_health.pk)}).content.decode()
    assert "Refus" in other
    assert "Communiqué" not in other[other.index("<tbody>") :]
