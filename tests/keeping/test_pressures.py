"""« Noter une pression » (law.md, P-09): for her alone, never changed; the trail knows that it was, not what it says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry, Payload
from config.roles import AUDITOR
from partners import clock
from partners.clock import PARIS
from sharing.keeping import pressures
from sharing.models import PressureNote
from sharing.service import CaseNotOpen
from tests import personas
from tests.personas import Territory

SignIn = Callable[[str], Client]
PAGE = "/pression/"
WHO, ASKED = "La directrice générale", "D’envoyer le bilan à l’école avant ce soir."


def note(territory: Territory, **changed: Any) -> PressureNote:
    told: dict[str, Any] = {
        "who": WHO,
        "asked": ASKED,
        "happened_at": clock.now() - timedelta(hours=1),
        "case": territory.case,
        "by": territory.camille,
    }
    return pressures.note_pressure(**told | changed)


def typed(**changed: Any) -> dict[str, Any]:
    now = f"{clock.now().astimezone(PARIS):%Y-%m-%dT%H:%M}"
    return {"who": WHO, "asked": ASKED, "happened_at": now, "case": ""} | changed


def test_noted_from_the_situation_it_is_read_there_by_its_author(territory: Territory, sign_in: SignIn) -> None:
    camille, case = sign_in("camille"), reverse("sharing:case", args=[territory.case.reference])
    assert f"{PAGE}?situation={territory.case.reference}" in camille.get(case).content.decode()
    assert PAGE in camille.get("/").content.decode()
    form = camille.get(f"{PAGE}?situation={territory.case.reference}").content.decode()
    assert f'value="{territory.case.reference}" selected' in form
    answer: Any = camille.post(PAGE, typed(case=territory.case.reference), follow=True)
    assert "pour vous seul·e" in answer.content.decode()
    assert ASKED in answer.content.decode()
    assert ASKED in camille.get(case).content.decode()


def test_nobody_else_reads_it_whatever_their_function(territory: Territory) -> None:
    personas.assign(territory.case, territory.leila, territory.nadia)
    personas.assign(territory.case, territory.nadia, territory.nadia)
    written = note(territory)
    assert list(PressureNote.objects.visible_to(territory.camille)) == [written]
    second_dpo = personas.second_dpo_post(territory)
    case, journal = reverse("sharing:case", args=[territory.case.reference]), reverse("audit:explorer")
    entry = reverse("audit:entry", args=[Entry.objects.get(pk=written.entry_id).uuid])
    for one in (territory.leila, territory.nadia, territory.yann, territory.claire, second_dpo, territory.lantier):
        assert not PressureNote.objects.visible_to(one).exists()
        client = personas.signed_in(one)
        for address in (PAGE, case, entry, "/", journal, f"{journal}?q={written.pk}"):
            page = client.get(address).content.decode()
            assert ASKED not in page, (str(one), address)
            assert WHO not in page, (str(one), address)


def test_one_who_left_reads_it_no_more(territory: Territory) -> None:
    note(territory)
    personas.end_post(territory.camille)
    assert not PressureNote.objects.visible_to(territory.camille).exists()


def test_the_trail_holds_that_it_was_written_and_nothing_of_it(territory: Territory) -> None:
    written = note(territory)
    entry = Entry.objects.get(pk=written.entry_id)
    assert (entry.action, entry.actor_ref, entry.case_ref) == ("pressure.noted", territory.camille.pk, None)
    kept = bytes(entry.body) + bytes(Payload.objects.get(entry=entry).body)
    for word in ("directrice", "bilan", str(territory.case.pk)):
        assert word.encode() not in kept


def test_it_is_neither_changed_nor_removed_and_the_role_of_the_auditor_reads_no_word(territory: Territory) -> None:
    written = note(territory)
    for change in (
        lambda: PressureNote.objects.filter(pk=written.pk).update(asked="Rien."),
        lambda: PressureNote.objects.filter(pk=written.pk).delete(),
        lambda: PressureNote.objects.bulk_create(
            [PressureNote(who="x", asked="y", happened_at=written.at, at=written.at, by=written.by, entry_id=0)]
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'sharing_pressurenote'"
            " AND has_column_privilege(%s, 'sharing_pressurenote', column_name, 'SELECT')",
            [AUDITOR],
        )
        assert {name for (name,) in cursor.fetchall()} == {"id", "entry_id"}


def test_twice_is_once_and_what_is_missing_is_said(territory: Territory, sign_in: SignIn) -> None:
    at = clock.now() - timedelta(minutes=5)
    assert note(territory, happened_at=at) == note(territory, happened_at=at)
    with pytest.raises(pressures.PressureError, match="avenir"):
        note(territory, happened_at=clock.now() + timedelta(hours=1))
    with pytest.raises(CaseNotOpen):
        note(territory, by=territory.leila)
    answer = sign_in("camille").post(PAGE, typed(who="", asked="Garder ceci"))
    assert answer.status_code == 422
    assert "sa fonction suffit" in answer.content.decode()
    assert "Garder ceci" in answer.content.decode()
