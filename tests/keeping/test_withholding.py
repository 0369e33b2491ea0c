"""Not sharing is a decision: kept with its reason, shown with the situation, and nobody is reminded of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry, Payload
from cases.models import Case, Person
from sharing import service
from sharing.asking import answering, standing
from sharing.keeping import withheld
from sharing.models import Draft, InformationRequest, NotShared, Outbox, RequestAct
from tests import personas
from tests.asking import ways as requests
from tests.personas import Territory
from tests.sharing.ways import draft_of

SignIn = Callable[[str], Client]
WHY = "Elle préfère le dire elle-même à l’école."


def page_of(territory: Territory) -> str:
    return reverse("sharing:withhold", args=[territory.case.reference])


def withhold(territory: Territory, **changed: Any) -> NotShared:
    told: dict[str, Any] = {"case": territory.case, "code": "herself", "reason": WHY, "by": territory.camille}
    return withheld.withhold(**told | changed)


def test_it_is_recorded_with_its_reason_and_shown_with_the_situation(territory: Territory, sign_in: SignIn) -> None:
    camille = sign_in("camille")
    answer: Any = camille.post(page_of(territory), {"code": "herself", "reason": WHY}, follow=True)
    page = answer.content.decode()
    assert "personne ne vous relancera" in page
    assert WHY in page
    kept = NotShared.objects.get()
    entry = Entry.objects.get(pk=kept.entry_id)
    assert entry.action == "disclosure.withheld"
    assert WHY.encode() not in bytes(entry.body)


def test_from_a_draft_the_draft_is_put_away_with_it(territory: Territory, sign_in: SignIn) -> None:
    draft, camille = draft_of(territory), sign_in("camille")
    compose = camille.get(reverse("sharing:compose", args=[territory.case.reference, draft.pk])).content.decode()
    assert f"{page_of(territory)}?brouillon={draft.pk}" in compose
    page = camille.get(page_of(territory), {"brouillon": str(draft.pk)}).content.decode()
    assert territory.school.name in page
    told = {"code": "too_early", "reason": WHY, "brouillon": draft.pk, "recipient": str(territory.lantier.pk)}
    camille.post(page_of(territory), told)
    kept = NotShared.objects.get()
    assert (kept.draft, kept.recipient) == (draft, territory.lantier)
    assert Draft.objects.get(pk=draft.pk).discarded_at is not None


def test_somebody_else_s_draft_is_not_put_away(territory: Territory) -> None:
    draft = draft_of(territory)
    Draft.objects.filter(pk=draft.pk).update(author=territory.leila)
    kept = withhold(territory, draft=draft)
    assert kept.draft is None
    assert Draft.objects.get(pk=draft.pk).discarded_at is None


def test_it_says_why_with_a_reason_of_the_list(territory: Territory, sign_in: SignIn) -> None:
    for wrong in ({"code": "herself", "reason": ""}, {"code": "", "reason": WHY}):
        answer = sign_in("camille").post(page_of(territory), wrong)
        assert answer.status_code == 422
    with pytest.raises(withheld.WithholdingError):
        withhold(territory, code="because")
    assert not NotShared.objects.exists()


def test_pressed_twice_it_is_kept_once_and_nobody_is_written_to(territory: Territory) -> None:
    assert withhold(territory) == withhold(territory)
    assert NotShared.objects.count() == 1
    assert not Outbox.objects.exists()


def test_only_who_follows_the_case_decides_for_it(territory: Territory, sign_in: SignIn) -> None:
    with pytest.raises(service.CaseNotOpen):
        withhold(territory, by=territory.leila)
    assert sign_in("leila").get(page_of(territory)).status_code == 404
    assert not NotShared.objects.visible_to(territory.lantier).exists()


# --- from a request received -----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(territory: Territory) -> InformationRequest:
    """Camille asks Mme Lantier about the child whom the school follows too."""
    return requests.sent(territory)


@pytest.fixture
def at_school(territory: Territory, asked: InformationRequest) -> Case:
    """Mme Lantier's own situation of the child, opened to answer."""
    return answering.begin_answer(request_id=asked.pk, by=territory.lantier).case


def no_of(asked: InformationRequest) -> RequestAct:
    return RequestAct.objects.get(request=asked, kind=RequestAct.Kind.DECLINED)


def decided_from(territory: Territory, asked: InformationRequest, case: Case, **changed: Any) -> NotShared:
    told = {"case": case, "request": asked, "by": territory.lantier, "recipient": territory.camille}
    return withhold(territory, **told | changed)


