"""Speaking of a situation without the name: nobody reads of whom, who recognises says so, advice is logged and is no decision."""

import json

import pytest
from django.core import mail

from audit.models import Access, Entry
from partners import clock
from partners.graph import NotFromHere
from partners.models import Membership
from sharing import outbox
from sharing.consulting import acts, checking, sealing, standing
from sharing.consulting.recognisable import Mark
from sharing.models import Consultation, ConsultationAct
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db

SITUATION = "Un enfant ne vient plus en classe et un parent refuse toute rencontre depuis plusieurs semaines."
QUESTION = "Comment reprendre contact sans rompre la confiance ?"


def ask(territory: Territory, *who: Membership, marks: tuple[Mark, ...] = (), not_names: bool = False) -> Consultation:
    return acts.ask(
        case=territory.case,
        participants=who or (territory.leila,),
        domain="protection_enfance",
        age_band="6_11",
        situation=SITUATION,
        question=QUESTION,
        marks=marks,
        not_names=not_names,
        by=territory.camille,
    )


def form(territory: Territory, **changes: object) -> dict[str, object]:
    return {
        "situation": SITUATION,
        "question": QUESTION,
        "domain": "protection_enfance",
        "age_band": "6_11",
        "participant": [str(territory.leila.pk)],
        "action": "send",
    } | changes


def test_nothing_in_the_row_the_trail_or_the_access_log_says_of_whom_it_is(territory: Territory) -> None:
    consultation = ask(territory)
    case = territory.case
    secrets = {str(case.pk), case.reference, str(case.person_id), personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME}
    row = json.dumps(list(Consultation.objects.values()), default=str) + str(bytes(consultation.sealed_case))
    personas.signed_in(territory.leila).get(f"/consultations/{consultation.pk}/")
    entry = Entry.objects.get(action="consultation.opened")
    log = json.dumps(list(Access.objects.filter(object_ref=str(consultation.pk)).values()), default=str)
    for secret in secrets:
        assert secret not in row
        assert secret not in bytes(entry.body).decode()
        assert secret not in log
    assert entry.case_ref is None
    assert case.pk.bytes not in bytes(consultation.sealed_case)


def test_its_author_alone_comes_back_to_the_situation_and_only_while_she_may_open_it(territory: Territory) -> None:
    consultation = ask(territory)
    assert acts.case_of(consultation, territory.camille) == territory.case
    assert acts.case_of(consultation, territory.leila) is None
    other = ask(territory, territory.nadia)
    with pytest.raises(sealing.Unreadable):
        sealing.opened(consultation.sealed_case, other.pk)  # a seal is that of one consultation
    page = personas.signed_in(territory.camille).get(f"/consultations/{consultation.pk}/").content.decode()
    assert territory.case.reference in page
    asked = personas.signed_in(territory.leila).get(f"/consultations/{consultation.pk}/").content.decode()
    assert territory.case.reference not in asked
    assert QUESTION in asked.replace("\xa0", " ")


def test_who_is_neither_author_nor_asked_is_answered_404(territory: Territory) -> None:
    consultation = ask(territory)
    for stranger in (territory.nadia, territory.lantier, territory.yann, territory.claire):
        assert personas.signed_in(stranger).get(f"/consultations/{consultation.pk}/").status_code == 404
        with pytest.raises(acts.NotYours):
            acts.declare(consultation_id=consultation.pk, recognised=False, by=stranger)


def test_one_says_first_whether_one_recognises_then_advises(territory: Territory) -> None:
    consultation = ask(territory)
    with pytest.raises(NotFromHere):
        acts.advise(consultation_id=consultation.pk, text="Attendre.", marks=(), by=territory.leila)
    acts.declare(consultation_id=consultation.pk, recognised=False, by=territory.leila)
    with pytest.raises(NotFromHere):
        acts.declare(consultation_id=consultation.pk, recognised=True, by=territory.leila)
    acts.advise(consultation_id=consultation.pk, text="Écrire une lettre simple.", marks=(), by=territory.leila)
    assert standing.state_of(consultation) == "advised"
    assert list(standing.answered_to(territory.camille)) == [consultation]
    page = personas.signed_in(territory.camille).get(f"/consultations/{consultation.pk}/").content.decode()
    assert "Écrire une lettre simple." in page


def test_who_recognises_sees_the_question_no_more_and_cannot_advise(territory: Territory) -> None:
    consultation = ask(territory)
    acts.declare(consultation_id=consultation.pk, recognised=True, by=territory.leila)
    with pytest.raises(NotFromHere):
        acts.advise(consultation_id=consultation.pk, text="Je la connais.", marks=(), by=territory.leila)
    asked = personas.signed_in(territory.leila).get(f"/consultations/{consultation.pk}/").content.decode()
    assert SITUATION not in asked
    assert not standing.asked_of(territory.leila)
    author = personas.signed_in(territory.camille).get(f"/consultations/{consultation.pk}/").content.decode()
    assert "pense reconnaître la personne" in author
    assert "ses règles" in author


def test_who_already_works_with_her_is_not_asked_here(territory: Territory) -> None:
    personas.parents_agree(territory)
    assert send(draft_of(territory), territory.camille).disclosure is not None
    with pytest.raises(acts.KnowsHer) as known:
        ask(territory, territory.leila, territory.lantier)
    assert known.value.who == (territory.lantier,)
    assert not Consultation.objects.exists()


