"""A request is decided in the direction of its answer; what may not be answered is stopped and reaches nobody."""

import uuid
from datetime import timedelta

import pytest

from audit.models import Entry
from partners import clock
from partners.graph import NotFromHere
from sharing import withdrawal
from sharing.asking import acts, answering
from sharing.asking.acts import Asking
from sharing.asking.standing import state_of
from sharing.models import InformationRequest, Outbox, RequestAct
from sharing.service import CaseNotOpen
from tests import personas
from tests.asking.ways import NEEDS, ask, parents_let_camille_know, seen, sent, wish_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db


def test_without_the_parents_agreement_nothing_reaches_the_school(territory: Territory) -> None:
    asked = ask(territory)
    assert asked.outcome is Asking.STOPPED
    assert asked.request is not None
    assert asked.request.stopped == acts.NOT_PERMITTED
    assert asked.request.facts
    assert asked.request.decision
    assert asked.request.edition is not None
    assert not Outbox.objects.filter(kind=Outbox.Kind.REQUEST_WAITING).exists()
    assert not InformationRequest.objects.received_by(territory.lantier).exists()
    entry = Entry.objects.get(pk=asked.request.entry_id)
    assert entry.action == "request.stopped"
    assert entry.actor_ref == territory.camille.pk


def test_with_the_parents_agreement_towards_the_asker_it_is_sent(territory: Territory) -> None:
    request = sent(territory)
    assert request.reference.startswith("D-")
    assert request.verdict in ("allow", "review")
    assert Entry.objects.get(pk=request.entry_id).action == "request.sent"
    letter = Outbox.objects.get(kind=Outbox.Kind.REQUEST_WAITING)
    assert (letter.recipient_id, letter.reference) == (territory.lantier.pk, request.reference)
    assert list(InformationRequest.objects.received_by(territory.lantier)) == [request]
    assert state_of(request) == "sent"


def test_an_agreement_towards_the_partner_is_none_towards_the_asker(territory: Territory) -> None:
    personas.parents_agree(territory, categories=NEEDS)
    assert ask(territory).outcome is Asking.STOPPED


def test_a_double_click_is_one_request(territory: Territory) -> None:
    parents_let_camille_know(territory)
    key = uuid.uuid4()
    first, second = ask(territory, key=key), ask(territory, key=key)
    assert first.request == second.request
    assert second.outcome is Asking.SENT
    assert InformationRequest.objects.count() == Outbox.objects.filter(kind=Outbox.Kind.REQUEST_WAITING).count() == 1


def test_the_key_of_a_request_that_was_stopped_serves_again_once_it_is_changed(territory: Territory) -> None:
    parents_let_camille_know(territory)
    key = uuid.uuid4()
    assert ask(territory, key=key, own_role="Surveillez la mère.").outcome is Asking.STOPPED
    again = ask(territory, key=key)
    assert again.outcome is Asking.SENT
    assert InformationRequest.objects.count() == 2


def test_what_was_seen_and_has_changed_sends_nothing(territory: Territory) -> None:
    consent = parents_let_camille_know(territory)
    wish = wish_of(territory)
    token = seen(wish, territory.camille)
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    asked = acts.ask(key=uuid.uuid4(), wish=wish, previewed=token, by=territory.camille)
    assert asked.outcome is Asking.CHANGED
    assert not InformationRequest.objects.received_by(territory.lantier).exists()


def test_other_words_than_those_that_were_read_send_nothing(territory: Territory) -> None:
    parents_let_camille_know(territory)
    token = seen(wish_of(territory), territory.camille)
    asked = acts.ask(
        key=uuid.uuid4(), wish=wish_of(territory, own_role="Un autre rôle."), previewed=token, by=territory.camille
    )
    assert asked.outcome is Asking.CHANGED
    assert asked.request is None


def test_who_no_longer_follows_the_case_asks_nothing(territory: Territory) -> None:
    wish = wish_of(territory)
    with pytest.raises(CaseNotOpen):
        acts.ask(key=uuid.uuid4(), wish=wish, previewed="", by=territory.leila)


@pytest.mark.parametrize(
    "purpose", ["curiosite", "liste_nominative", "flux_automatique", "selection_employeur_bailleur"]
)
def test_a_purpose_that_is_never_lawful_is_refused_at_once(territory: Territory, purpose: str) -> None:
    asked = ask(territory, purpose=purpose)
    assert asked.outcome is Asking.STOPPED
    assert asked.request is not None
    assert (asked.request.stopped, asked.request.purpose) == (acts.FORBIDDEN, purpose)


