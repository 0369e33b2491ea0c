"""The papers as files: who may ask for them, what they are called, what they say, what their asking leaves behind."""

from collections.abc import Callable
from typing import Any

import pytest
import typst
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from consent import registry
from consent.models import Notice, Withdrawal
from partners import wording
from partners.models import Institution
from partners.templatetags.rulebook import lower_first
from sharing.models import DisclosedItem
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

from .reading import Read, read, said

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
CANARY = "Quenotte-Zibeline"


def kept(answer: Any, name: str) -> Read:
    """The paper in an answer that is a file to save under this name, kept by nobody on the way."""
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    found = read(answer.content)
    assert found.accessible
    assert found.tagged
    return found


def asked(territory: Territory, **query: str) -> str:
    """The address of the notice for Mme Lantier and school."""
    wanted = {"act": "agreement", "recipient": str(territory.lantier.pk), "purpose": "scolarite"} | query
    return f"{reverse('consent:notice', args=[territory.case.reference])}?{'&'.join(f'{k}={v}' for k, v in wanted.items())}"


def test_the_notice_says_what_the_page_says_and_asking_for_it_writes_nothing_but_its_trace(
    territory: Territory, sign_in: SignIn
) -> None:
    client, ref = sign_in("camille"), territory.case.reference
    before = Entry.objects.count()
    page = client.get(asked(territory, categories="consigne_pratique").replace("notice.pdf", "nouveau/"))
    assert "consent" in str(page.templates[0].name)
    found = kept(client.get(asked(territory, categories="consigne_pratique")), f"notice-{ref}")
    for section in page.context["notice"]:
        for sentence in section.sentences:
            assert said(sentence) in found.words
    assert ref in found.words
    assert territory.child.short_name in found.words
    assert territory.child.last_name not in found.words
    assert "accord-parents" in found.words, "a child's parents are asked"
    assert not Notice.objects.exists(), "a GET keeps no text: the act does"
    assert Entry.objects.count() == before
    noted = Access.objects.filter(action="paper.printed", object_type="case", object_ref=ref, granted=True)
    assert noted.count() == 1


def test_the_notice_has_its_versions_and_may_leave_out_the_name(territory: Territory, sign_in: SignIn) -> None:
    client, name = sign_in("camille"), f"notice-{territory.case.reference}"
    for query, code in (
        ({"version": "falc"}, "accord-parents-falc"),
        ({"version": "child"}, "accord-child"),
        ({"version": "falc", "language": "en"}, "accord-parents-falc-en"),
        ({"act": "information"}, "information-parents"),
        ({"act": "refusal"}, "accord-parents"),
        ({"version": "zzz", "language": "zzz", "recipient": "zzz", "purpose": "zzz"}, "accord-parents"),
    ):
        assert f"{code}, version" in kept(client.get(asked(territory, **query)), name).words.replace("texte ", ""), (
            query
        )
    unnamed = kept(client.get(asked(territory, sans_nom="on")), name)
    assert territory.child.short_name not in unnamed.words


def test_a_conversation_about_several_recipients_has_one_paper(territory: Territory, sign_in: SignIn) -> None:
    address = reverse("consent:notice", args=[territory.case.reference])
    query = f"to={territory.lantier.pk}&to={territory.aubin.pk}&to=zzz&for=scolarite&for=zzz"
    found = kept(sign_in("camille").get(f"{address}?{query}"), f"notice-{territory.case.reference}")
    assert found.words.count("1 mois") == 2, "a grid for each"
    assert "Hélène Lantier, École Jean-Macé, pour : scolarité" in found.words
    assert "Aubin" in found.words


def test_the_pages_lead_to_their_papers(territory: Territory, sign_in: SignIn) -> None:
    client, ref = sign_in("camille"), territory.case.reference
    agreed = personas.parents_agree(territory)
    registry.withdraw(consent=agreed, form="in_person", own_words="", by=territory.camille)
    released = send(sendable(territory), territory.camille)
    assert released.disclosure is not None
    pages = {
        asked(territory).replace("notice.pdf", "nouveau/"): reverse("consent:notice", args=[ref]),
        reverse("consent:list", args=[ref]): reverse("consent:notice", args=[ref]),
        reverse("consent:receipt", args=[ref, agreed.pk]): reverse("consent:receipt_paper", args=[ref, agreed.pk]),
        reverse("sharing:done", args=[ref, released.disclosure.draft_id]): reverse(
            "sharing:done_paper", args=[ref, released.disclosure.draft_id]
        ),
    }
    for page, paper in pages.items():
        assert paper in client.get(page).content.decode(), page


def sendable(territory: Territory) -> Any:
    """A draft that may leave: the parents agree again."""
    personas.parents_agree(territory)
    return draft_of(territory)


