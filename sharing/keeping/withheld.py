"""Not sharing, as a decision: recorded with its reason, shown with the situation, and respected. Nobody is reminded of it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import ledger
from cases.models import Case
from partners import clock
from partners.graph import NotFromHere
from partners.models import Membership
from partners.text import plain
from sharing import anchors
from sharing.asking import answering
from sharing.models import Draft, InformationRequest, NotShared
from sharing.service import CaseNotOpen

PRESSED_TWICE = timedelta(minutes=5)
# Short, and none of them says anything of the partner (law.md, P-18).
REASONS: dict[str, Any] = {
    "her_wish": gettext_lazy("Elle ne le souhaite pas"),
    "herself": gettext_lazy("Elle le dira elle-même"),
    "not_needed": gettext_lazy("Ce n’est pas nécessaire pour ce qu’il y a à décider"),
    "not_mine": gettext_lazy("Ce n’est pas à moi de le dire"),
    "not_sure": gettext_lazy("Je n’en suis pas assez sûr·e"),
    "too_early": gettext_lazy("C’est trop tôt : je prends le temps"),
    "harm": gettext_lazy("Cela pourrait lui nuire"),
    "other": gettext_lazy("Une autre raison"),
}


class WithholdingError(ValueError):
    """The decision cannot be recorded; the message says what to do, in the user's language."""


def case_of(request: InformationRequest, by: Membership) -> Case | None:
    """Her own situation of that person, where the decision on a request is kept.

    None where she follows none, and where whoever asks may open it too: the reason would be read there.
    """
    case = answering.case_for(request, by)
    if case is None or Case.objects.visible_to(request.asker).filter(pk=case.pk).exists():
        return None
    return case


def _say_no(request: InformationRequest, *, by: Membership, at: datetime) -> None:
    """« Non », and never why. Somebody who answered first has answered."""
    try:
        answering.decline(request_id=request.pk, by=by, at=at)
    except NotFromHere:
        return


@transaction.atomic
def withhold(
    *,
    case: Case,
    code: str,
    reason: str,
    recipient: Membership | None = None,
    purpose: str = "",
    request: InformationRequest | None = None,
    draft: Draft | None = None,
    by: Membership,
    at: datetime | None = None,
) -> NotShared:
    """Record that one decides not to share. A draft is put away with it; pressed twice, it is recorded once.

    A request that still waits is answered « non » with it, and whoever asked learns that alone; one that somebody answered first
    keeps its answer. Raises CaseNotOpen, WithholdingError, NotAsked where the request is not hers to answer from this case.
    """
    if draft is not None:
        draft = (
            Draft.objects.select_for_update(no_key=True, of=("self",)).filter(pk=draft.pk, author=by, case=case).first()
        )
    # The case, then the assignment: whoever ends an assignment takes them in this order.
    Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    if not anchors.hold_assignment(case=case.pk, membership=by.pk):
        raise CaseNotOpen
    if request is not None and case_of(request, by) != case:
        raise answering.NotAsked
    reason = plain(reason)
    if code not in REASONS:
        raise WithholdingError(_("Choisissez une raison dans la liste."))
    if not reason:
        raise WithholdingError(_("Dites pourquoi en une phrase : elle reste dans la situation."))
    if draft is not None and draft.sent_at is not None:
        raise WithholdingError(_("Ce brouillon est déjà parti. Rien n’a été ajouté."))
    at = at or clock.now()
    told = {
        "case": case,
        "code": code,
        "reason": reason,
        "recipient": recipient,
        "purpose": purpose,
        "request": request,
        "draft": draft,
        "by": by,
    }
    known = NotShared.objects.filter(at__gt=at - PRESSED_TWICE, **told).first()
    if known is not None:
        return known
    entry = ledger.record(
        action="disclosure.withheld",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id}
        | ({"recipient": recipient.pk} if recipient else {})
        | ({"request": request.pk} if request else {}),
        codes={"reason": code, "purpose": purpose},
        personal={"reason": reason, "recipient": str(recipient) if recipient else ""},
    )
    if draft is not None:
        draft.discarded_at = at
        draft.save(update_fields=["discarded_at"])
    if request is not None:
        _say_no(request, by=by, at=at)
    return NotShared.objects.create(at=at, entry_id=entry, **told)
