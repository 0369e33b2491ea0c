"""Leaving an institution: neither a request nor a duty waits for who left; each passes to another, or is closed and told."""

from typing import Any

import pytest
from django.urls import reverse

from audit.models import Entry
from audit.verification import verify
from cases.models import Assignment
from partners.accounts import leaving
from partners.models import Membership
from partners.tending import NotTended, TooLate
from sharing.asking import acts as asking
from sharing.asking import answering
from sharing.asking.standing import state_of
from sharing.leaving import requests as passing
from sharing.leaving.left import leaving as who_leaves
from sharing.leaving.left import left_by
from sharing.models import Draft, DraftItem, Duty, InformationRequest, Outbox, RequestAct
from sharing.outbox import letter_of
from sharing.reviewing import author
from tests import personas
from tests.asking import ways as requests
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
WHY = "Mutation"


def end(leaver: Membership, by: Membership) -> None:
    leaving.end(membership=leaver, last_day=None, why=WHY, by=by)


def paule(territory: Territory, first_name: str = "Paule", *functions: str) -> Membership:
    return personas.post(
        personas.professional(first_name, "Encadre"), territory.school, "directeur_ecole", "Directrice adjointe",
        "discretion", "CGFP L121-7", *functions,
    )  # fmt: skip


def chosen(territory: Territory, **fields: Any) -> dict[str, str]:
    assignment = Assignment.objects.get(case=territory.case, membership=territory.camille, ends_at=None)
    return {"why": WHY, f"case_{assignment.pk}": str(territory.leila.pk)} | fields


def letters(kind: str) -> set[Any]:
    return {one.recipient for one in Outbox.objects.filter(kind=kind)}


def test_what_she_had_asked_goes_with_the_situation_and_its_answer_too(territory: Territory) -> None:
    asked = requests.sent(territory)
    begun = answering.begin_answer(request_id=asked.pk, by=territory.lantier)
    begun.benefit = "Une aide en classe."
    begun.save(update_fields=["benefit"])
    end(territory.camille, territory.nadia)
    asker = personas.signed_in(territory.lantier)
    assert "n’est plus là" not in asker.get(reverse("sharing:request", args=[asked.pk])).content.decode()
    page = reverse("sharing:relay", args=[territory.camille.pk])
    nadia = personas.signed_in(territory.nadia)
    personas.parents_agree(territory, recipient=territory.leila, purpose="scolarite", categories=requests.NEEDS)
    assert f"Avec la situation {territory.case.reference}" in nadia.get(page).content.decode()
    done = nadia.post(page, chosen(territory))
    assert done.status_code == 302, done.content.decode()
    now = InformationRequest.objects.get(continues=asked)
    assert (now.asker, now.asked, now.case, now.verdict) == (
        territory.leila,
        territory.lantier,
        territory.case,
        "allow",
    )
    assert (now.decision_at_stake, now.needed_on) == (asked.decision_at_stake, asked.needed_on)
    assert state_of(asked) == "transferred"
    assert state_of(now) == "sent"
    assert letters(Outbox.Kind.REQUEST_TRANSFERRED) == {territory.leila, territory.lantier}
    for letter in Outbox.objects.filter(kind=Outbox.Kind.REQUEST_TRANSFERRED):
        assert now.reference in letter_of(letter).subject
        assert "Milo" not in letter_of(letter).body
    assert Entry.objects.get(pk=now.entry_id).actor_ref == territory.nadia.pk
    shown = personas.signed_in(territory.leila).get(reverse("sharing:request", args=[now.pk])).content.decode()
    assert requests.DECISION in shown
    over = asker.get(reverse("sharing:request", args=[asked.pk])).content.decode()
    assert reverse("sharing:request", args=[now.pk]) in over
    again = answering.begin_answer(request_id=now.pk, by=territory.lantier)
    assert (again.benefit, again.recipient, again.answers) == (begun.benefit, territory.leila, now)
    begun.refresh_from_db()
    assert begun.discarded_at is not None
    assert "Tout est réglé" in nadia.get(page).content.decode()
    assert territory.camille not in who_leaves(territory.nadia)
    assert verify().holds


