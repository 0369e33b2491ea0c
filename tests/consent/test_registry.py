"""What the acts refuse by themselves, whatever page or command calls them; and where her word stands."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from audit import ledger
from cases import standing_acts
from cases.models import Person
from consent import notices, registry
from consent.history import lines
from consent.models import Consent, Notice
from consent.registry import Scope, ScopeError
from consent.standing import standing
from partners import clock
from tests import personas
from tests.personas import Territory

pytestmark = pytest.mark.django_db


def today() -> date:
    return clock.day_of(clock.now())


def give(territory: Territory, **changes: Any) -> Consent:
    said: dict[str, Any] = {
        "scope": Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        "notice": notices.current(notices.AGREEMENT),
        "valid_until": today() + timedelta(days=90),
        "given_by": territory.mother,
        "collected_on": today(),
        "form": "in_person",
        "own_words": "Oui.",
        "conditions": "",
        "late_reason": "",
        "by": territory.camille,
        "at": clock.now(),
    }
    return registry.give(**said | changes)


def test_an_empty_scope_covers_nothing(territory: Territory) -> None:
    scope = Scope(case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=[])
    with pytest.raises(ScopeError, match="ne couvre rien"):
        give(territory, scope=scope)


def test_six_months_is_the_longest(territory: Territory) -> None:
    with pytest.raises(ScopeError, match="183 jours au plus"):
        give(territory, valid_until=today() + timedelta(days=184))


def test_ninety_days_is_the_longest_by_telephone(territory: Territory) -> None:
    give(territory, form="telephone", called_back=True, valid_until=today() + timedelta(days=90))
    with pytest.raises(ScopeError, match="90 jours au plus"):
        give(territory, form="telephone", called_back=True, valid_until=today() + timedelta(days=91))


def test_nobody_who_is_not_to_be_contacted_is_called_and_what_she_takes_back_is_heard_all_the_same(
    territory: Territory,
) -> None:
    """Whatever calls the act: the form, a program, a command."""
    called: dict[str, Any] = {"form": "telephone", "called_back": True}
    given = give(territory, **called)
    standing_acts.change_representative(
        case=territory.case,
        representative=territory.mother,
        move="do_not_contact",
        reason="Son téléphone est lu.",
        by=territory.camille,
    )
    with pytest.raises(ScopeError, match="Ne pas contacter"):
        give(territory, **called, own_words="Oui, encore.", at=None)
    said: dict[str, Any] = {
        "scope": scope_of(territory),
        "collected_on": today(),
        "own_words": "Non.",
        "by": territory.camille,
    }
    for act in (registry.refuse, registry.object_to, registry.inform):
        with pytest.raises(ScopeError, match="recueillez sa parole autrement"):
            act(given_by=territory.mother, **said, **called)
    registry.refuse(given_by=territory.mother, form="in_person", **said)
    registry.refuse(given_by=territory.father, **said, **called)
    registry.withdraw(
        consent=given, form="telephone", own_words="Finalement non.", by=territory.camille, given_by=territory.mother
    )
    grown = personas.open_case_for(
        Person(first_name="Solène", last_name="Majeure", birth_date=personas.born_years_ago(40)), territory.camille
    )
    herself = said | {
        "scope": Scope(case=grown, recipient=territory.lantier, purpose="acces_droits", categories=["logement"])
    }
    registry.refuse(given_by=None, **herself, **called)
    standing_acts.record_status(case=grown, kind="do_not_contact", note="Il lit ses messages.", by=territory.camille)
    with pytest.raises(ScopeError, match="Ne pas contacter"):
        registry.object_to(given_by=None, **herself, **called)


def scope_of(territory: Territory) -> Scope:
    return Scope(
        case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
    )


def test_the_database_too_refuses_an_agreement_that_would_cover_the_past(territory: Territory) -> None:
    consent = give(territory)
    consent.pk, consent.valid_from = uuid.uuid4(), consent.recorded_at - timedelta(days=1)
    consent.entry_id = ledger.record(action="consent.given", at=clock.now(), actor=territory.camille.pk)
    with pytest.raises(IntegrityError, match="consent_never_covers_the_past"), transaction.atomic():
        consent.save(force_insert=True)


def test_the_database_lets_nobody_rewrite_what_was_said(territory: Territory) -> None:
    consent = give(territory)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(categories=["sante_diagnostic"])
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).delete()


def test_a_parents_refusal_and_the_others_agreement_are_a_disagreement(territory: Territory) -> None:
    personas.parents_refuse(territory)
    give(territory, given_by=territory.father)
    word = standing(person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=clock.now())
    assert word.divided == frozenset({"consigne_pratique"})


def test_the_last_word_of_one_and_the_same_parent_holds(territory: Territory) -> None:
    personas.parents_refuse(territory)
    give(territory)
    word = standing(person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=clock.now())
    assert word.divided == frozenset()
    assert word.said("given") == frozenset({"consigne_pratique"})


def test_a_withdrawal_twice_is_once(territory: Territory) -> None:
    consent = give(territory)
    first = registry.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    second = registry.withdraw(consent=consent, form="telephone", own_words="encore", by=territory.camille)
    assert first == second


def test_a_notice_is_written_down_once(territory: Territory) -> None:
    assert notices.current(notices.AGREEMENT) == notices.current(notices.AGREEMENT)
    assert Notice.objects.get().digest == notices.digest_of(notices.TEXTS[notices.AGREEMENT][-1])


def test_a_text_changed_without_a_new_version_stops_everything(territory: Territory) -> None:
    Notice.objects.create(
        code="tact-accord", version=len(notices.TEXTS[notices.AGREEMENT]), text="Autre chose.", digest="0" * 64
    )
    with pytest.raises(notices.NoticeAltered):
        notices.current(notices.AGREEMENT)


def test_an_agreement_followed_by_the_same_parents_refusal_is_no_longer_said_to_hold(territory: Territory) -> None:
    give(territory)
    assert [line.state for line in lines(territory.case, territory.camille, clock.now())] == ["Accord en vigueur"]
    personas.parents_refuse(territory)
    states = [line.state for line in lines(territory.case, territory.camille, clock.now())]
    assert states == ["Refus", "Accord suivi d’un refus"]
