"""An institution is added to the directory, corrected, opened to its first people: by two persons where it counts, never twice."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from audit.models import Entry
from partners import cards, clock, registering
from partners.accounts import joining, opening
from partners.accounts.posts import Post
from partners.cards import Card, Resembling
from partners.models import (
    Function,
    FunctionChange,
    Institution,
    InstitutionAnswer,
    InstitutionChange,
    Invitation,
    Membership,
)
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from tests import personas
from tests.personas import Territory

pytestmark = pytest.mark.django_db
NEW = "/annuaire/institutions/nouvelle/"
SIRET, OTHER_SIRET = "99999999400018", "99999998900018"
NEW_PASSWORD = "les tilleuls sentent bon en juin"


@pytest.fixture
def odette(territory: Territory) -> Membership:
    """Tends the directory of the département, where Claire protects the data."""
    return personas.tends_the_directory(territory)


def card(**fields: str) -> Card:
    told = {"name": "Foyer des Acacias", "kind": "Maison d’enfants à caractère social", "city": "Vallières"}
    return Card(**{**told, **fields})


def proposed(odette: Membership, **fields: str) -> InstitutionChange:
    return registering.propose(card=card(**fields), why="Il accueille des enfants d’ici.", by=odette)


def added(odette: Membership, claire: Membership, **fields: str) -> Institution:
    row, _sent = registering.answer(change=proposed(odette, **fields), accepted=True, sentence="", by=claire)
    assert row.institution is not None
    return row.institution


def typed(**fields: str) -> dict[str, str]:
    return {
        "name": "Foyer des Acacias",
        "kind": "Maison d’enfants",
        "city": "Vallières",
        "why": "Il nous écrit.",
    } | fields


def page_of(who: Membership, where: str) -> str:
    return personas.signed_in(who).get(where).content.decode()


def test_an_institution_enters_the_directory_through_pages_once_a_second_person_accepts(
    territory: Territory, odette: Membership
) -> None:
    client = personas.signed_in(odette)
    missing = client.post(NEW, typed(name="", why="", phone="01 02 03 04 05"))
    assert missing.status_code == 422
    assert "Écrivez le nom de l’institution." in missing.content.decode()
    assert "01 02 03 04 05" in missing.content.decode()
    wrong = client.post(NEW, typed(siret="123 456 789 00011"))
    assert wrong.status_code == 422
    assert "Vérifiez ce numéro SIRET" in wrong.content.decode()
    answer = client.post(NEW, typed(siret=" 999 999 994 00018 "))
    change = InstitutionChange.objects.get()
    where = f"/annuaire/changements/{change.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, where)
    assert not Institution.objects.filter(name="Foyer des Acacias").exists()
    assert client.post(where, {"answer": "accept"}).status_code == 404, "never who proposed it"
    claire = personas.signed_in(territory.claire)
    assert where in claire.get("/").content.decode(), "whose turn it is"
    refused = claire.post(where, {"answer": "refuse", "sentence": ""})
    assert refused.status_code == 422
    assert claire.post(where, {"answer": "accept", "sentence": ""}).status_code == 302
    made = Institution.objects.get(name="Foyer des Acacias")
    assert (made.siret, made.verified_on) == (SIRET, None)
    for who in (odette, territory.camille):
        shown = page_of(who, f"/annuaire/{made.pk}/")
        assert "n’a pas encore été vérifiée" in shown
        assert "reste à confirmer" in shown
        assert "Département du Val-d’Orme" in shown
    assert "Aucune convention ne lie vos deux services" in page_of(odette, f"/annuaire/{made.pk}/")
    actions = [*Entry.objects.filter(action__startswith="institution.").order_by("pk").values_list("action", flat=True)]
    assert actions == ["institution.proposed", "institution.added"]
    for one in Entry.objects.filter(action__startswith="institution."):
        assert b"Acacias" not in bytes(one.body)
        assert "annuaire" in page_of(territory.yann, f"/audit/{one.uuid}/")


@pytest.mark.parametrize("name", ["camille", "nadia", "lantier", "claire", "yann"])
def test_who_does_not_tend_the_directory_finds_no_door(territory: Territory, odette: Membership, name: str) -> None:
    client = personas.signed_in(getattr(territory, name))
    for where in (NEW, f"/annuaire/{territory.department.pk}/corriger/", f"/annuaire/{territory.school.pk}/ouvrir/"):
        assert client.get(where).status_code == client.post(where, typed()).status_code == 404, where
    with pytest.raises(NotTended):
        registering.propose(card=card(), why="Moi.", by=getattr(territory, name))


def test_the_same_number_is_refused_and_a_near_name_asks_whether_it_is_another(
    territory: Territory, odette: Membership
) -> None:
    Institution.objects.filter(pk=territory.clinic.pk).update(siret=SIRET)
    client = personas.signed_in(odette)
    taken = client.post(NEW, typed(siret=SIRET))
    assert taken.status_code == 422
    assert "déjà celui de «\u00a0CMPP des Tilleuls\u00a0»" in taken.content.decode()
    near = client.post(NEW, typed(name="Ecole Jean Macé de Vallières"))
    assert near.status_code == 422
    text = near.content.decode()
    assert f"/annuaire/{territory.school.pk}/" in text
    assert 'name="other"' in text
    assert 'name="other"' not in client.get(NEW).content.decode()
    assert client.post(NEW, typed(name="Ecole Jean Macé de Vallières", other="on")).status_code == 302
    change = InstitutionChange.objects.get()
    assert "nom proche" in page_of(territory.claire, f"/annuaire/changements/{change.pk}/"), (
        "the second person sees it too"
    )
    again = client.post(NEW, typed(name="Ecole Jean Macé de Vallières", other="on"))
    assert again.status_code == 422
    assert "attend déjà" in again.content.decode()
    for name in ("École Jean Macé", "jean-mace école", "Ecole élémentaire Jean Macé"):
        assert [one.pk for one in cards.resembling(name)] == [territory.school.pk], name
    assert cards.resembling("Collège Molière") == []
    with pytest.raises(Resembling):
        registering.propose(card=card(name="CMPP Tilleuls"), why="Un autre.", by=odette)


def test_two_proposals_of_one_number_make_one_institution(territory: Territory, odette: Membership) -> None:
    first, second = proposed(odette, siret=SIRET), proposed(odette, name="MECS Les Saules", siret=SIRET)
    registering.answer(change=first, accepted=True, sentence="", by=territory.claire)
    with pytest.raises(DirectoryError, match="déjà celui"):
        registering.answer(change=second, accepted=True, sentence="", by=territory.claire)
    assert Institution.objects.filter(siret=SIRET).count() == 1


def test_nobody_answers_herself_and_the_database_says_so_too(territory: Territory, odette: Membership) -> None:
    change = proposed(odette)
    elsewhere = personas.post(
        odette.professional, territory.department, "institution", "Déléguée", "fonction", "Lettre", "dpo"
    )
    for herself in (odette, elsewhere):
        with pytest.raises(SamePerson):
            registering.answer(change=change, accepted=True, sentence="", by=herself)
    for other in (
        territory.nadia,
        territory.yann,
        personas.tends_the_directory(territory, territory.school, name="Rose"),
    ):
        with pytest.raises(NotTended):
            registering.answer(change=change, accepted=True, sentence="", by=other)
    with pytest.raises(DatabaseError), transaction.atomic():
        InstitutionAnswer(
            change=change, accepted=False, sentence="Non.", proposer_id=change.proposer_id, answered_by=odette,
            answerer_id=odette.professional_id, answered_at=clock.now(), entry_id=change.entry_id,
        ).save(force_insert=True)  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        InstitutionChange.objects.filter(pk=change.pk).update(why="Autre chose.")
    once, _sent = registering.answer(change=change, accepted=False, sentence="Il existe déjà.", by=territory.claire)
    again, _sent = registering.answer(change=change, accepted=False, sentence="Il existe déjà.", by=territory.claire)
    assert once.pk == again.pk
    with pytest.raises(TooLate):
        registering.answer(change=change, accepted=True, sentence="", by=territory.claire)
    assert Entry.objects.filter(action="institution.refused").count() == 1


def test_a_proposal_dies_with_the_function_of_who_made_it(territory: Territory, odette: Membership) -> None:
    change = proposed(odette)
    personas.end_post(odette)
    assert not InstitutionChange.objects.waiting().exists()
    with pytest.raises(TooLate):
        registering.answer(change=change, accepted=True, sentence="", by=territory.claire)


def test_alone_in_her_institution_she_is_told_that_it_takes_two(territory: Territory) -> None:
    lone = personas.tends_the_directory(territory, territory.clinic, name="Rose")
    with pytest.raises(DirectoryError, match="deuxième personne"):
        proposed(lone)
    assert not InstitutionChange.objects.exists()


def test_how_it_is_reached_is_corrected_at_once_and_what_it_is_by_two(territory: Territory, odette: Membership) -> None:
    house = territory.department
    client, where = personas.signed_in(odette), f"/annuaire/{territory.department.pk}/corriger/"
    assert where in page_of(odette, f"/annuaire/{house.pk}/")
    assert where not in page_of(territory.claire, f"/annuaire/{house.pk}/")
    now = {name: getattr(house, name) for name in cards.FIELDS}
    assert client.post(where, {**now, "phone": "01 23 45 67 89", "email": "accueil@val-d-orme.fr"}).status_code == 302
    house.refresh_from_db()
    assert (house.phone, house.verified_on) == ("01 23 45 67 89", clock.day_of(clock.now()))
    now = {name: getattr(house, name) for name in cards.FIELDS}
    assert client.post(where, {**now, "siret": SIRET}).status_code == 422, "why, in a sentence"
    assert (
        client.post(where, {**now, "siret": SIRET, "city": "Orme", "why": "Lu sur un avis INSEE."}).status_code == 302
    )
    house.refresh_from_db()
    assert (house.siret, house.city) == ("", now["city"]), "the whole waits"
    change = InstitutionChange.objects.waiting().get()
    assert client.post(where, {**now, "siret": OTHER_SIRET, "why": "Encore."}).status_code == 422, "one at a time"
    shown = page_of(territory.claire, f"/annuaire/changements/{change.pk}/")
    assert "999\u00a0999\u00a0994\u00a000018" in shown
    registering.answer(change=change, accepted=True, sentence="", by=territory.claire)
    house.refresh_from_db()
    assert (house.siret, house.city) == (SIRET, "Orme")
    now = {name: getattr(house, name) for name in cards.FIELDS}
    Institution.objects.filter(pk=house.pk).update(verified_on=None)
    assert client.post(where, now).status_code == 302, "nothing changed: it was looked at today"
    house.refresh_from_db()
    assert house.verified_on == clock.day_of(clock.now())
    actions = [*Entry.objects.filter(action__startswith="institution.").order_by("pk").values_list("action", flat=True)]
    assert actions == [
        "institution.changed", "institution.change_proposed", "institution.change_approved", "institution.verified",
    ]  # fmt: skip


def test_what_changed_meanwhile_is_not_overwritten(territory: Territory, odette: Membership) -> None:
    house = territory.department
    change = registering.correct(institution=house, card=cards.card_of(house), why="", by=odette)
    assert not change.needs_second
    told = {name: getattr(house, name) for name in cards.FIELDS}
    waiting = registering.correct(
        institution=house, card=Card(**{**told, "name": "Conseil du Val-d’Orme"}), why="Son nom.", by=odette
    )
    Institution.objects.filter(pk=house.pk).update(name="Département d’Orme")
    with pytest.raises(TooLate):
        registering.answer(change=waiting, accepted=True, sentence="", by=territory.claire)
    assert Institution.objects.get(pk=house.pk).name == "Département d’Orme"
    assert not InstitutionAnswer.objects.exists()


def test_an_institution_is_corrected_by_who_added_it_until_it_has_its_own(
    territory: Territory, odette: Membership
) -> None:
    foyer = added(odette, territory.claire)
    where = f"/annuaire/{foyer.pk}/corriger/"
    rose = personas.tends_the_directory(territory, territory.school, name="Rose")
    assert personas.signed_in(odette).get(where).status_code == 200
    assert personas.signed_in(rose).get(where).status_code == 404, "nobody else's"
    registering.correct(institution=foyer, card=card(phone="01 00 00 00 00"), why="", by=odette)
    assert Institution.objects.get(pk=foyer.pk).verified_on is None, "others cannot say that its sheet was verified"
    with pytest.raises(DirectoryError, match="Rien n’a changé"):
        registering.correct(institution=foyer, card=card(phone="01 00 00 00 00"), why="", by=odette)
    own = personas.tends_the_directory(territory, foyer, name="Lucie")
    assert personas.signed_in(odette).get(where).status_code == 404
    assert personas.signed_in(own).get(where).status_code == 200


def people(**fields: Any) -> opening.FirstPeople:
    def somebody(name: str) -> Post:
        return Post(
            email=f"{name.lower()}.martin@acacias.fr", first_name=name, last_name="Martin", role="institution",
            job_title="Directrice",
        )  # fmt: skip

    told = {"administrator": somebody("Anne"), "dpo": somebody("Denis"), **fields}
    return opening.FirstPeople(**told)


def secrets_of() -> list[str]:
    return [found[1] for one in mail.outbox if (found := re.search(r"/invitation/([\w-]+)/", str(one.body)))]


def test_its_first_people_are_invited_by_two_persons_and_then_it_is_theirs(
    territory: Territory, odette: Membership
) -> None:
    foyer = added(odette, territory.claire)
    where = f"/annuaire/{foyer.pk}/ouvrir/"
    assert where in page_of(odette, f"/annuaire/{foyer.pk}/")
    client = personas.signed_in(odette)
    asked = {
        "admin_first_name": "Anne", "admin_last_name": "Martin", "admin_email": "anne.martin@acacias.fr",
        "admin_job": "Directrice", "dpo_first_name": "Denis", "dpo_last_name": "Roy", "dpo_email": "denis.roy@acacias.fr",
        "dpo_job": "Juriste", "why": "Leur lettre du 3 mars.",
    }  # fmt: skip
    assert client.post(where, asked | {"dpo_email": "contact@acacias.fr"}).status_code == 422, "a shared mailbox"
    assert client.post(where, asked).status_code == 302
    assert not Invitation.objects.exists()
    assert not mail.outbox
    change = InstitutionChange.objects.waiting().get()
    claire = personas.signed_in(territory.claire)
    page = f"/annuaire/changements/{change.pk}/"
    assert "denis.roy@acacias.fr" in claire.get(page).content.decode()
    assert claire.post(page, {"answer": "accept", "sentence": ""}).status_code == 302
    assert sorted(one.to[0] for one in mail.outbox) == ["anne.martin@acacias.fr", "denis.roy@acacias.fr"]
    told = "".join(f"{one.subject}{one.body}" for one in mail.outbox)
    assert "Acacias" not in told
    assert "Claire" not in told
    first, second = secrets_of()
    account = {"title": "", "first_name": "A", "last_name": "B", "password": NEW_PASSWORD}
    anne = joining.accept(secret=first, by=joining.NewAccount(**account))
    assert anne.institution == foyer
    assert anne.has_function(Function.DIRECTORY_ADMIN), "two persons have agreed already"
    denis = joining.accept(secret=second, by=joining.NewAccount(**account))
    assert denis.has_function(Function.DPO)
    assert not FunctionChange.objects.exists()
    assert client.get(where).status_code == client.get(f"/annuaire/{foyer.pk}/corriger/").status_code == 404
    personas.end_post(anne)
    personas.end_post(denis)
    assert not registering.may_correct(odette, foyer), "it does not come back to who added it"
    assert not registering.may_open(odette, foyer)
    assert client.get(where).status_code == client.get(f"/annuaire/{foyer.pk}/corriger/").status_code == 404
    assert "Acceptée." in claire.get(page).content.decode()
    assert {"institution.opening_proposed", "institution.opened"} <= set(Entry.objects.values_list("action", flat=True))


def test_nobody_opens_an_institution_that_is_not_hers_to_open(territory: Territory, odette: Membership) -> None:
    for place in (territory.department, territory.school, territory.clinic):
        with pytest.raises(NotTended):
            registering.propose_opening(institution=place, people=people(), why="Moi.", by=odette)
    foyer = added(odette, territory.claire)
    change = registering.propose_opening(institution=foyer, people=people(), why="Leur lettre.", by=odette)
    personas.tends_the_directory(territory, foyer, name="Lucie")
    with pytest.raises(TooLate):
        registering.answer(change=change, accepted=True, sentence="", by=territory.claire)
    assert not Invitation.objects.exists()


def test_the_trail_keeps_what_changed_apart_from_its_bytes(territory: Territory, odette: Membership) -> None:
    row = registering.correct(
        institution=territory.department,
        card=Card(
            **{**{name: getattr(territory.department, name) for name in cards.FIELDS}, "dpo_contact": "Claire Morvan"}
        ),
        why="",
        by=odette,
    )
    body = json.loads(bytes(Entry.objects.get(pk=row.entry_id).body))
    assert body["codes"] == {"fields": ["dpo_contact"]}
    assert body["refs"]["institution"] == str(territory.department.pk)
    assert "Morvan" not in json.dumps(body)