def test_a_wording_of_watching_is_refused_whatever_the_agreement(territory: Territory) -> None:
    parents_let_camille_know(territory)
    asked = ask(territory, decision_at_stake="Pouvez-vous surveiller la mère à la sortie de l’école ?")
    assert asked.outcome is Asking.STOPPED
    assert asked.request is not None
    assert asked.request.stopped == "watching"
    assert not Outbox.objects.filter(kind=Outbox.Kind.REQUEST_WAITING).exists()


def test_insisting_after_a_no_is_stopped_for_the_whole_service(territory: Territory) -> None:
    request = sent(territory)
    answering.decline(request_id=request.pk, by=territory.lantier)
    again = ask(territory)
    assert again.request is not None
    assert again.request.stopped == acts.INSISTING
    elsewhere = ask(territory, asked=territory.perrin)
    assert elsewhere.request is not None
    assert elsewhere.request.stopped == acts.INSISTING
    personas.assign(territory.case, territory.nadia, territory.camille)
    wish = wish_of(territory)
    hers = acts.ask(key=uuid.uuid4(), wish=wish, previewed=seen(wish, territory.nadia), by=territory.nadia)
    assert hers.request is not None
    assert hers.request.stopped == acts.INSISTING


def test_an_answer_that_sends_to_the_person_is_respected_too(territory: Territory) -> None:
    answering.send_to_her(request_id=sent(territory).pk, by=territory.lantier)
    again = ask(territory)
    assert again.request is not None
    assert again.request.stopped == acts.INSISTING


def test_other_categories_or_another_partner_are_no_insistence(territory: Territory) -> None:
    answering.decline(request_id=sent(territory).pk, by=territory.lantier)
    other = ask(territory, categories=("coordonnees",))
    assert other.request is not None
    assert other.request.stopped != acts.INSISTING
    doctor = ask(territory, asked=territory.aubin)
    assert doctor.request is not None
    assert doctor.request.stopped != acts.INSISTING


def test_her_agreement_given_since_the_refusal_lets_ask_again(territory: Territory) -> None:
    request = sent(territory)
    answering.decline(request_id=request.pk, by=territory.lantier)
    assert ask(territory).outcome is Asking.STOPPED
    personas.parents_agree(
        territory, recipient=territory.camille, purpose="scolarite", categories=NEEDS, at=clock.now() + timedelta(0)
    )
    assert ask(territory).outcome is Asking.SENT


def test_an_agreement_that_covers_less_than_what_was_refused_does_not(territory: Territory) -> None:
    both = ("besoins_scolaires", "consigne_pratique")
    request = sent(territory, categories=both)
    answering.decline(request_id=request.pk, by=territory.lantier)
    parents_let_camille_know(territory, categories=NEEDS)
    again = ask(territory, categories=both)
    assert again.request is not None
    assert again.request.stopped == acts.INSISTING


def test_a_request_that_was_taken_back_may_be_made_again(territory: Territory) -> None:
    request = sent(territory)
    acts.withdraw_request(request_id=request.pk, by=territory.camille)
    assert state_of(request) == "withdrawn"
    assert Outbox.objects.filter(kind=Outbox.Kind.REQUEST_WITHDRAWN, recipient=territory.lantier).exists()
    with pytest.raises(NotFromHere):
        answering.decline(request_id=request.pk, by=territory.lantier)
    assert ask(territory).outcome is Asking.SENT


def test_what_is_answered_is_not_taken_back(territory: Territory) -> None:
    request = sent(territory)
    answering.decline(request_id=request.pk, by=territory.lantier)
    with pytest.raises(NotFromHere):
        acts.withdraw_request(request_id=request.pk, by=territory.camille)
    with pytest.raises(acts.NotHers):
        acts.withdraw_request(request_id=request.pk, by=territory.nadia)


def test_the_outcome_is_read_once(territory: Territory) -> None:
    request = sent(territory)
    answering.decline(request_id=request.pk, by=territory.lantier)
    acts.note_seen(request_id=request.pk, by=territory.camille)
    first = RequestAct.objects.get(request=request).seen_at
    acts.note_seen(request_id=request.pk, by=territory.camille)
    assert first is not None
    assert RequestAct.objects.get(request=request).seen_at == first
