"""Who decides, row by row of law.md, 3.2: who may give, refuse, object or be told, and why them."""

import pytest

from cases.models import Case, PersonStatus, Representative, RepresentativeAct
from consent.speakers import HERSELF, Speakers, speakers_for
from partners import clock
from tests import personas
from tests.deciding.ways import adds, adult, changes, records
from tests.personas import Territory

pytestmark = pytest.mark.django_db

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move
Role = Representative.Kind


def of(case: Case) -> Speakers:
    case.refresh_from_db()
    return speakers_for(case.person, clock.now())


def codes(speakers: Speakers) -> list[str]:
    return [one.code for one in speakers.people]


def test_an_adult_decides_alone_and_her_trusted_person_decides_nothing(territory: Territory) -> None:
    case = adult(territory)
    trusted = adds(case, territory, Role.TRUSTED)
    speakers = of(case)
    assert codes(speakers) == [HERSELF]
    assert [one.code for one in speakers.consulted] == [str(trusted.pk)]
    assert "Elle décide seule" in speakers.rule


@pytest.mark.parametrize(
    ("kind", "scope", "who"),
    [
        (Kind.SAUVEGARDE, "", None),
        (Kind.CURATELLE, Scope.PROPERTY, Role.CURATOR),
        (Kind.CURATELLE, Scope.ASSISTANCE, Role.CURATOR),
    ],
)
def test_under_sauvegarde_or_curatelle_she_decides_alone(territory: Territory, kind: str, scope: str, who: str) -> None:
    case = adult(territory)
    records(case, territory, kind, scope=scope)
    if who:
        adds(case, territory, who)
    speakers = of(case)
    assert codes(speakers) == [HERSELF]
    assert "accord exprès" in speakers.rule


@pytest.mark.parametrize(
    ("kind", "who", "named"),
    [
        (Kind.TUTELLE, Role.GUARDIAN, "Tutelle"),
        (Kind.FAMILY_AUTHORISATION, Role.AUTHORISED, "Habilitation familiale"),
        (Kind.FUTURE_MANDATE, Role.MANDATARY, "Mandat de protection future"),
    ],
)
def test_represented_for_her_person_she_speaks_first_and_her_representative_is_listed(
    territory: Territory, kind: str, who: str, named: str
) -> None:
    case = adult(territory)
    records(case, territory, kind, scope=Scope.REPRESENTATION)
    other = adds(case, territory, who)
    speakers = of(case)
    assert codes(speakers) == [HERSELF, str(other.pk)]
    assert speakers.rule.startswith(named)
    assert "en tenant compte de son avis" in speakers.rule


@pytest.mark.parametrize("kind", [Kind.TUTELLE, Kind.FAMILY_AUTHORISATION, Kind.FUTURE_MANDATE])
def test_a_measure_on_her_property_leaves_her_person_to_herself(territory: Territory, kind: str) -> None:
    case = adult(territory)
    records(case, territory, kind, scope=Scope.PROPERTY)
    adds(case, territory, Role.GUARDIAN)
    assert codes(of(case)) == [HERSELF]


def test_assisted_for_her_person_she_decides_as_under_curatelle(territory: Territory) -> None:
    case = adult(territory)
    records(case, territory, Kind.FAMILY_AUTHORISATION, scope=Scope.ASSISTANCE)
    adds(case, territory, Role.AUTHORISED)
    assert codes(of(case)) == [HERSELF]


def test_unable_for_now_nobody_consents_for_her(territory: Territory) -> None:
    case = adult(territory)
    records(case, territory, Kind.UNABLE)
    adds(case, territory, Role.TRUSTED)
    speakers = of(case)
    assert [one.code for one in speakers.people if one.may_agree] == []
    assert len(speakers.consulted) == 1
    assert "personne ne consent à sa place" in speakers.rule


