"""Who opened this file: the page of those who follow it, and the sheet that the person is handed."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst

from audit import access_log, ledger
from audit.models import Access, Entry
from cases.models import Person
from consent import registry
from consent.models import PriorInformation
from partners import clock
from sharing.models import Disclosure, Duty
from sharing.opened.told import told
from tests import personas
from tests.conftest import as_migrator
from tests.papers.reading import Read, read
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

SignIn = Callable[[str], Client]


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split())


def page_of(territory: Territory, name: str = "opened") -> str:
    return reverse(f"sharing:{name}", args=[territory.case.reference])


def sheet(client: Client, territory: Territory, **asked: str) -> Read:
    answer = client.get(page_of(territory, "opened_paper"), asked)
    assert answer.status_code == 200, text_of(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="ouvertures-{territory.case.reference}.pdf"'
    return read(answer.content)


def grown_up(territory: Territory) -> None:
    Person.objects.filter(pk=territory.child.pk).update(birth_date=clock.now().date() - timedelta(days=40 * 366))


def released(territory: Territory) -> Disclosure:
    personas.parents_agree(territory)
    found = send(draft_of(territory), territory.camille).disclosure
    assert found is not None
    return found


@pytest.mark.django_db
def test_the_page_says_who_opened_what_and_when_and_tells_refusals_apart(territory: Territory, sign_in: SignIn) -> None:
    camille, address = sign_in("camille"), page_of(territory)
    for _ in range(3):
        camille.get(reverse("sharing:case", args=[territory.case.reference]))
    sign_in("perrin").get(reverse("sharing:case", args=[territory.case.reference]))
    sign_in("yann").get(reverse("audit:accesses"), {"case": str(territory.case.pk)})
    text = text_of(camille.get(address))
    camille_, perrin = territory.camille, territory.perrin
    assert f"{camille_.professional.full_name} a lu une situation. {camille_.job_title}, {camille_.institution}" in text
    assert "3 fois, " in text
    assert f"Refusé {perrin.professional.full_name} n’a pas pu lire une situation. {perrin.job_title}" in text
    assert "Le Goff" not in text, "a control opens no file"
    assert territory.child.last_name not in text
    assert "Chaque accès est gardé 12 mois" in text
    assert f"Rien n’est connu avant le {clock.day_of(clock.now()).day}" in text
    # One's own reading is there too, the next time.
    assert Access.objects.filter(action="opened.read", granted=True, case_ref=territory.case.pk).count() == 1
    assert "a lu qui a ouvert une situation" in text_of(camille.get(address))

    only = text_of(camille.get(address, {"access": "no"}))
    assert "n’a pas pu lire" in only
    assert " a lu une situation." not in only
    hers = text_of(camille.get(address, {"who": str(perrin.pk)}))
    assert "n’a pas pu lire" in hers
    assert " a lu une situation." not in hers
    today = clock.day_of(clock.now())
    assert "a lu une situation" in text_of(camille.get(address, {"since": str(today), "until": str(today)}))
    assert "Aucun accès ne correspond" in text_of(camille.get(address, {"until": str(today - timedelta(days=1))}))
    for wrong in ({"since": "zzz"}, {"who": str(uuid4())}, {"since": "2027-01-02", "until": "2027-01-01"}):
        answer = camille.get(address, wrong)
        assert answer.status_code == 422
        assert "Rien n’a été cherché" in text_of(answer)
    assert camille.get(address, {"until": "9999-12-31", "since": "0001-01-01"}).status_code == 200


@pytest.mark.django_db
def test_the_team_lead_sees_who_opened_without_opening_and_makes_no_paper(
    territory: Territory, sign_in: SignIn
) -> None:
    nadia = sign_in("nadia")
    answer = nadia.get(page_of(territory))
    text = text_of(answer)
    assert "sans les ouvrir" in text
    assert "Le papier à lui remettre" not in text
    assert territory.child.short_name not in text
    assert f'href="{reverse("sharing:case", args=[territory.case.reference])}"' not in answer.content.decode()
    assert nadia.get(page_of(territory, "opened_paper")).status_code == 404
    lead = nadia.get(reverse("cases:assignments", args=[territory.case.reference])).content.decode()
    assert page_of(territory) in lead
    leila = sign_in("leila")
    unknown = leila.get("/situations/2026-999999/ouvertures/")
    assert leila.get(page_of(territory)).status_code == unknown.status_code == 404
    assert Access.objects.filter(action="opened.read", granted=False, membership_ref=territory.leila.pk).count() == 2


@pytest.mark.usefixtures("own_database")
def test_thousands_of_rows_over_months_cost_the_same_statements() -> None:
    territory = personas.build()
    client = personas.signed_in(territory.camille)

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(page_of(territory)).status_code == 200
        return len(counted)

    client.get(page_of(territory))
    few = statements()
    members = [one.pk for one in (territory.camille, territory.nadia, territory.leila, territory.perrin)]
    with as_migrator(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_access (at, action, object_type, object_ref, case_ref, granted, membership_ref)"
            " SELECT clock_timestamp() - n * interval '100 minutes',"
            "  (ARRAY['case.read', 'item.opened', 'case.chronology_read'])[1 + n %% 3], 'case', %s, %s, n %% 9 > 0,"
            "  (%s::uuid[])[1 + n %% 4] FROM generate_series(1, 4000) n",
            [territory.case.reference, territory.case.pk, members],
        )
    access_log.make_months(at=access_log._shifted(access_log.now(), 1))
    assert statements() == few
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(page_of(territory), {"page": "12"})
    assert len(counted) == few
    assert "331 à 360 sur" in text_of(answer)


@pytest.mark.django_db
def test_the_sheet_says_functions_services_and_days_and_no_name_but_that_of_who_hands_it(
    territory: Territory, sign_in: SignIn
) -> None:
    grown_up(territory)
    camille = sign_in("camille")
    camille.get(reverse("sharing:case", args=[territory.case.reference]))
    sign_in("perrin").get(reverse("sharing:case", args=[territory.case.reference]))
    before = Entry.objects.count()
    found = sheet(camille, territory, version="everyday")
    assert found.accessible
    assert found.tagged
    assert found.title == "Qui a ouvert votre dossier"
    assert f"{capfirst(territory.camille.job_title)}, {territory.camille.institution}" in found.words
    assert "1 jour, quelqu’un a voulu ouvrir le dossier" in found.words
    assert "gardées 12 mois" in found.words
    for name in (territory.child.last_name, territory.child.first_name, territory.perrin.professional.last_name):
        assert name not in found.words
    assert found.words.count(territory.camille.professional.last_name) == 1, "whom to call"
    assert territory.perrin.institution.name not in found.words, "a refusal names nobody"
    assert "Ailleurs" not in found.words
    assert Entry.objects.count() == before
    noted = Access.objects.filter(
        action="paper.printed", object_type="opened", case_ref=territory.case.pk, granted=True
    )
    assert noted.count() == 1
    easy = sheet(camille, territory, version="falc")
    assert "C’est votre dossier." in easy.words
    assert "relu par des personnes concernées" in easy.words
    asked_nothing = camille.get(page_of(territory, "opened_paper"))
    assert asked_nothing.status_code == 422
    assert "Pour qui est ce papier" in text_of(asked_nothing)


@pytest.mark.django_db
def test_a_reading_is_on_her_sheet_once_she_was_told_of_the_communication_and_never_before(
    territory: Territory, sign_in: SignIn
) -> None:
    disclosure = released(territory)
    lantier = sign_in("lantier")
    assert lantier.post(reverse("sharing:received", args=[disclosure.pk])).status_code == 200
    camille = sign_in("camille")
    school = territory.lantier.institution.name
    assert school in sheet(camille, territory, whom="child").words
    parents = sheet(camille, territory, whom="parents").words
    assert school not in parents, "where else he is spoken of may be what the child confided"
    assert capfirst(territory.camille.job_title) in parents
    assert camille.get(page_of(territory, "opened_paper"), {"whom": "zzz"}).status_code == 422

    at = clock.now()
    assert told(territory.case, [disclosure.pk, uuid4()], at) == {disclosure.pk}
    # Information put off towards the same service, for whatever it is: nothing of that service is on paper.
    registry.inform(
        scope=registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["logement"]
        ),
        given_by=None,
        collected_on=clock.day_of(at),
        form="",
        own_words="",
        late_reason="",
        by=territory.camille,
        withheld=PriorInformation.Withheld.CHILD_INTEREST,
        withheld_reason="Le père menace de l’emmener.",
        decided_with="la cheffe de service",
        reexamine_on=clock.day_of(at),
    )
    assert told(territory.case, [disclosure.pk], clock.now()) == set()
    assert school not in sheet(camille, territory, whom="child").words


@pytest.mark.django_db
def test_a_communication_of_which_nothing_shows_that_she_was_told_is_not_on_her_sheet(
    territory: Territory, sign_in: SignIn
) -> None:
    disclosure = released(territory)
    Duty.objects.create(record=disclosure.record, code="information_deferred", owed_by="institution")
    sign_in("lantier").post(reverse("sharing:received", args=[disclosure.pk]))
    assert told(territory.case, [disclosure.pk], clock.now()) == set()
    found = sheet(sign_in("camille"), territory, whom="child")
    assert territory.lantier.institution.name not in found.words
    assert "dans les autres services" not in found.words.lower()


@pytest.mark.django_db
def test_the_access_of_another_file_is_on_no_page_of_this_one(territory: Territory, sign_in: SignIn) -> None:
    ledger.note_access(
        action="case.read",
        object_type="case",
        object_ref=str(uuid4()),
        granted=True,
        professional=territory.leila.professional_id,
        membership=territory.leila.pk,
        case=uuid4(),
    )
    assert territory.leila.professional.full_name not in text_of(sign_in("camille").get(page_of(territory)))
