"""What the one asked does: she is free, the first to answer ends it, and the asker learns the outcome."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from audit.models import Access, Entry
from cases.access import end_assignment
from cases.models import Assignment, Case, Person, PersonStatus, Representative
from partners.graph import NotFromHere
from sharing import service
from sharing.asking import acts, answering, unnamed
from sharing.asking.standing import state_of
from sharing.models import Disclosure, Draft, DraftItem, InformationRequest, Outbox, RequestAct
from sharing.service import Outcome
from tests import personas
from tests.asking.ways import parents_agree_at, sent
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of, seen, send

pytestmark = pytest.mark.django_db

Kind = RequestAct.Kind


@pytest.fixture
def request_sent(territory: Territory) -> InformationRequest:
    return sent(territory)


def test_showing_it_is_traced_each_time_and_recorded_once(
    territory: Territory, request_sent: InformationRequest
) -> None:
    for _ in range(2):
        answering.open_request(request_id=request_sent.pk, by=territory.lantier)
    assert state_of(request_sent) == "opened"
    assert Access.objects.filter(action="request.opened", object_ref=str(request_sent.pk), granted=True).count() == 2
    assert Entry.objects.filter(action="request.opened").count() == 1


def test_nobody_else_opens_or_answers(territory: Territory, request_sent: InformationRequest) -> None:
    for somebody in (territory.perrin, territory.sofia, territory.camille, territory.claire):
        with pytest.raises(answering.NotAsked):
            answering.open_request(request_id=request_sent.pk, by=somebody)
        with pytest.raises(answering.NotAsked):
            answering.decline(request_id=request_sent.pk, by=somebody)


def test_a_colleague_answers_where_the_one_asked_receives_for_her_service(
    territory: Territory, request_sent: InformationRequest
) -> None:
    territory.lantier.receives_for_service = True
    territory.lantier.save(update_fields=["receives_for_service"])
    act = answering.decline(request_id=request_sent.pk, by=territory.perrin)
    assert act.by == territory.perrin
    with pytest.raises(answering.NotAsked):
        answering.open_request(request_id=request_sent.pk, by=territory.sofia)


def test_a_no_needs_no_reason_and_the_asker_is_told(territory: Territory, request_sent: InformationRequest) -> None:
    act = answering.decline(request_id=request_sent.pk, by=territory.lantier)
    assert act.text == ""
    assert state_of(request_sent) == "declined"
    letter = Outbox.objects.get(kind=Outbox.Kind.REQUEST_ENDED)
    assert (letter.recipient_id, letter.reference) == (territory.camille.pk, request_sent.reference)


def test_the_first_answer_ends_it(territory: Territory, request_sent: InformationRequest) -> None:
    answering.send_to_her(request_id=request_sent.pk, by=territory.lantier)
    with pytest.raises(NotFromHere):
        answering.decline(request_id=request_sent.pk, by=territory.lantier)
    with pytest.raises(NotFromHere):
        answering.begin_answer(request_id=request_sent.pk, by=territory.lantier)
    assert RequestAct.objects.filter(request=request_sent).count() == 1


def test_an_answer_without_the_name_says_no_name(territory: Territory, request_sent: InformationRequest) -> None:
    born = territory.child.birth_date
    for text in (
        "Milo a besoin de temps.",
        "L’élève Duval suit bien.",
        "La maman, Inès, vient le chercher.",
        f"Né le {born:%d/%m/%Y}, il suit bien.",
        "Appelez le 06 12 34 56 78.",
        "Il habite 12 rue des Tanneurs.",
        "Écrivez à parent@famille.example.",
    ):
        with pytest.raises(answering.Recognisable) as found:
            answering.answer_without_name(request_id=request_sent.pk, text=text, by=territory.lantier)
        assert found.value.marks
    plain = "Dans une telle situation, l’école adapte les consignes et laisse plus de temps."
    act = answering.answer_without_name(request_id=request_sent.pk, text=plain, by=territory.lantier)
    assert (act.kind, act.text) == (Kind.WITHOUT_NAME, plain)


def test_ordinary_words_are_no_mark(territory: Territory) -> None:
    for text in ("Trois élèves sur dix en ont besoin.", "La classe compte vingt-quatre élèves.", "La mairie aide."):
        assert unnamed.marks(text=text, people=[territory.child]) == ()


def test_a_communication_is_composed_in_a_case_of_hers_opened_for_it(
    territory: Territory, request_sent: InformationRequest
) -> None:
    draft = answering.begin_answer(request_id=request_sent.pk, by=territory.lantier)
    assert draft.case.institution_id == territory.school.pk
    own = draft.case.person
    assert own.pk != territory.child.pk
    assert (own.full_name, own.birth_date) == (territory.child.full_name, territory.child.birth_date)
    assert own.title == ""
    assert not PersonStatus.objects.filter(person=own).exists()
    assert not Representative.objects.filter(person=own).exists()
    assert (draft.recipient_id, draft.purpose, draft.answers_id) == (
        territory.camille.pk,
        "scolarite",
        request_sent.pk,
    )
    assert answering.begin_answer(request_id=request_sent.pk, by=territory.lantier).pk == draft.pk
    assert Case.objects.filter(institution=territory.school).count() == 1
    assert not Case.objects.filter(person=territory.child, institution=territory.school).exists()
    assert Assignment.objects.get(case=draft.case).reason == f"Demande {request_sent.reference}"


def same_child(territory: Territory) -> Person:
    """The sheet that the school itself keeps of the very same child (ADR 0006)."""
    child = territory.child
    return Person(first_name=child.first_name.upper(), last_name=child.last_name, birth_date=child.birth_date)


def test_the_sheet_and_the_case_that_the_school_has_of_the_child_serve(
    territory: Territory, request_sent: InformationRequest
) -> None:
    known = personas.open_case_for(same_child(territory), territory.lantier)
    draft = answering.begin_answer(request_id=request_sent.pk, by=territory.lantier)
    assert draft.case == known
    assert (
        Person.objects.filter(birth_date=territory.child.birth_date, last_name=territory.child.last_name).count() == 2
    )


def test_what_she_said_to_the_service_that_asks_is_no_word_to_the_one_that_answers(
    territory: Territory, request_sent: InformationRequest
) -> None:
    lantier = personas.signed_in(territory.lantier)
    opened = lantier.post(f"/demandes/{request_sent.pk}/").content.decode()
    assert "ne vaut pas pour le vôtre" in opened
    landed: Any = lantier.post(f"/demandes/{request_sent.pk}/communiquer/", follow=True)
    page = landed.content.decode()
    assert "Vous répondez à la demande" in page
    assert "Sa parole est à recueillir ici" in page
    assert f"recipient={territory.camille.pk}" in page
    draft = Draft.objects.get(answers=request_sent)
    parents_agree_at(draft.case, territory.lantier, territory)
    assert "Sa parole est à recueillir ici" not in lantier.get(landed.redirect_chain[-1][0]).content.decode()


def test_where_colleagues_follow_her_already_no_second_case_is_opened(
    territory: Territory, request_sent: InformationRequest
) -> None:
    personas.open_case_for(same_child(territory), territory.perrin)
    with pytest.raises(answering.FollowedByColleagues):
        answering.begin_answer(request_id=request_sent.pk, by=territory.lantier)
    assert Case.objects.filter(institution=territory.school).count() == 1


def composed(territory: Territory, request: InformationRequest) -> Draft:
    """Mme Lantier writes down what the school knows, ready to be sent to Camille."""
    draft = answering.begin_answer(request_id=request.pk, by=territory.lantier)
    parents_agree_at(draft.case, territory.lantier, territory)
    item = personas.write_down(
        draft.case,
        territory.lantier,
        label="Ce qui l’aide",
        text="Une consigne à la fois.",
        category="besoins_scolaires",
        provenance="observed",
    )
    draft.benefit = BENEFIT
    draft.save()
    DraftItem.objects.create(draft=draft, item=item, necessity=NECESSITY)
    whole = Draft.objects.select_related("case__person", "recipient__professional", "recipient__institution")
    return whole.get(pk=draft.pk)


def test_the_communication_answers_the_request_in_its_own_transaction(
    territory: Territory, request_sent: InformationRequest
) -> None:
    shared = send(composed(territory, request_sent), territory.lantier)
    assert shared.outcome is Outcome.RELEASED, shared.decision
    assert shared.disclosure is not None
    assert shared.disclosure.answers_id == request_sent.pk
    assert state_of(request_sent) == "answered"
    act = RequestAct.objects.get(request=request_sent, kind=Kind.ANSWERED)
    assert act.disclosure_id == shared.disclosure.pk
    assert Entry.objects.get(pk=act.entry_id).action == "request.answered"
    assert Outbox.objects.filter(kind=Outbox.Kind.REQUEST_ENDED, recipient=territory.camille).count() == 1


def withdrawn(territory: Territory, request: InformationRequest) -> str:
    acts.withdraw_request(request_id=request.pk, by=territory.camille)
    return "a retiré sa demande"


def left(territory: Territory, _request: InformationRequest) -> str:
    end_assignment(
        assignment=Assignment.objects.get(case=territory.case, membership=territory.camille),
        reason="Changement de secteur",
        by=territory.nadia,
    )
    return "ne suit plus cette personne"


@pytest.mark.parametrize("ending", [withdrawn, left])
def test_what_no_longer_answers_stays_and_leaves_only_knowingly_as_no_answer(
    ending: Callable[[Territory, InformationRequest], str], territory: Territory, request_sent: InformationRequest
) -> None:
    draft = composed(territory, request_sent)
    lantier = personas.signed_in(territory.lantier)
    check = f"/situations/{draft.case.reference}/communiquer/{draft.pk}/relire/"
    token = re.search(r'name="seen" value="([^"]+)"', lantier.get(check).content.decode())
    assert token is not None
    why = ending(territory, request_sent)
    answer = lantier.post(check, {"seen": token[1]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "La situation a changé depuis votre vérification. Rien n’a été communiqué." in page
    assert why in page
    assert not Disclosure.objects.exists()
    assert Draft.objects.filter(pk=draft.pk, sent_at=None, discarded_at=None).exists()
    assert why in lantier.get(check).content.decode()
    shared = send(draft, territory.lantier)
    assert shared.disclosure is not None
    assert shared.disclosure.answers_id is None
    assert state_of(request_sent) in ("sent", "withdrawn")
    assert not Outbox.objects.filter(kind=Outbox.Kind.REQUEST_ENDED).exists()


def test_to_an_asker_who_no_longer_follows_a_word_is_said_and_nothing_composed(
    territory: Territory, request_sent: InformationRequest
) -> None:
    said = left(territory, request_sent)
    lantier = personas.signed_in(territory.lantier)
    assert said in lantier.post(f"/demandes/{request_sent.pk}/").content.decode()
    answer = lantier.post(f"/demandes/{request_sent.pk}/communiquer/")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Draft.objects.filter(answers=request_sent).exists()
    answering.send_to_her(request_id=request_sent.pk, by=territory.lantier)
    camille, address = personas.signed_in(territory.camille), f"/demandes/{request_sent.pk}/"
    page = camille.get(address).content.decode()
    assert "Voyez avec la personne" in page
    assert "la réponse est à lire" in page
    assert "Plus rien n’est attendu" not in page
    camille.post(f"{address}vue/")
    assert "Plus rien n’est attendu" in camille.get(address).content.decode()


def test_what_goes_to_somebody_else_answers_nothing(territory: Territory, request_sent: InformationRequest) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    draft.answers = request_sent
    draft.save()
    shared = service.share(draft_id=draft.pk, previewed=seen(draft, territory.camille), by=territory.camille)
    assert shared.outcome is Outcome.RELEASED
    assert state_of(request_sent) == "sent"


def test_the_asker_learns_the_outcome_after_losing_the_case(
    territory: Territory, request_sent: InformationRequest
) -> None:
    personas.assign(territory.case, territory.nadia, territory.camille)
    end_assignment(
        assignment=Assignment.objects.get(case=territory.case, membership=territory.camille),
        reason="Changement de secteur",
        by=territory.nadia,
    )
    answering.decline(request_id=request_sent.pk, by=territory.lantier, reason="Ce n’est pas à l’école de le dire.")
    page = personas.signed_in(territory.camille).get(f"/demandes/{request_sent.pk}/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "Un non n’a pas à être justifié" in html
    assert "Ce n’est pas à l’école de le dire." not in html
    assert territory.child.short_name not in html


def test_a_precision_is_asked_of_the_author_and_answered_from_her_case(territory: Territory) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    question = "Jusqu’à quelle date exactement ?"
    asked = acts.ask_precision(disclosure=disclosure, question=question, by=territory.lantier)
    assert (asked.asked_id, asked.about_id, asked.case_id) == (territory.camille.pk, disclosure.pk, None)
    assert acts.ask_precision(disclosure=disclosure, question=question, by=territory.lantier).pk == asked.pk
    draft = answering.begin_answer(request_id=asked.pk, by=territory.camille)
    assert draft.case_id == territory.case.pk
    answering.decline(request_id=asked.pk, by=territory.camille)
    again = acts.ask_precision(disclosure=disclosure, question="Et l’heure ?", by=territory.lantier)
    assert again.stopped == acts.INSISTING
    with pytest.raises(acts.NotHers):
        acts.ask_precision(disclosure=disclosure, question=question, by=territory.perrin)


def test_a_precision_goes_to_whoever_follows_once_its_author_left(territory: Territory) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    personas.assign(territory.case, territory.nadia, territory.camille)
    personas.end_post(territory.camille)
    asked = acts.ask_precision(disclosure=disclosure, question="Jusqu’à quand ?", by=territory.lantier)
    assert asked.asked_id == territory.nadia.pk
    personas.end_post(territory.nadia)
    with pytest.raises(acts.NobodyToAsk):
        acts.ask_precision(disclosure=disclosure, question="Et l’heure ?", by=territory.lantier)