def test_what_another_institution_follows_stays_its_secret(territory: Territory) -> None:
    """Sofia follows him too, at the CMPP: asking her neither refuses nor tells; she says for herself."""
    from cases import files

    files.open_case(
        person=territory.child, domain="handicap", reason="Suivi au CMPP", by=territory.sofia, at=clock.now()
    )
    consultation = ask(territory, territory.sofia)
    acts.declare(consultation_id=consultation.pk, recognised=True, by=territory.sofia)


@pytest.mark.parametrize("field", ["situation", "question"])
def test_a_name_a_date_or_a_place_is_shown_and_nothing_leaves(territory: Territory, field: str) -> None:
    camille = personas.signed_in(territory.camille)
    address = f"/consultations/nouvelle/?situation={territory.case.reference}"
    for text in ("Milo a peur.", "Depuis le 3 octobre, il a peur.", "À Vallières, il a peur.", "Il a 9 ans."):
        answer = camille.post(address, form(territory, **{field: text}))
        assert answer.status_code == 422
        assert "la ferait reconnaître" in answer.content.decode()
        assert text in answer.content.decode()
    doubtful = camille.post(address, form(territory, **{field: "Il passe chez Kevin."}))
    assert "désignent-ils quelqu’un" in doubtful.content.decode()
    assert not Consultation.objects.exists()
    sent = camille.post(address, form(territory, **{field: "Il passe chez Kevin."}, not_names="yes"))
    assert sent.status_code == 302
    assert Consultation.objects.count() == 1


def test_an_advice_is_compared_with_nobody_so_that_it_tells_nothing(territory: Territory) -> None:
    """Marking her own name alone would tell a reader whose name it is: a name looks like any other to her."""
    assert checking.marks_of_reader("Parlez à Milo.") == (Mark(9, "Milo", "capital", sure=False),)
    assert checking.marks_of_reader("Parlez à Hugo.") == (Mark(9, "Hugo", "capital", sure=False),)
    consultation = ask(territory)
    leila = personas.signed_in(territory.leila)
    address = f"/consultations/{consultation.pk}/"
    leila.post(address, {"act": "declarer", "recognised": "no"})
    answer = leila.post(address, {"act": "conseiller", "text": "Appelez le 06 12 34 56 78."})
    assert answer.status_code == 422
    assert "06 12 34 56 78" in answer.content.decode()
    assert leila.post(address, {"act": "conseiller", "text": "Proposez un lieu neutre."}).status_code == 302
    assert ConsultationAct.objects.filter(kind="advised").count() == 1


def test_closing_ends_it_for_everybody_and_once(territory: Territory) -> None:
    consultation = ask(territory, territory.leila, territory.nadia)
    acts.declare(consultation_id=consultation.pk, recognised=False, by=territory.leila)
    with pytest.raises(acts.NotYours):
        acts.close(consultation_id=consultation.pk, by=territory.leila)
    acts.close(consultation_id=consultation.pk, by=territory.camille)
    with pytest.raises(NotFromHere):
        acts.close(consultation_id=consultation.pk, by=territory.camille)
    with pytest.raises(NotFromHere):
        acts.advise(consultation_id=consultation.pk, text="Trop tard.", marks=(), by=territory.leila)
    assert not standing.asked_of(territory.nadia)


def test_letters_name_nobody_and_lead_to_the_question(territory: Territory) -> None:
    consultation = ask(territory)
    acts.declare(consultation_id=consultation.pk, recognised=False, by=territory.leila)
    acts.advise(consultation_id=consultation.pk, text="Attendre.", marks=(), by=territory.leila)
    mail.outbox.clear()
    outbox.sweep()
    assert {one.to[0] for one in mail.outbox} == {
        territory.leila.professional.email,
        territory.camille.professional.email,
    }
    for one in mail.outbox:
        assert consultation.reference in one.body
        assert personas.CHILD_FIRST_NAME not in f"{one.body}{one.subject}"
        assert territory.case.reference not in one.body


def test_looking_for_somebody_to_ask_loses_nothing_that_is_typed(territory: Territory) -> None:
    camille = personas.signed_in(territory.camille)
    address = f"/consultations/nouvelle/?situation={territory.case.reference}"
    answer = camille.post(address, form(territory, action="search", q="psychologue")).content.decode()
    assert SITUATION in answer
    assert "Sofia Marchetti" in answer
    assert f'value="{territory.leila.pk}" checked' in answer
    nobody = camille.post(address, form(territory, participant=[]))
    assert nobody.status_code == 422
    assert "Choisissez à qui vous demandez conseil" in nobody.content.decode()


def test_a_case_that_is_not_hers_is_answered_404(territory: Territory) -> None:
    for stranger in (territory.leila, territory.lantier):
        for reference in (territory.case.reference, "2026-9999", ""):
            answer = personas.signed_in(stranger).get(f"/consultations/nouvelle/?situation={reference}")
            assert answer.status_code == 404


def test_nothing_waits_for_whoever_left_on_either_side(territory: Territory) -> None:
    consultation = ask(territory, territory.leila, territory.sofia)
    page, listed = f"/consultations/{consultation.pk}/", "/consultations/"
    assert "à vous de répondre" in personas.signed_in(territory.leila).get(listed).content.decode()
    personas.end_post(territory.sofia)
    asked = personas.signed_in(territory.camille).get(page).content.decode()
    assert "demandez à quelqu’un d’autre" in asked
    assert "n’a pas encore répondu" in asked
    personas.end_post(territory.camille)
    leila = personas.signed_in(territory.leila)
    assert "qui consultait n’est plus là" in leila.get(listed).content.decode()
    assert "aucune réponse n’est plus attendue" in leila.get(page).content.decode()
    assert not standing.asked_of(territory.leila).exists()
