"""« Ce n’est pas pour moi », and the author's recall: each closes at once, whatever else may be true.

Both hold the communication itself, as reading does: whoever reads after one of them finds the stub.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from audit import ledger
from partners import clock
from partners.models import Function, Membership, Reached
from partners.text import plain
from sharing import reading, states
from sharing.graphs import DISCLOSURE
from sharing.incidents.acts import open_incident
from sharing.models import Disclosure, Incident, Outbox, Recalled, Returned
from sharing.outbox import promise
from sharing.returning.openings import openings

LONGEST = 600
RETURNED, RECALLED = "disclosure.returned", "disclosure.recalled"
AROUND = (
    "case__person",
    "author__professional",
    "author__institution",
    "recipient__professional",
    "recipient__institution",
)


class NotHers(Exception):
    """No communication by that id that this membership may recall: answered like a page that does not exist."""


def recallable(by: Membership) -> QuerySet[Disclosure]:
    """What she sent herself, even from a case that she no longer follows; what her institution sent, where she leads a team.

    Its labels: nothing here opens what it says.
    """
    if not Membership.objects.in_force().filter(pk=by.pk).exists():
        return Disclosure.objects.none()
    hers = Q(author=by)
    if by.has_function(Function.TEAM_LEAD):
        hers |= Q(author__institution=by.institution_id)
    return Disclosure.objects.filter(hers)


def find_recallable(*, disclosure_id: uuid.UUID, by: Membership) -> Disclosure:
    """One that she may recall. Raises NotHers."""
    found = recallable(by).select_related(*AROUND).filter(pk=disclosure_id).first()
    if found is None:
        raise NotHers
    return found


def _held(disclosure: Disclosure) -> None:
    Disclosure.objects.select_for_update(no_key=True).get(pk=disclosure.pk)


def entry_fields(
    disclosure: Disclosure, action: str, *, by: Membership, at: datetime, reason: str, **codes: Any
) -> dict[str, Any]:
    """What the trail says of a return or a recall: ids and codes in the body; who, the reference and the word in the payload."""
    return {
        "action": action,
        "at": at,
        "actor": by.pk,
        "case": disclosure.case_id,
        "refs": {
            "disclosure": disclosure.pk,
            "person": disclosure.case.person_id,
            "recipient": disclosure.recipient_id,
        },
        "codes": {"purpose": disclosure.purpose, **codes},
        "personal": {"who": str(by), "reference": disclosure.reference, "reason": reason},
    }


@transaction.atomic
def send_back(*, disclosure_id: uuid.UUID, by: Membership, reason: str = "", at: datetime | None = None) -> Returned:
    """« Ce n’est pas pour moi »: closed at once for the whole service, the sender told, an incident opened with its clock.

    Twice is once. Raises NotReadable where it was not addressed to her, NotFromHere where it is already closed.
    """
    _held(reading.find(disclosure_id=disclosure_id, by=by))
    disclosure = reading.find(disclosure_id=disclosure_id, by=by)
    known = Returned.objects.filter(disclosure=disclosure).first()
    if known is not None:
        return known
    state = states.state_of(disclosure)
    DISCLOSURE.after(state, "return")
    at, reason = at or clock.now(), plain(reason)[:LONGEST]
    entry = ledger.record(**entry_fields(disclosure, RETURNED, by=by, at=at, reason=reason, state=state))
    returned = Returned.objects.create(disclosure=disclosure, by=by, at=at, reason=reason, entry_id=entry)
    promise(
        kind=Outbox.Kind.DISCLOSURE_RETURNED,
        key=f"disclosure_returned:{disclosure.pk}",
        recipient=disclosure.author,
        reference=disclosure.reference,
        path=reverse("sharing:recall", args=[disclosure.pk]),
    )
    _wrong_recipient(disclosure, by=by, at=at, note=reason)
    return returned


def _wrong_recipient(disclosure: Disclosure, *, by: Membership, at: datetime, note: str) -> Incident:
    return open_incident(
        kind=Incident.Kind.WRONG_RECIPIENT,
        institution=disclosure.author.institution,
        disclosure=disclosure,
        case=disclosure.case,
        by=by,
        at=at,
        note=note,
    )


@transaction.atomic
def recall(
    *,
    disclosure_id: uuid.UUID,
    by: Membership,
    reason: str = "",
    wrong_recipient: bool = False,
    at: datetime | None = None,
) -> Recalled:
    """Take back what was sent, at any time and whatever its state; nothing is asked but who she is (traps.md).

    `wrong_recipient`: it reached somebody for whom it was not: an incident is opened too. Those who received or opened it are
    told; what was read stays known. Twice is once. Raises NotHers.
    """
    _held(find_recallable(disclosure_id=disclosure_id, by=by))
    disclosure = find_recallable(disclosure_id=disclosure_id, by=by)
    known = Recalled.objects.filter(disclosure=disclosure).first()
    if known is not None:
        return known
    state = states.state_of(disclosure)
    DISCLOSURE.after(state, "recall")
    at, reason = at or clock.now(), plain(reason)[:LONGEST]
    said = {"state": state, "wrong_recipient": wrong_recipient}
    entry = ledger.record(**entry_fields(disclosure, RECALLED, by=by, at=at, reason=reason, **said))
    recalled = Recalled.objects.create(disclosure=disclosure, by=by, at=at, reason=reason, entry_id=entry)
    _tell(disclosure, by=by, at=at)
    if wrong_recipient:
        _wrong_recipient(disclosure, by=by, at=at, note=reason)
    return recalled


def _tell(disclosure: Disclosure, *, by: Membership, at: datetime) -> None:
    """A letter to the recipient and to whoever of her service opened it, as long as they work there; one to the author."""
    if disclosure.channel == Reached.IN_APP:
        readers = [one.reader for one in openings(disclosure) if one.reader is not None]
        for one in {
            reader.pk: reader for reader in [disclosure.recipient, *readers] if reader.in_force_at(at)
        }.values():
            promise(
                kind=Outbox.Kind.DISCLOSURE_RECALLED,
                key=f"disclosure_recalled:{disclosure.pk}:{one.pk}",
                recipient=one,
                reference=disclosure.reference,
                path=reverse("sharing:received", args=[disclosure.pk]),
            )
    if disclosure.author_id != by.pk:
        promise(
            kind=Outbox.Kind.RECALLED_BY_LEAD,
            key=f"recalled_by_lead:{disclosure.pk}",
            recipient=disclosure.author,
            reference=disclosure.reference,
            path=reverse("sharing:recall", args=[disclosure.pk]),
        )
