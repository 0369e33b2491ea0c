"""The person's word recorded by a program: the same questions and refusals as its page; what she takes back closes at once."""

from typing import Any

import pytest

from audit.models import Entry
from cases.models import Person
from consent import notices, registry
from consent.models import Consent, Objection, PriorInformation, Refusal, Withdrawal
from partners import clock
from tests import personas
from tests.api.ways import program_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.usefixtures("db")


def words(territory: Territory) -> str:
    return f"situations/{territory.case.reference}/accords"


def word(territory: Territory, act: str, **changes: Any) -> dict[str, Any]:
    """What the mother says of Mme Lantier, unless said otherwise."""
    return {
        "act": act,
        "recipient": str(territory.lantier.pk),
        "purpose": "scolarite",
        "categories": ["consigne_pratique"],
        "speaker": str(territory.mother.pk),
        "form": "in_person",
        "own_words": "D’accord pour les mardis, pas plus.",
    } | changes


def test_each_act_is_recorded_as_its_page_records_it(territory: Territory) -> None:
    camille = program_of(territory.camille)
    given = camille.post(words(territory), word(territory, "agreement", duration=90))
    assert given.status_code == 201, given.content
    consent = Consent.objects.get()
    assert (given.json()["id"], given.json()["kind"]) == (str(consent.pk), "agreement")
    assert (consent.given_by_id, consent.collected_on) == (territory.mother.pk, clock.day_of(clock.now()))
    assert consent.notice is not None
    assert consent.notice.code == "tact-accord-parents"
    for act, model in (("refusal", Refusal), ("objection", Objection), ("information", PriorInformation)):
        answer = camille.post(words(territory), word(territory, act))
        assert answer.status_code == 201, (act, answer.content)
        assert model.objects.count() == 1
    later = {
        "act": "postponed",
        "recipient": str(territory.lantier.pk),
        "purpose": "scolarite",
        "categories": ["consigne_pratique"],
        "withheld": "child_interest",
        "withheld_reason": "Pression sur l’enfant.",
        "decided_with": "Mme Benali",
        "reexamine_in": 7,
    }
    assert camille.post(words(territory), later).status_code == 201
    listed = camille.get(words(territory)).json()
    assert {one["kind"] for one in listed["results"]} == {"agreement", "refusal", "objection", "information"}
    assert {one["withheld"] for one in listed["results"]} == {"", "child_interest"}
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {
        "consent.given",
        "consent.refused",
        "objection.recorded",
        "information.given",
        "information.withheld",
    } <= actions


def test_what_the_page_would_refuse_is_refused_by_the_name_of_its_field(territory: Territory) -> None:
    camille = program_of(territory.camille)
    yesterday = (clock.day_of(clock.now()) - personas.timedelta(days=1)).isoformat()
    for changes, fields in (
        ({"duration": 90, "speaker": "herself"}, ["speaker"]),
        ({}, ["duration"]),
        ({"duration": 365}, ["duration"]),
        ({"duration": 183, "form": "telephone", "called_back": True}, ["duration"]),
        ({"duration": 90, "form": "telephone"}, ["called_back"]),
        ({"duration": 90, "form": "witness"}, ["witness"]),
        ({"duration": 90, "collected_on": yesterday}, ["late_reason"]),
        ({"duration": 90, "language": "ar"}, ["interpreter"]),
        ({"duration": 90, "child_heard": True}, ["child_heard"]),
        ({"duration": 90, "recorded_at": clock.now().isoformat()}, ["recorded_at"]),
        ({"duration": 90, "categories": ["casier_judiciaire"]}, ["categories"]),
    ):
        answer = camille.post(words(territory), word(territory, "agreement", **changes))
        assert answer.status_code == 400, (changes, answer.content)
        assert sorted({one["field"].partition("[")[0] for one in answer.json()["errors"]}) == fields, answer.json()
    assert not Consent.objects.exists()


def test_the_text_that_is_read_and_who_decides_are_those_of_the_page(territory: Territory) -> None:
    camille = program_of(territory.camille)
    ref = territory.case.reference
    who = camille.get(f"situations/{ref}/qui-decide").json()
    assert who["minor"]
    assert {one["code"] for one in who["people"]} == {str(territory.mother.pk), str(territory.father.pk)}
    asked = {"act": "agreement", "recipient": str(territory.lantier.pk), "purpose": "scolarite"}
    read = camille.get(f"{words(territory)}/texte", **asked).json()
    assert read["code"] == "accord-parents"
    assert read["digest"] == notices.current("accord-parents").digest
    assert "Hélène Lantier" in str(read["sections"])
    easy = camille.get(f"{words(territory)}/texte", **asked, style="falc", language="en").json()
    assert easy["code"] == "accord-parents-falc-en"
    adult = personas.open_case_for(
        Person(first_name="Solène", last_name="Majeure", birth_date=personas.born_years_ago(40)), territory.camille
    )
    later = camille.post(
        f"situations/{adult.reference}/accords",
        {
            "act": "postponed",
            "recipient": str(territory.lantier.pk),
            "purpose": "scolarite",
            "categories": ["logement"],
        },
    )
    assert (later.status_code, later.json()["type"]) == (422, "urn:tact:problem:not_for_her")


def test_what_she_takes_back_closes_at_once_and_twice_is_once(territory: Territory) -> None:
    agreed = personas.parents_agree(territory)
    left = send(draft_of(territory), territory.camille).disclosure
    assert left is not None
    camille, lantier = program_of(territory.camille), program_of(territory.lantier)
    lantier.post(f"recu/{left.pk}/lecture", key="")
    body = {"form": "in_person", "speaker": str(territory.mother.pk)}
    taken = camille.post(f"{words(territory)}/{agreed.pk}/retrait", body)
    assert (taken.status_code, taken.json()["stopped"]) == (200, [str(left.pk)])
    assert camille.post(f"{words(territory)}/{agreed.pk}/retrait", body).json() == taken.json()
    assert Withdrawal.objects.count() == 1
    closed = lantier.post(f"recu/{left.pk}/lecture", key="").json()
    assert (closed["closed"]["reason"], closed["items"]) == ("consent_withdrawn", [])
    assert camille.get(words(territory)).json()["results"][0]["withdrawn_at"] == taken.json()["withdrawn_at"]


def test_the_other_parent_s_no_is_no_withdrawal_and_all_is_taken_back_in_one_act(territory: Territory) -> None:
    agreed = personas.parents_agree(territory)
    personas.parents_agree(territory, recipient=territory.aubin, purpose="suivi_medico_social")
    camille = program_of(territory.camille)
    where = f"{words(territory)}/{agreed.pk}/retrait"
    other = camille.post(where, {"form": "in_person", "speaker": str(territory.father.pk)})
    assert (other.status_code, other.json()["type"]) == (422, "urn:tact:problem:not_who_gave")
    nobody = camille.post(where, {"form": "in_person", "speaker": "personne"})
    assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (400, "speaker")
    every = camille.post(f"{words(territory)}/retrait", {"form": "in_person", "speaker": str(territory.mother.pk)})
    assert (every.status_code, len(every.json()["withdrawals"])) == (200, 2)
    assert all(registry.withdrawal_of(one) for one in Consent.objects.all())
    for who in (territory.leila, territory.lantier):
        assert program_of(who).post(where, {"form": "in_person"}).status_code == 404
