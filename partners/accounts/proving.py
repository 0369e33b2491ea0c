"""The proof of a secrecy status, seen by another human of the institution: before it, the status binds nobody and opens no case.

A status without a checked proof binds nobody (law.md, part 2): `Membership.proven_status`. Before the first case, it opens
nothing either: `cases.access` and `Case.objects.visible_to` ask.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Membership, SecrecyCheck, SecrecyStatus
from partners.tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate, held, said, tends

from .posts import PROOF_MOST, binds

CHECKING = (*TENDING, Function.DPO)
"""Who may look at a proof, for her own institution."""


def checkers(membership: Membership) -> list[Membership]:
    """Whom to show one's proof to: those of the institution who may look at it, never oneself, under whatever post."""
    found = (
        Membership.objects.in_force()
        .filter(institution=membership.institution_id, functions__overlap=list(CHECKING))
        .exclude(professional=membership.professional_id)
    )
    return list(found.select_related("professional").order_by("professional__last_name", "pk"))


@transaction.atomic
def check(
    *,
    membership: Membership,
    status: str,
    proof: str,
    seen: str,
    proven: bool,
    by: Membership,
    at: datetime | None = None,
) -> SecrecyCheck:
    """Say what one saw of somebody's proof, and whether it proves this status; her post keeps what was proven.

    Not proven: her status binds nobody, and what it opened closes at the next request. Raises NotTended, SamePerson, TooLate
    where she left, DirectoryError.
    """
    held(membership.institution_id)
    if by.professional_id == membership.professional_id:
        raise SamePerson
    if not tends(by, membership.institution_id, functions=CHECKING):
        raise NotTended
    one = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if not Membership.objects.in_force().filter(pk=one.pk).exists():
        raise TooLate
    if status not in SecrecyStatus.values:
        raise DirectoryError(_("Choisissez dans la liste ce qui lie cette personne au secret."))
    seen = said(seen, _("Dites ce que vous avez vu : une carte, un arrêté, un contrat."), most=PROOF_MOST)
    if proven and binds(status):
        proof = said(proof, _("Dites sur quel texte ou quel acte repose ce statut."), most=PROOF_MOST)
    at = at or clock.now()
    row = SecrecyCheck(
        membership=one,
        holder_id=one.professional_id,
        status=status,
        proof=" ".join(proof.split())[:PROOF_MOST],
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
        "codes": {"status": status},
        "personal": {"proof": row.proof, "seen": seen},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    if proven:
        one.secrecy_status, one.secrecy_proof, one.secrecy_verified_on = status, row.proof, clock.day_of(at)
    else:
        one.secrecy_verified_on = None
    one.save(update_fields=["secrecy_status", "secrecy_proof", "secrecy_verified_on"])
    return row
