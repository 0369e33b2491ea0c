"""Not sharing is a decision: kept with its reason, shown with the situation, and nobody is reminded of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from sharing import service
from sharing.keeping import withheld
from sharing.models import Draft, NotShared, Outbox
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
    page = camille.get(page_of(territory), {"brouillon": draft.pk}).content.decode()
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
