"""Hand over what somebody who leaves followed: her situations and her drafts, each by a dated act, or closed (abuse 32)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from cases import access
from cases.models import Assignment
from partners import clock
from partners.models import Membership
from partners.tending import DirectoryError, NotTended, TooLate, said, tends
from sharing.models import Draft, DraftItem, InformationRequest


def may_hand_over(by: Membership, leaver: Membership) -> bool:
    """Whether she decides who takes over from this colleague: she tends their institution, and it is not herself."""
    return leaver.professional_id != by.professional_id and tends(by, leaver.institution_id)


@transaction.atomic
def hand_over(
    *, assignment: Assignment, to: Membership | None, why: str, by: Membership, at: datetime | None = None
) -> Assignment:
    """Let `to` follow this situation in her stead, with her drafts; or, `to` being None, end her following and give her drafts up.

    Raises NotTended, TooLate where she no longer follows it or is not leaving, DirectoryError; LastToFollow and SecrecyNotProven
    (`cases.access`) where the situation would be left to nobody by who leads no team, or go to somebody whose proof nobody saw.
    """
    leaver = assignment.membership
    if not may_hand_over(by, leaver):
        raise NotTended
    why = said(why, _("Dites pourquoi, en une phrase : le journal la garde."))
    # Drafts, then the case: whoever sends or puts away takes them in this order.
    drafts = list(
        Draft.objects.select_for_update(no_key=True, of=("self",))
        .filter(author=leaver, case=assignment.case_id, sent_at=None, discarded_at=None)
        .order_by("pk")
    )
    held = Assignment.objects.select_related("case", "membership__professional").get(pk=assignment.pk)
    if held.ends_at is not None or held.membership.ends_at is None:
        raise TooLate
    at = at or clock.now()
    if to is not None:
        _follows(held, to, why=why, by=by, at=at)
    for draft in drafts:
        _passed_on(draft, to, by=by, at=at)
    return access.end_assignment(assignment=held, reason=why, by=by, at=at)


def _follows(held: Assignment, to: Membership, *, why: str, by: Membership, at: datetime) -> None:
    """She takes the place of who leaves, in the same capacity. Raises DirectoryError where she is leaving too."""
    if to.pk == held.membership_id or not Membership.objects.in_force().filter(pk=to.pk, ends_at=None).exists():
        raise DirectoryError(_("Choisissez quelqu’un qui reste dans votre institution."))
    already = Assignment.objects.filter(case=held.case_id, membership=to, ends_at=None).first()
    if already is not None and already.kind != held.kind and held.kind == Assignment.Kind.REFERENT:
        access.end_assignment(assignment=already, reason=why, by=by, at=at)
        already = None
    if already is None:
        access.assign(case=held.case, membership=to, kind=held.kind, reason=why, by=by, at=at)


def _passed_on(draft: Draft, to: Membership | None, *, by: Membership, at: datetime) -> None:
    """A draft of one's own for who takes over, to be read again: what the other declared is not declared for her.

    The first stays, put away at this instant, with the opinions that were asked on it.
    """
    lines = list(DraftItem.objects.filter(draft=draft).order_by("pk"))
    if to is not None and (lines or draft.purpose or draft.recipient_id or draft.benefit):
        asked = InformationRequest.objects.received_by(to)
        answers = asked.filter(pk=draft.answers_id).first() if draft.answers_id else None
        mine = Draft.objects.create(
            case_id=draft.case_id,
            author=to,
            purpose=draft.purpose,
            recipient_id=draft.recipient_id if draft.recipient_id != to.pk else None,
            benefit=draft.benefit,
            answers=answers,
            started_at=at,
            saved_at=at,
        )
        DraftItem.objects.bulk_create(
            DraftItem(draft=mine, item_id=line.item_id, necessity=line.necessity) for line in lines
        )
        ledger.record(
            action="draft.transferred",
            at=at,
            actor=by.pk,
            case=draft.case_id,
            refs={"draft": draft.pk, "copy": mine.pk, "membership": draft.author_id, "recipient": to.pk},
        )
    draft.discarded_at = at
    draft.save(update_fields=["discarded_at"])