def test_from_a_request_one_press_keeps_the_decision_and_answers_no(
    territory: Territory, asked: InformationRequest, at_school: Case, sign_in: SignIn
) -> None:
    lantier = sign_in("lantier")
    door = f"{reverse('sharing:withhold', args=[at_school.reference])}?demande={asked.pk}"
    opened = lantier.post(reverse("sharing:request", args=[asked.pk])).content.decode()
    assert f'href="{door}"' in opened
    page = lantier.get(door).content.decode()
    assert asked.reference in page
    assert "Garder cette décision et répondre non" in page
    told = {"code": "not_mine", "reason": WHY, "demande": str(asked.pk), "recipient": str(territory.camille.pk)}
    answer: Any = lantier.post(door, told, follow=True)
    assert f"répondu à la demande {asked.reference}" in answer.content.decode()
    kept, no = NotShared.objects.get(), no_of(asked)
    assert (kept.request, kept.recipient, kept.case) == (asked, territory.camille, at_school)
    assert (no.by, no.at, no.text) == (territory.lantier, kept.at, "")
    assert standing.state_of(asked) == "declined"


def test_whoever_asked_learns_the_no_and_never_the_reason(
    territory: Territory, asked: InformationRequest, at_school: Case, sign_in: SignIn
) -> None:
    decided_from(territory, asked, at_school)
    letter = Outbox.objects.get(kind=Outbox.Kind.REQUEST_ENDED)
    assert (letter.recipient, letter.reference) == (territory.camille, asked.reference)
    camille = sign_in("camille")
    for page in (
        reverse("sharing:request", args=[asked.pk]),
        reverse("sharing:requests"),
        reverse("sharing:case", args=[territory.case.reference]),
        "/",
    ):
        shown = camille.get(page).content.decode()
        assert WHY not in shown
        assert "Elle le dira elle-même" not in shown
    assert "« Non. »" in camille.get(reverse("sharing:request", args=[asked.pk])).content.decode()
    assert WHY not in bytes(Payload.objects.get(entry_id=no_of(asked).entry_id).body).decode()


def test_pressed_twice_it_is_one_decision_and_one_no(
    territory: Territory, asked: InformationRequest, at_school: Case
) -> None:
    assert decided_from(territory, asked, at_school) == decided_from(territory, asked, at_school)
    assert NotShared.objects.count() == 1
    assert no_of(asked)


def test_where_somebody_answered_first_the_decision_is_kept_and_her_answer_stays(
    territory: Territory, asked: InformationRequest, at_school: Case, sign_in: SignIn
) -> None:
    lantier = sign_in("lantier")
    door = f"{reverse('sharing:withhold', args=[at_school.reference])}?demande={asked.pk}"
    answering.send_to_her(request_id=asked.pk, by=territory.lantier)
    page = lantier.get(door).content.decode()
    assert "Elle a déjà sa réponse" in page
    assert "répondre non" not in page
    answer: Any = lantier.post(door, {"code": "not_mine", "reason": WHY, "demande": str(asked.pk)}, follow=True)
    assert "avait déjà sa réponse" in answer.content.decode()
    assert NotShared.objects.get().request == asked
    assert standing.state_of(asked) == "ask_her"


def test_what_cannot_be_kept_answers_nothing(territory: Territory, asked: InformationRequest, at_school: Case) -> None:
    with pytest.raises(withheld.WithholdingError):
        decided_from(territory, asked, at_school, reason=" ")
    assert standing.state_of(asked) == "sent"
    assert not NotShared.objects.exists()


def test_a_request_is_answered_so_by_who_received_it_from_her_situation_of_that_person(
    territory: Territory, asked: InformationRequest, at_school: Case, sign_in: SignIn
) -> None:
    with pytest.raises(answering.NotAsked):  # she asked it
        withhold(territory, request=asked)
    somebody = Person(first_name="Inès", last_name="Kaddour", birth_date=personas.born_years_ago(10))
    other = personas.open_case_for(somebody, territory.lantier)
    with pytest.raises(answering.NotAsked):  # of somebody else
        decided_from(territory, asked, other)
    page = reverse("sharing:withhold", args=[other.reference])
    shown = sign_in("lantier").get(page, {"demande": str(asked.pk)}).content.decode()
    assert asked.reference not in shown
    assert standing.state_of(asked) == "sent"


def test_without_a_situation_of_hers_or_where_whoever_asks_would_read_why_the_way_is_not_offered(
    territory: Territory, asked: InformationRequest, sign_in: SignIn
) -> None:
    said = "Décider de ne pas communiquer, et dire pourquoi"
    opened = reverse("sharing:request", args=[asked.pk])
    lantier = sign_in("lantier")
    assert said not in lantier.post(opened).content.decode()
    hers = answering.begin_answer(request_id=asked.pk, by=territory.lantier).case
    assert said in lantier.post(opened).content.decode()
    personas.assign(hers, territory.perrin, territory.lantier)
    asked.asker = territory.perrin
    assert withheld.case_of(asked, territory.lantier) is None