def test_unable_and_represented_her_representative_may_agree(territory: Territory) -> None:
    case = adult(territory)
    records(case, territory, Kind.UNABLE)
    records(case, territory, Kind.TUTELLE, scope=Scope.REPRESENTATION)
    guardian = adds(case, territory, Role.GUARDIAN)
    assert [one.code for one in of(case).people if one.may_agree] == [str(guardian.pk)]


def test_both_parents_of_a_child_decide_until_one_exercises_alone(territory: Territory) -> None:
    case = territory.case
    mother, father = territory.mother, territory.father
    assert set(codes(of(case))) == {str(mother.pk), str(father.pk)}
    changes(case, territory, mother, Move.EXCLUSIVE)
    assert codes(of(case)) == [str(mother.pk)]
    assert "il décide seul" in of(case).rule
    changes(case, territory, mother, Move.JOINT)
    changes(case, territory, father, Move.WITHDRAWN)
    assert codes(of(case)) == [str(mother.pk)]


def test_a_delegate_decides_beside_the_parents_and_a_guardian_alone_under_tutelle(territory: Territory) -> None:
    case = territory.case
    delegate = adds(case, territory, Role.DELEGATE)
    assert str(delegate.pk) in codes(of(case))
    assert "déléguée" in of(case).rule
    records(case, territory, Kind.TUTELLE)
    guardian = adds(case, territory, Role.GUARDIAN, "Lise")
    assert codes(of(case)) == [str(guardian.pk)]


def test_entrusted_to_child_welfare_her_parents_still_decide(territory: Territory) -> None:
    records(territory.case, territory, Kind.ENTRUSTED)
    speakers = of(territory.case)
    assert len(speakers.people) == 2
    assert "ses parents gardent l’autorité parentale" in speakers.rule


def test_a_known_disagreement_is_said_and_one_word_is_not_enough(territory: Territory) -> None:
    records(territory.case, territory, Kind.PARENTS_DISAGREE)
    speakers = of(territory.case)
    assert speakers.divided
    assert "avis d’un cadre" in speakers.rule


def test_emancipated_she_decides_as_an_adult(territory: Territory) -> None:
    records(territory.case, territory, Kind.EMANCIPATED)
    speakers = of(territory.case)
    assert (codes(speakers), speakers.minor) == ([HERSELF], False)


def test_her_discernment_and_her_objection_are_told_to_whoever_collects_a_word(territory: Territory) -> None:
    records(territory.case, territory, Kind.DISCERNMENT, note="Redit tout avec ses mots.")
    records(territory.case, territory, Kind.OBJECTS_TO_PARENTS, note="« Pas à papa. »")
    notes = " ".join(of(territory.case).notes)
    assert "Redit tout avec ses mots." in notes
    assert "s’oppose" in notes


def test_somebody_not_to_be_contacted_is_heard_and_not_called(territory: Territory) -> None:
    changes(territory.case, territory, territory.father, Move.DO_NOT_CONTACT)
    speakers = of(territory.case)
    assert len(speakers.people) == 2
    assert [one.code for one in speakers.by_telephone] == [str(territory.mother.pk)]
    changes(territory.case, territory, territory.father, Move.CONTACT_AGAIN)
    assert len(of(territory.case).by_telephone) == 2


def test_whoever_represents_her_no_more_decides_no_more(territory: Territory) -> None:
    changes(territory.case, territory, territory.father, Move.ENDED)
    assert codes(of(territory.case)) == [str(territory.mother.pk)]
    ending = adds(territory.case, territory, Role.DELEGATE, ends_on=clock.day_of(clock.now()))
    assert str(ending.pk) in codes(of(territory.case))
    later = speakers_for(territory.case.person, clock.end_of(clock.day_of(clock.now())))
    assert str(ending.pk) not in codes(later)


def test_at_eighteen_what_was_of_a_child_is_over(territory: Territory) -> None:
    child = personas.born_years_ago(18)
    case = adult(territory, birth_date=child)
    assert codes(of(case)) == [HERSELF]
