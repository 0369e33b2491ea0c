"""Writing information down: what kind of statement, where from, once, for ever."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from audit.models import Access
from cases.evaluative import judging_words
from cases.models import Item, ItemContent
from partners import clock
from tests import personas
from tests.personas import Territory


def typed(**changed: str) -> dict[str, str]:
    return {
        "label": "Fatigue le matin",
        "text": "Il s’endort en classe le lundi.",
        "category": "besoins_scolaires",
        "nature": "fait_constate",
        "provenance": "observed",
        "provenance_detail": "",
        "origin": "",
        "third_parties": "",
        "observed_on": clock.day_of(clock.now()).isoformat(),
    } | changed


@pytest.fixture
def client(territory: Territory) -> Client:
    return personas.signed_in(territory.camille)


@pytest.fixture
def page(territory: Territory) -> str:
    return f"/situations/{territory.case.reference}/elements/nouveau"


def made(label: str = "Fatigue le matin") -> Item:
    return Item.objects.get(label=label)


def test_an_item_is_written_with_its_kind_its_source_and_its_depositary(
    territory: Territory, client: Client, page: str
):
    answer = client.post(page, typed(third_parties="Mme Duval\n\n  son frère Tom  ", origin="ip"))
    assert answer.headers["Location"] == f"/situations/{territory.case.reference}/"
    item = made()
    assert (item.depositary, item.third_parties, item.origin) == (
        territory.camille,
        ["Mme Duval", "son frère Tom"],
        "ip",
    )
    assert ItemContent.objects.get(item=item).text == "Il s’endort en classe le lundi."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"label": ""}, "Donnez un titre court à cette information."),
        ({"text": " \u200b\n "}, "Écrivez l’information (au moins une phrase)."),
        ({"category": ""}, "Choisissez de quoi parle cette information."),
        ({"nature": ""}, "Choisissez quelle sorte de propos vous écrivez."),
        ({"category": "nimporte"}, "Choisissez dans la liste de quoi parle cette information."),
        ({"provenance": ""}, "Choisissez d’où vous tenez cette information."),
        ({"observed_on": ""}, "Indiquez de quand date cette information."),
        ({"observed_on": "2999-01-01"}, "Cette date est dans l’avenir"),
        ({"text": "é" * 4001}, "Raccourcissez ce texte"),
        ({"text": "e\u0301\u0302\u0303\u0304\u0305" * 3600}, "Raccourcissez ce texte"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_still_there(
    client: Client, page: str, changed: dict[str, str], sentence: str
):
    answer = client.post(page, typed(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ("Fatigue le matin" in answer.content.decode()) or "label" in changed
    assert not Item.objects.filter(category="besoins_scolaires").exists()


def test_four_thousand_letters_with_their_accents_fit(client: Client, page: str):
    client.post(page, typed(text="é" * 4000))
    assert len(ItemContent.objects.get(item=made()).text) == 4000


def test_a_rumour_can_be_written_and_is_told_to_stay(territory: Territory, client: Client, page: str):
    assert "Elle ne pourra jamais être communiquée." in client.get(page).content.decode()
    client.post(page, typed(nature="rumeur"))
    path = f"/situations/{territory.case.reference}/elements/{made().pk}/"
    assert "Une rumeur ne peut jamais être communiquée." in client.get(path).content.decode()


def test_a_word_that_judges_in_a_fact_is_shown_once_then_kept_if_she_wants(client: Client, page: str):
    judging = typed(text="Le père est toxique et manipulateur.")
    answer = client.post(page, judging)
    assert answer.status_code == 200
    assert "toxique, manipulateur" in answer.content.decode()
    assert not Item.objects.filter(label="Fatigue le matin").exists()
    assert client.post(page, judging | {"keep": "yes"}).status_code == 302
    assert made()


@pytest.mark.parametrize("nature", ["propos_personne", "analyse_pro", "hypothese"])
def test_words_that_judge_are_at_home_in_words_and_analyses(client: Client, page: str, nature: str):
    assert client.post(page, typed(text="Il est toxique.", nature=nature)).status_code == 302


def test_quoted_words_are_somebody_s_own():
    assert judging_words("Elle dit : «\xa0il est toxique\xa0».") == []
    assert judging_words("Il est Ingérable, toxiques, toxiques") == ["ingérable", "toxiques"]
    assert judging_words("Il a été vu trois fois en retard.") == []


def test_abuse_17_markup_and_hidden_characters_are_only_text(territory: Territory, client: Client, page: str):
    client.post(page, typed(text="<script>alert(1)</script>\u202eabc\u200b", label="<b>x</b>"))
    item = made("<b>x</b>")
    assert ItemContent.objects.get(item=item).text == "<script>alert(1)</script>abc"
    text = client.get(f"/situations/{territory.case.reference}/elements/{item.pk}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;abc" in text
    assert "<b>x</b>" not in text


def test_one_comes_back_to_where_one_was_and_nowhere_else(territory: Territory, client: Client, page: str):
    assert client.post(f"{page}?next=/annuaire/", typed()).headers["Location"] == "/annuaire/"
    away = client.post(f"{page}?next=https://evil.example/", typed(label="Autre"))
    assert away.headers["Location"] == f"/situations/{territory.case.reference}/"
    again = client.post(f"{page}?next=/annuaire/", typed(label="Encore", then="another"))
    assert again.headers["Location"] == f"{page}?next=/annuaire/"


def test_pressing_the_button_twice_writes_one_item(client: Client, page: str):
    assert client.post(page, typed()).status_code == client.post(page, typed()).status_code == 302
    assert Item.objects.filter(label="Fatigue le matin").count() == 1


def test_what_an_item_says_never_changes(territory: Territory):
    content = ItemContent.objects.get(item=territory.absences)
    content.text = "Autre chose"
    with pytest.raises(DatabaseError), transaction.atomic():
        content.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemContent.objects.filter(item=territory.absences).update(text="Autre chose")
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.filter(pk=territory.absences.pk).update(category="logement")
    with pytest.raises(DatabaseError), transaction.atomic():
        content.delete()


def test_opening_an_item_is_noted(territory: Territory, client: Client):
    client.get(f"/situations/{territory.case.reference}/elements/{territory.absences.pk}/")
    noted = Access.objects.get(action="item.opened", granted=True)
    assert (noted.object_ref, noted.case_ref) == (str(territory.absences.pk), territory.case.pk)


def test_the_whole_identity_is_shown_on_a_click_that_is_noted(territory: Territory, client: Client):
    path = f"/situations/{territory.case.reference}/identite"
    hidden = client.get(path).content.decode()
    assert personas.CHILD_LAST_NAME not in hidden
    assert territory.mother.last_name not in hidden
    assert not Access.objects.filter(action="identity.revealed").exists()
    shown = client.post(path).content.decode()
    assert f"{personas.CHILD_FIRST_NAME} {personas.CHILD_LAST_NAME}" in shown
    assert territory.mother.first_name in shown
    noted = Access.objects.get(action="identity.revealed")
    assert (noted.granted, noted.object_ref, noted.case_ref) == (True, str(territory.child.pk), territory.case.pk)
