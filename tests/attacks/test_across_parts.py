"""What one part keeps and another shows: names, sheets, agreements and instants that pass from one to the other."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from partners import clock
from partners.models import Membership
from sharing.asking import acts as asking
from sharing.asking import answering
from sharing.consulting import acts as consulting
from sharing.models import Call, Consultation, Delivery, InformationRequest, RequestAct
from sharing.returning import acts as returning
from sharing.urgency import delivering
from tests import personas
from tests.asking.ways import sent
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import sound

SignIn = Callable[[str], Client]
QUESTION = "Jusqu’à quelle date exactement ?"


def ask_precision(territory: Territory, lantier: Client, disclosure: uuid.UUID) -> str:
    """Mme Lantier asks it; the page of her request."""
    answer = lantier.post(reverse("sharing:ask_precision", args=[disclosure]), {"question": QUESTION}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_precision_does_not_tell_of_whom_what_was_never_opened_is(territory: Territory, sign_in: SignIn) -> None:
    """The cover names nobody, and opening is traced: asking a question must not be the way around both."""
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    lantier = sign_in("lantier")
    page = ask_precision(territory, lantier, disclosure.pk)
    assert QUESTION in page
    assert territory.child.short_name not in page
    assert not Entry.objects.filter(action="disclosure.opened").exists()


def test_a_precision_names_her_while_what_it_is_about_is_open_and_no_more_once_recalled(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    lantier = sign_in("lantier")
    lantier.post(reverse("sharing:received", args=[disclosure.pk]))
    assert territory.child.short_name in ask_precision(territory, lantier, disclosure.pk)
    returning.recall(disclosure_id=disclosure.pk, by=territory.camille)
    request = InformationRequest.objects.get(about=disclosure)
    page = lantier.get(reverse("sharing:request", args=[request.pk])).content.decode()
    assert QUESTION in page
    assert territory.child.short_name not in page


def test_what_was_recalled_is_neither_read_aloud_nor_handed_over(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    camille, sheet = sign_in("camille"), reverse("sharing:handover", args=[disclosure.pk])
    assert "marques de coups" in camille.get(sheet).content.decode()
    assert delivering.awaited(territory.camille).exists()
    returning.recall(disclosure_id=disclosure.pk, by=territory.camille, reason="Ce n’était pas lui.")
    page = camille.get(sheet).content.decode()
    assert "marques de coups" not in page
    assert "Appelez" not in page
    assert "rappelée" in page
    assert not delivering.awaited(territory.camille).exists()


def test_who_had_received_it_before_it_was_recalled_is_still_noted(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    returning.recall(disclosure_id=disclosure.pk, by=territory.camille)
    told = {
        "received_by": "Le permanencier du 17",
        "how": "telephone",
        "received_at": clock.now().astimezone(clock.PARIS).strftime("%Y-%m-%dT%H:%M"),
    }
    answer = sign_in("camille").post(reverse("sharing:handover", args=[disclosure.pk]), told)
    assert answer.status_code == 302
    assert Delivery.objects.filter(disclosure=disclosure).count() == 1


def test_the_situation_opened_to_answer_does_not_show_to_whom_else_she_agreed(
    territory: Territory, sign_in: SignIn
) -> None:
    """That a doctor receives something of her is the secret of who recorded it (ADR 0006)."""
    personas.parents_agree(territory, recipient=territory.aubin, categories=["besoins_scolaires"])
    request = sent(territory)
    draft = answering.begin_answer(request_id=request.pk, by=territory.lantier)
    address = reverse("sharing:case", args=[draft.case.reference])
    page = sign_in("lantier").get(address).content.decode()
    assert territory.aubin.institution.name not in page
    assert territory.aubin.professional.last_name not in page
    assert "Aucun accord en vigueur" in page
    own = sign_in("camille").get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert territory.aubin.professional.last_name in own


def test_who_received_something_of_her_is_not_consulted_under_another_post(territory: Territory) -> None:
    personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)
    other = personas.post(
        territory.lantier.professional, territory.clinic, "medecin_scolaire", "Médecin", "profession", "CSP R4127-4"
    )
    with pytest.raises(consulting.KnowsHer):
        consult(territory, other)


def test_one_person_is_consulted_once_whatever_her_posts(territory: Territory) -> None:
    """Who recognised under one title would advise under the other."""
    other = personas.second_post(territory)
    consultation = consult(territory, territory.sofia, other)
    consulting.declare(consultation_id=consultation.pk, recognised=True, by=other)
    with pytest.raises(consulting.NotYours):
        consulting.declare(consultation_id=consultation.pk, recognised=False, by=territory.sofia)


def consult(territory: Territory, *who: Membership) -> Consultation:
    return consulting.ask(
        case=territory.case,
        participants=who,
        domain="protection_enfance",
        age_band="6_11",
        situation="Un enfant ne vient plus en classe.",
        question="Comment reprendre contact ?",
        marks=(),
        not_names=False,
        by=territory.camille,
    )


def test_nobody_answers_her_own_request_under_another_membership(territory: Territory) -> None:
    """She would compose a communication to herself, which no page lets her begin."""
    territory.lantier.receives_for_service = True
    territory.lantier.save(update_fields=["receives_for_service"])
    request = sent(territory)
    herself = personas.post(
        territory.camille.professional, territory.school, "directeur_ecole", "Directrice", "fonction", "CGFP L121-6"
    )
    for act in (answering.open_request, answering.decline, answering.begin_answer):
        with pytest.raises(answering.NotAsked):
            act(request_id=request.pk, by=herself)
    assert answering.open_request(request_id=request.pk, by=territory.perrin) == request


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0026-11-21T14:32"])
def test_a_mistyped_year_is_told_and_does_not_close_the_page_for_ever(
    territory: Territory, sign_in: SignIn, moment: str
) -> None:
    """PostgreSQL keeps the first instants as of the year before our era: no page that lists them would be read again."""
    camille, address = sign_in("camille"), reverse("sharing:call")
    told = {
        "kind": "telephone",
        "called_at": moment,
        "caller": "Gendarmerie",
        "asked": "Où il est",
        "answer": "nothing",
        "case": territory.case.reference,
    }
    page = camille.post(address, told)
    assert page.status_code == 422
    assert "Écrivez le jour et l’heure ainsi" in page.content.decode()
    assert not Call.objects.exists()
    assert camille.get(address).status_code == 200


def test_a_precision_is_never_answered_without_the_name(territory: Territory, sign_in: SignIn) -> None:
    """Who asks it knows of whom it is: such a text would tell her what nobody decided to communicate."""
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    request = asking.ask_precision(disclosure=disclosure, question=QUESTION, by=territory.lantier)
    forged = {"kind": "sans-nom", "text": "Les soins durent jusqu’à la fin de l’année, pour une maladie grave."}
    answer = sign_in("camille").post(reverse("sharing:request_answer", args=[request.pk]), forged)
    assert answer.status_code == 422
    assert not RequestAct.objects.exclude(kind="opened").exists()
