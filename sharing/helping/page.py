"""The help as the composition and the check page show it: notes beside their field, and a short list before sending."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Item
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import second_look
from sharing.helping import gathering, looking, wording
from sharing.helping.reasons import REASONS
from sharing.helping.seen import Note, Seen
from sharing.models import Draft, DraftItem
from sharing.outcome import ALLOW, Decision

AREAS = ("benefit", "recipient", "items", "word")
# Where each note sends whoever reads the list of the check page, on the composition.
ANCHORS = {"benefit": "id_benefit", "recipient": "recipient", "items": "items-title", "word": "person-word"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What there is to look at in a draft, now."""

    draft: Draft
    seen: Seen
    notes: tuple[Note, ...]
    at: datetime

    def areas(self) -> dict[str, Any]:
        """The notes of each place of the form, under the id that the live verdict swaps; an empty one waits for its notes."""
        need = {one.ref: self._area("need", one.ref) for one in self.seen.items}
        return {place: self._area(place) for place in AREAS} | {"need": need}

    def _area(self, place: str, ref: str = "") -> dict[str, Any]:
        shown = [self._line(one) for one in self.notes if one.place == place and (not ref or one.ref == ref)]
        return {"id": f"help-{place}-{ref}" if ref else f"help-{place}", "notes": shown}

    def _line(self, note: Note) -> dict[str, str]:
        action, label = wording.action_of(note)
        if action == wording.TO_HER_WORDS and not (self.draft.purpose and self.draft.recipient_id):
            action = ""  # her word is recorded for a recipient and a purpose
        who = self.draft.case.person.short_name
        return {
            "text": wording.text_of(note, who=who, recipient=self.seen.recipient),
            "answer": wording.answer_of(note),
            "action": action,
            "action_label": label if action else "",
        }

    def beside(self, shown: dict[str, Any]) -> dict[str, Any]:
        """The panel, without the questions that the form asks beside its fields; its announced line counts what to look at."""
        here = {f"answer-{one.circumstance}" for one in REASONS.arguments.values()}
        changed: dict[str, Any] = {"questions": [one for one in shown.get("questions", ()) if one["name"] not in here]}
        if self.notes:
            changed["summary"] = f"{shown['word']}. {wording.to_look_at(len(self.notes))}"
        return shown | changed

    def arguments(self) -> dict[str, Any]:
        """The weak arguments, to tick where one of them weighs; ticked, the decision takes them into account."""
        words = vocabulary().weak_arguments
        choices = [
            {
                "id": f"argument-{code}",
                "name": f"answer-{argument.circumstance}",
                "label": _(words[code].label),
                "checked": argument.circumstance in self.seen.circumstances,
            }
            for code, argument in REASONS.arguments.items()
        ]
        return {"choices": choices, "open": any(one["checked"] for one in choices)}

    def before_sending(self, decision: Decision) -> dict[str, Any]:
        """« À regarder avant d’envoyer »: each note with its place on the form; and « Relire demain », where it makes sense."""
        labels = {one.ref: one.label for one in self.seen.items}
        offered = looking.deserves_another_look(self.seen) and decision.verdict == ALLOW
        return {
            "before_sending": [
                self._line(note) | {"about": labels.get(note.ref, ""), "anchor": _anchor(note)} for note in self.notes
            ],
            "another_look": second_look.another_look(self.draft, offered=offered, at=self.at),
            "compose_url": reverse("sharing:compose", args=[self.draft.case.reference, self.draft.pk]),
        }


def _anchor(note: Note) -> str:
    return f"{note.place}-{note.ref}" if note.place in ("item", "need") else ANCHORS.get(note.place, "")


def help_with(
    *,
    draft: Draft,
    by: Membership,
    known: Iterable[tuple[Item, str]],
    rows: Iterable[DraftItem],
    decision: Decision | None,
    at: datetime,
) -> Help:
    """Look at a draft. ``known``: the items of the case with what they say (`gathering.known_items`)."""
    seen = gathering.seen(draft=draft, by=by, known=list(known), rows=list(rows), decision=decision, at=at)
    return Help(draft=draft, seen=seen, notes=looking.notes(seen), at=at)


def no_need_help(item: Item) -> dict[str, Any]:
    """The place that waits for notes, beside an item that is not chosen yet."""
    return {"id": f"help-need-{item.pk}", "notes": []}


def item_notes(known: Iterable[tuple[Item, str]], *, today: date) -> Mapping[uuid.UUID, list[dict[str, str]]]:
    """For every item of the case, chosen or not: is it still true, would an extract do, is it a fact?"""
    return {
        item.pk: [_item_note(note) for note in looking.of_item(gathering.chosen_of(item, text), today)]
        for item, text in known
    }


def _item_note(note: Note) -> dict[str, str]:
    action, label = wording.action_of(note)
    return {"text": wording.text_of(note, who="", recipient=""), "action": action, "action_label": label}


def her_word_url(draft: Draft) -> str:
    """Where what she answers is recorded, for this recipient and this purpose; back here afterwards."""
    back = reverse("sharing:compose", args=[draft.case.reference, draft.pk])
    url = reverse("consent:new", args=[draft.case.reference])
    return f"{url}?recipient={draft.recipient_id}&purpose={draft.purpose}&next={back}"


def advice_url(draft: Draft) -> str:
    """Where a peer is asked for advice, without the name (P-10)."""
    return f"{reverse('sharing:consultation_new')}?{urlencode({'situation': draft.case.reference})}"
