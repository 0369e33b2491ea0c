"""« Mes situations »: one's own and no other, found without accents, at a constant cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import access
from cases.models import Assignment, Person
from partners import clock
from tests import personas
from tests.personas import Territory

PAGE = "/situations/"


def shown(answer) -> list[str]:
    return [row.reference for row in answer.context["rows"]]


def somebody(number: int, first_name: str = "Ana", last_name: str = "Silva") -> Person:
    return Person(first_name=first_name, last_name=last_name, birth_date=personas.born_years_ago(20 + number % 50))


def test_camille_sees_her_case_by_its_short_name_and_age_and_never_by_its_name(territory: Territory):
    text = personas.signed_in(territory.camille).get(PAGE).content.decode()
    assert "M. B., 9\xa0ans" in text or "M. B., 9 ans" in text
    assert territory.case.reference in text
    assert personas.CHILD_LAST_NAME not in text


@pytest.mark.parametrize("name", ["leila", "nadia", "lantier", "perrin", "claire", "yann"])
def test_nobody_else_sees_it_in_her_list(territory: Territory, name: str):
    answer = personas.signed_in(getattr(territory, name)).get(PAGE)
    assert shown(answer) == []
    assert "Vous ne suivez aucune situation pour l’instant." in answer.content.decode()


@pytest.mark.parametrize("typed", ["bertin", "BERTIN DUVAL", "milo", "duval milo"])
def test_a_case_is_found_by_the_person_s_name_in_one_s_own_caseload(territory: Territory, typed: str):
    personas.open_case_for(somebody(1), territory.camille)
    answer = personas.signed_in(territory.camille).post(PAGE, {"q": typed})
    assert shown(answer) == [territory.case.reference]


def test_a_case_is_found_by_its_reference_and_without_accents(territory: Territory):
    made = personas.open_case_for(somebody(1, "Zoé", "Lefèvre"), territory.camille)
    client = personas.signed_in(territory.camille)
    assert shown(client.post(PAGE, {"q": "zoe LEFEVRE"})) == [made.reference]
    assert shown(client.post(PAGE, {"q": made.reference})) == [made.reference]


def test_a_search_never_looks_outside_one_s_own_caseload(territory: Territory):
    made = personas.open_case_for(somebody(1, "Zoé", "Lefèvre"), territory.leila)
    client = personas.signed_in(territory.camille)
    assert shown(client.post(PAGE, {"q": "Lefèvre"})) == []
    assert shown(client.post(PAGE, {"q": made.reference})) == []
    assert shown(client.post(PAGE, {"q": "%"})) == []


def test_what_is_searched_stands_in_no_address(territory: Territory):
    answer = personas.signed_in(territory.camille).get(PAGE, {"q": "Milo"})
    assert answer.context["q"] == ""


def test_the_list_asks_as_much_for_forty_cases_as_for_one(territory: Territory):
    client = personas.signed_in(territory.camille)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for number in range(39):
        case = personas.open_case_for(somebody(number), territory.camille)
        personas.assign(case, territory.leila, territory.camille, kind=Assignment.Kind.REFERENT)
    with CaptureQueriesContext(connection) as forty:
        answer = client.get(PAGE)
    assert answer.context["page_obj"].paginator.count == 40
    assert len(forty) == len(one)


def test_a_review_that_is_due_or_late_is_told_apart(territory: Territory):
    client = personas.signed_in(territory.camille)
    assert client.get(PAGE).context["rows"][0].review == ""
    when = clock.now() - timedelta(days=400)
    past = personas.open_case_for(somebody(3), territory.leila)
    access.assign(
        case=past, membership=territory.camille, kind="colleague", reason="Relais", by=territory.leila, at=when
    )
    assert client.get(PAGE).context["rows"][-1].review == "overdue"


def test_closed_cases_are_listed_apart(territory: Territory):
    territory.case.closed_on = clock.day_of(clock.now())
    territory.case.save()
    client = personas.signed_in(territory.camille)
    assert shown(client.get(PAGE)) == []
    assert shown(client.get(f"{PAGE}?etat=closes")) == [territory.case.reference]


def test_no_title_of_these_pages_holds_a_name(territory: Territory):
    client = personas.signed_in(territory.camille)
    reference = territory.case.reference
    for path in (
        PAGE,
        "/situations/nouvelle/",
        f"/situations/{reference}/elements/nouveau",
        f"/situations/{reference}/elements/{territory.absences.pk}/",
        f"/situations/{reference}/identite",
        f"/situations/{reference}/suivi",
    ):
        text = client.get(path).content.decode()
        title = text[text.index("<title>") : text.index("</title>")]
        assert personas.CHILD_LAST_NAME not in text, path
        assert personas.CHILD_FIRST_NAME not in title, path
        assert title.rstrip().endswith("Tact"), path
