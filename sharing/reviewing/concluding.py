"""Conclude afterwards on what left: justified, not justified, or to be investigated, which opens an incident for the DPO."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Membership
from partners.text import plain
from sharing.incidents.acts import open_incident
from sharing.models import Conclusion, Disclosure, Incident, Outbox
from sharing.outbox import promise
from sharing.reviewing.examined import Examined, around, concluded_by, examinations

Kind = Conclusion.Kind
INCIDENTS = {
    Kind.UNJUSTIFIED: Incident.Kind.UNJUSTIFIED,
    Kind.TO_INVESTIGATE: Incident.Kind.TO_INVESTIGATE,
}


class NotHers(Exception):
    """No communication by that id on which she may conclude: answered like a page that does not exist."""


class AlreadyConcluded(Exception):
    """Somebody was first; `examined` says what was concluded."""

    def __init__(self, examined: Examined) -> None:
        super().__init__(examined.disclosure.reference)
        self.examined = examined


class ConclusionError(ValueError):
    """It cannot be recorded so; the message says what to do, in the user's language."""


def find(*, disclosure_id: uuid.UUID, by: Membership) -> Examined:
    """What she may conclude on, concluded or not. Raises NotHers."""
    disclosure = around(concluded_by(by).filter(pk=disclosure_id)).select_related("record").first()
    if disclosure is None:
        raise NotHers
    return examinations([disclosure])[0]


def entry_fields(conclusion: Conclusion, *, drawn: bool) -> dict[str, Any]:
    """What the trail says of a conclusion: ids and codes in the body; who, why and the reference in the payload."""
    disclosure, by = conclusion.disclosure, conclusion.by
    return {
        "action": "review.concluded",
        "at": conclusion.at,
        "actor": by.pk,
        "case": disclosure.case_id,
        "refs": {"disclosure": disclosure.pk, "decision": disclosure.record_id},
        "codes": {"conclusion": conclusion.kind, "drawn": drawn, "number": conclusion.number},
        "personal": {
            "reviewer": by.professional.full_name,
            "reason": conclusion.reason,
            "reference": disclosure.reference,
        },
    }


@transaction.atomic
def conclude(
    *, disclosure_id: uuid.UUID, kind: str, reason: str, seen: int, by: Membership, at: datetime | None = None
) -> Conclusion:
    """Conclude, always with a reason; the duty is then discharged. `seen`: how many conclusions she had read.

    Not justified, or to be investigated: an incident opens in the author's institution, with its clock, and the author is told.
    Raises NotHers, AlreadyConcluded, ConclusionError.
    """
    find(disclosure_id=disclosure_id, by=by)
    Disclosure.objects.select_for_update(no_key=True, of=("self",)).get(pk=disclosure_id)
    examined = find(disclosure_id=disclosure_id, by=by)
    if not examined.waits or len(examined.conclusions) != seen:
        raise AlreadyConcluded(examined)
    said = plain(reason)
    if not said:
        raise ConclusionError(_("Dites pourquoi, en une phrase : c’est votre conclusion."))
    disclosure, at = examined.disclosure, at or clock.now()
    conclusion = Conclusion(
        disclosure=disclosure,
        number=seen + 1,
        kind=kind,
        reason=said,
        by=by,
        reviewer_id=by.professional_id,
        writer_id=disclosure.author.professional_id,
        at=at,
    )
    conclusion.entry_id = ledger.record(**entry_fields(conclusion, drawn=examined.drawn))
    conclusion.save(force_insert=True)
    incident = INCIDENTS.get(Kind(kind))
    if incident is not None:
        open_incident(
            kind=incident,
            institution=disclosure.author.institution,
            disclosure=disclosure,
            case=disclosure.case,
            by=by,
            at=at,
            note=said,
        )
        promise(
            kind=Outbox.Kind.REVIEW_CONCLUDED,
            key=f"review_concluded:{conclusion.pk}",
            recipient=disclosure.author,
            reference=disclosure.reference,
            path=reverse("sharing:sent_one", args=[disclosure.pk]),
        )
    return conclusion
