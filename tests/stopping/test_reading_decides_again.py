"""Every opening decides again, and the list says what the opening says, whatever moved meanwhile (issue 5, point 7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit import ledger
from cases import rights
from cases.models import RepresentativeAct
from consent import registry
from consent.models import Consent
from partners import clock
from sharing import reading, states, withdrawal
from sharing.models import Disclosure
from sharing.stopping import errors
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
TEXT = "Milo est absent le mardi après-midi"


@pytest.fixture
def consent(territory: Territory) -> Consent:
    return personas.parents_agree(territory, at=clock.now() - timedelta(days=30))


@pytest.fixture
def disclosure(territory: Territory, consent: Consent) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def said(territory: Territory) -> dict[str, object]:
    return {
        "scope": registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        "given_by": territory.mother,
        "collected_on": clock.day_of(clock.now()),
        "form": "in_person",
        "by": territory.camille,
    }


def taken_back(territory: Territory, consent: Consent) -> None:
    withdrawal.withdraw(
        consent=consent, form="in_person", own_words="", given_by=territory.mother, by=territory.camille
    )


def refused(territory: Territory, consent: Consent) -> None:
    registry.refuse(**said(territory))  # type: ignore[arg-type]


def opposed(territory: Territory, consent: Consent) -> None:
    registry.object_to(**said(territory))  # type: ignore[arg-type]


def in_error(territory: Territory, consent: Consent) -> None:
    errors.invalidate(word=consent, note="Mauvais destinataire", by=territory.camille)


def of_age(territory: Territory, consent: Consent) -> None:
    """Eighteen five days ago; the agreement is older than that."""
    birthday = clock.day_of(clock.now()) - timedelta(days=5)
    territory.child.birth_date = birthday.replace(year=birthday.year - 18, day=min(birthday.day, 28))
    territory.child.save(update_fields=["birth_date"])


def authority_lost(territory: Territory, consent: Consent) -> None:
    at = clock.now()
    entry = ledger.record(action="representative.changed", at=at, actor=territory.camille.pk, case=territory.case.pk)
    RepresentativeAct.objects.create(
        representative=territory.mother,
        move=RepresentativeAct.Move.WITHDRAWN,
        at=at,
        by=territory.camille,
        entry_id=entry,
    )


def limited(territory: Territory, consent: Consent) -> None:
    rights.limit(
        case=territory.case,
        item=territory.absences,
        ground="accuracy",
        asked_by=territory.mother,
        text="C’est faux.",
        by=territory.camille,
    )


def convention_over(territory: Territory, consent: Consent) -> None:
    agreement = territory.school_agreement
    agreement.ends_on = clock.day_of(clock.now()) - timedelta(days=1)
    agreement.save(update_fields=["ends_on"])


MOVES = {
    "consent_withdrawn": (taken_back, "accord retiré le"),
    "refused": (refused, "accord de la personne n’est plus en vigueur"),
    "person_objects": (opposed, "la personne s’y est opposée depuis"),
    "recorded_in_error": (in_error, "enregistré par erreur"),
    "came_of_age": (of_age, "décide désormais pour elle-même"),
    "authority_ended": (authority_lost, "ne décide plus pour la personne"),
    "limited": (limited, "ce texte ne peut plus être lu"),
    "agreement_expired": (convention_over, "convention entre vos deux services"),
}


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", MOVES)
def test_what_was_open_is_a_stub_with_its_reason_once_something_moved_and_every_list_says_so(
    name: str, territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    move, words = MOVES[name]
    lantier, page = sign_in("lantier"), reverse("sharing:received", args=[disclosure.pk])
    assert TEXT in text_of(lantier.post(page))
    assert reading.closed_because(disclosure, clock.now()) == ""
    assert states.state_of(disclosure) == states.TO_ACKNOWLEDGE

    move(territory, consent)

    shown = text_of(lantier.post(page))
    assert TEXT not in shown
    assert words in shown
    again = Disclosure.objects.get(pk=disclosure.pk)
    closed = reading.closed_because(again, clock.now())
    (row,) = states.with_state(Disclosure.objects.all())
    assert closed
    assert row.closed == closed
    assert row.state == states.ENDED
    assert "ce texte ne peut plus" in shown
    inbox = text_of(lantier.get(reverse("sharing:inbox"), {"etat": "termine"}))
    assert disclosure.reference in inbox
    camille = sign_in("camille")
    assert disclosure.reference in text_of(camille.get(reverse("sharing:sent"), {"etat": "terminees"}))
    assert "Ce qui a été dit reste dit." in text_of(camille.get(reverse("sharing:sent_one", args=[disclosure.pk])))


def test_a_recipient_who_left_reads_nothing_more_and_the_list_of_who_sent_says_it_is_closed(
    territory: Territory, disclosure: Disclosure
) -> None:
    personas.end_post(territory.lantier)
    with pytest.raises(reading.NotReadable):
        reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    assert reading.closed_because(Disclosure.objects.get(pk=disclosure.pk), clock.now())
    assert states.state_of(disclosure) == states.ENDED


def test_a_list_costs_the_same_statements_for_one_and_for_ten(
    territory: Territory, consent: Consent, django_assert_max_num_queries: Callable[..., object]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            list(states.with_state(Disclosure.objects.all()))
        return len(seen)

    send(draft_of(territory), territory.camille)
    once = cost()
    for _time in range(3):
        send(draft_of(territory), territory.camille)
    assert cost() == once
