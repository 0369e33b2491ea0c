"""What binds somebody to secrecy is seen proven by somebody else of her institution, before any case is opened to her."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Membership, SecrecyCheck
from partners.tending import NotTended, SamePerson, TooLate, held, said, tends

CHECKING = (Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO)
"""The functions that look at a proof."""
SEEN_MOST = 200


def checkers(membership: Membership) -> list[Membership]:
    """Who of her institution may look at her proof: never herself, under whatever post."""
    at_work = Membership.objects.in_force().filter(
        institution=membership.institution_id, functions__overlap=list(CHECKING)
    )
    return list(at_work.exclude(professional=membership.professional_id).select_related("professional"))


def may_check(by: Membership, membership: Membership) -> bool:
    """Whether she may look at the proof of this post."""
    return tends(by, membership.institution_id, functions=CHECKING) and by.professional_id != membership.professional_id


@transaction.atomic
def check(
    *, membership: Membership, seen: str, proven: bool, by: Membership, at: datetime | None = None
) -> SecrecyCheck:
    """Say what was seen of the proof of her status, and whether it proves it. Raises NotTended, SamePerson, TooLate, DirectoryError."""
    held(membership.institution_id)
    if by.professional_id == membership.professional_id:
        raise SamePerson
    if not may_check(by, membership):
        raise NotTended
    one = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    at = at or clock.now()
    if one.ends_at is not None and one.ends_at <= at:
        raise TooLate
    seen = said(seen, _("Dites ce que vous avez vu : « carte professionnelle », « arrêté du 3 mars »."), most=SEEN_MOST)
    row = SecrecyCheck(
        membership=one,
        holder_id=one.professional_id,
        status=one.secrecy_status,
        proof=one.secrecy_proof,
        seen=seen,
        proven=proven,
        checked_by=by,
        checker_id=by.professional_id,
        checked_at=at,
    )
    entry: dict[str, Any] = {
        "action": "secrecy.checked" if proven else "secrecy.refused",
        "at": at,
        "actor": by.pk,
        "refs": {"membership": one.pk, "institution": one.institution_id},
        "codes": {"secrecy": one.secrecy_status},
        "personal": {"proof": one.secrecy_proof, "seen": seen},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    one.secrecy_verified_on = clock.day_of(at) if proven else None
    one.save(update_fields=["secrecy_verified_on"])
    return row
