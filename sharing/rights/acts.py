"""Her rights and a recipient's disagreement, with the letters that they owe: references and links, no name nor content.

A correction is owed to whoever received the item (RGPD 19); a limitation closes what voluntary sharing had opened (RGPD 18); a
recipient who sees it otherwise says so while she may read (law.md, P-08).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from cases import dissent, rights
from cases.files import lock_person
from cases.models import (
    Case,
    DissentNote,
    Item,
    Limitation,
    Rectification,
    RectificationAnswer,
    Representative,
)
from partners import clock
from partners.models import Function, Membership, Reached
from sharing import again, law, reading
from sharing.models import DisclosedItem, Disclosure, Outbox, Recalled, Returned
from sharing.outbox import promise
from sharing.returning.openings import openings

VOLUNTARY = sorted(basis.code for basis in law.BASES if basis.voluntary)


class NotOpen(Exception):
    """She has not read it, or may no longer: there is nothing before her to disagree with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom a correction reaches: in Tact, by a letter; or outside it, by whoever told them."""

    written_to: tuple[Disclosure, ...]
    to_tell: tuple[Disclosure, ...]


def carrying(item: Item) -> QuerySet[Disclosure]:
    """What let this item leave, the first one first; not what came back, or was recalled: it was not for them."""
    mine = {"disclosure": OuterRef("pk")}
    return (
        Disclosure.objects.filter(
            Exists(DisclosedItem.objects.filter(item=item, **mine)),
            ~Exists(Recalled.objects.filter(**mine)),
            ~Exists(Returned.objects.filter(**mine)),
            case=item.case_id,
        )
        .select_related("recipient__professional", "recipient__institution")
        .order_by("released_at")
    )


def reach(item: Item) -> Reach:
    """Whom a correction of this item is owed to. One statement."""
    every = list(carrying(item))
    return Reach(
        written_to=tuple(one for one in every if one.channel == Reached.IN_APP),
        to_tell=tuple(one for one in every if one.channel != Reached.IN_APP),
    )


def _write(kind: str, act: uuid.UUID, disclosures: Iterable[Disclosure], at: datetime) -> None:
    """A letter to each recipient, and to whoever of her service opened it, as long as they work there."""
    for disclosure in disclosures:
        readers = [one.reader for one in openings(disclosure) if one.reader is not None]
        people = {one.pk: one for one in [disclosure.recipient, *readers] if one.in_force_at(at)}
        for who in people.values():
            promise(
                kind=kind,
                key=f"{kind}:{act.hex}:{disclosure.pk.hex}:{who.pk.hex}",
                recipient=who,
                reference=disclosure.reference,
                path=reverse("sharing:received", args=[disclosure.pk]),
            )


# --- rectification -------------------------------------------------------------------------------------------------------------


def answerers(item: Item) -> list[Membership]:
    """Who answers for an item: its depositary; once she is gone, the team leads of her institution."""
    if not rights.gone(item):
        return [item.depositary]
    leads = Membership.objects.in_force().filter(
        institution=item.depositary.institution_id, functions__contains=[Function.TEAM_LEAD], reached_by=Reached.IN_APP
    )
    return list(leads.select_related("professional", "institution"))


@transaction.atomic
def ask(
    *, item: Item, asked_by: Representative | None, text: str, by: Membership, at: datetime | None = None
) -> Rectification:
    """Write down that she asks for a correction, and write to who answers where that is somebody else."""
    asked = rights.request_rectification(item=item, asked_by=asked_by, text=text, by=by, at=at)
    for who in answerers(item):
        if who.pk != by.pk:
            promise(
                kind=Outbox.Kind.RECTIFICATION_WAITING,
                key=f"rectification_waiting:{asked.pk}:{who.pk.hex}",
                recipient=who,
                reference=item.case.reference,
                path=reverse("sharing:rectification", args=[item.case.reference, asked.pk]),
            )
    return asked


@transaction.atomic
def accept(
    *, rectification: Rectification, text: str, by: Membership, at: datetime | None = None
) -> tuple[RectificationAnswer, Reach]:
    """Correct, and tell whoever received the item. Raises `rights.AlreadyAnswered`, `rights.NotHersToAnswer`."""
    answer = rights.accept_rectification(rectification=rectification, text=text, by=by, at=at)
    found = reach(rectification.item)
    _write(Outbox.Kind.RECTIFIED, answer.pk, found.written_to, answer.at)
    return answer, found


# --- limitation ----------------------------------------------------------------------------------------------------------------


def open_under(case: Case, item: Item | None, at: datetime) -> list[Disclosure]:
    """What may be read now and would close: sent on a permission or an agreement, of this item, or of the case."""
    found = Disclosure.objects.filter(case=case, basis__in=VOLUNTARY)
    if item is not None:
        found = found.filter(Exists(DisclosedItem.objects.filter(disclosure=OuterRef("pk"), item=item)))
    rows = list(found.select_related("recipient__professional", "recipient__institution").order_by("released_at"))
    still_open = again.still_open([one.pk for one in rows], at)
    return [one for one in rows if one.pk in still_open]


@transaction.atomic
def limit(
    *,
    case: Case,
    item: Item | None,
    ground: str,
    asked_by: Representative | None,
    text: str,
    by: Membership,
    at: datetime | None = None,
) -> Limitation:
    """Stop the sharing of an item or of the case: views close by themselves, their readers are told."""
    lock_person(case.person_id)
    at = at or clock.now()
    closing = open_under(case, item, at)
    one = rights.limit(case=case, item=item, ground=ground, asked_by=asked_by, text=text, by=by, at=at)
    _write(Outbox.Kind.LIMITED, one.pk, closing, at)
    return one


# --- dissent -------------------------------------------------------------------------------------------------------------------


def received_item(*, disclosure_id: uuid.UUID, item_id: uuid.UUID, by: Membership) -> DisclosedItem:
    """An item of what was addressed to her. Raises `reading.NotReadable`."""
    disclosure = reading.find(disclosure_id=disclosure_id, by=by)
    row = DisclosedItem.objects.filter(disclosure=disclosure, item=item_id).select_related("item__case").first()
    if row is None:
        raise reading.NotReadable
    row.disclosure = disclosure
    return row


def may_disagree(disclosure: Disclosure, at: datetime) -> bool:
    """While she may read what she opened. Once it is closed she keeps her knowledge, and asks for a precision instead."""
    return disclosure.opened_at is not None and not reading.closed_because(disclosure, at)


@transaction.atomic
def disagree(
    *, disclosure_id: uuid.UUID, item_id: uuid.UUID, text: str, by: Membership, at: datetime | None = None
) -> DissentNote:
    """Note that whoever received an item sees it otherwise, and tell its author.

    Kept with the item: its author and her team read who wrote it; those to whom it is communicated afterwards, only that
    somebody of another institution did. Those who had received it before read nothing new: nobody decided to pass it on. Raises
    `reading.NotReadable`, NotOpen.
    """
    row = received_item(disclosure_id=disclosure_id, item_id=item_id, by=by)
    lock_person(row.item.case.person_id)
    row = received_item(disclosure_id=disclosure_id, item_id=item_id, by=by)
    at = at or clock.now()
    if not may_disagree(row.disclosure, at):
        raise NotOpen
    note = dissent.note_dissent(item=row.item, voice=DissentNote.Voice.PROFESSIONAL, text=text, by=by, at=at)
    promise(
        kind=Outbox.Kind.DISSENT_RECEIVED,
        key=f"dissent_received:{note.pk}",
        recipient=row.disclosure.author,
        reference=row.disclosure.reference,
        path=reverse("sharing:sent_one", args=[row.disclosure.pk]),
    )
    return note
