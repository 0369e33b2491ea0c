"""Opening a situation: an exact match is offered, never a list; nothing typed is lost; twice is once."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from audit.models import Entry
from cases import standing
from cases.models import Assignment, Case, Person, Representative, RepresentativeAct
from partners import clock
from tests import personas
from tests.personas import Territory

PAGE = "/situations/nouvelle/"
WHY = "Demande de la mère, à la permanence"


def identity(**changed: str) -> dict[str, str]:
    return {"title": "Mme", "first_name": "Ana", "last_name": "Da Silva", "birth_date": "1987-03-02"} | changed


def second_step(step, **changed: str) -> dict[str, str]:
    key = str(step.context["form"]["key"].value())
    return identity() | {"step": "situation", "domain": "insertion", "reason": WHY, "key": key} | changed


def known(territory: Territory) -> dict[str, str]:
    child = territory.child
    return identity(first_name=child.first_name, last_name=child.last_name, birth_date=child.birth_date.isoformat())


@pytest.fixture
def client(territory: Territory) -> Client:
    return personas.signed_in(territory.camille)


def test_a_new_person_gets_a_sheet_a_case_and_its_referent_in_two_steps(territory: Territory, client: Client):
    step = client.post(PAGE, identity())
    assert step.status_code == 200
    answer = client.post(PAGE, second_step(step))
    case = Case.objects.get(person__last_name="Da Silva")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/situations/{case.reference}/")
    followed = Assignment.objects.get(case=case)
    assert (followed.membership, followed.kind, followed.reason) == (territory.camille, "referent", WHY)


def test_a_minor_s_holders_of_parental_authority_are_written_with_the_sheet(territory: Territory, client: Client):
    born = personas.born_years_ago(9).isoformat()
    step = client.post(PAGE, identity(birth_date=born))
    assert step.context["minor"]
    parents = {
        "rep1-kind": "mother", "rep1-first_name": "Rosa", "rep1-last_name": "Da Silva",
        "rep2-kind": "father", "rep2-first_name": "João", "rep2-last_name": "Da Silva", "rep2-phone": "06 39 98 00 01",
    }  # fmt: skip
    client.post(PAGE, second_step(step, birth_date=born, **parents))
    made = Representative.objects.filter(person__first_name="Ana")
    assert {one.first_name for one in made} == {"Rosa", "João"}
    assert all(one.holds_parental_authority for one in made)
    acts = RepresentativeAct.objects.filter(representative__in=made)
    assert {(one.move, one.by, Entry.objects.get(pk=one.entry_id).action) for one in acts} == {
        ("added", territory.camille, "representative.added")
    }
    assert acts.count() == 2


def test_an_adult_s_measure_and_guardian_are_asked_and_kept(territory: Territory, client: Client):
    step = client.post(PAGE, identity())
    assert not step.context["minor"]
    client.post(
        PAGE,
        second_step(
            step,
            measure="habilitation_familiale:property",
            **{"rep1-kind": "authorised", "rep1-first_name": "Guy", "rep1-last_name": "Or"},
        ),
    )
    person = Person.objects.get(last_name="Da Silva")
    stands = standing.stands(person, clock.now())
    assert (stands.measure, stands.statuses[0].lacks_paper) == ("tutelle_property", True)
    assert not Representative.objects.get(person=person).holds_parental_authority


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"first_name": "  "}, "Indiquez le prénom de la personne."),
        ({"last_name": "\u200b\u202e"}, "Indiquez le nom de la personne."),
        ({"birth_date": ""}, "Indiquez la date de naissance."),
        ({"birth_date": "31/02/1990"}, "Écrivez la date sous la forme 21/11/2026."),
        ({"birth_date": "2999-01-01"}, "La date de naissance est dans l’avenir"),
        ({"birth_date": "1899-12-31"}, "antérieure à 1900"),
        ({"first_name": "a" * 81}, "Raccourcissez ce texte"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, changed: dict[str, str], sentence: str):
    answer = client.post(PAGE, identity(**changed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    kept = {"first_name": "Ana", "last_name": "Da Silva"} | {"first_name": changed.get("first_name", "Ana")}
    assert f'value="{kept["last_name"]}"' in text or "last_name" in changed
    assert not Case.objects.filter(person__last_name="Da Silva").exists()


def test_the_second_step_keeps_what_was_typed_in_both(client: Client):
    step = client.post(PAGE, identity())
    answer = client.post(PAGE, second_step(step, domain="", **{"rep1-first_name": "Guy"}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choisissez de quoi il s’agit surtout." in text
    assert "Indiquez son nom, ou effacez son prénom." in text
    assert WHY in text
    assert 'name="last_name" value="Da Silva"' in text


def test_going_back_shows_what_was_typed(client: Client):
    text = client.post(PAGE, identity() | {"back": "yes"}).content.decode()
    assert 'value="Da Silva"' in text
    assert 'value="1987-03-02"' in text


def test_a_known_person_whose_case_is_open_is_said_to_be_followed_and_whom_to_ask_and_nothing_more(
    territory: Territory,
):
    answer = personas.signed_in(territory.leila).post(PAGE, known(territory))
    text = answer.content.decode()
    assert "Une fiche existe déjà dans votre service" in text
    assert "Nadia Benali" in text
    assert territory.case.reference not in text
    assert "Camille" not in text
    assert "C’est elle" not in text


def test_a_team_lead_is_led_to_her_team_and_not_to_herself(territory: Territory):
    text = personas.signed_in(territory.nadia).post(PAGE, known(territory)).content.decode()
    assert "Demandez qu’elle vous soit attribuée" not in text
    assert "vous pouvez voir qui la suit et l’attribuer depuis" in text


def test_whoever_already_follows_the_known_person_is_led_to_her_case(territory: Territory, client: Client):
    assert f"/situations/{territory.case.reference}/" in client.post(PAGE, known(territory)).content.decode()


def test_answering_that_it_is_her_opens_no_second_case_while_one_is_open(territory: Territory):
    client = personas.signed_in(territory.leila)
    answer = client.post(PAGE, known(territory) | {"answer": "same", "step": "situation", "domain": "insertion",
                                                   "reason": WHY, "key": str(uuid.uuid4())})  # fmt: skip
    assert answer.status_code == 200
    assert Case.objects.filter(person=territory.child).count() == 1
    assert not Case.objects.visible_to(territory.leila).exists()


def test_a_known_person_without_open_case_gets_a_new_case_on_the_same_sheet(territory: Territory, client: Client):
    territory.case.closed_on = clock.day_of(clock.now())
    territory.case.save()
    offered = client.post(PAGE, known(territory))
    assert "C’est elle" in offered.content.decode()
    step = client.post(PAGE, known(territory) | {"answer": "same"})
    client.post(PAGE, second_step(step) | known(territory) | {"answer": "same"})
    assert Case.objects.filter(person=territory.child, closed_on__isnull=True).count() == 1


def test_an_exact_match_is_one_person_never_a_list(territory: Territory, client: Client):
    born = territory.child.birth_date
    for almost in (
        {"first_name": "Mil"},
        {"last_name": "Bertin"},
        {"first_name": "%", "last_name": "%"},
        {"birth_date": (born + timedelta(days=1)).isoformat()},
    ):
        answer = client.post(PAGE, known(territory) | almost)
        assert answer.templates[0].name == "cases/create_situation.html", almost


def test_spelling_of_case_hyphens_and_spaces_is_still_the_same_name(territory: Territory, client: Client):
    typed = known(territory) | {"first_name": " milo ", "last_name": "BERTIN  duval"}
    assert client.post(PAGE, typed).templates[0].name == "cases/create_match.html"


def test_what_another_institution_follows_is_not_told(territory: Territory):
    answer = personas.signed_in(territory.sofia).post(PAGE, known(territory))
    assert answer.templates[0].name == "cases/create_situation.html"


def test_a_person_of_the_same_name_and_day_can_be_another(territory: Territory, client: Client):
    step = client.post(PAGE, known(territory) | {"answer": "other"})
    client.post(PAGE, second_step(step) | known(territory) | {"answer": "other"})
    assert Person.objects.filter(last_name=territory.child.last_name).count() == 2


@pytest.mark.parametrize("answer", ["", "other"])
def test_abuse_26_pressing_the_button_twice_opens_one_case(territory: Territory, client: Client, answer: str):
    step = client.post(PAGE, identity())
    typed = second_step(step, answer=answer)
    first, second = client.post(PAGE, typed), client.post(PAGE, typed)
    assert Case.objects.filter(person__last_name="Da Silva").count() == 1
    case = Case.objects.get(person__last_name="Da Silva")
    assert first.headers["Location"] == f"/situations/{case.reference}/"
    assert case.reference in (second.headers["Location"] if second.status_code == 302 else second.content.decode())


def test_abuse_17_hidden_characters_do_not_reach_the_sheet(client: Client):
    typed = identity(last_name="Da\u202e Sil\u200bva", first_name="Ana\x00")
    step = client.post(PAGE, typed)
    client.post(PAGE, second_step(step) | typed)
    assert Person.objects.get(last_name="Da Silva").first_name == "Ana"
