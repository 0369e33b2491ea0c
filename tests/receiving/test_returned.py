"""« Ce n’est pas pour moi »: closed at once for the whole service, the sender and the DPO told, an incident opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from consent.models import Consent
from partners.graph import NotFromHere
from partners.models import Function
from sharing import reading, states
from sharing.models import Disclosure, Incident, Outbox, Returned
from sharing.returning import acts
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, page, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def consent(territory: Territory) -> Consent:
    return personas.parents_agree(territory)


@pytest.fixture
def disclosure(territory: Territory, consent: Consent) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def send_back(client: Client, disclosure: Disclosure, reason: str = "") -> None:
    assert client.post(page(disclosure, "send_back"), {"reason": reason}).status_code == 302


def test_the_page_says_what_will_happen_before_one_press_does_it(disclosure: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    assert page(disclosure, "send_back") in client.get(page(disclosure)).content.decode()
    shown = text_of(client.get(page(disclosure, "send_back")))
    assert "Elle se ferme aussitôt, pour vous et pour tout votre service." in shown
    assert not Returned.objects.exists()


def test_it_closes_at_once_and_a_stub_stays(disclosure: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    assert TEXT in text_of(client.post(page(disclosure)))
    send_back(client, disclosure, "Je ne connais pas cet enfant.")
    for shown in (
        client.get(page(disclosure)),
        client.post(page(disclosure)),
        client.post(page(disclosure, "print_received")),
    ):
        assert TEXT not in text_of(shown)
        assert "ce n’était pas pour votre service" in text_of(shown)
        assert "Demander à nouveau" not in text_of(shown)


def test_it_closes_for_the_whole_service(territory: Territory, disclosure: Disclosure, sign_in: SignIn) -> None:
    territory.lantier.receives_for_service = True
    territory.lantier.save()
    colleague = sign_in("perrin")
    assert TEXT in text_of(colleague.post(page(disclosure)))
    send_back(sign_in("lantier"), disclosure)
    assert TEXT not in text_of(colleague.post(page(disclosure)))


def test_the_sender_and_who_answers_for_information_are_told(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    dpo = personas.second_dpo_post(territory)
    send_back(sign_in("lantier"), disclosure)
    told = {(one.kind, one.recipient_id, one.reference) for one in Outbox.objects.exclude(kind="disclosure_waiting")}
    incident = Incident.objects.get()
    assert told == {
        (Outbox.Kind.DISCLOSURE_RETURNED, territory.camille.pk, disclosure.reference),
        (Outbox.Kind.INCIDENT_OPENED, dpo.pk, incident.reference),
    }


def test_without_a_dpo_the_head_of_the_team_is_told(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    assert not any(one.has_function(Function.DPO) for one in (territory.camille, territory.nadia, territory.leila))
    send_back(sign_in("lantier"), disclosure)
    assert Outbox.objects.get(kind=Outbox.Kind.INCIDENT_OPENED).recipient == territory.nadia


def test_an_incident_opens_with_its_clock_of_72_hours(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    send_back(sign_in("lantier"), disclosure, "Pas pour moi.")
    incident, returned = Incident.objects.get(), Returned.objects.get()
    assert incident.kind == Incident.Kind.WRONG_RECIPIENT
    assert incident.institution == territory.house
    assert incident.opened_at == returned.at
    assert incident.due_at == returned.at + timedelta(hours=72)
    assert Entry.objects.get(pk=returned.entry_id).action == "disclosure.returned"


def test_the_sender_sees_whether_and_when_it_had_been_opened(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    lantier, camille = sign_in("lantier"), sign_in("camille")
    send_back(lantier, disclosure, "Je ne connais pas cet enfant.")
    shown = text_of(camille.get(page(disclosure, "recall")))
    assert "Personne : elle n’avait pas été ouverte." in shown
    assert "Je ne connais pas cet enfant." in shown
    assert "Retourné" in text_of(camille.get(reverse("sharing:sent")))


def test_the_sender_sees_who_of_the_service_had_opened_it(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    territory.lantier.receives_for_service = True
    territory.lantier.save()
    sign_in("perrin").post(page(disclosure))
    sign_in("lantier").post(page(disclosure))
    send_back(sign_in("lantier"), disclosure)
    shown = text_of(sign_in("camille").get(page(disclosure, "sent_one")))
    assert "Julien Perrin, Enseignant" in shown
    assert "Hélène Lantier, Directrice" in shown


def test_a_double_press_is_one(disclosure: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    send_back(client, disclosure)
    send_back(client, disclosure)
    assert (Returned.objects.count(), Incident.objects.count()) == (1, 1)
    assert Entry.objects.filter(action="disclosure.returned").count() == 1
    assert Outbox.objects.filter(kind=Outbox.Kind.DISCLOSURE_RETURNED).count() == 1


def test_nobody_returns_what_was_not_addressed_to_her(disclosure: Disclosure, sign_in: SignIn) -> None:
    for name in ("camille", "nadia", "perrin", "aubin", "claire"):
        client = sign_in(name)
        assert client.get(page(disclosure, "send_back")).status_code == 404
        assert client.post(page(disclosure, "send_back")).status_code == 404
    assert not Returned.objects.exists()
    assert Access.objects.filter(action="disclosure.refused_to_reader", granted=False).count() == 10


def test_what_is_already_closed_is_not_returned(territory: Territory, disclosure: Disclosure, sign_in: SignIn) -> None:
    acts.recall(disclosure_id=disclosure.pk, by=territory.camille, reason="Erreur.")
    with pytest.raises(NotFromHere):
        acts.send_back(disclosure_id=disclosure.pk, by=territory.lantier)
    client = sign_in("lantier")
    assert client.get(page(disclosure, "send_back"))["Location"] == page(disclosure)
    shown = client.post(page(disclosure, "send_back"), follow=True)
    assert "Cette communication était déjà fermée." in text_of(shown)


def test_what_is_returned_is_acknowledged_no_more(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    client.post(page(disclosure))
    send_back(client, disclosure)
    shown = text_of(client.post(page(disclosure, "acknowledge"), follow=True))
    assert "il n’y a plus d’accusé de réception à donner" in shown
    disclosure.refresh_from_db()
    assert disclosure.acknowledged_at is None


def test_the_inbox_counts_it_among_those_that_ended(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    send_back(client, disclosure)
    assert states.state_of(disclosure) == states.RETURNED
    shown = text_of(client.get(reverse("sharing:inbox"), {"etat": "termine"}))
    assert disclosure.reference in shown
    assert "Retourné" in shown


def test_a_word_of_any_length_never_holds_it_up(disclosure: Disclosure, sign_in: SignIn) -> None:
    send_back(sign_in("lantier"), disclosure, "Non. " * 2_000)
    assert len(Returned.objects.get().reason) <= acts.LONGEST


def test_the_reading_is_closed_before_anything_else_is_asked(
    territory: Territory, disclosure: Disclosure, django_assert_num_queries: Callable[[int], object]
) -> None:
    acts.send_back(disclosure_id=disclosure.pk, by=territory.lantier)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert reading.closed_because(disclosure, disclosure.released_at) == states.RETURNED
