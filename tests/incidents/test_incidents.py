"""Incidents: whose they are, the time left, what is asked of the DPO, what she did; said once, never rewritten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from audit.models import Access, Entry
from partners import clock
from partners.graph import NotFromHere
from partners.models import Membership
from sharing.incidents import acts
from sharing.incidents import page as incident_page
from sharing.models import Disclosure, Incident, IncidentAct, Outbox
from sharing.returning import acts as returning
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def disclosure(territory: Territory) -> Disclosure:
    personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


@pytest.fixture
def dpo(territory: Territory) -> Membership:
    return personas.second_dpo_post(territory)


@pytest.fixture
def incident(territory: Territory, disclosure: Disclosure, dpo: Membership) -> Incident:
    returning.send_back(disclosure_id=disclosure.pk, by=territory.lantier, reason="Pas pour moi.")
    return Incident.objects.get()


def page(incident: Incident) -> str:
    return reverse("sharing:incident", args=[incident.pk])


def open_one(territory: Territory, **fields: object) -> Incident:
    given = {
        "kind": Incident.Kind.TO_INVESTIGATE,
        "institution": territory.house,
        "disclosure": None,
        "case": None,
        "by": territory.nadia,
    }
    return acts.open_incident(**(given | fields))  # type: ignore[arg-type]


def test_an_incident_has_a_reference_a_clock_and_its_entry(territory: Territory) -> None:
    made = open_one(territory, note="À voir avec l’équipe.")
    assert made.reference.startswith(f"I-{clock.now().year}-")
    assert made.due_at - made.opened_at == timedelta(hours=72)
    assert Entry.objects.get(pk=made.entry_id).action == "incident.opened"
    (noted,) = IncidentAct.objects.filter(incident=made)
    assert (noted.kind, noted.text) == (IncidentAct.Kind.NOTED, "À voir avec l’équipe.")


def test_the_same_thing_found_twice_is_one_incident_until_it_is_closed(
    territory: Territory, disclosure: Disclosure
) -> None:
    first = open_one(territory, disclosure=disclosure, case=territory.case)
    again = open_one(territory, disclosure=disclosure, case=territory.case, note="Encore.")
    assert again == first
    assert IncidentAct.objects.get(incident=first).text == "Encore."
    other = open_one(territory, kind=Incident.Kind.UNJUSTIFIED, disclosure=disclosure, case=territory.case)
    assert other != first
    acts.add_act(incident_id=first.pk, kind="closed", text="Vu.", by=territory.nadia)
    assert open_one(territory, disclosure=disclosure, case=territory.case) != first


def test_it_falls_to_the_dpo_and_without_one_to_the_next(territory: Territory) -> None:
    assert acts.answering(territory.house.pk) == [territory.nadia]
    tender = personas.tends_the_directory(territory, territory.house)
    assert acts.answering(territory.house.pk) == [tender]
    dpo = personas.second_dpo_post(territory)
    assert acts.answering(territory.house.pk) == [dpo]
    personas.end_post(dpo)
    assert acts.answering(territory.house.pk) == [tender]
    assert acts.answering(territory.school.pk) == []


def test_only_who_answers_for_information_there_sees_it(
    territory: Territory, incident: Incident, dpo: Membership, sign_in: SignIn
) -> None:
    assert personas.signed_in(dpo).get(page(incident)).status_code == 200
    for name in ("camille", "nadia", "leila", "lantier", "perrin", "yann", "claire"):
        assert sign_in(name).get(page(incident)).status_code == 404
    assert Access.objects.filter(action="incident.read", granted=False).count() == 7
    for name in ("camille", "leila", "lantier", "yann"):
        assert sign_in(name).get(reverse("sharing:incidents")).status_code == 404
    assert incident.reference not in text_of(sign_in("claire").get(reverse("sharing:incidents")))


def test_the_page_says_what_happened_who_had_opened_and_what_must_be_weighed(
    territory: Territory, disclosure: Disclosure, dpo: Membership, sign_in: SignIn
) -> None:
    sign_in("lantier").post(reverse("sharing:received", args=[disclosure.pk]))
    returning.send_back(disclosure_id=disclosure.pk, by=territory.lantier, reason="Pas pour moi.")
    shown = text_of(personas.signed_in(dpo).get(page(Incident.objects.get())))
    for said in (
        disclosure.reference,
        "Hélène Lantier, Directrice",
        "Pas pour moi.",
        "72 heures",
        "article 33",
        "article 34",
        "c’est un devoir",
        "À confirmer avec votre juriste",
        "Non, ou pas pour tous, selon l’annuaire.",
        "La personne n’est pas encore informée.",
        "Consigne pratique",
    ):
        assert said in shown, said


def test_the_dpo_reads_labels_and_never_what_it_says(incident: Incident, dpo: Membership, territory: Territory) -> None:
    shown = text_of(personas.signed_in(dpo).get(page(incident)))
    for word in (TEXT, "Absences du mardi", personas.CHILD_LAST_NAME):
        assert word not in shown


def test_what_was_done_is_said_and_dated(incident: Incident, dpo: Membership) -> None:
    client = personas.signed_in(dpo)
    for kind, action in (
        ("noted", "incident.noted"),
        ("authority_told", "incident.notified"),
        ("person_told", "incident.person_told"),
        ("closed", "incident.closed"),
    ):
        assert client.post(page(incident), {"kind": kind, "text": f"Fait : {kind}."}).status_code == 302
        act = IncidentAct.objects.get(incident=incident, text=f"Fait : {kind}.")
        assert (act.by, Entry.objects.get(pk=act.entry_id).action) == (dpo, action)
    shown = text_of(client.get(page(incident)))
    assert "Clos" in shown
    assert "Noter, informer, clore" not in shown


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(incident: Incident, dpo: Membership) -> None:
    client = personas.signed_in(dpo)
    empty = client.post(page(incident), {"text": "Appelé la famille."})
    assert empty.status_code == 422
    assert "Choisissez ce que vous avez fait." in text_of(empty)
    assert "Appelé la famille." in text_of(empty)
    assert "Dites en quelques mots" in text_of(client.post(page(incident), {"kind": "closed"}))
    assert IncidentAct.objects.filter(incident=incident).exclude(kind="noted").count() == 0


def test_a_closed_incident_takes_no_more(incident: Incident, dpo: Membership) -> None:
    acts.add_act(incident_id=incident.pk, kind="closed", text="Personne informée.", by=dpo)
    with pytest.raises(NotFromHere):
        acts.add_act(incident_id=incident.pk, kind="noted", text="Encore.", by=dpo)
    shown = personas.signed_in(dpo).post(page(incident), {"kind": "noted", "text": "Encore."}, follow=True)
    assert "Cet incident est déjà clos" in text_of(shown)


def test_nobody_else_closes_it(incident: Incident, territory: Territory) -> None:
    for by in (territory.camille, territory.nadia, territory.lantier, territory.claire):
        with pytest.raises(acts.NotHers):
            acts.add_act(incident_id=incident.pk, kind="closed", text="Rien.", by=by)


def test_the_clock_says_what_is_left_then_how_late(incident: Incident) -> None:
    def said(hours: float) -> str:
        at = incident.opened_at + timedelta(hours=hours)
        return incident_page.chip(incident, closed=False, notified=False, at=at)["text"]

    with translation.override("fr"):
        assert said(0) == "Il reste 3 jours"
        assert said(19) == "Il reste 2 jours et 5 heures"
        assert said(71.5) == "Il reste 30 minutes"
        assert said(73) == "Délai dépassé de 1 heure"
        assert incident_page.chip(incident, closed=False, notified=True, at=incident.due_at)["text"] == "CNIL notifiée"


def test_the_letter_says_a_reference_and_where(incident: Incident, dpo: Membership) -> None:
    letter = Outbox.objects.get(kind=Outbox.Kind.INCIDENT_OPENED)
    assert (letter.recipient, letter.reference, letter.path) == (dpo, incident.reference, page(incident))


def test_the_list_grows_without_more_statements(territory: Territory, incident: Incident, dpo: Membership) -> None:
    client = personas.signed_in(dpo)
    client.get(reverse("sharing:incidents"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("sharing:incidents"))
    for _time in range(4):
        open_one(territory)
    with CaptureQueriesContext(connection) as many:
        shown = client.get(reverse("sharing:incidents"))
    assert len(many) == len(few)
    assert text_of(shown).count("À instruire") == 4
