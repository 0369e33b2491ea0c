"""The directory: found without accents, statuses with what they allow, agreements as they stand today."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners import clock
from partners.models import Institution
from partners.search import Normalised, normalised
from tests import personas, posts
from tests.personas import Territory


def page(territory: Territory, name: str = "camille"):
    return personas.signed_in(territory.camille).get(f"/annuaire/{getattr(territory, name).pk}/")


@pytest.mark.parametrize("typed", ["ecole jean macé", "ÉCOLE", "jean-mace", "macé école", "Jean Mace"])
def test_an_institution_is_found_without_its_accents_case_or_hyphens(territory: Territory, typed: str):
    answer = personas.signed_in(territory.camille).get("/annuaire/", {"q": typed})
    assert [one.name for one in answer.context["page_obj"]] == ["École Jean-Macé"]


@pytest.mark.parametrize("typed", ["%", "_", "100%", "a_b", "\\", "'; --"])
def test_signs_of_patterns_are_only_signs(territory: Territory, typed: str):
    answer = personas.signed_in(territory.camille).get("/annuaire/", {"q": typed})
    assert list(answer.context["page_obj"]) == []
    assert "Aucun service pour" in answer.content.decode()


def test_python_and_postgresql_compare_texts_alike(territory: Territory):
    hard = "Œuvre d’Éléonore — L'ÆGIDE · Saint-Ÿves  Çà"
    made = personas.institution(hard, "Association")
    found = Institution.objects.annotate(text=Normalised("name")).get(pk=made.pk)
    assert " ".join(found.text.split()) == normalised(hard)


def test_a_sheet_says_what_each_status_allows_and_its_proof(territory: Territory):
    text = page(territory, "school").content.decode()
    assert "Hélène Lantier" in text
    assert "discrétion professionnelle" in text
    assert "La discrétion n’est pas le secret" in text
    assert "CGFP L121-7" in text
    assert "Convention n°\xa012" in text
    assert "Signée par les deux." in text


def test_a_status_without_a_checked_proof_does_not_count(territory: Territory):
    posts.is_bound(territory.sofia, proven=False)
    text = page(territory, "clinic").content.decode()
    assert "Ce statut n’est pas encore prouvé" in text
    assert "Aucun secret ne l’oblige" in text


def test_a_sheet_not_checked_for_a_year_says_so(territory: Territory):
    assert not page(territory, "school").context["stale"]
    territory.school.verified_on = clock.day_of(clock.now()) - timedelta(days=400)
    territory.school.save()
    assert "il y a plus de 12 mois" in page(territory, "school").content.decode()


@pytest.mark.parametrize(
    ("dates", "signed", "state"),
    [
        ((-300, -1), True, "ended"),
        ((1, 300), True, "to_come"),
        ((-1, 0), True, "current"),
        ((0, 0), True, "current"),
        ((-10, 10), False, "unsigned"),
    ],
)
def test_an_agreement_stands_where_its_days_and_signatures_put_it(
    territory: Territory, dates: tuple[int, int], signed: bool, state: str
):
    personas.agreement(
        "99",
        territory.house,
        territory.department,
        purposes=["scolarite"],
        categories=["logement"],
        signed_by=None if signed else [territory.house],
        starts_in=dates[0],
        ends_in=dates[1],
    )
    answer = page(territory, "department")
    assert [line.state for line in answer.context["agreements"]] == [state]


def test_a_suspended_agreement_says_so(territory: Territory):
    territory.school_agreement.suspended_at = clock.now()
    territory.school_agreement.save()
    assert "Cette convention est suspendue" in page(territory, "school").content.decode()


def test_an_agreement_between_two_others_is_not_ours(territory: Territory):
    personas.agreement("77", territory.school, territory.clinic, purposes=["scolarite"], categories=["logement"])
    assert [line.agreement.number for line in page(territory, "clinic").context["agreements"]] == ["14"]


def test_a_closed_institution_is_no_longer_in_the_directory(territory: Territory):
    territory.clinic.closed_at = clock.now()
    territory.clinic.save()
    assert page(territory, "clinic").status_code == 404


def test_somebody_who_left_is_no_longer_on_the_sheet(territory: Territory):
    personas.end_post(territory.perrin)
    assert "Perrin" not in page(territory, "school").content.decode()


def test_the_directory_asks_as_much_for_five_institutions_as_for_thirty(territory: Territory):
    client = personas.signed_in(territory.camille)
    client.get("/annuaire/")
    with CaptureQueriesContext(connection) as few:
        client.get("/annuaire/")
    for number in range(30):
        made = personas.institution(f"Service {number}", "Association")
        personas.agreement(f"S{number}", territory.house, made, purposes=["scolarite"], categories=["logement"])
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/annuaire/")
    assert len(answer.context["page_obj"]) == 20
    assert len(many) == len(few)
