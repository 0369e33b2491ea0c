"""Recording what stands: what is asked for, what is refused and in what words, one entry an act, nothing twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Entry
from cases import standing, standing_acts
from cases.models import Person, PersonStatus, PersonStatusEnd, Representative, RepresentativeAct
from cases.standing_acts import NO_PAPER, Paper, StandingError
from partners import clock
from tests.deciding.ways import PAPER, WORD, adds, adult, changes, records, tomorrow
from tests.personas import Territory

pytestmark = pytest.mark.django_db

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move


def stands(person: Person) -> standing.Stands:
    return standing.stands(person, clock.now())


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        (Kind.TUTELLE, {"scope": ""}, "scope"),
        (Kind.CURATELLE, {"scope": Scope.REPRESENTATION}, "scope"),
        (Kind.SAUVEGARDE, {"paper": NO_PAPER}, "authority"),
        (Kind.SAUVEGARDE, {"paper": Paper(authority="TJ")}, "act_reference"),
        (Kind.SAUVEGARDE, {"paper": Paper(authority="TJ", act_reference="25/1")}, "decided_on"),
        (
            Kind.SAUVEGARDE,
            {"paper": Paper(authority="TJ", act_reference="25/1", decided_on=date(2999, 1, 1))},
            "decided_on",
        ),
        (Kind.SAUVEGARDE, {"ends_on": date(2020, 1, 1)}, "ends_on"),
        (Kind.UNABLE, {"note": "  "}, "note"),
        (Kind.DO_NOT_CONTACT, {"note": ""}, "note"),
        (Kind.EMANCIPATED, {}, "kind"),
        (Kind.PARENTS_DISAGREE, {}, "kind"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    territory: Territory, kind: str, typed: dict[str, object], field: str
) -> None:
    case = adult(territory)
    entries = Entry.objects.count()
    with pytest.raises(StandingError) as refused:
        records(case, territory, kind, **typed)
    assert refused.value.field == field
    assert str(refused.value).endswith((".", "!"))
    assert (PersonStatus.objects.count(), Entry.objects.count()) == (0, entries)


def test_of_a_child_a_disagreement_needs_a_word_and_a_curatelle_does_not_exist(territory: Territory) -> None:
    with pytest.raises(StandingError, match="comment vous connaissez ce désaccord"):
        records(territory.case, territory, Kind.PARENTS_DISAGREE, note="")
    with pytest.raises(StandingError, match="que les majeurs"):
        records(territory.case, territory, Kind.CURATELLE, scope=Scope.PROPERTY)
    with pytest.raises(StandingError, match="Indiquez qui l’a décidé"):
        records(territory.case, territory, Kind.EMANCIPATED, paper=NO_PAPER)


def test_one_act_is_one_row_and_one_entry_and_the_same_pressed_twice_is_one(territory: Territory) -> None:
    case = adult(territory)
    entries = Entry.objects.count()
    one = records(case, territory, Kind.TUTELLE, scope=Scope.REPRESENTATION)
    assert records(case, territory, Kind.TUTELLE, scope=Scope.REPRESENTATION) == one
    assert Entry.objects.count() == entries + 1
    assert Entry.objects.latest("pk").action == "status.recorded"
    assert stands(case.person).measure == "tutelle_personal"
    with pytest.raises(StandingError, match="déjà enregistré"):
        records(case, territory, Kind.TUTELLE, scope=Scope.PROPERTY)
    end = standing_acts.end_status(status=one, case=case, reason="Mainlevée.", by=territory.camille)
    again = standing_acts.end_status(status=one, case=case, reason="Encore.", by=territory.camille)
    assert end == again
    assert Entry.objects.count() == entries + 2
    assert stands(case.person).measure == ""
    records(case, territory, Kind.TUTELLE, scope=Scope.PROPERTY)
    assert stands(case.person).measure == "tutelle_property"


def test_an_end_needs_its_reason_and_never_comes_before_the_start(territory: Territory) -> None:
    case = adult(territory)
    one = records(case, territory, Kind.UNABLE)
    with pytest.raises(StandingError, match="pourquoi"):
        standing_acts.end_status(status=one, case=case, reason=" ", by=territory.camille)
    with pytest.raises(StandingError, match="précéder"):
        standing_acts.end_status(
            status=one, case=case, reason="Réveil.", by=territory.camille, at=one.starts_at - timedelta(hours=1)
        )
    assert not PersonStatusEnd.objects.exists()


def test_a_planned_end_counts_and_what_was_not_yet_recorded_does_not(territory: Territory) -> None:
    case = adult(territory)
    one = records(case, territory, Kind.SAUVEGARDE, ends_on=tomorrow())
    after = clock.end_of(tomorrow())
    assert standing.stands(case.person, one.starts_at - timedelta(seconds=1)).measure == ""
    assert standing.stands(case.person, after - timedelta(seconds=1)).measure == "sauvegarde"
    assert standing.stands(case.person, after).measure == ""


def test_a_measure_known_by_its_name_alone_gives_way_to_the_same_with_its_judgment(territory: Territory) -> None:
    case = adult(territory)
    standing_acts.record_at_opening(case=case, kind="tutelle", scope="property", by=territory.camille, at=clock.now())
    assert stands(case.person).statuses[0].lacks_paper
    records(case, territory, Kind.TUTELLE, scope=Scope.REPRESENTATION)
    now = stands(case.person)
    assert (now.measure, len(now.statuses), now.statuses[0].lacks_paper) == ("tutelle_personal", 1, False)


def test_what_stands_is_read_in_one_statement_and_along_with_another_the_same(
    territory: Territory, django_assert_num_queries: object
) -> None:
    case = adult(territory)
    for kind, scope in ((Kind.TUTELLE, Scope.PROPERTY), (Kind.UNABLE, ""), (Kind.PROTECTED_ADDRESS, "")):
        records(case, territory, kind, scope=scope)
    at = clock.now()
    with django_assert_num_queries(1):  # type: ignore[operator]
        known = standing.stands(case.person, at)
    with django_assert_num_queries(2):  # type: ignore[operator]
        standing.around(case.person, at)
    row = Person.objects.annotate(read=standing.read_along(case.person_id)).get(pk=case.person_id)
    along = standing.stands_of(case.person, standing.statuses_of(row.read), at)
    assert (along.measure, along.unable, along.protected_address) == (known.measure, known.unable, True)
    assert along.circumstances == {"address_protected"}


def test_a_representative_by_judgment_comes_with_it_and_a_parent_with_a_word(territory: Territory) -> None:
    case = territory.case
    guardian = Representative(kind="guardian", first_name="Lise", last_name="Or")
    with pytest.raises(StandingError, match="qui l’a décidé"):
        standing_acts.add_representative(case=case, representative=guardian, reason=WORD, by=territory.camille)
    parent = Representative(kind="parent", first_name="Lise", last_name="Or")
    with pytest.raises(StandingError, match="comment vous le savez"):
        standing_acts.add_representative(case=case, representative=parent, paper=PAPER, by=territory.camille)
    with pytest.raises(StandingError, match="l’âge de la personne"):
        adds(case, territory, "curator")
    entries = Entry.objects.count()
    one = adds(case, territory, "delegate")
    assert adds(case, territory, "delegate") == one
    assert Entry.objects.count() == entries + 1
    assert Entry.objects.latest("pk").action == "representative.added"


def test_what_a_judge_decides_needs_the_judgment_and_only_one_exercises_alone(territory: Territory) -> None:
    case, mother, father = territory.case, territory.mother, territory.father
    with pytest.raises(StandingError, match="qui l’a décidé"):
        changes(case, territory, mother, Move.EXCLUSIVE, paper=NO_PAPER)
    with pytest.raises(StandingError, match="Dites pourquoi"):
        changes(case, territory, mother, Move.DO_NOT_CONTACT, reason="")
    entries = Entry.objects.count()
    changes(case, territory, mother, Move.EXCLUSIVE)
    changes(case, territory, mother, Move.EXCLUSIVE)
    assert Entry.objects.count() == entries + 1
    with pytest.raises(StandingError, match="exerce déjà seul"):
        changes(case, territory, father, Move.EXCLUSIVE)
    changes(case, territory, father, Move.ENDED)
    with pytest.raises(StandingError, match="ne la représente plus"):
        changes(case, territory, father, Move.JOINT)
    with pytest.raises(StandingError, match="dans la liste"):
        changes(adult(territory), territory, father, Move.ENDED)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2008, 11, 22), datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),
        (date(2008, 2, 29), datetime(2026, 2, 28, 23, 0, tzinfo=UTC)),
        (date(2008, 7, 1), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
    ],
)
def test_majority_begins_at_midnight_in_paris_a_29_february_on_the_1_march(born: date, of_age: datetime) -> None:
    person = Person(birth_date=born)
    assert standing.majority_at(person) == of_age
    assert person.is_minor_at(of_age - timedelta(seconds=1))
    assert not person.is_minor_at(of_age)
