"""The way of a request on its pages, without JavaScript: nothing typed is lost, nothing is sent that was not seen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners import clock
from sharing.asking import answering, home
from sharing.models import InformationRequest, RequestAct
from tests import personas
from tests.asking.ways import DECISION, NEEDS, ROLE, ask, parents_let_camille_know, sent
from tests.personas import Territory

pytestmark = pytest.mark.django_db

NEW = "/demandes/nouvelle/"


def filled(territory: Territory, **changes: Any) -> dict[str, Any]:
    day = clock.day_of(clock.now()) + timedelta(days=5)
    return {
        "situation": territory.case.reference,
        "purpose": "scolarite",
        "recipient": str(territory.lantier.pk),
        "categories": list(NEEDS),
        "decision_at_stake": DECISION,
        "own_role": ROLE,
        "needed_on": day.isoformat(),
        **changes,
    }


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def carried(html: str) -> dict[str, Any]:
    """The hidden fields of the page that reads it again."""
    form = re.search(r'<form method="post" action="/demandes/nouvelle/".*?</form>', html, re.DOTALL)
    assert form is not None
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
        if name == "categories":
            found.setdefault(name, []).append(value)
        else:
            found[name] = value.replace("&#x27;", "'")
    return found


def test_from_the_case_to_the_partner(territory: Territory) -> None:
    parents_let_camille_know(territory)
    camille = personas.signed_in(territory.camille)
    assert f"{NEW}?situation={territory.case.reference}" in said(
        camille.get(f"/situations/{territory.case.reference}/")
    )
    assert "Demander une information" in said(camille.get(NEW, {"situation": territory.case.reference}))
    read = camille.post(NEW, filled(territory, action="check"))
    assert read.status_code == 200
    assert "Ce que Mme Lantier lira" in said(read)
    assert not InformationRequest.objects.exists()
    landed = camille.post(NEW, carried(read.content.decode()) | {"action": "send"}, follow=True)
    request = InformationRequest.objects.get()
    assert landed.redirect_chain[-1][0] == f"/demandes/{request.pk}/"
    assert "est partie" in said(landed)
    assert "Au tour de Mme Lantier" in said(landed)
    assert request.decision_at_stake == DECISION


def test_what_is_missing_is_said_and_nothing_typed_is_lost(territory: Territory) -> None:
    camille = personas.signed_in(territory.camille)
    wrong = camille.post(NEW, filled(territory, purpose="", categories=[], needed_on="2001-01-01", action="check"))
    assert wrong.status_code == 422
    html = said(wrong)
    for words in ("Dites pour quoi faire", "Choisissez au moins une sorte", "aujourd’hui ou un jour à venir", ROLE):
        assert words in html
    assert not InformationRequest.objects.exists()


def test_the_live_panel_answers_200_whatever_is_typed(territory: Territory) -> None:
    camille = personas.signed_in(territory.camille)
    verdict = f"{NEW}verdict/"
    for changes, words in (
        ({"purpose": ""}, 'data-verdict="incomplete"'),
        ({}, 'data-verdict="deny"'),
        ({"purpose": "curiosite"}, "cela ne se demande pas"),
        ({"own_role": "Surveillez la mère."}, "agent de renseignement"),
    ):
        answer = camille.post(verdict, filled(territory, **changes))
        assert answer.status_code == 200
        assert words in said(answer)
    parents_let_camille_know(territory)
    assert 'data-verdict="allow"' in said(camille.post(verdict, filled(territory)))


def test_a_stopped_request_says_why_and_what_can_be_done_and_is_taken_up_again(territory: Territory) -> None:
    camille = personas.signed_in(territory.camille)
    landed = camille.post(NEW, filled(territory, action="check"), follow=True)
    html = said(landed)
    assert "La demande n’est pas partie" in html
    assert "Recueillir l’accord de la personne pour que Mme Lantier vous réponde" in html
    assert "/accords/nouveau/?act=agreement" in html
    assert "Poser la question à la personne elle-même" in html
    assert "consultations/nouvelle/?situation=" in html
    row = InformationRequest.objects.get()
    again = said(camille.get(NEW, {"situation": territory.case.reference, "reprise": str(row.pk)}))
    assert DECISION in again
    assert ROLE in again
    seen_by_her = personas.signed_in(territory.lantier)
    assert row.reference not in said(seen_by_her.get("/demandes/"))
    assert seen_by_her.get(f"/demandes/{row.pk}/").status_code == 404


def test_a_way_out_leads_to_an_agreement_that_makes_it_possible(territory: Territory) -> None:
    camille = personas.signed_in(territory.camille)
    landed = camille.post(NEW, filled(territory, action="check"), follow=True)
    way = re.search(r'href="([^"]*/accords/nouveau/[^"]*)"', landed.content.decode())
    assert way is not None
    page = camille.get(way[1].replace("&amp;", "&"))
    assert page.status_code == 200
    assert "Camille Roussel" in page.content.decode() or "Mme Roussel" in page.content.decode()


def test_what_changed_since_it_was_read_again_is_a_409_that_keeps_everything(territory: Territory) -> None:
    parents_let_camille_know(territory)
    camille = personas.signed_in(territory.camille)
    read = carried(camille.post(NEW, filled(territory, action="check")).content.decode())
    answer = camille.post(NEW, read | {"own_role": "Un autre rôle.", "action": "send"})
    assert answer.status_code == 409
    assert "Rien n’a été envoyé" in said(answer)
    back = camille.post(NEW, carried(answer.content.decode()) | {"action": "edit"})
    assert back.status_code == 200
    assert "Un autre rôle." in said(back)
    assert not InformationRequest.objects.exists()


def test_the_cover_names_nobody_and_the_answer_is_one_click(territory: Territory) -> None:
    request = sent(territory)
    lantier = personas.signed_in(territory.lantier)
    address = f"/demandes/{request.pk}/"
    cover = said(lantier.get(address))
    assert territory.child.last_name not in cover
    assert DECISION not in cover
    shown = said(lantier.post(address))
    assert territory.child.full_name in shown
    assert DECISION in shown
    assert "Une situation sera ouverte à votre nom" in shown
    landed = lantier.post(f"{address}repondre/", {"kind": "non"}, follow=True)
    assert "Votre réponse est donnée" in said(landed)
    late = lantier.post(f"{address}repondre/", {"kind": "elle"})
    assert late.status_code == 409
    assert "Quelqu’un a été plus rapide" in said(late)
    assert RequestAct.objects.filter(request=request, kind__in=RequestAct.ENDING).count() == 1


def test_an_answer_that_names_her_is_shown_again_with_what_to_take_out(territory: Territory) -> None:
    request = sent(territory)
    lantier = personas.signed_in(territory.lantier)
    answer = lantier.post(f"/demandes/{request.pk}/repondre/", {"kind": "sans-nom", "text": "Milo va mieux."})
    assert answer.status_code == 422
    assert "retirez" in said(answer)
    assert "Milo va mieux." in said(answer)
    fine = "Un enfant dans cette situation a besoin de temps."
    lantier.post(f"/demandes/{request.pk}/repondre/", {"kind": "sans-nom", "text": fine})
    assert fine in said(personas.signed_in(territory.camille).get(f"/demandes/{request.pk}/"))


def test_composing_leads_to_the_draft_of_the_answer(territory: Territory) -> None:
    request = sent(territory)
    lantier = personas.signed_in(territory.lantier)
    landed = lantier.post(f"/demandes/{request.pk}/communiquer/", follow=True)
    assert landed.status_code == 200
    assert "/communiquer/" in landed.redirect_chain[-1][0]


def test_the_lists_say_whose_turn_it_is_and_what_is_late(territory: Territory) -> None:
    request = sent(territory)
    InformationRequest.objects.filter(pk=request.pk)
    camille, lantier = personas.signed_in(territory.camille), personas.signed_in(territory.lantier)
    mine = said(camille.get("/demandes/?etat=en-attente"))
    assert request.reference in mine
    assert "Au tour de Mme Lantier, depuis aujourd’hui" in mine
    assert "il reste 5 jours" in mine
    assert territory.child.last_name not in mine
    assert "À votre tour" in said(lantier.get("/demandes/"))
    answering.decline(request_id=request.pk, by=territory.lantier)
    assert "nouveau" in said(camille.get("/demandes/?etat=reponses"))
    camille.post(f"/demandes/{request.pk}/vue/")
    assert "nouveau" not in said(camille.get("/demandes/?etat=reponses"))


def test_what_is_past_its_day_says_so(territory: Territory) -> None:
    yesterday = clock.day_of(clock.now()) - timedelta(days=2)
    request = sent(territory, needed_on=yesterday)
    page = said(personas.signed_in(territory.lantier).get(f"/demandes/{request.pk}/"))
    assert "en retard de 2 jours" in page


def test_what_waits_for_the_first_page(territory: Territory) -> None:
    request = sent(territory)
    at = clock.now()
    hers = home.to_answer(by=territory.lantier, at=at)
    assert [(one.request.pk, one.days_left) for one in hers] == [(request.pk, 5)]
    assert not home.to_answer(by=territory.camille, at=at)
    assert not home.outcomes(by=territory.camille)
    answering.decline(request_id=request.pk, by=territory.lantier)
    assert not home.to_answer(by=territory.lantier, at=at)
    assert not home.outcomes(by=territory.lantier)
    assert [one.pk for one in home.outcomes(by=territory.camille)] == [request.pk]


def test_many_requests_about_one_person_are_told_to_who_asks(territory: Territory) -> None:
    parents_let_camille_know(territory)
    camille = personas.signed_in(territory.camille)
    blank = {"situation": territory.case.reference}
    assert "Votre service a déjà envoyé" not in said(camille.get(NEW, blank))
    for number in range(3):
        ask(territory, own_role=f"{ROLE} {number}")
    assert "Votre service a déjà envoyé 3 demandes" in said(camille.get(NEW, blank))


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_lists_ask_as_many_questions_of_one_request_as_of_eight(territory: Territory) -> None:
    parents_let_camille_know(territory)
    camille, lantier = personas.signed_in(territory.camille), personas.signed_in(territory.lantier)
    ask(territory)
    lists = ((camille, "/demandes/?etat=en-attente"), (lantier, "/demandes/?etat=a-repondre"))
    before = [queries(client, address) for client, address in lists]
    for number in range(7):
        ask(territory, own_role=f"{ROLE} {number}")
    assert [queries(client, address) for client, address in lists] == before
    at = clock.now()
    with CaptureQueriesContext(connection) as seen:
        home.to_answer(by=territory.lantier, at=at)
        home.outcomes(by=territory.lantier)
    assert len(seen) == 2


def test_who_follows_nothing_is_told_so(territory: Territory) -> None:
    assert "Vous ne suivez aucune situation" in said(personas.signed_in(territory.lantier).get(NEW))
    assert territory.case.reference in said(personas.signed_in(territory.camille).get(NEW))
