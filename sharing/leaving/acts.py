"""Hand over what somebody who leaves followed: her situations and her drafts, each by a dated act, or closed (abuse 32)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from cases import access
from cases.models import Assignment
from partners import clock
from partners.models import Membership
from partners.tending import DirectoryError, NotTended, TooLate, said
from sharing import begun_again
from sharing.leaving.may import may_entrust, may_hand_over
from sharing.models import Draft, DraftItem, Outbox, Review
from sharing.outbox import promise
from sharing.reviewing import who
from sharing.reviewing.standing import AROUND, reference_of, standings


@transaction.atomic
def hand_over(
    *, assignment: Assignment, to: Membership | None, why: str, by: Membership, at: datetime | None = None
) -> Assignment:
    """Let `to` follow this situation in her stead, with her drafts; or, `to` being None, end her following and give her drafts up.

    Raises NotTended (to herself too, who leads no team), TooLate where she no longer follows it or is not leaving, DirectoryError;
    LastToFollow and SecrecyNotProven (`cases.access`) where the situation would be left to nobody by who leads no team, or go to
    somebody whose proof nobody saw.
    """
    leaver = assignment.membership
    if not may_hand_over(by, leaver) or (to is not None and not may_entrust(by, to)):
        raise NotTended
    why = said(why, _("Dites pourquoi, en une phrase : le journal la garde."))
    # Drafts, then the case: whoever sends or puts away takes them in this order.
    drafts = list(
        Draft.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case")
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

    The first is put away at this instant, with the opinions that were asked on it: whoever was to give one is told, and so is who
    takes over, since she alone asks for one on what she has read (ADR 0018).
    """
    awaited = [one.review for one in standings(Review.objects.filter(draft=draft).select_related(*AROUND)) if one.waits]
    written = draft.purpose or draft.recipient_id or draft.benefit or DraftItem.objects.filter(draft=draft).exists()
    if to is not None and written:
        towards = draft.recipient if draft.recipient_id != to.pk else None
        mine = begun_again.begin_from(draft=draft, author=to, recipient=towards, answers=draft.answers, at=at)
        ledger.record(
            action="draft.transferred",
            at=at,
            actor=by.pk,
            case=draft.case_id,
            refs={"draft": draft.pk, "copy": mine.pk, "membership": draft.author_id, "recipient": to.pk},
            codes={"opinion_awaited": bool(awaited)},
        )
        promise(
            kind=Outbox.Kind.DRAFT_TRANSFERRED,
            key=f"draft_transferred:{mine.pk}",
            recipient=to,
            reference=draft.case.reference,
            path=reverse("sharing:compose", args=[draft.case.reference, mine.pk]),
        )
    else:
        begun_again.put_away(draft=draft, at=at)
    for review in awaited:
        _awaited_no_more(review)


def _awaited_no_more(review: Review) -> None:
    """Whoever was to give this opinion is told that nothing waits for her: it would be asked again on what is read again."""
    apart = who.apart_of(review)
    for one in who.answering(who.at_hand(review.author.institution_id, apart=apart)):
        promise(
            kind=Outbox.Kind.REVIEW_TRANSFERRED,
            key=f"review_transferred:{review.pk}:{one.pk}",
            recipient=one,
            reference=reference_of(review),
            path=reverse("sharing:review", args=[review.pk]),
        )
