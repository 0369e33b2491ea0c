"""The pages of the one who receives: a cover, a text opened by a POST and traced every time, an acknowledgement, a stub."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access, Entry
from consent.models import Consent
from partners import clock
from sharing import states, withdrawal
from sharing.models import Disclosure
from sharing.stopping import concerned
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
TEXT = "Milo est absent le mardi après-midi"


@pytest.fixture
def consent(territory: Territory) -> Consent:
    return personas.parents_agree(territory)


@pytest.fixture
def disclosure(territory: Territory, consent: Consent) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def page(disclosure: Disclosure, name: str = "received") -> str:
    return reverse(f"sharing:{name}", args=[disclosure.pk])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def same_for_anything(response: Any, path: str) -> str:
    """A page without what differs at every request: the address itself and the token that forms carry."""
    body = response.content.decode().replace(path, "")
    return re.sub(r'"X-CSRFToken": "[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', "", body)


def take_back(consent: Consent, territory: Territory) -> None:
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)


def test_the_inbox_shows_a_reference_a_service_a_date_and_a_purpose_and_no_person(
    disclosure: Disclosure, sign_in: SignIn
) -> None:
    shown = text_of(sign_in("lantier").get(reverse("sharing:inbox")))
    assert disclosure.reference in shown
    assert "Maison des solidarités de Vallières" in shown
    assert "Scolarité" in shown
    assert "Nouveau" in shown
    for name in (personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, disclosure.case.reference, "Absences"):
        assert name not in shown


def test_an_empty_inbox_says_what_will_happen(sign_in: SignIn) -> None:
    shown = text_of(sign_in("aubin").get(reverse("sharing:inbox")))
    assert "Vous recevrez un e-mail, sans donnée personnelle, quand un partenaire vous écrira." in shown


def test_the_cover_holds_no_content_and_opens_nothing(disclosure: Disclosure, sign_in: SignIn) -> None:
    shown = text_of(sign_in("lantier").get(page(disclosure)))
    assert "Cette consultation est tracée et visible par la personne." in shown
    assert TEXT not in shown
    assert "Absences" not in shown
    disclosure.refresh_from_db()
    assert disclosure.opened_at is None


def test_the_text_is_shown_by_a_post_with_who_reads_on_every_sheet(disclosure: Disclosure, sign_in: SignIn) -> None:
    shown = text_of(sign_in("lantier").post(page(disclosure)))
    assert TEXT in shown
    assert "Milo Bertin-Duval, né en" in shown
    assert "Lu par Hélène Lantier, École Jean-Macé, le" in shown
    assert disclosure.reference in shown
    disclosure.refresh_from_db()
    assert disclosure.opened_at is not None


def test_every_opening_is_traced_and_the_first_is_an_act(disclosure: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    for _time in range(3):
        client.post(page(disclosure))
    assert Access.objects.filter(action="disclosure.opened", object_ref=str(disclosure.pk), granted=True).count() == 3
    assert Entry.objects.filter(action="disclosure.opened").count() == 1


def test_partner_b_opens_as_disclosure_by_id(disclosure: Disclosure, sign_in: SignIn) -> None:
    """Abuse 1: the same 404 as for what does not exist, byte for byte, and the attempt is noted."""
    client = sign_in("sofia")
    unknown = reverse("sharing:received", args=[uuid.uuid4()])
    for send_it in (client.get, client.post):
        known_answer, unknown_answer = send_it(page(disclosure)), send_it(unknown)
        assert known_answer.status_code == unknown_answer.status_code == 404
        assert same_for_anything(known_answer, page(disclosure)) == same_for_anything(unknown_answer, unknown)
        assert dict(known_answer.headers).keys() == dict(unknown_answer.headers).keys()
    assert client.post(page(disclosure, "acknowledge")).status_code == 404
    refused = Access.objects.filter(action="disclosure.refused_to_reader", object_ref=str(disclosure.pk), granted=False)
    assert refused.count() == 3


def test_a_colleague_who_is_not_named_as_recipient(disclosure: Disclosure, sign_in: SignIn) -> None:
    """Abuse 2: the colleague of the same school gets the very same 404."""
    client = sign_in("perrin")
    unknown = reverse("sharing:received", args=[uuid.uuid4()])
    assert same_for_anything(client.post(page(disclosure)), page(disclosure)) == same_for_anything(
        client.post(unknown), unknown
    )
    assert disclosure.reference not in text_of(client.get(reverse("sharing:inbox")))


def test_a_colleague_reads_where_the_one_addressed_receives_for_the_service(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    territory.lantier.receives_for_service = True
    territory.lantier.save(update_fields=["receives_for_service"])
    assert "adressée à votre service" in text_of(sign_in("perrin").get(page(disclosure)))


def test_the_sender_does_not_read_on_the_page_of_the_recipient(disclosure: Disclosure, sign_in: SignIn) -> None:
    assert sign_in("camille").post(page(disclosure)).status_code == 404


def test_after_a_withdrawal_the_text_is_a_stub_at_once(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    assert TEXT in text_of(client.post(page(disclosure)))
    take_back(consent, territory)
    for response in (client.get(page(disclosure)), client.post(page(disclosure))):
        shown = text_of(response)
        assert TEXT not in shown
        assert "Absences" not in shown
        assert "accord retiré le" in shown
        assert "ce texte ne peut plus être lu" in shown
        assert "demandez-la à nouveau à Mme Roussel" in shown
    assert Access.objects.filter(action="disclosure.stub_shown", granted=False).count() == 2
    inbox = text_of(client.get(reverse("sharing:inbox"), {"etat": "termine"}))
    assert disclosure.reference in inbox
    assert "Accord retiré" in inbox


def test_an_agreement_given_again_opens_the_list_again_as_it_opens_the_reading(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    take_back(consent, territory)
    personas.parents_agree(territory)
    client = sign_in("lantier")
    assert TEXT in text_of(client.post(page(disclosure)))
    (row,) = states.with_state(Disclosure.objects.filter(pk=disclosure.pk))
    assert (row.withdrawn, row.state) == (False, states.TO_ACKNOWLEDGE)


def test_the_withdrawal_of_another_agreement_ends_nothing(territory: Territory, disclosure: Disclosure) -> None:
    other = personas.parents_agree(territory, categories=["besoins_scolaires"])
    take_back(other, territory)
    (row,) = states.with_state(Disclosure.objects.filter(pk=disclosure.pk))
    assert (row.withdrawn, row.state) == (False, states.NEW)


def test_a_withdrawal_ends_nothing_that_left_under_a_text_which_asks_no_agreement() -> None:
    assert "ACCORD" in concerned.CLOSED_BY_HER_WORD
    assert "CASF-L226-2-1" not in concerned.CLOSED_BY_HER_WORD


def test_at_its_term_the_text_closes_and_the_line_stays(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disclosure.access_until is not None
    monkeypatch.setattr(clock, "now", lambda: disclosure.access_until)
    shown = text_of(sign_in("lantier").get(page(disclosure)))
    assert "lisible jusqu’au" in shown
    assert TEXT not in shown


def test_nobody_acknowledges_what_she_has_not_opened(disclosure: Disclosure, sign_in: SignIn) -> None:
    response = sign_in("lantier").post(page(disclosure, "acknowledge"), follow=True)
    assert "Affichez d’abord cette communication" in text_of(response)
    disclosure.refresh_from_db()
    assert disclosure.acknowledged_at is None


def test_an_acknowledgement_is_written_once(disclosure: Disclosure, sign_in: SignIn) -> None:
    client = sign_in("lantier")
    client.post(page(disclosure))
    for _time in range(2):
        assert client.post(page(disclosure, "acknowledge")).status_code == 302
    disclosure.refresh_from_db()
    assert disclosure.acknowledged_at is not None
    assert Entry.objects.filter(action="disclosure.acknowledged").count() == 1
    assert disclosure.reference in text_of(client.get(reverse("sharing:inbox"), {"etat": "lu"}))


def test_a_link_is_not_enough_to_acknowledge(disclosure: Disclosure, sign_in: SignIn) -> None:
    """A mail scanner follows links; it sends no form."""
    assert sign_in("lantier").get(page(disclosure, "acknowledge")).status_code == 405


def test_markup_in_a_text_is_shown_as_typed(territory: Territory, consent: Consent, sign_in: SignIn) -> None:
    """Abuse 16: XSS in a narrative."""
    item = personas.write_down(
        territory.case, territory.camille, label="<b>titre</b>", text="<script>alert(1)</script>"
    )
    sent = send(draft_of(territory, items=[item]), territory.camille).disclosure
    assert sent is not None
    shown = sign_in("lantier").post(page(sent)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>titre" not in shown


def test_her_institution_left_closes_the_page_at_the_next_request(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    """Abuse 32."""
    client = sign_in("lantier")
    personas.end_post(territory.lantier)
    response = client.post(page(disclosure))
    assert response.status_code == 302
    assert "/connexion/" in response["Location"]


def test_lists_take_the_same_number_of_statements_whatever_they_hold(
    territory: Territory, disclosure: Disclosure, sign_in: SignIn
) -> None:
    def statements(name: str, path: str) -> int:
        client = sign_in(name)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    inbox, sent = reverse("sharing:inbox"), reverse("sharing:sent")
    before = statements("lantier", inbox), statements("camille", sent)
    for _more in range(6):
        send(draft_of(territory), territory.camille)
    assert (statements("lantier", inbox), statements("camille", sent)) == before