def test_what_was_asked_of_her_passes_to_who_may_answer_or_is_closed_and_told(territory: Territory) -> None:
    asked, second = (
        requests.sent(territory),
        requests.sent(territory, decision_at_stake="Les repas du midi en dépendent."),
    )
    lead, successor = paule(territory, "Paule", "team_lead"), paule(territory, "Solène")
    with pytest.raises(TooLate):
        passing.close_request(request_id=asked.pk, leaver=territory.lantier, by=lead)
    end(territory.lantier, lead)
    waits = personas.signed_in(territory.camille).get(reverse("sharing:request", args=[asked.pk])).content.decode()
    assert "n’est plus là" in waits
    assert [one.request for one in left_by(territory.lantier).waiting] == [asked, second]
    assert who_leaves(lead) == [territory.lantier]
    page = reverse("sharing:relay", args=[territory.lantier.pk])
    client = personas.signed_in(lead)
    assert client.post(page, {"why": WHY}).status_code == 422
    answer = client.post(page, {"why": WHY, f"request_{asked.pk}": str(successor.pk), f"request_{second.pk}": "close"})
    assert answer.status_code == 302, answer.content.decode()
    now = InformationRequest.objects.get(continues=asked)
    assert (now.asker, now.asked) == (territory.camille, successor)
    assert letters(Outbox.Kind.REQUEST_WAITING) == {territory.lantier, successor}
    assert letters(Outbox.Kind.REQUEST_TRANSFERRED) == {territory.camille}
    assert letters(Outbox.Kind.REQUEST_CLOSED) == {territory.camille}
    answering.open_request(request_id=now.pk, by=successor)
    answering.decline(request_id=now.pk, by=successor)
    camille = personas.signed_in(territory.camille)
    closed = camille.get(reverse("sharing:request", args=[second.pk])).content.decode()
    assert "personne ne la reprend" in closed
    assert "Reprendre cette demande" in closed
    asking.note_seen(request_id=second.pk, by=territory.camille)
    assert RequestAct.objects.get(request=second, kind="closed").seen_at is not None
    with pytest.raises(TooLate):
        passing.close_request(request_id=asked.pk, leaver=territory.lantier, by=lead)
    for outsider in (successor, territory.nadia, territory.sofia):
        with pytest.raises(NotTended):
            passing.close_request(request_id=second.pk, leaver=territory.lantier, by=outsider)
    assert verify().holds


def test_what_no_text_lets_pass_holds_no_situation_back_and_stays_the_team_s_to_settle(territory: Territory) -> None:
    asked = requests.sent(territory)
    end(territory.camille, territory.nadia)
    page = reverse("sharing:relay", args=[territory.camille.pk])
    nadia = personas.signed_in(territory.nadia)
    alone = nadia.post(page, chosen(territory, **{f"request_{asked.pk}": str(territory.leila.pk)}))
    assert alone.status_code == 422
    assert "un accord vaut pour qui le reçoit" in alone.content.decode()
    assert Assignment.objects.filter(case=territory.case, membership=territory.camille, ends_at=None).exists()
    done = nadia.post(page, chosen(territory), follow=True).content.decode()
    assert f"demande {asked.reference}. Aucun texte" in done
    assert Assignment.objects.filter(case=territory.case, membership=territory.leila, ends_at=None).exists()
    assert state_of(asked) == "sent"
    assert who_leaves(territory.nadia) == [territory.camille]
    assert nadia.post(page, {"why": WHY, f"request_{asked.pk}": "close"}).status_code == 302
    assert state_of(asked) == "closed"
    assert letters(Outbox.Kind.REQUEST_CLOSED) == {territory.lantier}


