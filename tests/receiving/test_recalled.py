"""The recall: by the author or who heads her team, at any time, whatever the state; the reader is left a stub that says by whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from cases import access
from cases.models import Assignment
from consent.models import Consent
from partners import clock
from sharing import states, withdrawal
from sharing.models import Disclosure, Incident, Outbox, Recalled
from sharing.returning import acts
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, page, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
MOTIVE = "Le texte parle d’un autre enfant."


@pytest.fixture
def consent(territory: Territory) -> Consent:
    return personas.parents_agree(territory)


@pytest.fixture
def disclosure(territory: Territory, consent: Consent) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def recall(client: Client, disclosure: Disclosure, **typed: str) -> None:
    assert client.post(page(disclosure, "recall"), {"reason": MOTIVE} | typed).status_code == 302


def test_the_reader_is_left_a_stub_that_says_when_and_by_whom(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    lantier = sign_in("lantier")
    assert TEXT in text_of(lantier.post(page(disclosure)))
    recall(sign_in("camille"), disclosure)
    for answer in (lantier.get(page(disclosure)), lantier.post(page(disclosure))):
        shown = text_of(answer)
        assert TEXT not in shown
        assert "par Mme Roussel (Maison des solidarités de Vallières)" in shown
        assert "rappelé le" in shown
        assert MOTIVE not in shown
    assert "Rappelé" in text_of(lantier.get(reverse("sharing:inbox"), {"etat": "termine"}))


def test_the_author_sees_what_had_been_opened_and_when(disclosure: Disclosure, sign_in: SignIn) -> None:
    sign_in("lantier").post(page(disclosure))
    sign_in("lantier").post(page(disclosure))
    client = sign_in("camille")
    shown = text_of(client.get(page(disclosure, "recall")))
    assert "Hélène Lantier, Directrice" in shown
    assert "2 fois" in shown
    recall(client, disclosure)
    shown = text_of(client.get(page(disclosure, "sent_one")))
    assert "Rappelée" in shown
    assert MOTIVE in shown


def test_the_recipient_and_whoever_opened_it_are_told(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    territory.lantier.receives_for_service = True
    territory.lantier.save()
    sign_in("perrin").post(page(disclosure))
    recall(sign_in("camille"), disclosure)
    told = Outbox.objects.filter(kind=Outbox.Kind.DISCLOSURE_RECALLED).values_list("recipient", flat=True)
    assert set(told) == {territory.lantier.pk, territory.perrin.pk}


def test_recalled_twice_is_once(disclosure: Disclosure, territory: Territory, sign_in: SignIn) -> None:
    for name in ("camille", "camille", "nadia"):
        recall(sign_in(name), disclosure)
    assert Recalled.objects.get().by == territory.camille
    assert Entry.objects.filter(action="disclosure.recalled").count() == 1


def test_who_heads_the_team_recalls_without_access_to_the_case_and_reads_nothing(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("nadia")
    assert client.get(page(disclosure, "sent_one")).status_code == 404
    listed = text_of(client.get(reverse("sharing:sent") + "?equipe"))
    shown = text_of(client.get(page(disclosure, "recall")))
    for seen in (listed, shown):
        assert disclosure.reference in seen
        for word in (TEXT, "Absences", personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, territory.case.reference):
            assert word not in seen
    recall(client, disclosure)
    assert Recalled.objects.get().by == territory.nadia
    assert Outbox.objects.get(kind=Outbox.Kind.RECALLED_BY_LEAD).recipient == territory.camille


def test_nobody_else_recalls(territory: Territory, disclosure: Disclosure, sign_in: SignIn) -> None:
    personas.assign(territory.case, territory.leila, territory.camille)
    elsewhere = personas.post(
        personas.professional("Alix", "Chef"), territory.school, "chef_service", "Chef", "discretion", "", "team_lead"
    )
    for client in (*map(sign_in, ("leila", "lantier", "claire", "yann")), personas.signed_in(elsewhere)):
        assert client.get(page(disclosure, "recall")).status_code == 404
        assert client.post(page(disclosure, "recall"), {"reason": MOTIVE}).status_code == 404
    assert not Recalled.objects.exists()


def test_recall_skips_every_validation_except_identity(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """traps.md: read, acknowledged, agreement withdrawn and ended, recipient gone, author off the case: still recalled."""
    client = sign_in("lantier")
    client.post(page(disclosure))
    client.post(page(disclosure, "acknowledge"))
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    personas.end_post(territory.lantier)
    territory.school.closed_at = clock.now()
    territory.school.save()
    territory.school_agreement.ends_on = clock.day_of(clock.now()) - timedelta(days=1)
    territory.school_agreement.save()
    followed = Assignment.objects.get(case=territory.case, membership=territory.camille)
    access.end_assignment(assignment=followed, reason="Change de secteur", by=territory.nadia)
    author = sign_in("camille")
    assert author.get(page(disclosure, "sent_one")).status_code == 404
    assert disclosure.reference in text_of(author.get(reverse("sharing:sent") + "?miennes"))
    recall(author, disclosure, reason="")
    assert Recalled.objects.exists()
    assert states.state_of(disclosure) == states.RECALLED


def test_what_was_returned_may_still_be_recalled(territory: Territory, disclosure: Disclosure) -> None:
    acts.send_back(disclosure_id=disclosure.pk, by=territory.lantier)
    acts.recall(disclosure_id=disclosure.pk, by=territory.camille, reason=MOTIVE)
    assert states.state_of(disclosure) == states.RECALLED


def test_an_author_who_left_recalls_nothing(territory: Territory, disclosure: Disclosure) -> None:
    personas.end_post(territory.camille)
    with pytest.raises(acts.NotHers):
        acts.recall(disclosure_id=disclosure.pk, by=territory.camille, reason=MOTIVE)


def test_a_recall_for_the_wrong_recipient_opens_an_incident(disclosure: Disclosure, sign_in: SignIn) -> None:
    recall(sign_in("camille"), disclosure, wrong_recipient="on")
    assert Incident.objects.get().kind == Incident.Kind.WRONG_RECIPIENT


def test_an_ordinary_recall_opens_no_incident(disclosure: Disclosure, sign_in: SignIn) -> None:
    recall(sign_in("camille"), disclosure)
    assert not Incident.objects.exists()


def test_who_knows_what_says_that_it_was_told_and_recalled_without_striking_it(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    recall(client, disclosure)
    answer = client.get(reverse("sharing:case", args=[territory.case.reference]))
    shown = text_of(answer)
    assert "rappelé le" in shown
    assert "Ce qui a été dit reste dit." in shown
    assert "<s>" not in answer.content.decode()
    assert "<del" not in answer.content.decode()


def test_the_list_of_the_team_grows_without_more_statements(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("nadia")
    client.get(reverse("sharing:sent") + "?equipe")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("sharing:sent") + "?equipe")
    for _time in range(4):
        send(draft_of(territory), territory.camille)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("sharing:sent") + "?equipe")
    assert len(many) == len(few)