def test_the_receipt_of_a_withdrawal_says_what_stops_what_stays_said_and_whom_to_call(
    territory: Territory, sign_in: SignIn
) -> None:
    Institution.objects.filter(pk=territory.camille.institution_id).update(phone="03 20 00 00 10")
    agreed, ref = personas.parents_agree(territory), territory.case.reference
    registry.withdraw(consent=agreed, form="in_person", own_words="Je ne veux plus.", by=territory.camille)
    client = sign_in("camille")
    found = kept(client.get(reverse("consent:receipt_paper", args=[ref, agreed.pk])), f"recepisse-{ref}")
    assert found.pages == 1
    page = client.get(reverse("consent:receipt", args=[ref, agreed.pk])).content.decode()
    for sentence in (
        "À partir de maintenant, rien ne part plus sur cet accord.",
        "Ce qui a été dit reste dit",
        "L’aide que vous recevez ne change pas.",
    ):
        assert sentence in page
        assert sentence in found.words
    for said_too in ("Je ne veux plus.", "Lantier", "03 20 00 00 10", "Camille Roussel", ref, "www.cnil.fr"):
        assert said_too in found.words
    assert territory.child.last_name not in found.title
    again = client.get(reverse("consent:receipt_paper", args=[ref, agreed.pk]))
    assert again.content == client.get(reverse("consent:receipt_paper", args=[ref, agreed.pk])).content
    assert Withdrawal.objects.count() == 1


def test_the_receipt_of_an_objection_says_that_it_counts_at_once(territory: Territory, sign_in: SignIn) -> None:
    objected, ref = personas.parents_object(territory), territory.case.reference
    address = reverse("consent:objection_paper", args=[ref, objected.pk])
    found = kept(sign_in("camille").get(address), f"recepisse-{ref}")
    assert found.pages == 1
    assert "compte dès maintenant" in found.words
    assert "Je m’y oppose." in found.words


def test_an_authors_receipt_says_the_sorts_of_information_and_nothing_of_what_they_say(
    territory: Territory, sign_in: SignIn
) -> None:
    sent = [personas.write_down(territory.case, territory.camille, label="Absences", text=CANARY)]
    personas.write_down(territory.case, territory.camille, label="Reste ici", text=CANARY)
    personas.parents_agree(territory, categories=[sent[0].category])
    disclosure = send(draft_of(territory, items=sent), territory.camille).disclosure
    assert disclosure is not None
    address = reverse("sharing:done_paper", args=[territory.case.reference, disclosure.draft_id])
    client = sign_in("camille")
    found = kept(client.get(address), f"recepisse-{disclosure.reference}")
    page = client.get(reverse("sharing:done", args=[territory.case.reference, disclosure.draft_id])).content.decode()
    assert disclosure.reference in found.words
    assert said(disclosure.recipient_label) in found.words
    mention = found.words[found.words.index("communication à") :].split(" Récépissé")[0]
    assert said(mention) in said(page)
    category = DisclosedItem.objects.get(disclosure=disclosure).category
    assert lower_first(wording.category(category)) in found.words.lower() or category in found.words
    for elsewhere in (CANARY, "Reste ici", "Absences", territory.child.last_name):
        assert elsewhere not in found.words, elsewhere


def test_what_a_reader_prints_is_the_page_s_own_slice_with_her_name_the_hour_and_the_reference(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    client = sign_in("lantier")
    address = reverse("sharing:received_paper", args=[disclosure.pk])
    page = client.post(reverse("sharing:print_received", args=[disclosure.pk]))
    found = kept(client.post(address), f"communication-{disclosure.reference}")
    for item in page.context["reading"]["items"]:
        for part in ("label", "category", "text", "necessity"):
            assert said(str(item[part])) in found.words, part
    assert "Lu par Hélène Lantier" in found.words
    assert disclosure.reference in found.words
    assert Access.objects.filter(action="disclosure.printed", object_ref=str(disclosure.pk), granted=True).count() == 2
    assert sign_in("perrin").post(address).status_code == 404
    agreed = personas.Consent.objects.latest("recorded_at")
    registry.withdraw(consent=agreed, form="in_person", own_words="", by=territory.camille)
    closed = client.post(address)
    assert closed.status_code == 302, "closed: its page says why"


def test_a_paper_that_cannot_be_made_is_said_and_asked_for_again(
    territory: Territory, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_others: Any) -> bytes:
        raise RuntimeError("no font")

    client: Client = sign_in("camille")
    monkeypatch.setattr(typst, "compile", broken)
    answer: HttpResponse = client.get(asked(territory))  # type: ignore[assignment]
    assert answer.status_code == 503
    assert "Rien n’est perdu" in answer.content.decode()
    assert territory.child.last_name not in answer.content.decode()