def test_a_request_goes_to_nobody_whom_the_texts_or_the_situation_keep_apart(territory: Territory) -> None:
    asked = requests.sent(territory)
    lead = paule(territory, "Paule", "team_lead")
    end(territory.camille, territory.nadia)
    end(territory.lantier, lead)
    with pytest.raises(passing.MayNotTakeOver, match="suit la situation"):
        passing.hand_over_request(request_id=asked.pk, leaver=territory.camille, to=territory.leila, by=territory.nadia)
    for stranger in (territory.sofia, territory.camille, territory.lantier):
        with pytest.raises(passing.MayNotTakeOver, match="reste dans votre institution"):
            passing.hand_over_request(request_id=asked.pk, leaver=territory.camille, to=stranger, by=territory.nadia)
    caretaker = personas.post(
        personas.professional("Rémi", "Garde"), territory.school, "bailleur_social", "Gardien", "discretion",
        "CGFP L121-7",
    )  # fmt: skip
    with pytest.raises(passing.MayNotTakeOver, match="Aucun texte"):
        passing.hand_over_request(request_id=asked.pk, leaver=territory.lantier, to=caretaker, by=lead)
    assert state_of(asked) == "sent"
    assert not InformationRequest.objects.filter(continues=asked).exists()


def test_a_precision_asked_of_her_goes_with_the_situation_and_one_that_she_asked_can_only_be_closed(
    territory: Territory,
) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    asked = asking.ask_precision(disclosure=sent, question="Depuis quand ?", by=territory.lantier)
    lead, successor = paule(territory, "Paule", "team_lead"), paule(territory, "Solène")
    end(territory.camille, territory.nadia)
    page = reverse("sharing:relay", args=[territory.camille.pk])
    assert personas.signed_in(territory.nadia).post(page, chosen(territory)).status_code == 302
    now = InformationRequest.objects.get(continues=asked)
    assert (now.asker, now.asked, now.about) == (territory.lantier, territory.leila, sent)
    end(territory.lantier, lead)
    with pytest.raises(passing.MayNotTakeOver, match="À personne"):
        passing.hand_over_request(request_id=now.pk, leaver=territory.lantier, to=successor, by=lead)
    passing.close_request(request_id=now.pk, leaver=territory.lantier, by=lead)
    assert letters(Outbox.Kind.REQUEST_CLOSED) == {territory.leila}


def test_a_draft_that_awaited_an_opinion_says_so_to_who_takes_it_over_and_to_who_was_to_give_it(
    territory: Territory,
) -> None:
    review = submitted(territory)
    end(territory.camille, territory.nadia)
    page = reverse("sharing:relay", args=[territory.camille.pk])
    assert personas.signed_in(territory.nadia).post(page, chosen(territory)).status_code == 302
    mine = Draft.objects.visible_to(territory.leila).get()
    assert mine.continues == review.draft
    assert DraftItem.objects.filter(draft=mine).count() == 2
    assert letters(Outbox.Kind.DRAFT_TRANSFERRED) == {territory.leila}
    assert letters(Outbox.Kind.REVIEW_TRANSFERRED) == letters(Outbox.Kind.REVIEW_REQUESTED)
    leila = personas.signed_in(territory.leila)
    told = leila.get(reverse("sharing:compose", args=[territory.case.reference, mine.pk])).content.decode()
    assert "Un avis avait été demandé" in told
    assert author.asked_before(mine) == review
    assert left_by(territory.camille).opinions == 0


def test_a_duty_passes_to_who_takes_the_situation_over_and_meanwhile_to_the_head_of_the_team(
    territory: Territory,
) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    hers = Duty.objects.filter(record=sent.record, owed_by="author")
    assert hers.exists()
    end(territory.camille, territory.nadia)
    assert set(hers) <= set(Duty.objects.visible_to(territory.nadia))
    page = reverse("sharing:relay", args=[territory.camille.pk])
    assert personas.signed_in(territory.nadia).post(page, chosen(territory)).status_code == 302
    assert set(hers) <= set(Duty.objects.visible_to(territory.leila))
    assert not set(hers) & set(Duty.objects.visible_to(territory.nadia))
