"""The help on the pages: beside its field, live with the verdict, before sending; what is typed stays, and nothing is stopped."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Item
from consent.models import Consent
from partners import clock
from sharing import composing, second_look
from sharing.helping import gathering
from sharing.models import DecisionRecord, Disclosure, Draft, DraftItem
from tests import personas
from tests.duties.ways import around
from tests.personas import Territory
from tests.sharing.test_compose_pages import filled, token_of, url
from tests.sharing.ways import BENEFIT, draft_of

pytestmark = pytest.mark.django_db

ARGUMENT = "answer-argument_what_she_wants"


@pytest.fixture
def camille(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("camille")


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def area(page: str, name: str) -> str:
    """What one place of the help holds."""
    found = re.search(rf'<div id="help-{name}" class="help-notes"[^>]*>(.*?)\n</div>', page, re.DOTALL)
    assert found is not None, name
    return found[1]


def sensitive(territory: Territory, **changes: Any) -> Item:
    return personas.write_down(
        territory.case, territory.camille, label="Suivi psychologique", category="sante_mentale", **changes
    )


def test_a_weak_argument_is_answered_beside_its_field_and_nothing_typed_is_lost(
    territory: Territory, camille: Client
) -> None:
    draft = draft_of(territory)
    page = text_of(camille.post(url("verdict", draft), filled(territory, benefit="Elle le souhaite.")))
    shown = area(page, "benefit")
    assert "« le souhaite » : Quand l’a-t-elle dit ?" in shown
    assert "Noter ce qu’elle répond" in shown
    draft.refresh_from_db()
    assert draft.benefit == "Elle le souhaite."
    assert draft.circumstances == []  # what is written is not declared: the author alone declares


def test_the_live_verdict_swaps_every_place_of_the_help_and_answers_200(territory: Territory, camille: Client) -> None:
    draft = draft_of(territory)
    full = text_of(camille.get(url("compose", draft)))
    for posted in ({}, filled(territory), filled(territory, benefit="urgent, pour son bien, toxique")):
        answer = camille.post(url("verdict", draft), posted, headers={"hx-request": "true"})
        assert answer.status_code == 200
        page = text_of(answer)
        for place in ("benefit", "recipient", "items", "word", f"need-{territory.absences.pk}"):
            assert page.count(f'id="help-{place}"') == 1
            assert re.search(rf'id="help-{place}"[^>]*hx-swap-oob="true"', page)
            assert full.count(f'id="help-{place}"') == 1
        assert "autofocus" not in page


def test_the_line_that_is_announced_counts_what_is_to_be_looked_at(territory: Territory, camille: Client) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    plain = text_of(camille.post(url("verdict", draft), filled(territory)))
    assert 'data-summary="Autorisé"' in plain
    argued = text_of(camille.post(url("verdict", draft), filled(territory, benefit="Urgent : pour son bien.")))
    assert 'data-summary="Autorisé. 2 points à regarder"' in argued
    assert 'data-verdict="allow"' in argued  # the help decides nothing


def test_a_ticked_argument_enters_the_decision_and_unticking_it_takes_it_out(
    territory: Territory, camille: Client
) -> None:
    draft = draft_of(territory, purpose="pe_ip", items=[sensitive(territory)])
    posted = filled(territory, purpose="scolarite")
    camille.post(url("compose", draft), posted | {ARGUMENT: ["no", "yes"], "action": "verify"})
    draft.refresh_from_db()
    assert draft.circumstances == ["argument_what_she_wants"]
    page = text_of(camille.get(url("compose", draft)))
    assert re.search(rf'name="{ARGUMENT}" value="yes" checked', page)
    assert '<details class="more weak-arguments" open>' in page
    panel = page[page.index('id="verdict"') :]
    assert "Cet argument ne suffit pas à lui seul" in panel
    assert f'name="{ARGUMENT}"' not in panel  # asked once, beside its field
    camille.post(url("compose", draft), posted | {ARGUMENT: ["no"], "action": "verify"})
    draft.refresh_from_db()
    assert draft.circumstances == []


def test_the_argument_and_the_answer_are_recorded(territory: Territory, camille: Client) -> None:
    draft = draft_of(territory)
    argued = filled(territory, benefit="Elle le souhaite.", **{ARGUMENT: "yes"})
    asked = camille.post(url("compose", draft), argued | {"action": "words"})
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("consent:new", args=[territory.case.reference]))  # type: ignore[attr-defined]
    assert f"recipient={territory.lantier.pk}" in asked.url  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert draft.benefit == "Elle le souhaite."
    personas.parents_agree(territory)
    page = text_of(camille.get(url("compose", draft)))
    assert "elle a dit : « D’accord pour les mardis, pas plus. »" in area(page, "benefit")
    assert Consent.objects.get().own_words
    seen = token_of(camille.get(url("check", draft)).content.decode())
    camille.post(url("check", draft), {"seen": seen})
    kept = DecisionRecord.objects.get()
    assert kept.verdict == "allow"
    assert "argument_what_she_wants" in kept.facts["circumstances"]
    assert kept.facts["justification"] == "Elle le souhaite."


def test_an_alarm_without_a_danger_leads_to_advice_without_the_name(territory: Territory, camille: Client) -> None:
    draft = draft_of(territory)
    alarmed = filled(territory, benefit="C’est urgent, tout le monde est paniqué.")
    shown = area(text_of(camille.post(url("verdict", draft), alarmed)), "benefit")
    assert "danger, risque, ou inconfort ?" in shown
    assert "Demander conseil sans nommer la personne" in shown
    asked = camille.post(url("compose", draft), alarmed | {"action": "advice"})
    assert camille.get(asked.url).status_code == 200  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert draft.benefit == "C’est urgent, tout le monde est paniqué."


def test_a_button_of_the_help_without_a_recipient_keeps_the_page(territory: Territory, camille: Client) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    answer = camille.post(url("compose", draft), {"benefit": "Pour son bien.", "action": "words"})
    assert answer.status_code == 200
    assert "Noter ce qu’elle répond" not in text_of(answer)


def test_a_judging_word_in_a_reason_is_pointed_at_beside_that_reason(territory: Territory, camille: Client) -> None:
    draft = draft_of(territory)
    need = f"necessity-{territory.absences.pk}"
    page = text_of(camille.post(url("verdict", draft), filled(territory, **{need: "Le père est toxique."})))
    shown = area(page, f"need-{territory.absences.pk}")
    assert "« toxique » juge plus qu’il ne constate. Décrivez" in shown
    assert area(page, "benefit").strip() == ""


def test_what_was_sent_lately_to_the_same_partner_is_said_to_its_author_alone(
    territory: Territory, camille: Client
) -> None:
    personas.parents_agree(territory)
    for _again in range(3):
        draft = draft_of(territory)
        camille.post(url("check", draft), {"seen": token_of(camille.get(url("check", draft)).content.decode())})
    assert Disclosure.objects.count() == 3
    shown = area(text_of(camille.get(url("compose", draft_of(territory)))), "recipient")
    assert "Avec celle-ci, 4 communications à Mme Lantier en sept jours, dont 3 déjà dans cette situation" in shown
    other = draft_of(territory, recipient=territory.perrin)
    assert area(text_of(camille.get(url("compose", other))), "recipient").strip() == ""


def test_a_text_chosen_because_the_agreement_was_refused_is_asked_about(territory: Territory, camille: Client) -> None:
    crip = around(territory).crip
    personas.parents_refuse(territory, recipient=crip, purpose="demarche_demandee")
    informed = draft_of(territory, recipient=crip, purpose="pe_ip")
    Draft.objects.filter(pk=informed.pk).update(circumstances=["exception_child_interest"])
    page = text_of(camille.get(url("compose", informed)))
    assert 'data-verdict="deny"' not in page
    assert "Un refus est enregistré pour ce destinataire" in area(page, "word")
    assert "est-ce pour cela que vous le choisissez ?" in area(page, "word")


def test_where_her_refusal_stops_it_the_panel_says_so_and_the_help_adds_nothing(
    territory: Territory, camille: Client
) -> None:
    personas.parents_refuse(territory)
    assert area(text_of(camille.get(url("compose", draft_of(territory)))), "word").strip() == ""


def test_a_long_item_offers_to_write_an_extract_and_keeps_what_is_typed(territory: Territory, camille: Client) -> None:
    personas.write_down(territory.case, territory.camille, label="Bilan", nature="document", text="mot " * 200)
    draft = draft_of(territory)
    page = text_of(camille.get(url("compose", draft)))
    assert "Document entier : un extrait suffirait-il ?" in page
    assert "Noter un extrait" in page
    answer = camille.post(url("compose", draft), filled(territory, benefit="Autre chose.") | {"action": "add"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.benefit == "Autre chose."


def test_the_check_page_lists_what_to_look_at_before_the_button_and_stops_nothing(
    territory: Territory, camille: Client
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    assert "À regarder avant d’envoyer" not in text_of(camille.get(url("check", draft)))
    Draft.objects.filter(pk=draft.pk).update(benefit="C’est urgent, pour son bien.")
    DraftItem.objects.filter(draft=draft).update(necessity="Le père est ingérable.")
    page = text_of(camille.get(url("check", draft)))
    listed = page[page.index("À regarder avant d’envoyer") :]
    assert listed.index("danger, risque, ou inconfort ?") < listed.index("Communiquer à Mme Lantier")
    assert f'href="{url("compose", draft)}#id_benefit"' in listed
    assert f'href="{url("compose", draft)}#need-{territory.absences.pk}"' in listed
    assert "Relire demain" not in listed
    camille.post(url("check", draft), {"seen": token_of(page)})
    assert Disclosure.objects.count() == 1


def test_read_again_tomorrow_keeps_the_draft_and_sending_before_stays_free(
    territory: Territory, camille: Client
) -> None:
    item = sensitive(territory)
    personas.parents_agree(territory, categories=["sante_mentale"], recipient=territory.lantier)
    draft = draft_of(territory, items=[item])
    offered = second_look.another_look(draft, offered=True, at=clock.now())
    assert offered.until is None
    answer = camille.post(url("check", draft), {"action": "tomorrow"})
    assert answer.url == reverse("sharing:case", args=[territory.case.reference])  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert draft.second_look_at is not None
    assert timedelta(hours=23) < draft.second_look_at - clock.now() <= timedelta(hours=24)
    assert (draft.sent_at, draft.discarded_at, draft.benefit) == (None, None, BENEFIT)
    assert not Disclosure.objects.exists()
    for page in ("case", "start"):
        lines = text_of(camille.get(reverse(f"sharing:{page}", args=[territory.case.reference])))
        assert "à relire à partir du" in lines
    Draft.objects.filter(pk=draft.pk).update(second_look_at=clock.now() - timedelta(minutes=1))
    for page in ("case", "start"):
        lines = text_of(camille.get(reverse(f"sharing:{page}", args=[territory.case.reference])))
        assert "à relire depuis le" in lines
    assert "À relire depuis le" in text_of(camille.get(url("check", draft)))


def test_a_draft_put_off_can_be_sent_at_once(territory: Territory, camille: Client) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    seen = token_of(camille.get(url("check", draft)).content.decode())
    camille.post(url("check", draft), {"action": "tomorrow"})
    camille.post(url("check", draft), {"seen": seen})
    assert Disclosure.objects.count() == 1
    again = camille.post(url("check", draft), {"action": "tomorrow"})
    assert again.url == url("done", draft)  # type: ignore[attr-defined]


def test_nobody_puts_off_the_draft_of_another(territory: Territory, sign_in: Callable[[str], Client]) -> None:
    draft = draft_of(territory)
    assert second_look.put_off(draft=draft, by=territory.leila, at=clock.now()) is None
    assert sign_in("leila").post(url("check", draft), {"action": "tomorrow"}).status_code == 404
    draft.refresh_from_db()
    assert draft.second_look_at is None


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def test_the_help_costs_two_statements_whatever_there_is_to_say(territory: Territory, camille: Client) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    pages = [url("compose", draft), url("check", draft)]
    few = [statements(camille, page) for page in pages]
    rows, known, at = composing.rows_of(draft), gathering.known_items(draft), clock.now()
    with CaptureQueriesContext(connection) as asked:
        gathering.seen(draft=draft, by=territory.camille, known=known, rows=rows, decision=None, at=at)
    assert len(asked) == 2  # what she said of this recipient, what was sent to her lately
    for n in range(12):
        item = personas.write_down(territory.case, territory.camille, label=f"Info {n}", text="Il est ingérable.")
        DraftItem.objects.create(draft=draft, item=item, necessity="C’est urgent, pour son bien.")
        personas.parents_refuse(territory, purpose="acces_droits")
    assert [statements(camille, page) for page in pages] == few
