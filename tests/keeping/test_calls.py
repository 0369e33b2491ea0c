"""« La police m’appelle »: what to answer, the note, the path it opens; who reads the notes, who reads counts only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from partners import clock
from partners.clock import PARIS
from sharing.keeping import calls
from sharing.models import Call, Disclosure
from tests import personas
from tests.keeping.ways import log
from tests.personas import Territory

SignIn = Callable[[str], Client]
PAGE = "/appel/"


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "telephone",
        "called_at": f"{clock.now().astimezone(PARIS):%Y-%m-%dT%H:%M}",
        "caller": "Brigadier Untel",
        "service": "Commissariat",
        "number": "01 99 00 00 17",
        "asked": "Si l’enfant est suivi chez vous.",
        "answer": "nothing",
        "case": "",
    } | changed


def test_the_page_says_the_six_points_and_the_sentence_to_say(sign_in: SignIn) -> None:
    page = sign_in("camille").get(PAGE).content.decode()
    for said in (
        "je ne peux ni confirmer ni infirmer",
        "Rappelez par le numéro officiel",
        "Jamais seul·e",
        "3 750",
        "quatre heures au plus",
        "Ne faites pas obstacle",
        "Tact ne remet jamais un dossier",
    ):
        assert said in page, said


def test_it_is_in_the_footer_of_every_page_and_on_the_situation(territory: Territory, sign_in: SignIn) -> None:
    camille = sign_in("camille")
    assert f'href="{PAGE}"' in camille.get("/").content.decode()
    assert (
        f"{PAGE}?situation={territory.case.reference}"
        in camille.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    )


def test_a_call_is_noted_with_its_entry_and_no_name_in_it(territory: Territory, sign_in: SignIn) -> None:
    answer: Any = sign_in("camille").post(PAGE, typed(case=territory.case.reference), follow=True)
    assert "on ne confirme ni n’infirme" in answer.content.decode()
    call = Call.objects.get()
    entry = Entry.objects.get(pk=call.entry_id)
    assert entry.action == "call.logged"
    assert b"Untel" not in bytes(entry.body)
    assert call.case == territory.case


def test_noted_twice_it_is_noted_once_and_never_in_the_future(territory: Territory) -> None:
    at = clock.now() - timedelta(minutes=5)
    assert log(territory, called_at=at) == log(territory, called_at=at)
    with pytest.raises(calls.CallError, match="avenir"):
        log(territory, called_at=clock.now() + timedelta(hours=1))


def test_a_peril_opens_the_emergency_page(territory: Territory, sign_in: SignIn) -> None:
    answer: Any = sign_in("camille").post(
        PAGE, typed(case=territory.case.reference, answer="peril", called_back="on"), follow=True
    )
    call = Call.objects.get()
    assert f"/situations/{territory.case.reference}/urgence/?appel={call.pk}" in answer.content.decode()


def test_a_requisition_goes_to_the_direction_and_nothing_is_handed_over(territory: Territory, sign_in: SignIn) -> None:
    answer: Any = sign_in("camille").post(PAGE, typed(kind="requisition", answer="to_legal"), follow=True)
    page = answer.content.decode()
    assert "Nadia Benali" in page  # nobody there is « direction ou service juridique »: who leads the team
    assert "Tact n’y répond pas" in page
    assert not Disclosure.objects.exists()


def test_the_direction_answers_where_there_is_one(territory: Territory) -> None:
    legal = personas.post(
        personas.professional("Lucie", "Ferrand"),
        territory.house,
        "institution",
        "Directrice",
        "fonction",
        "Délégation",
    )
    assert calls.who_answers(territory.camille) == [legal]


def test_notes_are_read_by_their_author_and_who_follows_the_case(territory: Territory, sign_in: SignIn) -> None:
    call, apart = log(territory), log(territory, case=None, asked="Autre chose")
    personas.assign(territory.case, territory.leila, territory.camille)
    for name, found in (("camille", {call, apart}), ("leila", {call}), ("nadia", set()), ("lantier", set())):
        assert set(Call.objects.visible_to(getattr(territory, name))) == found
    page = reverse("sharing:call_noted", args=[apart.pk])
    assert sign_in("camille").get(page).status_code == 200
    assert sign_in("leila").get(page).status_code == 404


def test_who_protects_data_sees_counts_masked_below_five(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    for number in range(6):
        log(territory, asked=f"Question {number}")
    log(territory, kind="visit")
    page = personas.signed_in(dpo).get(PAGE).content.decode()
    assert "moins de 5" in page
    assert ">6<" in page
    assert "Untel" not in page
    assert "Camille Roussel" not in page
