"""Answer what a colleague asks: favourable, less, wait, no, or somebody else. It never lets anything leave: she does, or not.

The draft is held first, as whoever sends it does: of two opinions at once, or of an opinion and an edit, one comes first and the
other is told so.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.graph import NotFromHere
from partners.models import Membership
from partners.text import plain
from sharing import content, service
from sharing import facts as f
from sharing.graphs import REVIEW
from sharing.models import Draft, DraftItem, Opinion, Outbox, Review
from sharing.outbox import promise
from sharing.outcome import DENY, Decision
from sharing.reviewing import who
from sharing.reviewing.standing import AROUND, EDITED, Standing, reference_of, standing_of

Kind = Opinion.Kind
ACTIONS = {
    Kind.FAVOURABLE: "review.favoured",
    Kind.REDUCE: "review.reduced",
    Kind.SUSPEND: "review.suspended",
    Kind.UNFAVOURABLE: "review.opposed",
    Kind.TRANSFER: "review.transferred",
}


class NotHers(Exception):
    """No review by that id on which she may give an opinion: answered like a page that does not exist."""


class AlreadyAnswered(Exception):
    """Somebody was first; `standing` says what was answered."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.state)
        self.standing = standing


class Lapsed(Exception):
    """Its author has changed it, sent it or given it up since: nothing is awaited on this content any more."""


class NoLongerPossible(Exception):
    """The texts, an agreement or her word have changed: it could not leave now, whatever the opinion (abuse 13)."""

    def __init__(self, facts: f.Facts | None, decision: Decision | None) -> None:
        super().__init__(decision.verdict if decision else "the author no longer follows the case")
        self.facts, self.decision = facts, decision


class OpinionError(ValueError):
    """It cannot be recorded so; the message says what to do, in the user's language."""


def find(*, review_id: uuid.UUID, by: Membership) -> Review:
    """A review on which she may give an opinion, answered or not. Raises NotHers."""
    review = Review.objects.to_be_answered_by(by).filter(pk=review_id).select_related(*AROUND).first()
    if review is None or not Membership.objects.in_force().filter(pk=by.pk).exists():
        raise NotHers
    return review


@transaction.atomic
def give(
    *,
    review_id: uuid.UUID,
    kind: str,
    seen: int,
    reason: str = "",
    leave_out: Collection[uuid.UUID] = (),
    to: Membership | None = None,
    by: Membership,
    at: datetime | None = None,
) -> Opinion:
    """Give an opinion on exactly what was submitted. `seen`: how many opinions she had read when she decided.

    « Favorable » takes the decision again, under the locks of a release. Raises NotHers, AlreadyAnswered, Lapsed,
    NoLongerPossible, OpinionError.
    """
    find(review_id=review_id, by=by)
    draft_of = Review.objects.filter(pk=review_id).values("draft")
    Draft.objects.select_for_update(no_key=True, of=("self",)).get(pk__in=draft_of)
    review = find(review_id=review_id, by=by)  # as it is under the lock
    now = standing_of(review)
    if now.state == EDITED:
        raise Lapsed
    if len(now.opinions) != seen:
        raise AlreadyAnswered(now)
    try:
        REVIEW.after(now.state, kind)
    except NotFromHere:
        raise AlreadyAnswered(now) from None
    opinion = Opinion(
        review=review,
        number=seen + 1,
        kind=kind,
        by=by,
        reviewer_id=by.professional_id,
        writer_id=review.writer_id,
        reason=_said(kind, reason),
        leave_out=_left_out(kind, review, leave_out),
        transferred_to=_handed_to(kind, review, to, by),
        digest=review.digest,
    )
    opinion.at = _decided_again(review, at) if kind == Kind.FAVOURABLE else at or clock.now()
    opinion.entry_id = ledger.record(
        action=ACTIONS[Kind(kind)],
        at=opinion.at,
        actor=by.pk,
        case=review.case_id,
        refs=_refs(opinion),
        codes={"number": opinion.number, "digest": opinion.digest, "left_out": len(opinion.leave_out)},
        personal={"reviewer": by.professional.full_name, "reason": opinion.reason},
    )
    opinion.save(force_insert=True)
    _tell(review, opinion)
    return opinion


def _refs(opinion: Opinion) -> dict[str, uuid.UUID]:
    refs = {"review": opinion.review_id, "decision": opinion.review.record_id}
    return refs | ({"membership": opinion.transferred_to_id} if opinion.transferred_to_id else {})


def _said(kind: str, reason: str) -> str:
    said = plain(reason)
    if not said and kind != Kind.FAVOURABLE:
        raise OpinionError(_("Dites pourquoi, en mots simples : votre collègue lira cette phrase."))
    return said


def _left_out(kind: str, review: Review, wanted: Collection[uuid.UUID]) -> list[uuid.UUID]:
    if kind != Kind.REDUCE:
        return []
    there = list(DraftItem.objects.filter(draft=review.draft_id).order_by("pk").values_list("item", flat=True))
    out = [item for item in there if item in set(wanted)]
    if not out:
        raise OpinionError(_("Choisissez ce qui serait laissé de côté."))
    if len(out) == len(there):
        raise OpinionError(_("Tout laisser de côté, c’est un avis défavorable : choisissez-le."))
    return out


def _handed_to(kind: str, review: Review, to: Membership | None, by: Membership) -> Membership | None:
    if kind != Kind.TRANSFER:
        return None
    if to is None or to.pk not in {one.pk for one in who.transferable_to(review, by)}:
        raise OpinionError(_("Choisissez à qui la transmettre."))
    return to


def _decided_again(review: Review, at: datetime | None) -> datetime:
    """The instant of a decision under lock that would still let it leave. Raises NoLongerPossible."""
    try:
        draft = service.hold_draft(draft_id=review.draft_id, author=review.author)
        taken = service.take(draft=draft, at=at)
    except (service.CaseNotOpen, service.IncompleteDraft):
        raise NoLongerPossible(None, None) from None
    if taken.decision.verdict == DENY or content.answered_by_the_institution(draft.purpose, taken.decision.basis):
        raise NoLongerPossible(taken.facts, taken.decision)
    if not content.answers(review, taken.decision):
        raise NoLongerPossible(taken.facts, taken.decision)
    return taken.facts.at


def _tell(review: Review, opinion: Opinion) -> None:
    """The author, or the one to whom it is handed, is written to."""
    if opinion.transferred_to is not None:
        promise(
            kind=Outbox.Kind.REVIEW_REQUESTED,
            key=f"review_transferred:{opinion.pk}",
            recipient=opinion.transferred_to,
            reference=reference_of(review),
            path=reverse("sharing:review", args=[review.pk]),
        )
        return
    promise(
        kind=Outbox.Kind.REVIEW_ANSWERED,
        key=f"review_answered:{opinion.pk}",
        recipient=review.author,
        reference=reference_of(review),
        path=reverse("sharing:check", args=[review.draft.case.reference, review.draft_id]),
    )
