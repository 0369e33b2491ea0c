"""The pages: what is narrowed is said to everybody, proposed and decided by those who may, and by nobody else."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import clock, narrowing
from partners.models import Narrowing, NarrowingDecision, NarrowingLift
from partners.narrowing import Place, Takes
from partners.settings_words import key_of
from tests import personas, posts
from tests.narrowing.ways import House, approve, house, lifted, narrowed, proposed
from tests.personas import Territory

pytestmark = pytest.mark.django_db
NEW = "/annuaire/reglages/nouveau/"


@pytest.fixture
def who(territory: Territory) -> House:
    return house(territory)


@pytest.fixture
def tender(who: House) -> Client:
    return personas.signed_in(who.tender)


@pytest.fixture
def dpo(who: House) -> Client:
    return personas.signed_in(who.dpo)


def said(client: Client, address: str) -> str:
    """What a page says, spaces and marks apart."""
    html = client.get(address).content.decode()
    main = html[html.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").replace("&#x27;", "'").split())


def filled(place: Place, **fields: Any) -> dict[str, Any]:
    return {
        "where": key_of(place),
        "categories": ["sante_mentale"],
        "wanted_on": clock.day_of(clock.now()).isoformat(),
        "why": "Bilan de l’année.",
    } | fields


def page_of(made: Narrowing) -> str:
    return reverse("partners:narrowing", args=[made.pk])


def answer(made: Any, **fields: Any) -> dict[str, Any]:
    return {"of": str(made.pk), "answer": "approve", "sentence": "Proportionné."} | fields


def test_a_narrowing_is_proposed_by_one_and_approved_by_another_on_the_pages(
    territory: Territory, tender: Client, dpo: Client
) -> None:
    day = clock.day_of(clock.now()) + timedelta(days=9)
    sent = tender.post(NEW, filled(territory.school_agreement, wanted_on=day.isoformat(), at_most_days="30"))
    made = Narrowing.objects.get()
    assert sent.headers["Location"] == page_of(made)
    assert "Vous l’avez proposé" in said(tender, page_of(made))
    assert "Basile Arnoux" in said(tender, page_of(made))
    text = said(dpo, page_of(made))
    assert "Cette convention ne laisse pas passer : santé mentale." in text
    assert "Ce qui est communiqué peut être lu 30 jours au plus." in text
    assert "Odette Vidal" in text
    assert "Bilan de l’année." in text
    assert dpo.post(page_of(made), answer(made)).status_code == 302
    decision = NarrowingDecision.objects.get()
    assert decision.effective_at == clock.start_of(day)
    everybody = personas.signed_in(territory.perrin)
    public = said(everybody, reverse("partners:agreement", args=[territory.school_agreement.pk]))
    assert "Cette convention ne laisse pas passer : santé mentale." in public
    assert "À partir du" in public
    assert "Proposer un réglage" not in public


def test_what_waits_for_a_second_person_is_on_the_first_page_of_who_decides_and_of_nobody_else(
    territory: Territory, who: House, tender: Client, dpo: Client
) -> None:
    made = proposed(territory.house, who.tender, Takes(categories=("addiction",)))
    assert "Réglages à décider" in said(dpo, "/")
    assert page_of(made) in dpo.get("/").content.decode()
    assert "Réglages à décider" not in said(tender, "/")
    assert "Réglages à décider" not in said(personas.signed_in(territory.camille), "/")
    approve(made, who.dpo)
    assert "Réglages à décider" not in said(dpo, "/")


def test_the_first_of_a_month_is_said_as_french_says_it(territory: Territory, who: House) -> None:
    at = clock.start_of(clock.day_of(clock.now()).replace(day=1, month=1))
    narrowed(territory.house, who, Takes(categories=("sante_mentale",)), at=at)
    text = said(personas.signed_in(territory.camille), reverse("partners:institution", args=[territory.house.pk]))
    assert "Cette institution garde, et ne communique pas : santé mentale. Depuis le 1er janvier" in text


def test_what_waits_was_refused_or_was_lifted_is_not_said_to_everybody(territory: Territory, who: House) -> None:
    proposed(territory.house, who.tender, Takes(categories=("addiction",)))
    refused = proposed(territory.house, who.tender, Takes(categories=("violences",)))
    narrowing.decide(proposal=refused, approved=False, sentence="Non.", by=who.dpo)
    lifted(narrowed(territory.house, who, Takes(categories=("logement",))), who)
    narrowed(territory.house, who, Takes(purposes=("prevention",)))
    text = said(personas.signed_in(territory.perrin), reverse("partners:institution", args=[territory.house.pk]))
    assert "Cette institution ne communique rien pour" in text
    for word in ("Addiction", "Violences", "Logement"):
        assert word not in text


def test_the_page_of_a_forum_says_its_rules_its_members_and_what_binds_them(territory: Territory) -> None:
    forum = personas.forum(territory, personas.seat_in_the_ess(territory), minutes_rule="Relu par les parents.")
    personas.forum(territory, territory.perrin, institution=territory.house)
    text = said(personas.signed_in(territory.camille), reverse("partners:forum", args=[forum.pk]))
    for words in ("Scolarité", "Relu par les parents.", "Signé le 5 janvier 2026.", "Hélène Lantier", "D351-11", "Oui"):
        assert words in text
    # The sheet names the forum that it holds, and the one in which M. Perrin sits for it.
    sheet = said(personas.signed_in(territory.camille), reverse("partners:institution", args=[territory.school.pk]))
    assert sheet.count("Équipe de suivi de la scolarisation (ESS)") == 2


def test_a_forum_where_somebody_unbound_sits_says_so(territory: Territory) -> None:
    forum = personas.forum(territory, territory.perrin, bound_by="")
    text = said(personas.signed_in(territory.camille), reverse("partners:forum", args=[forum.pk]))
    assert "rien ne peut y être dit d’une personne" in text
    assert "Ni son statut ni un texte ne l’oblige ici au secret." in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"categories": [], "at_most_days": ""}, "un réglage vide ne change rien"),
        ({"where": ""}, "Dites où"),
        ({"why": "  "}, "Dites pourquoi"),
        ({"wanted_on": ""}, "Dites à partir de quel jour."),
        ({"wanted_on": "demain"}, "Écrivez la date ainsi"),
        ({"wanted_on": "2020-01-01"}, "ne peut pas être déjà passée"),
        ({"at_most_days": "0"}, "Un jour au moins."),
        ({"at_most_days": "4000"}, "Un an au plus"),
        ({"at_most_days": "beaucoup"}, "Écrivez un nombre de jours"),
        ({"categories": ["tout"]}, "Choisissez, dans la liste"),
        ({"purposes": ["savoir"]}, "Choisissez, dans la liste"),
    ],
)
def test_what_cannot_be_proposed_is_said_and_nothing_typed_is_lost(
    territory: Territory, tender: Client, fields: dict[str, Any], sentence: str
) -> None:
    sent = tender.post(NEW, filled(territory.house, why="Une raison à garder.", at_most_days="12") | fields)
    assert sent.status_code == 422
    html = sent.content.decode()
    assert sentence in html
    if "why" not in fields:
        assert "Une raison à garder." in html
    if "categories" not in fields:
        assert 'value="sante_mentale" checked' in html
    assert not Narrowing.objects.exists()


def test_a_forged_place_is_refused(territory: Territory, tender: Client) -> None:
    for place in (territory.school, territory.department, personas.forum(territory), territory.camille):
        assert tender.post(NEW, filled(territory.house, where=key_of(place))).status_code == 422  # type: ignore[arg-type]
    for where in ("institution:", "institution:x", f"institution:{uuid4()}", "agreement", "'; --"):
        assert tender.post(NEW, filled(territory.house, where=where)).status_code == 422
    assert not Narrowing.objects.exists()


def test_a_forged_decision_decides_nothing(territory: Territory, who: House, tender: Client, dpo: Client) -> None:
    made = proposed(territory.house, who.tender)
    assert tender.post(page_of(made), answer(made)).status_code == 422
    assert "Vous l’avez proposé" in tender.post(page_of(made), answer(made)).content.decode()
    other = proposed(territory.house, who.tender, Takes(at_most_days=30))
    for fields in ({"answer": "yes"}, {"answer": ""}, {"sentence": " "}, {"of": "x"}):
        assert dpo.post(page_of(made), answer(made, **fields)).status_code == 422
    # A page that showed another proposal decides nothing of this one.
    assert dpo.post(page_of(made), answer(other)).status_code == 302
    assert not NarrowingDecision.objects.exists()


def test_decided_from_two_tabs_it_is_decided_once(territory: Territory, who: House, dpo: Client) -> None:
    made = proposed(territory.house, who.tender)
    for _ in range(2):
        assert dpo.post(page_of(made), answer(made)).status_code == 302
    late = dpo.post(page_of(made), answer(made, answer="refuse"), follow=True)
    assert "rien n’a été enregistré" in late.content.decode()
    assert NarrowingDecision.objects.get().approved


def test_a_lift_goes_through_the_same_two_persons(
    territory: Territory, who: House, tender: Client, dpo: Client
) -> None:
    made = narrowed(territory.house, who)
    address = reverse("partners:narrowing_lift", args=[made.pk])
    today = clock.day_of(clock.now()).isoformat()
    assert dpo.post(address, {"wanted_on": today, "why": " "}).status_code == 422
    assert dpo.post(address, {"wanted_on": today, "why": "Plus utile."}).status_code == 302
    assert dpo.get(address).status_code == 404
    lift = NarrowingLift.objects.get()
    assert dpo.post(page_of(made), answer(lift)).status_code == 422
    assert "levée à décider" in said(tender, "/annuaire/reglages/")
    assert tender.post(page_of(made), answer(lift)).status_code == 302
    assert "levé" in said(tender, page_of(made))
    assert not Narrowing.objects.in_force_at(clock.now()).exists()


@pytest.mark.parametrize("name", ["camille", "nadia", "lantier", "yann", "claire"])
def test_others_are_answered_as_if_nothing_were_there(territory: Territory, who: House, name: str) -> None:
    client = personas.signed_in(getattr(territory, name))
    made = narrowed(territory.house, who)
    waiting = proposed(territory.house, who.tender, Takes(at_most_days=30))
    for one in (made, waiting):
        for address in (page_of(one), reverse("partners:narrowing_lift", args=[one.pk])):
            assert client.get(address).status_code == 404
            assert client.post(address, answer(one)).status_code == 404
    if name != "claire":  # she is the DPO of the département, and narrows there
        assert client.get("/annuaire/reglages/").status_code == 404
        assert client.get(NEW).status_code == 404
        assert client.post(NEW, filled(territory.house)).status_code == 404
    assert Narrowing.objects.count() == 2
    assert NarrowingDecision.objects.count() == 1


def test_the_list_tells_apart_what_to_decide_what_waits_what_stands_and_what_is_over(
    territory: Territory, who: House, tender: Client, dpo: Client
) -> None:
    assert "Aucun réglage pour l’instant." in said(tender, "/annuaire/reglages/")
    proposed(territory.house, who.tender, Takes(categories=("addiction",)))
    narrowed(territory.house, who, Takes(categories=("violences",)))
    lifted(narrowed(territory.school_agreement, who, Takes(categories=("logement",))), who)
    mine, theirs = said(tender, "/annuaire/reglages/"), said(dpo, "/annuaire/reglages/")
    assert "Proposé par vous" in mine
    assert "Proposé par d’autres" in theirs
    for text in (mine, theirs):
        assert "En vigueur et à venir" in text
        assert "Refusés ou levés" in text
        assert "Convention n° 12" in text


def test_the_pages_ask_as_much_for_two_narrowings_as_for_twelve(
    territory: Territory, who: House, tender: Client
) -> None:
    sheet = reverse("partners:institution", args=[territory.house.pk])
    counts = []
    for categories in (
        ("logement", "violences"),
        ("addiction", "coordonnees", "identite", "sante_mentale", "parole_enfant"),
    ):
        for category in categories:
            made = narrowed(territory.house, who, Takes(categories=(category,)))
        lifted(made, who, in_days=3)
        counted = []
        for address in ("/annuaire/reglages/", sheet):
            tender.get(address)
            with CaptureQueriesContext(connection) as queries:
                tender.get(address)
            counted.append(len(queries))
        counts.append(counted)
    assert counts[0] == counts[1]


def test_who_left_the_function_sees_the_pages_no_more(territory: Territory, who: House, dpo: Client) -> None:
    made = proposed(territory.house, who.tender)
    assert dpo.get(page_of(made)).status_code == 200
    posts.has_functions(who.dpo)
    assert dpo.get(page_of(made)).status_code == 404
    assert dpo.post(page_of(made), answer(made)).status_code == 404
    with pytest.raises(narrowing.NotGoverned):
        approve(made, who.dpo)
