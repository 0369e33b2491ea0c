"""What was sent and to whom; an agreement taken back, with its receipt and those who are told."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from cases.models import Involvement
from consent.models import Consent, Withdrawal
from partners.models import Membership
from sharing import outbox
from sharing.models import Disclosure, Outbox
from tests import personas
from tests.personas import Territory
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


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def withdrawal_page(territory: Territory, consent: Consent) -> str:
    return reverse("sharing:withdraw", args=[territory.case.reference, consent.pk])


def test_the_list_of_what_was_sent_says_to_whom_and_whether_it_was_read(
    disclosure: Disclosure, sign_in: SignIn
) -> None:
    camille, lantier = sign_in("camille"), sign_in("lantier")
    sent = reverse("sharing:sent")
    assert "Non lu" in text_of(camille.get(sent))
    lantier.post(reverse("sharing:received", args=[disclosure.pk]))
    shown = text_of(camille.get(sent))
    assert disclosure.reference in shown
    assert "Mme Lantier, Directrice · École Jean-Macé" in shown
    assert "Lu" in shown
    lantier.post(reverse("sharing:acknowledge", args=[disclosure.pk]))
    assert "Accusé de réception" in text_of(camille.get(sent, {"etat": "accusees"}))


def test_nothing_sent_yet_says_where_to_begin(sign_in: SignIn) -> None:
    assert "Rien n’a encore été communiqué." in text_of(sign_in("camille").get(reverse("sharing:sent")))


def test_a_disclosure_shows_what_was_said_why_it_was_allowed_and_what_it_asks(
    disclosure: Disclosure, sign_in: SignIn
) -> None:
    shown = text_of(sign_in("camille").get(reverse("sharing:sent_one", args=[disclosure.pk])))
    assert "Milo est absent le mardi après-midi" in shown
    assert disclosure.record.decision["say"] in shown
    assert "pas encore" in shown
    assert Access.objects.filter(action="disclosure.seen_by_sender", granted=True).count() == 1


def test_what_was_sent_is_shown_to_those_who_follow_the_case_only(disclosure: Disclosure, sign_in: SignIn) -> None:
    known = reverse("sharing:sent_one", args=[disclosure.pk])
    unknown = reverse("sharing:sent_one", args=[uuid.uuid4()])
    for name in ("leila", "lantier", "sofia", "yann"):
        client = sign_in(name)
        assert client.get(known).status_code == client.get(unknown).status_code == 404
        assert disclosure.reference not in text_of(client.get(reverse("sharing:sent")))


def test_the_page_of_a_withdrawal_says_who_already_knows(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    shown = text_of(client.get(withdrawal_page(territory, consent)))
    assert "Ce qui a été dit reste dit." in shown
    assert "Pas encore lu" in shown
    sign_in("lantier").post(reverse("sharing:received", args=[disclosure.pk]))
    assert "cela reste connu" in text_of(client.get(withdrawal_page(territory, consent)))


def test_a_withdrawal_gives_a_receipt_tells_the_recipient_and_stands_in_the_trail(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    response = sign_in("camille").post(
        withdrawal_page(territory, consent), {"form": "telephone", "own_words": "Je ne veux plus."}, follow=True
    )
    shown = text_of(response)
    assert "Récépissé de retrait" in shown
    assert "Ce qui a été dit reste dit" in shown
    assert "« Je ne veux plus. »" in shown
    taken_back = Withdrawal.objects.get()
    assert Entry.objects.get(pk=taken_back.entry_id).action == "consent.withdrawn"
    told = Outbox.objects.get(kind=Outbox.Kind.CONSENT_WITHDRAWN)
    assert (told.recipient, told.reference) == (territory.lantier, disclosure.reference)


def test_a_withdrawal_sent_twice_is_once(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    for _time in range(2):
        response = client.post(withdrawal_page(territory, consent), {"form": "in_person"})
        assert response["Location"] == reverse("consent:receipt", args=[territory.case.reference, consent.pk])
    assert Withdrawal.objects.count() == 1
    assert Entry.objects.filter(action="consent.withdrawn").count() == 1
    assert Outbox.objects.filter(kind=Outbox.Kind.CONSENT_WITHDRAWN).count() == 1


def test_a_withdrawal_needs_no_reason_only_how_it_was_said(
    territory: Territory, consent: Consent, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    response = client.post(withdrawal_page(territory, consent), {"own_words": "Parce que."})
    assert response.status_code == 422
    assert "Dites comment la personne a retiré son accord." in text_of(response)
    assert "Parce que." in text_of(response)
    assert client.post(withdrawal_page(territory, consent), {"form": "witness"}).status_code == 302


def test_a_withdrawal_is_possible_even_where_the_recipient_has_left(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """Recall skips every validation except identity (traps.md)."""
    personas.end_post(territory.lantier)
    assert sign_in("camille").post(withdrawal_page(territory, consent), {"form": "in_person"}).status_code == 302
    assert Withdrawal.objects.exists()


def test_an_agreement_is_bound_to_its_case(territory: Territory, consent: Consent, sign_in: SignIn) -> None:
    child = personas.Person(first_name="Autre", last_name="Enfant", birth_date=personas.born_years_ago(9))
    other = personas.open_case_for(child, territory.camille)
    client = sign_in("camille")
    assert client.get(reverse("sharing:withdraw", args=[other.reference, consent.pk])).status_code == 404
    assert client.get(reverse("consent:receipt", args=[other.reference, consent.pk])).status_code == 404
    assert client.get(reverse("consent:receipt", args=[territory.case.reference, consent.pk])).status_code == 404


def test_nobody_else_takes_her_agreement_back(territory: Territory, consent: Consent, sign_in: SignIn) -> None:
    for name in ("leila", "nadia", "lantier", "sofia"):
        response = sign_in(name).post(withdrawal_page(territory, consent), {"form": "in_person"})
        assert response.status_code == 404
    assert not Withdrawal.objects.exists()


CANARIES = (
    personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, "Bertin", "Duval", "Roussel", "Camille",
    "Maison des solidarités", "Absences", "mardi", "Scolarité", "scolarite",
)  # fmt: skip


def test_abuse_27_no_e_mail_contains_personal_data(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """Abuse 27: a reference and a link, and nothing else, in every mail of the way."""
    sign_in("camille").post(withdrawal_page(territory, consent), {"form": "in_person", "own_words": "Bertin-Duval"})
    assert outbox.sweep() == 2
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        whole = f"{letter.subject}\n{letter.body}\n{letter.extra_headers}"
        assert disclosure.reference in whole
        assert reverse("sharing:received", args=[disclosure.pk]) in letter.body
        for canary in (*CANARIES, territory.case.reference):
            assert canary.lower() not in whole.lower(), canary
        assert letter.to == [territory.lantier.professional.email]
        assert not letter.attachments


def test_an_effect_delivered_twice_sends_one_mail(disclosure: Disclosure) -> None:
    assert outbox._attempt() == 1
    assert outbox._attempt() is None
    assert outbox.sweep() == 0
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_is_tried_again_later(disclosure: Disclosure, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(row: Outbox) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "letter_of", refuse)
        assert outbox.sweep() == 0
    row = Outbox.objects.get()
    assert (row.done_at, row.attempts, row.last_error) == (None, 1, "ConnectionRefusedError")
    assert row.next_attempt_at > row.created_at
    assert outbox.sweep() == 0
    Outbox.objects.update(next_attempt_at=row.created_at)
    assert outbox.sweep() == 1
    row.refresh_from_db()
    assert row.done_at is not None
    assert row.last_error == ""
    assert len(mail.outbox) == 1


def involvements(territory: Territory) -> str:
    return reverse("cases:involvements", args=[territory.case.reference])


def test_a_professional_around_the_person_is_recorded_with_its_source(
    territory: Territory, aubin: Membership, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    said = {"membership": str(aubin.pk), "kind": "care", "source": "Dit par la mère le 14 novembre."}
    assert client.post(involvements(territory), said).status_code == 302
    assert client.post(involvements(territory), said).status_code == 302
    found = Involvement.objects.get()
    assert Entry.objects.get(pk=found.entry_id).action == "involvement.recorded"
    assert "Dit par la mère le 14 novembre." in text_of(client.get(involvements(territory)))


def test_who_works_with_the_person_needs_a_source(territory: Territory, aubin: Membership, sign_in: SignIn) -> None:
    response = sign_in("camille").post(
        involvements(territory), {"membership": str(aubin.pk), "kind": "care", "source": " "}
    )
    assert response.status_code == 422
    assert "Dites comment vous le savez" in text_of(response)
    assert f'value="{aubin.pk}" checked' in response.content.decode()
    assert not Involvement.objects.exists()


def test_who_no_longer_works_with_the_person_is_ended_and_kept(
    territory: Territory, aubin: Membership, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    client.post(involvements(territory), {"membership": str(aubin.pk), "kind": "care", "source": "Courrier."})
    found = Involvement.objects.get()
    client.post(involvements(territory), {"end": str(found.pk)})
    found.refresh_from_db()
    assert found.ends_at is not None
    assert "Auparavant" in text_of(client.get(involvements(territory)))
    assert client.post(involvements(territory), {"end": str(uuid.uuid4())}).status_code == 404
    assert client.post(involvements(territory), {"end": "x"}).status_code == 404


def test_a_professional_out_of_the_directory_is_not_around_the_person(
    territory: Territory, aubin: Membership, sign_in: SignIn
) -> None:
    personas.end_post(aubin)
    said = {"membership": str(aubin.pk), "kind": "care", "source": "Courrier."}
    response = sign_in("camille").post(involvements(territory), said)
    assert response.status_code == 422
    assert "celui-ci n’y est plus" in text_of(response)


def test_those_around_the_person_are_shown_to_those_who_follow_her_only(territory: Territory, sign_in: SignIn) -> None:
    for name in ("leila", "nadia", "lantier"):
        assert sign_in(name).get(involvements(territory)).status_code == 404
