"""Words that the person never said: for another, by another, about nothing known. And what no text box should take."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases.models import Representative
from consent import registry
from consent.models import PersonsWord
from consent.registry import Scope, ScopeError
from partners import clock
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db


def refused(territory: Territory, scope: Scope, **changes: Any) -> None:
    today = clock.day_of(clock.now())
    word: dict[str, Any] = {
        "given_by": territory.mother, "collected_on": today, "form": "in_person", "own_words": "", "late_reason": "",
    } | changes  # fmt: skip
    acts: list[Any] = [
        lambda: registry.give(
            scope=scope, by=territory.camille, conditions="", notice=personas.notice(),
            valid_until=today + timedelta(days=30), **word,
        ),
        lambda: registry.refuse(scope=scope, by=territory.camille, **word),
        lambda: registry.object_to(scope=scope, by=territory.camille, **word),
        lambda: registry.inform(scope=scope, by=territory.camille, **word),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(ScopeError):
            act()
    assert not any(model.objects.exists() for model in PersonsWord.__subclasses__())


def scope_of(territory: Territory) -> Scope:
    return Scope(
        case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
    )


def test_the_mother_of_another_child_does_not_speak_for_this_one(territory: Territory) -> None:
    other = personas.Person(first_name="Zoé", last_name="Autre", birth_date=personas.born_years_ago(8))
    personas.open_case_for(other, territory.camille)
    stranger = Representative.objects.create(
        person=other, kind="mother", first_name="Ada", last_name="Autre", holds_parental_authority=True
    )
    refused(territory, scope_of(territory), given_by=stranger)


@pytest.mark.parametrize(
    "change", [{"categories": ["tout"]}, {"categories": []}, {"purpose": "curiosite"}, {"purpose": "%"}]
)
def test_a_scope_that_the_rulebook_does_not_know_is_not_recorded(territory: Territory, change: dict[str, Any]) -> None:
    refused(territory, replace(scope_of(territory), **change))


def test_a_word_of_tomorrow_is_not_recorded(territory: Territory) -> None:
    refused(territory, scope_of(territory), collected_on=clock.day_of(clock.now()) + timedelta(days=1))


def test_a_word_dated_back_without_saying_why_is_not_recorded(territory: Territory) -> None:
    refused(territory, scope_of(territory), collected_on=clock.day_of(clock.now()) - timedelta(days=2))


@pytest.mark.parametrize("typed", ["a\x00b", "%s", "\ufdd0\uffff", "%", "'", "A" * 5000])
def test_odd_characters_searched_for_a_recipient_break_nothing(territory: Territory, typed: str) -> None:
    draft = draft_of(territory)
    client = personas.signed_in(territory.camille)
    address = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    for name in ("q", "role"):
        assert client.get(address, {name: typed}).status_code == 200
        assert client.post(address, {name: typed}).status_code == 200
