"""What the recipient does: open, which decides again, and acknowledge."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit import ledger
from cases import dissent, rights
from cases.models import DissentNote, ItemContent, RectificationAnswer
from partners import clock
from partners.models import Membership, Reached
from sharing import again, anchors
from sharing.incidents import volume
from sharing.models import DisclosedItem, Disclosure, Recalled, Returned
from sharing.states import ENDED, GIVEN, RECALLED, RETURNED, state_of

# What the reader is told first, where several reasons close a disclosure.
TOLD_FIRST = ("consent_withdrawn", "person_objects", "limited", "agreement_expired")


class NotReadable(Exception):
    """No disclosure by that reference that this reader may read: answered like a page that does not exist."""


class Closed(Exception):
    """It was returned or recalled meanwhile: there is nothing left to acknowledge."""


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item with what it says, for the one page that may show it."""

    row: DisclosedItem
    text: str
    dissents: tuple[DissentNote, ...] = ()
    corrections: tuple[RectificationAnswer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A disclosure as it may be read now: its items, or a stub with the reason for which they are closed.

    `corrections`: of a stub, what was corrected since of what was read here; for who opened it only.
    """

    disclosure: Disclosure
    items: tuple[ReadItem, ...] = ()
    closed: str = ""
    corrections: tuple[RectificationAnswer, ...] = ()


def closed_because(disclosure: Disclosure, at: datetime) -> str:
    """Why it is closed: `recalled`, `returned`, `given` (never read here), `ended` at its term, a reason code; "" where it is open.

    What somebody did closes at once, before any other question.
    """
    if Recalled.objects.filter(disclosure=disclosure).exists():
        return RECALLED
    if Returned.objects.filter(disclosure=disclosure).exists():
        return RETURNED
    if disclosure.channel != Reached.IN_APP:
        return GIVEN
    if disclosure.access_until is not None and at >= disclosure.access_until:
        return ENDED
    return again.decided([again.left(disclosure)], at)[disclosure.record_id].closed


def with_content(disclosure: Disclosure, reader: Membership | None = None) -> tuple[ReadItem, ...]:
    """The items that left, each with its text, what was corrected of it since, and the dissent that stood when it left.

    In the order in which they were chosen. A `reader` finds what she noted herself since; nobody decided to pass on the other
    notes (P-01), while a correction is owed to whoever received the item (RGPD 19).
    """
    rows = list(DisclosedItem.objects.filter(disclosure=disclosure).select_related("item").order_by("pk"))
    items = [row.item_id for row in rows]
    texts = dict(ItemContent.objects.filter(item__in=items).values_list("item", "text"))
    notes = dissent.on_items(items)
    corrections = rights.annotations(items)

    def went(note: DissentNote) -> bool:
        return note.at <= disclosure.released_at or (reader is not None and note.by_id == reader.pk)

    return tuple(
        ReadItem(
            row=row,
            text=texts[row.item_id],
            dissents=tuple(note for note in notes.get(row.item_id, ()) if went(note)),
            corrections=tuple(corrections.get(row.item_id, ())),
        )
        for row in rows
    )


# What was returned, or recalled, was not for her: nothing more is told of it there.
NOT_HERS = (RETURNED, RECALLED, GIVEN)


def corrections_of(disclosure: Disclosure, closed: str) -> tuple[RectificationAnswer, ...]:
    """What was corrected of what is closed for this reason; nothing where it was not for her. One statement."""
    if closed in NOT_HERS:
        return ()
    items = DisclosedItem.objects.filter(disclosure=disclosure).values("item")
    answers = RectificationAnswer.objects.filter(accepted=True, rectification__item__in=items)
    return tuple(answers.select_related("rectification__item", "by__professional", "by__institution").order_by("at"))


def _received(disclosure_id: uuid.UUID, by: Membership) -> Disclosure:
    found = (
        Disclosure.objects.received_by(by)
        .filter(pk=disclosure_id)
        .select_related(
            "record",
            "case",
            "author__professional",
            "author__institution",
            "recipient__professional",
            "recipient__institution",
        )
        .first()
    )
    if found is None or not Membership.objects.in_force().filter(pk=by.pk).exists():
        raise NotReadable
    return found


def find(*, disclosure_id: uuid.UUID, by: Membership) -> Disclosure:
    """A disclosure addressed to this membership, without its content. Raises NotReadable."""
    return _received(disclosure_id, by)


@transaction.atomic
def open_disclosure(*, disclosure_id: uuid.UUID, by: Membership, at: datetime | None = None) -> Reading:
    """Read what was received: decided again under the same locks as a disclosure, and traced every time.

    Where it may no longer be read, a stub without content; that opening is traced too. Raises NotReadable.
    """
    disclosure = _received(disclosure_id, by)
    held = anchors.hold(
        person=disclosure.case.person_id, sender=disclosure.author_id, recipient=disclosure.recipient_id
    )
    # Looked up again under the locks, its own included: whoever it is for may have left, or opened it, meanwhile.
    Disclosure.objects.select_for_update(no_key=True).get(pk=disclosure.pk)
    disclosure = _received(disclosure_id, by)
    disclosure.case.person = held
    at = at or clock.now()
    closed = closed_because(disclosure, at)
    # She keeps in mind what she read: what was corrected of it is hers to know, whatever closed it (RGPD 19).
    corrections = corrections_of(disclosure, closed) if closed and disclosure.opened_at is not None else ()
    ledger.note_access(
        action="disclosure.stub_shown" if closed else "disclosure.opened",
        object_type="disclosure",
        object_ref=str(disclosure.pk),
        granted=not closed,
        professional=by.professional_id,
        membership=by.pk,
        case=disclosure.case_id,
    )
    if corrections:
        _note_correction(disclosure, by)
    if closed:
        return Reading(disclosure=disclosure, closed=closed, corrections=corrections)
    if disclosure.opened_at is None:
        ledger.record(
            action="disclosure.opened",
            at=at,
            actor=by.pk,
            case=disclosure.case_id,
            refs={"disclosure": disclosure.pk, "person": disclosure.case.person_id},
            codes={"purpose": disclosure.purpose},
            personal={"reader": str(by), "reference": disclosure.reference},
        )
        disclosure.opened_at = at
        disclosure.save(update_fields=["opened_at"])
    volume.watch(reader=by, at=at)
    return Reading(disclosure=disclosure, items=with_content(disclosure, by))


def _note_correction(disclosure: Disclosure, by: Membership) -> None:
    ledger.note_access(
        action="disclosure.correction_read",
        object_type="disclosure",
        object_ref=str(disclosure.pk),
        granted=True,
        professional=by.professional_id,
        membership=by.pk,
        case=disclosure.case_id,
    )


@transaction.atomic
def acknowledge(*, disclosure_id: uuid.UUID, by: Membership, at: datetime | None = None) -> Disclosure:
    """Say that it was received and read; only after opening it, once. Raises NotReadable, or Closed once taken back."""
    disclosure = _received(disclosure_id, by)
    held = Disclosure.objects.select_for_update(no_key=True).get(pk=disclosure.pk)
    if held.opened_at is None:
        raise NotReadable
    if held.acknowledged_at is None and state_of(held) in (RECALLED, RETURNED):
        raise Closed
    if held.acknowledged_at is None:
        at = at or clock.now()
        ledger.record(
            action="disclosure.acknowledged",
            at=at,
            actor=by.pk,
            case=held.case_id,
            refs={"disclosure": held.pk},
            personal={"reader": str(by), "reference": held.reference},
        )
        held.acknowledged_at = at
        held.save(update_fields=["acknowledged_at"])
    return held
