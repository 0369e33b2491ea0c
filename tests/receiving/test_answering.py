"""What a reader does next: a precision, an answer from her own case, a sheet of paper that says who printed it."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Access
from sharing.models import Disclosure, Draft
from sharing.returning import acts
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, page, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def disclosure(territory: Territory) -> Disclosure:
    personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def same_child(territory: Territory) -> personas.Person:
    """The file that the school itself keeps of the very same child (ADR 0006)."""
    child = territory.child
    return personas.Person(
        title="M.", first_name=child.first_name.upper(), last_name=child.last_name, birth_date=child.birth_date
    )


def test_an_answer_is_a_draft_to_the_author_in_ones_own_case(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    own = personas.open_case_for(same_child(territory), territory.lantier)
    client = sign_in("lantier")
    client.post(page(disclosure))
    answers = [client.post(page(disclosure, "answer_received")) for _time in range(2)]
    draft = Draft.objects.get(case=own)
    assert (draft.recipient, draft.purpose, draft.author) == (territory.camille, "scolarite", territory.lantier)
    assert {one["Location"] for one in answers} == {reverse("sharing:compose", args=[own.reference, draft.pk])}


def test_a_homonym_born_another_day_is_somebody_else(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    other = same_child(territory)
    other.birth_date = personas.born_years_ago(14)
    personas.open_case_for(other, territory.lantier)
    client = sign_in("lantier")
    client.post(page(disclosure))
    assert client.post(page(disclosure, "answer_received")).status_code == 200
    assert not Draft.objects.filter(author=territory.lantier).exists()


def test_without_a_case_of_ones_own_the_page_says_what_to_do(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """A colleague's file of the child is not hers: nothing tells her that it exists."""
    personas.open_case_for(same_child(territory), territory.perrin)
    client = sign_in("lantier")
    client.post(page(disclosure))
    shown = text_of(client.post(page(disclosure, "answer_received")))
    assert "Vous ne suivez pas de situation de cette personne dans Tact" in shown
    assert "Demander une précision" in shown
    assert personas.CHILD_LAST_NAME not in shown


def test_nobody_answers_what_she_has_not_opened(territory: Territory, disclosure: Disclosure, sign_in: SignIn) -> None:
    personas.open_case_for(same_child(territory), territory.lantier)
    shown = sign_in("lantier").post(page(disclosure, "answer_received"), follow=True)
    assert "Affichez d’abord cette communication" in text_of(shown)
    assert not Draft.objects.filter(author=territory.lantier).exists()


def test_nobody_answers_what_was_sent_to_others(disclosure: Disclosure, sign_in: SignIn) -> None:
    for name in ("perrin", "nadia", "claire"):
        assert sign_in(name).post(page(disclosure, "answer_received")).status_code == 404


def test_the_reading_leads_to_a_precision_and_its_stub_to_asking_again(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    ask = reverse("sharing:ask_precision", args=[disclosure.pk])
    assert f'href="{ask}"' in client.post(page(disclosure)).content.decode()
    acts.recall(disclosure_id=disclosure.pk, by=territory.camille, reason="Erreur.")
    closed = client.get(page(disclosure))
    assert f'href="{ask}"' in closed.content.decode()
    assert "Demander à nouveau" in text_of(closed)


def test_the_sheet_for_paper_is_read_again_noted_and_says_by_whom_and_when(
    disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    shown = text_of(client.post(page(disclosure, "print_received")))
    assert TEXT in shown
    assert "Lu par Hélène Lantier, École Jean-Macé, le" in shown
    assert f"· {disclosure.reference}" in shown
    assert Access.objects.filter(action="disclosure.printed", object_ref=str(disclosure.pk), granted=True).count() == 1
    disclosure.refresh_from_db()
    assert disclosure.opened_at is not None


def test_abuse_01_and_02_every_door_of_a_received_communication_answers_others_like_nothing(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """Another partner, and a colleague who is not named: the same answer as for what does not exist, and a trace."""
    unknown = uuid.uuid4()
    for name in ("aubin", "perrin"):
        client = sign_in(name)
        for door in ("received", "print_received", "send_back", "answer_received", "acknowledge", "recall"):
            real = client.post(reverse(f"sharing:{door}", args=[disclosure.pk]))
            nothing = client.post(reverse(f"sharing:{door}", args=[unknown]))
            assert real.status_code == nothing.status_code == 404
            assert real.headers.keys() == nothing.headers.keys()
            bodies = {text_of(one).replace(str(disclosure.pk), "").replace(str(unknown), "") for one in (real, nothing)}
            assert len({len(one) for one in bodies}) == 1
    assert Access.objects.filter(granted=False, object_ref=str(disclosure.pk)).count() == 12
