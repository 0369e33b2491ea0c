"""From an address to a communication: what is addressed to her, what left from her cases; or the same 404, noted, as for nothing.

Pages and the API come through here.
"""

import uuid
from typing import Any, NoReturn

from django.http import Http404

from audit import ledger
from partners.models import Membership
from sharing import reading, states
from sharing.models import Disclosure
from sharing.returning import acts

AROUND = (
    "case__person",
    "record__edition",
    "author__professional",
    "author__institution",
    "recipient__professional",
    "recipient__institution",
)


def note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, action: str, *, granted: bool) -> None:
    """Note in the access log that she opened this communication, or was refused it."""
    ledger.note_access(
        action=action,
        object_type="disclosure",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


def refuse_received(pk: uuid.UUID, by: Membership) -> NoReturn:
    """The same 404, the attempt noted with the same work, whether or not it exists (abuse 1, 29)."""
    note(by, pk, _case_of(pk), "disclosure.refused_to_reader", granted=False)
    raise Http404


def _case_of(pk: uuid.UUID) -> uuid.UUID | None:
    return Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first()


def received_or_404(pk: uuid.UUID, by: Membership) -> Disclosure:
    """A communication addressed to her, without what it says. Raises Http404, noted, otherwise."""
    try:
        return reading.find(disclosure_id=pk, by=by)
    except reading.NotReadable:
        refuse_received(pk, by)


def opened_or_404(pk: uuid.UUID, by: Membership) -> reading.Reading:
    """What was received, read now: decided again and traced. Raises Http404, noted, where it was not addressed to her."""
    try:
        return reading.open_disclosure(disclosure_id=pk, by=by)
    except reading.NotReadable:
        refuse_received(pk, by)


def sent_or_404(pk: uuid.UUID, by: Membership) -> Any:
    """What left from a case that she may open, with where it stands (`states.with_state`). Raises Http404, noted, otherwise."""
    found = states.with_state(Disclosure.objects.sent_from(by).filter(pk=pk).select_related(*AROUND)).first()
    case = found.case_id if found is not None else _case_of(pk)
    note(by, pk, case, "disclosure.seen_by_sender", granted=found is not None)
    if found is None:
        raise Http404
    return found


def recallable_or_404(pk: uuid.UUID, by: Membership) -> Disclosure:
    """What she may recall, by its labels. Raises Http404, noted, otherwise."""
    try:
        return acts.find_recallable(disclosure_id=pk, by=by)
    except acts.NotHers:
        note(by, pk, _case_of(pk), "disclosure.recall_opened", granted=False)
        raise Http404 from None
