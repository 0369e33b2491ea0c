"""What stands is what the core is told: at the instant of the decision, under lock, and again when what left is read."""

from datetime import datetime, timedelta

import pytest

from cases import standing
from cases.models import PersonStatus
from partners import clock
from sharing import facts as f
from sharing import gather, service
from sharing.daily.desk import Desk
from sharing.daily.majority import majority
from sharing.service import Outcome
from tests import personas
from tests.deciding.ways import adult, records
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db

Kind = PersonStatus.Kind


def facts(territory: Territory, at: datetime | None = None) -> f.Facts:
    return gather.gather(
        case=territory.case, sender=territory.camille, recipient=territory.lantier, purpose="scolarite", chosen=[],
        circumstances=[], justification="", at=at or clock.now(),
    )  # fmt: skip


def test_what_is_recorded_after_an_instant_does_not_count_at_that_instant(territory: Territory) -> None:
    before = clock.now()
    for kind in (Kind.PARENTS_DISAGREE, Kind.OBJECTS_TO_PARENTS, Kind.PROTECTED_ADDRESS):
        records(territory.case, territory, kind)
    told = {"parents_known_to_disagree", "minor_objects", "address_protected"}
    assert told <= facts(territory).circumstances
    assert not told & facts(territory, before).circumstances


def test_emancipated_the_core_hears_of_an_adult(territory: Territory) -> None:
    assert facts(territory).person.age == personas.CHILD_AGE
    records(territory.case, territory, Kind.EMANCIPATED)
    assert facts(territory).person.age is None


def test_a_disagreement_recorded_while_composing_sends_nothing(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    _facts, seen = service.preview(draft=draft, by=territory.camille)
    token = service.fingerprint(_facts, seen, service.beside(draft))
    records(territory.case, territory, Kind.PARENTS_DISAGREE)
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is Outcome.CHANGED
    assert shared.decision is not None
    assert "parents_disagree" in shared.decision.reasons


def test_a_protected_address_keeps_her_address_here(territory: Territory) -> None:
    territory.school_agreement.purposes = [*territory.school_agreement.purposes, "demarche_demandee"]
    territory.school_agreement.categories = [*territory.school_agreement.categories, "coordonnees"]
    territory.school_agreement.save()
    where = personas.write_down(territory.case, territory.camille, category="coordonnees", label="Où écrire")
    records(territory.case, territory, Kind.PROTECTED_ADDRESS)
    draft = draft_of(territory, items=[where])
    _facts, decision = service.preview(draft=draft, by=territory.camille)
    assert "address_protected" in decision.reasons


def test_her_referent_is_reminded_around_her_majority_while_words_of_others_stand(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    born = (today + timedelta(days=10)).replace(year=today.year - 18)
    assert majority(Desk(territory.camille, clock.now())) is None
    territory.child.birth_date = born
    territory.child.save()
    assert majority(Desk(territory.camille, clock.now())) is None
    personas.parents_agree(territory)
    shown = majority(Desk(territory.camille, clock.now()))
    assert shown is not None
    assert "prend fin ce jour-là" in shown.lines[0].soft
    after = majority(Desk(territory.camille, clock.now() + timedelta(days=20)))
    assert after is not None
    assert "a pris fin" in after.lines[0].soft
    assert majority(Desk(territory.camille, clock.now() + timedelta(days=60))) is None
    assert majority(Desk(territory.leila, clock.now())) is None


def test_a_measure_of_an_adult_reaches_the_core(territory: Territory) -> None:
    case = adult(territory)
    records(case, territory, Kind.FUTURE_MANDATE, scope="personal_representation")
    seen = gather.subject(case, standing.stands(case.person, clock.now()), clock.now())
    assert (seen.age, seen.measure) == (None, "tutelle_personal")
