"""What was said aloud or handed over: never opened here, never « non lu », and who received it, once noted."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit import ledger
from partners import clock
from partners.models import Reached
from sharing import reading, states
from sharing.models import Delivery, Disclosure
from sharing.returning import acts
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, page, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def handed_over(territory: Territory) -> Disclosure:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    draft.channel = Reached.HANDED_OVER
    draft.save(update_fields=["channel"])
    released = send(draft, territory.camille).disclosure
    assert released is not None
    assert released.channel == Reached.HANDED_OVER
    return released


def note_receipt(disclosure: Disclosure, territory: Territory) -> None:
    at = clock.now()
    entry = ledger.record(action="disclosure.delivered", at=at, actor=territory.camille.pk, case=disclosure.case_id)
    Delivery.objects.create(
        disclosure=disclosure, how="by_hand", received_by="Mme Petit, secrétariat", received_at=at,
        by=territory.camille, at=at, entry_id=entry,
    )  # fmt: skip


def test_it_is_given_from_the_first_and_never_unread(handed_over: Disclosure, sign_in: SignIn) -> None:
    assert states.state_of(handed_over) == states.GIVEN
    listed = text_of(sign_in("camille").get(reverse("sharing:sent")))
    assert "À remettre" in listed  # until somebody notes who received it
    assert "Non lu " not in listed
    shown = text_of(sign_in("camille").get(page(handed_over, "sent_one")))
    assert "personne ne l’a encore noté" in shown


def test_the_sender_sees_who_received_it_once_noted(
    territory: Territory, handed_over: Disclosure, sign_in: SignIn
) -> None:
    note_receipt(handed_over, territory)
    client = sign_in("camille")
    assert "reçu par Mme Petit, secrétariat" in text_of(client.get(reverse("sharing:sent")))
    shown = text_of(client.get(page(handed_over, "sent_one")))
    assert "par Mme Petit, secrétariat, en main propre" in shown


def test_it_is_never_opened_here(territory: Territory, handed_over: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    for answer in (
        client.get(page(handed_over)),
        client.post(page(handed_over)),
        client.post(page(handed_over, "print_received")),
    ):
        assert TEXT not in text_of(answer)
        assert "il n’y a rien à lire ici" in text_of(answer)
    assert reading.closed_because(handed_over, clock.now()) == states.GIVEN
    handed_over.refresh_from_db()
    assert handed_over.opened_at is None
    listed = text_of(client.get(reverse("sharing:inbox"), {"etat": "de-vive-voix"}))
    assert handed_over.reference in listed


def test_it_may_be_recalled_and_the_page_says_what_that_can_do(
    territory: Territory, handed_over: Disclosure, sign_in: SignIn
) -> None:
    shown = text_of(sign_in("camille").get(page(handed_over, "recall")))
    assert "Ce qui a été dit ou remis ne se reprend pas" in shown
    acts.recall(disclosure_id=handed_over.pk, by=territory.camille, reason="Erreur.")
    assert states.state_of(handed_over) == states.RECALLED


def test_who_knows_what_says_that_it_was_handed_over(
    territory: Territory, handed_over: Disclosure, sign_in: SignIn
) -> None:
    shown = text_of(sign_in("camille").get(reverse("sharing:case", args=[territory.case.reference])))
    assert "remis" in shown
    assert "non lu" not in shown
