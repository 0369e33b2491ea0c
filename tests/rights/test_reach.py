"""Who learns of her rights: a correction reaches whoever received the item, a limitation closes, a dissent comes back (P-22)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from cases import rights
from cases.models import DissentNote
from sharing import outbox, reading
from sharing.models import Disclosure, Outbox
from sharing.returning.acts import recall
from sharing.rights import acts
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import text_of
from tests.rights.ways import CORRECTED, asks, limits, sent
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SEEN_OTHERWISE = "En classe il est là tous les mardis depuis janvier."


def opened(territory: Territory) -> tuple[str, Disclosure]:
    """The absences, sent to Mme Lantier, who read them: the address, and the communication."""
    disclosure = sent(territory)
    reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    return reverse("sharing:received", args=[disclosure.pk]), disclosure


def test_a_correction_is_beside_the_text_for_whoever_received_it_before_on_paper_too(
    territory: Territory, sign_in: SignIn
) -> None:
    disclosure = sent(territory)
    _answer, found = acts.accept(rectification=asks(territory), text=CORRECTED, by=territory.camille)
    assert [one.pk for one in found.written_to] == [disclosure.pk]
    lantier = sign_in("lantier")
    for door in ("received", "print_received"):
        shown = text_of(lantier.post(reverse(f"sharing:{door}", args=[disclosure.pk])))
        assert "Rectifié à la demande de la personne" in shown
        assert CORRECTED in shown
        assert "absent le mardi après-midi" in shown
    assert CORRECTED in text_of(sign_in("camille").get(reverse("sharing:sent_one", args=[disclosure.pk])))


def test_its_letter_says_a_reference_and_nothing_of_her(territory: Territory) -> None:
    disclosure = sent(territory)
    acts.accept(rectification=asks(territory), text=CORRECTED, by=territory.camille)
    limits_and_letter = acts.limit(
        case=territory.case,
        item=territory.absences,
        ground="accuracy",
        asked_by=territory.mother,
        text="Tant que ce n’est pas vérifié.",
        by=territory.camille,
    )
    assert limits_and_letter.item == territory.absences
    letters = Outbox.objects.filter(kind__in=["rectified", "limited"], recipient=territory.lantier)
    assert {one.kind for one in letters} == {"rectified", "limited"}
    for one in letters:
        letter = outbox.letter_of(one)
        said = f"{letter.subject}\n{letter.body}"
        assert disclosure.reference in said
        for word in ("Milo", "Duval", "Bertin", "Roussel", "mardi", "séance", "vérifié"):
            assert word not in said


def test_whoever_read_what_is_closed_now_reads_what_was_corrected_and_only_her(
    territory: Territory, sign_in: SignIn
) -> None:
    address, _disclosure = opened(territory)
    limits(territory, territory.absences)
    acts.accept(rectification=asks(territory), text=CORRECTED, by=territory.camille)
    lantier = sign_in("lantier")
    stub = text_of(lantier.get(address))
    assert "partage limité à sa demande" in stub
    assert "Une rectification concerne ce que vous aviez lu" in stub
    assert CORRECTED not in stub
    read = text_of(lantier.post(address))
    assert CORRECTED in read
    assert "absent le mardi après-midi jusqu" not in read
    assert Access.objects.filter(action="disclosure.correction_read", granted=True).count() == 1


def test_what_nobody_opened_says_that_it_was_corrected_and_not_how(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sent(territory)
    limits(territory)
    acts.accept(rectification=asks(territory), text=CORRECTED, by=territory.camille)
    shown = text_of(sign_in("lantier").post(reverse("sharing:received", args=[disclosure.pk])))
    assert "il n’y a rien à corriger chez vous" in shown
    assert CORRECTED not in shown


def test_what_was_recalled_is_told_nothing_more(territory: Territory, sign_in: SignIn) -> None:
    address, disclosure = opened(territory)
    recall(disclosure_id=disclosure.pk, by=territory.camille)
    _answer, found = acts.accept(rectification=asks(territory), text=CORRECTED, by=territory.camille)
    assert found == acts.Reach(written_to=(), to_tell=())
    assert "rectif" not in text_of(sign_in("lantier").post(address)).lower()
    assert not Outbox.objects.filter(kind="rectified").exists()


def test_a_refused_correction_reaches_nobody(territory: Territory, sign_in: SignIn) -> None:
    address, _disclosure = opened(territory)
    rights.refuse_rectification(rectification=asks(territory), text="Constaté trois fois.", by=territory.camille)
    assert "Rectifié" not in text_of(sign_in("lantier").post(address))


def test_a_recipient_who_sees_it_otherwise_is_read_by_the_author_and_nameless_to_the_next(
    territory: Territory, sign_in: SignIn
) -> None:
    address, disclosure = opened(territory)
    page = reverse("sharing:disagree", args=[disclosure.pk, territory.absences.pk])
    lantier = sign_in("lantier")
    assert page in lantier.post(address).content.decode()
    blank = lantier.post(page, {"text": "  "})
    assert blank.status_code == 422
    assert lantier.post(page, {"text": SEEN_OTHERWISE}).status_code == 302
    lantier.post(page, {"text": SEEN_OTHERWISE})
    note = DissentNote.objects.get()
    assert (note.by, note.voice) == (territory.lantier, "professional")
    assert Entry.objects.filter(action="dissent.noted").count() == 1
    assert Outbox.objects.filter(kind="dissent_received", recipient=territory.camille).count() == 1
    assert "vous ·" in text_of(lantier.post(address))
    item = text_of(
        sign_in("camille").get(reverse("cases:item", args=[territory.case.reference, territory.absences.pk]))
    )
    assert SEEN_OTHERWISE in item
    assert "Hélène Lantier" in item
    personas.parents_agree(territory, recipient=territory.perrin)
    later = send(draft_of(territory, recipient=territory.perrin), territory.camille).disclosure
    assert later is not None
    theirs = text_of(sign_in("perrin").post(reverse("sharing:received", args=[later.pk])))
    assert SEEN_OTHERWISE in theirs
    assert "un·e professionnel·le d’une autre institution" in theirs
    assert "Lantier" not in theirs


def test_whoever_received_it_before_reads_no_note_that_nobody_decided_to_pass_on(
    territory: Territory, sign_in: SignIn
) -> None:
    _address, disclosure = opened(territory)
    personas.parents_agree(territory, recipient=territory.perrin)
    other = send(draft_of(territory, recipient=territory.perrin), territory.camille).disclosure
    assert other is not None
    acts.disagree(
        disclosure_id=disclosure.pk,
        item_id=territory.absences.pk,
        text=SEEN_OTHERWISE,
        by=territory.lantier,
    )
    assert SEEN_OTHERWISE not in text_of(sign_in("perrin").post(reverse("sharing:received", args=[other.pk])))


def test_nobody_disagrees_with_what_she_has_not_read_or_may_read_no_more(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sent(territory)
    page = reverse("sharing:disagree", args=[disclosure.pk, territory.absences.pk])
    lantier = sign_in("lantier")
    for _before_and_after in range(2):
        answer = lantier.post(page, {"text": SEEN_OTHERWISE})
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("sharing:received", args=[disclosure.pk])
        lantier.post(answer.headers["Location"])
        if not rights.standing(territory.case.pk).exists():
            limits(territory)
    assert not DissentNote.objects.exists()
    for other in ("perrin", "claire", "leila"):
        assert sign_in(other).post(page, {"text": SEEN_OTHERWISE}).status_code == 404
    elsewhere = reverse("sharing:disagree", args=[disclosure.pk, territory.language.pk])
    assert lantier.post(elsewhere, {"text": SEEN_OTHERWISE}).status_code == 404
