"""The pages of the directory: whose turn it is, what may be done, what is wrong said in a sentence, and nothing typed lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners import agreeing, clock, sheets, succeeding
from partners.models import Agreement, AgreementAct, Membership, MissionSheet, SheetReading
from tests import personas
from tests.directory.test_agreements import drafted, terms
from tests.directory.test_sheets import without_sheet
from tests.directory.ways import CONTENTS
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
TO_VALIDATE = "/annuaire/a-valider/"


@pytest.fixture
def solange(territory: Territory) -> Membership:
    return personas.tends_the_directory(territory, territory.school, name="Solange")


def filled(**fields: Any) -> dict[str, Any]:
    texts = {name: getattr(CONTENTS, name) for name in sheets.NAMES}
    return {"whose": "partner", **texts, **fields}


def test_the_institution_page_says_where_both_sheets_stand(territory: Territory) -> None:
    page = personas.signed_in(territory.leila).get(f"/annuaire/{territory.school.pk}/").content.decode()
    assert "La sienne, pour nous" in page
    assert "La nôtre, pour ce service" in page
    assert "relue il y a" in page
    assert "Écrire la fiche" not in page  # Leïla does not tend the directory
    head = without_sheet(territory)
    page = personas.signed_in(territory.nadia).get(f"/annuaire/{head.institution_id}/").content.decode()
    assert "Sans elle, aucun échange volontaire" in page
    assert "Écrire la fiche · École Pasteur" in page


def test_a_sheet_is_written_validated_and_read_through_pages(territory: Territory, solange: Membership) -> None:
    head = without_sheet(territory)
    at_pasteur = personas.post(
        personas.professional("Rose", "Lim"), head.institution, "institution", "Gestionnaire", "fonction", "Lettre",
        "directory_admin",
    )  # fmt: skip
    nadia, rose, camille = map(personas.signed_in, (territory.nadia, at_pasteur, territory.camille))
    written = nadia.post(f"/annuaire/{head.institution_id}/fiche/", filled())
    sheet = MissionSheet.objects.get(about=head.institution)
    address = f"/annuaire/fiches/{sheet.pk}/"
    assert (written.status_code, written.headers["Location"]) == (302, address)
    assert "c’est à une autre personne" in nadia.get(address).content.decode()
    assert address in rose.get(TO_VALIDATE).content.decode()
    assert address not in nadia.get(TO_VALIDATE).content.decode()
    wrong = rose.post(address, {"answer": "changes", "sentence": ""})
    assert wrong.status_code == 422
    assert "Dites ce qui est à changer" in wrong.content.decode()
    assert rose.post(address, {"answer": "validate", "sentence": ""}).status_code == 302
    assert "J’ai lu cette fiche" in camille.get(address).content.decode()
    assert camille.post(f"{address}lue/").status_code == 302
    assert SheetReading.objects.filter(sheet=sheet, reader=territory.camille.professional_id).exists()
    assert "Vous avez déclaré l’avoir lue" in camille.get(address).content.decode()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(territory: Territory) -> None:
    answer = personas.signed_in(territory.nadia).post(
        f"/annuaire/{territory.school.pk}/fiche/", filled(limits=" ", missions="Un mot à moi")
    )
    assert answer.status_code == 422
    assert "Dites ce qu’elle ne fait pas." in answer.content.decode()
    assert "Un mot à moi" in answer.content.decode()


def test_sent_unchanged_the_form_says_that_nothing_changed(territory: Territory) -> None:
    answer = personas.signed_in(territory.nadia).post(f"/annuaire/{territory.school.pk}/fiche/", filled())
    assert answer.status_code == 422
    assert "Rien n’a changé" in answer.content.decode()
    assert MissionSheet.objects.filter(about=territory.school, partner=territory.house).count() == 1


def test_the_form_is_filled_with_the_last_version(territory: Territory) -> None:
    page = personas.signed_in(territory.nadia).get(f"/annuaire/{territory.school.pk}/fiche/?fiche=la-notre")
    assert CONTENTS.missions in page.content.decode()


@pytest.mark.parametrize("name", ["sofia", "yann", "claire"])
def test_the_sheet_of_two_others_does_not_exist(territory: Territory, name: str) -> None:
    sheet = MissionSheet.objects.get(about=territory.school, partner=territory.house)
    assert personas.signed_in(getattr(territory, name)).get(f"/annuaire/fiches/{sheet.pk}/").status_code == 404


def test_an_answer_that_comes_too_late_says_so(territory: Territory, solange: Membership) -> None:
    changed = replace(CONTENTS, limits="Aucun soin.")
    sheet = sheets.write(about=territory.school, partner=territory.house, contents=changed, by=solange)
    armelle = personas.tends_the_directory(territory, territory.house, name="Armelle")
    sheets.answer(sheet=sheet, validated=True, sentence="", by=armelle)
    late = personas.signed_in(territory.nadia).post(
        f"/annuaire/fiches/{sheet.pk}/", {"answer": "changes", "sentence": "Trop large."}, follow=True
    )
    assert "n’a pas été enregistrée" in late.content.decode()


def test_an_agreement_is_drafted_signed_suspended_and_ended_through_pages(
    territory: Territory, solange: Membership
) -> None:
    nadia, school = personas.signed_in(territory.nadia), personas.signed_in(solange)
    today = clock.day_of(clock.now())
    asked = {
        "partner": str(territory.school.pk), "number": "77", "title": "Cantine", "kind": "voluntary",
        "purposes": ["scolarite"], "categories": ["consigne_pratique"],
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=200)).isoformat(),
    }  # fmt: skip
    wrong = nadia.post("/annuaire/conventions/nouvelle/", {**asked, "purposes": []})
    assert wrong.status_code == 422
    assert "au moins une finalité" in wrong.content.decode()
    assert "Cantine" in wrong.content.decode()
    assert nadia.post("/annuaire/conventions/nouvelle/", {**asked, "number": "12"}).status_code == 422
    assert nadia.post("/annuaire/conventions/nouvelle/", asked).status_code == 302
    made = Agreement.objects.get(number="77")
    address = f"/annuaire/conventions/{made.pk}/"
    assert address in school.get(TO_VALIDATE).content.decode()
    for client in (nadia, school):
        assert client.get(f"{address}signer/").status_code == 200
        assert client.post(f"{address}signer/").status_code == 302
    assert address not in school.get(TO_VALIDATE).content.decode()
    assert "en vigueur" in school.get(address).content.decode()
    assert school.post(f"{address}suspendre/", {"why": ""}).status_code == 422
    assert school.post(f"{address}suspendre/", {"why": "Un doute."}).status_code == 302
    page = nadia.get(address).content.decode()
    assert "Cette convention est suspendue" in page
    assert "Un doute." in page
    refused = nadia.get(f"{address}reprendre/", follow=True)  # what one party closed
    assert "Ce n’est plus possible" in refused.content.decode()
    assert (
        school.post(f"{address}terminer/", {"why": "Fin du projet.", "last_day": today.isoformat()}).status_code == 302
    )
    moves = AgreementAct.objects.filter(agreement=made).values_list("move", flat=True)
    assert list(moves) == ["drafted", "signed", "signed", "suspended", "ended"]


def test_a_revision_keeps_the_former_version_readable(territory: Territory, solange: Membership) -> None:
    new = agreeing.revise(agreement=territory.school_agreement, terms=terms(), why="Bilan.", by=territory.nadia)
    for by in (territory.nadia, solange):
        agreeing.sign(agreement=new, by=by)
    page = personas.signed_in(territory.camille).get(f"/annuaire/conventions/{territory.school_agreement.pk}/")
    assert "remplacée" in page.content.decode()
    assert f"/annuaire/conventions/{new.pk}/" in page.content.decode()
    school = personas.signed_in(territory.camille).get(f"/annuaire/{territory.school.pk}/")
    assert [line.agreement.version for line in school.context["agreements"]] == [2]


def test_another_word_in_the_address_does_not_exist(territory: Territory) -> None:
    address = f"/annuaire/conventions/{territory.school_agreement.pk}/effacer/"
    assert personas.signed_in(territory.nadia).get(address).status_code == 404


def test_a_succession_is_proposed_and_answered_through_pages(territory: Territory, solange: Membership) -> None:
    taking = personas.tends_the_directory(territory, territory.clinic, name="Armelle")
    school, clinic = personas.signed_in(solange), personas.signed_in(taking)
    day = clock.day_of(clock.now()) + timedelta(days=30)
    asked = {"successor": str(territory.clinic.pk), "wanted_on": day.isoformat(), "why": "Regroupement."}
    assert school.post("/annuaire/successions/nouvelle/", {**asked, "why": " "}).status_code == 422
    made = school.post("/annuaire/successions/nouvelle/", asked)
    address = made.headers["Location"]
    assert address in clinic.get(TO_VALIDATE).content.decode()
    assert school.post(address, {"answer": "accept", "sentence": "Oui."}).status_code == 404
    assert clinic.post(address, {"answer": "accept", "sentence": ""}).status_code == 422
    assert clinic.post(address, {"answer": "accept", "sentence": "Oui."}).status_code == 302
    page = personas.signed_in(territory.camille).get(address).content.decode()
    assert "Acceptée" in page
    assert "Ce que cela ne change pas" in page
    assert succeeding.succession_of(territory.school) is not None


def test_the_verdict_leads_to_the_page_of_the_partner(territory: Territory) -> None:
    head = without_sheet(territory)
    draft = draft_of(territory, recipient=head)
    page = (
        personas.signed_in(territory.camille)
        .get(f"/situations/{territory.case.reference}/communiquer/{draft.pk}/")
        .content.decode()
    )
    assert "Faire valider la fiche de mission" in page
    assert f"/annuaire/{head.institution_id}/" in page


def test_what_is_to_validate_costs_the_same_whatever_waits(territory: Territory, solange: Membership) -> None:
    client = personas.signed_in(solange)
    counts = []
    for start in (0, 3):
        for number in range(start, start + 3 + start):
            drafted(territory, f"D{number}")
            other = personas.institution(f"Service {number}", "Association")
            tender = personas.tends_the_directory(territory, other, name=f"Prénom{number}")
            sheets.write(about=other, partner=territory.school, contents=CONTENTS, by=tender)
        client.get(TO_VALIDATE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(TO_VALIDATE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
