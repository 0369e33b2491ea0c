"""Abuse 11: an opinion holds for exactly what was submitted; once it is edited, nothing leaves on its strength."""

from collections.abc import Callable

import pytest

from cases import dissent
from partners import clock
from sharing import content, service
from sharing.models import Draft, DraftItem
from sharing.reviewing import opinions
from sharing.reviewing.standing import standing_of
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import Kind, answer, awaiting, left, release, submitted
from tests.sharing.ways import seen


def another_benefit(draft: Draft, _territory: Territory) -> None:
    Draft.objects.filter(pk=draft.pk).update(benefit="Autre chose.", saved_at=clock.now())


def another_necessity(draft: Draft, _territory: Territory) -> None:
    DraftItem.objects.filter(draft=draft).update(necessity="Pour information.")


def one_more_item(draft: Draft, territory: Territory) -> None:
    more = personas.write_down(territory.case, territory.camille, label="Cantine", category="besoins_scolaires")
    DraftItem.objects.create(draft=draft, item=more, necessity="Sans cela, rien n’est possible.")


def one_item_less(draft: Draft, territory: Territory) -> None:
    DraftItem.objects.filter(draft=draft, item=territory.absences).delete()


def to_somebody_else(draft: Draft, territory: Territory) -> None:
    Draft.objects.filter(pk=draft.pk).update(recipient=territory.leila, saved_at=clock.now())


def a_note_of_dissent(_draft: Draft, territory: Territory) -> None:
    dissent.note_dissent(item=territory.absences, voice="person", text="Je n’ai rien manqué.", by=territory.camille)


EDITS = [another_benefit, another_necessity, one_more_item, one_item_less, to_somebody_else, a_note_of_dissent]


@pytest.mark.parametrize("edit", EDITS)
def test_abuse_11_whatever_is_edited_nothing_leaves(
    edit: Callable[[Draft, Territory], None], territory: Territory
) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.FAVOURABLE, territory.nadia)
    edit(draft, territory)
    fresh = Draft.objects.select_related("case__person", "recipient__professional", "recipient__institution").get(
        pk=draft.pk
    )
    assert release(fresh, territory.camille).outcome is service.Outcome.AWAITING
    assert left() == 0
    again = type(review).objects.select_related("draft").get(pk=review.pk)
    assert standing_of(again).state == "edited"
    page = personas.signed_in(territory.camille).get(
        f"/situations/{territory.case.reference}/communiquer/{draft.pk}/relire/"
    )
    text = page.content.decode()
    assert "il ne vaut plus" in text
    assert "Demander l’avis" in text


@pytest.mark.parametrize("edit", [another_benefit, a_note_of_dissent])
def test_abuse_11_an_opinion_on_what_was_edited_is_refused(
    edit: Callable[[Draft, Territory], None], territory: Territory
) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    edit(draft, territory)
    with pytest.raises(opinions.Lapsed):
        answer(review, Kind.FAVOURABLE, territory.nadia)
    client = personas.signed_in(territory.nadia)
    page = client.post(f"/controle/avis/{review.pk}/", {"act": "avis", "kind": "favourable", "reason": "", "seen": "0"})
    assert page.status_code == 409
    assert str(review.pk) not in client.get("/controle/").content.decode()


def test_abuse_11_a_note_added_after_the_preview_stops_what_leaves_and_one_added_after_it_left_changes_nothing(
    territory: Territory,
) -> None:
    draft = awaiting(territory)
    a_note_of_dissent(draft, territory)
    review = submitted(territory, draft)
    answer(review, Kind.FAVOURABLE, territory.nadia)
    token = seen(draft, territory.camille)
    dissent.note_dissent(item=territory.absences, voice="representative", text="Deux fois.", by=territory.camille)
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.outcome is service.Outcome.CHANGED
    again = submitted(territory, Draft.objects.select_related("case__person", "recipient").get(pk=draft.pk))
    assert again.pk != review.pk
    answer(again, Kind.FAVOURABLE, territory.nadia)
    assert release(draft, territory.camille).outcome is service.Outcome.RELEASED
    dissent.note_dissent(item=territory.absences, voice="professional", text="Trois fois.", by=territory.camille)
    fresh = type(review).objects.select_related("draft").get(pk=again.pk)
    assert standing_of(fresh).state == "released"


def test_abuse_11_a_digest_from_before_notes_counted_still_covers_what_was_noted_then(territory: Territory) -> None:
    draft = awaiting(territory)
    a_note_of_dissent(draft, territory)
    review = submitted(territory, draft)
    now = content.of(draft, service.chosen_of(draft))
    assert review.digest == now.digest != now.unnoted
    review.digest = now.unnoted  # as it was written down then
    assert standing_of(review).state == "waiting"
    dissent.note_dissent(item=territory.absences, voice="representative", text="Deux fois.", by=territory.camille)
    assert standing_of(review).state == "edited"
