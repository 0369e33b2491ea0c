"""One conversation, several recipients: an act and an entry for each answer, recorded together or not at all."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from consent import notices, sitting
from consent.collected import ScopeError
from consent.models import Consent, Refusal
from consent.sitting import Answer
from partners import clock
from tests import personas
from tests.personas import Territory

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def page(territory: Territory, **changes: Any) -> str:
    three = (territory.lantier, territory.aubin, territory.perrin)
    asked = {"to": [str(one.pk) for one in three], "for": ["scolarite", "coord_soins", "scolarite"]} | changes
    return f"{reverse('consent:grid', args=[territory.case.reference])}?{urlencode(asked, doseq=True)}"


def answers(territory: Territory, **said: Any) -> dict[str, Any]:
    return {
        "yes-0": ["consigne_pratique", "besoins_scolaires"],
        "until-0": "90",
        "no-0": ["sante_diagnostic"],
        "no-1": ["consigne_pratique"],
        "until-2": "",
        "speaker": str(territory.mother.pk),
        "form": "in_person",
        "language": "fr",
        "own_words": "À l’école oui, au médecin non.",
        "collected_on": clock.day_of(clock.now()).isoformat(),
    } | said


def test_a_conversation_is_as_many_acts_as_answers_with_one_sitting_and_a_silence_is_nothing(
    territory: Territory, sign_in: SignIn
) -> None:
    before = Entry.objects.count()
    client = sign_in("camille")
    answer = client.post(page(territory), answers(territory))
    assert answer.status_code == 302, re.findall(r'class="wrong".*', answer.content.decode())
    consent, refusals = Consent.objects.get(), list(Refusal.objects.order_by("purpose"))
    assert (consent.recipient, consent.purpose) == (territory.lantier, "scolarite")
    assert consent.categories == ["besoins_scolaires", "consigne_pratique"]
    assert consent.valid_until == clock.end_of(clock.day_of(clock.now()) + timedelta(days=90))
    assert [(one.recipient, one.categories) for one in refusals] == [
        (territory.aubin, ["consigne_pratique"]),
        (territory.lantier, ["sante_diagnostic"]),
    ]
    rows = [consent, *refusals]
    assert len({row.sitting for row in rows}) == 1
    assert consent.sitting is not None
    assert len({row.recorded_at for row in rows}) == 1
    assert {row.notice for row in rows} == {notices.current("accord-parents")}
    assert Entry.objects.count() == before + 3
    client.post(page(territory), answers(territory))
    assert (Consent.objects.count(), Refusal.objects.count()) == (1, 2)
    client.post(page(territory), answers(territory, **{"no-1": ["besoins_scolaires"]}))
    assert (Consent.objects.count(), Refusal.objects.count()) == (2, 4)


def test_what_was_signed_leads_to_the_one_paper_of_the_conversation(territory: Territory, sign_in: SignIn) -> None:
    answer = sign_in("camille").post(page(territory), answers(territory, form="written"))
    where = reverse("consent:paper", args=[territory.case.reference, Consent.objects.get().sitting])
    assert answer["Location"] == where


def test_nothing_is_ticked_beforehand_and_nothing_ticks_it_all(territory: Territory, sign_in: SignIn) -> None:
    shown = sign_in("camille").get(page(territory))
    assert shown.status_code == 200
    text = shown.content.decode()
    assert " checked" not in text
    assert re.findall(r"<option[^>]* selected[^>]*>([^<]*)", text)[-1:] == ["français"]
    assert not re.search(r"tout cocher|tout accepter|nouvel ordre", text, re.IGNORECASE)
    assert "Ce qui n’est pas coché n’est pas couvert." in text
    assert text.count('name="yes-0"') == text.count('name="no-2"') == text.count('name="yes-2"') > 20
    assert len(text) < 160_000


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"yes-0": [], "no-0": [], "no-1": []}, "une portée vide ne couvre rien"),
        ({"until-0": ""}, "Dites jusqu’à quand l’accord est donné pour Mme Lantier."),
        ({"until-0": "365"}, "Choisissez, dans la liste, jusqu’à quand"),
        ({"form": "telephone", "called_back": "on", "until-0": "183"}, "90 jours au plus, pour Mme Lantier aussi"),
        ({"no-0": ["consigne_pratique"]}, "à la fois acceptée et refusée"),
        ({"yes-2": ["origine_religion_opinion"], "until-2": "30"}, "Choisissez, dans la liste, les sortes"),
        ({"speaker": ""}, "Dites qui s’est exprimé."),
    ],
)
def test_a_mistake_records_nothing_of_the_whole_conversation_and_loses_nothing(
    territory: Territory, sign_in: SignIn, said: dict[str, Any], sentence: str
) -> None:
    answer = sign_in("camille").post(page(territory), answers(territory, **said))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "À l’école oui, au médecin non." in answer.content.decode()
    assert not Consent.objects.exists()
    assert not Refusal.objects.exists()


def test_what_cannot_be_recorded_of_one_records_nothing_of_the_others(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    one = Answer(
        recipient=territory.lantier, purpose="scolarite", agreed=["consigne_pratique"], until=today + timedelta(days=30)
    )
    wrong = Answer(recipient=territory.aubin, purpose="scolarite", refused=["tout"])
    with pytest.raises(ScopeError):
        sitting.record(
            case=territory.case, answers=[one, wrong], notice=personas.notice(), by=territory.camille,
            given_by=territory.mother, collected_on=today, form="in_person",
        )  # fmt: skip
    assert not Consent.objects.exists()
    assert not Entry.objects.filter(action__startswith="consent.").exists()


def test_whom_then_what_for_come_first_and_nothing_of_the_address_is_trusted(
    territory: Territory, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    grid = reverse("consent:grid", args=[territory.case.reference])
    assert "Choisissez de deux à huit professionnels" in client.get(grid).content.decode()
    one = str(territory.lantier.pk)
    for asked in ({"to": one, "go": "1"}, {"to": [one, one, "zzz", str(territory.camille.pk)], "go": "1"}):
        assert client.get(grid, asked).status_code == 422
    searching = client.get(grid, {"to": [one], "q": "aubin"}).content.decode()
    assert re.search(rf'value="{one}" checked', searching)
    assert "Déjà choisi" in searching
    two = {"to": [one, str(territory.aubin.pk)]}
    purposes = client.get(grid, two | {"go": "1"})
    assert purposes.status_code == 200
    assert purposes.content.decode().count('name="for"') == 2
    lacking = client.get(grid, two | {"for": ["scolarite", ""], "go": "1"})
    assert lacking.status_code == 422
    assert "Dites pour quoi faire, pour" in lacking.content.decode()
    assert client.get(grid, two | {"for": ["scolarite", "curiosite"], "go": "1"}).status_code == 422
    assert client.get(grid, two | {"for": ["scolarite", "scolarite"]}).status_code == 200


def test_those_who_are_tied_to_the_situation_come_first_then_the_partners_of_the_house(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_refuse(territory, recipient=territory.perrin)
    shown = sign_in("camille").get(reverse("consent:new", args=[territory.case.reference])).content.decode()
    headings = re.findall(r"<legend>([^<]+)</legend>", shown)
    assert headings[0] == "Déjà en lien avec cette situation"
    assert shown.index("Déjà en lien") < shown.index(str(territory.perrin.pk))
    assert shown.count(str(territory.perrin.pk)) == 3  # for, id and value of one card


def test_the_grid_does_not_exist_for_who_does_not_follow_her(territory: Territory, sign_in: SignIn) -> None:
    for name in ("leila", "nadia", "lantier"):
        client = sign_in(name)
        assert client.get(page(territory)).status_code == 404
        assert client.post(page(territory), answers(territory)).status_code == 404
    assert not Consent.objects.exists()
