"""Notes of dissent: whoever speaks, kept for ever, read wherever the item is read (law.md, P-08)."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases import dissent
from cases.models import DissentNote
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SAID = "« Je ne suis pas absente le mardi : je suis chez l’orthophoniste. »"


def page(territory: Territory, door: str = "dissent") -> str:
    return reverse(f"cases:{door}", args=[territory.case.reference, territory.absences.pk])


def test_the_person_sees_it_otherwise_and_the_item_says_so(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    answer = client.post(page(territory), {"voice": "person", "text": SAID})
    assert answer["Location"] == page(territory, "item")
    shown = text_of(client.get(page(territory, "item")))
    assert "La personne voit les choses autrement" in shown
    assert "je suis chez l’orthophoniste" in shown
    assert "noté par Camille Roussel" in shown
    note = DissentNote.objects.get()
    assert Entry.objects.get(pk=note.entry_id).action == "dissent.noted"


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    answer = client.post(page(territory), {"text": SAID})
    assert answer.status_code == 422
    assert "Dites qui voit les choses autrement." in text_of(answer)
    assert "orthophoniste" in text_of(answer)
    assert not DissentNote.objects.exists()


def test_the_same_words_noted_twice_are_one_note(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    for _time in range(2):
        client.post(page(territory), {"voice": "professional", "text": SAID})
    assert DissentNote.objects.count() == 1


def test_only_who_may_read_the_item_notes_a_dissent(territory: Territory, sign_in: SignIn) -> None:
    for name in ("leila", "nadia", "lantier", "claire"):
        assert sign_in(name).post(page(territory), {"voice": "person", "text": SAID}).status_code == 404
    assert not DissentNote.objects.exists()


def test_nobody_changes_or_removes_it(territory: Territory) -> None:
    note = dissent.note_dissent(item=territory.absences, voice="representative", text=SAID, by=territory.camille)
    for change in (
        lambda: DissentNote.objects.filter(pk=note.pk).update(text="Tout va bien."),
        lambda: DissentNote.objects.filter(pk=note.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert DissentNote.objects.get().text == note.text


def test_it_goes_where_the_item_goes_from_the_check_page_to_the_reading_and_the_paper(
    territory: Territory, sign_in: SignIn
) -> None:
    dissent.note_dissent(item=territory.absences, voice="representative", text=SAID, by=territory.camille)
    personas.parents_agree(territory)
    draft = draft_of(territory)
    check = reverse("sharing:check", args=[territory.case.reference, draft.pk])
    assert "orthophoniste" in text_of(sign_in("camille").get(check))
    sent = send(draft, territory.camille).disclosure
    assert sent is not None
    lantier = sign_in("lantier")
    for door in ("received", "print_received"):
        shown = text_of(lantier.post(reverse(f"sharing:{door}", args=[sent.pk])))
        assert "Un parent ou un représentant voit les choses autrement" in shown
        assert "orthophoniste" in shown


def test_what_is_noted_after_it_left_is_not_sent_by_itself(territory: Territory, sign_in: SignIn) -> None:
    """Nothing is passed on without somebody's decision (P-01): it goes with the next communication of the item."""
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    dissent.note_dissent(item=territory.absences, voice="person", text=SAID, by=territory.camille)
    assert "orthophoniste" not in text_of(sign_in("lantier").post(reverse("sharing:received", args=[sent.pk])))
    assert "orthophoniste" not in text_of(sign_in("camille").get(reverse("sharing:sent_one", args=[sent.pk])))


def test_markup_in_a_note_stays_text(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    client.post(page(territory), {"voice": "person", "text": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in client.get(page(territory, "item")).content.decode()
