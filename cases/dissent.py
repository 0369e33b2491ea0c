"""« Je vois les choses autrement »: a note of dissent on an item. It is added to, never changed, and goes where the item goes.

Consensus is not truth: disagreement is kept, the person's own included (law.md, P-08; CASF D226-2-7 II).
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.dates import day
from partners.models import Membership
from partners.text import plain

from .files import lock_person
from .models import DissentNote, Item


@transaction.atomic
def note_dissent(*, item: Item, voice: str, text: str, by: Membership, at: datetime | None = None) -> DissentNote:
    """Write down that somebody sees it otherwise, in her words; `by` writes for her where the voice is not her own.

    The same words of the same voice, noted twice by the same hand, are one note. Raises ValueError on a voice that is unknown,
    IntegrityError where nothing is said.
    """
    voice = DissentNote.Voice(voice).value
    lock_person(item.case.person_id)
    text = plain(text)
    same = DissentNote.objects.filter(item=item, voice=voice, text=text, by=by).first()
    if same is not None:
        return same
    at = at or clock.now()
    entry_id = ledger.record(**noted_fields(item, voice=voice, by=by, at=at))
    return DissentNote.objects.create(item=item, voice=voice, text=text, by=by, at=at, entry_id=entry_id)


def noted_fields(item: Item, *, voice: str, by: Membership, at: datetime) -> dict[str, Any]:
    """What the trail says of a note: ids and codes in the body, the item's label in the payload; nothing of what is said."""
    return {
        "action": "dissent.noted",
        "at": at,
        "actor": by.pk,
        "case": item.case_id,
        "refs": {"person": item.case.person_id, "item": item.pk},
        "codes": {"voice": voice, "category": item.category},
        "personal": {"label": item.label},
    }


def on_items(items: Collection[uuid.UUID], *, until: datetime | None = None) -> dict[uuid.UUID, list[DissentNote]]:
    """The notes on these items, the first one first; only those already there at `until`, where one is given. One statement."""
    notes = DissentNote.objects.filter(item__in=items).select_related("by__professional", "by__institution")
    if until is not None:
        notes = notes.filter(at__lte=until)
    found: dict[uuid.UUID, list[DissentNote]] = defaultdict(list)
    for one in notes.order_by("at", "pk"):
        found[one.item_id].append(one)
    return dict(found)


def shown(note: DissentNote, *, within: uuid.UUID | None = None, reader: uuid.UUID | None = None) -> dict[str, str]:
    """What templates/components/dissent.html says of a note.

    `within`: the institution that communicates the item, where a recipient reads it: no recipient learns from a note who the others
    are (law.md, P-22). `reader` finds her own note signed by herself.
    """
    who = f"{note.by.professional.full_name}, {note.by.institution.name}"
    if within is not None and note.by.institution_id != within:
        who = _("vous") if note.by_id == reader else _("un·e professionnel·le d’une autre institution")
    return {"voice": DissentNote.Voice(note.voice).value, "who": who, "on": day(note.at), "text": note.text}
