"""Ask an opinion on exactly what would leave, and follow the one that asks for less. The author's acts."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from audit import ledger
from partners.models import Membership
from partners.text import plain
from sharing import composing, content, release, service
from sharing import facts as f
from sharing.models import Opinion, Outbox, Review
from sharing.outbox import promise
from sharing.outcome import REVIEW, Decision
from sharing.reviewing import who
from sharing.reviewing.standing import reference_of, standing_of


class NobodyToAsk(Exception):
    """Nobody else in her institution gives opinions or protects data."""


class AnsweredByTheInstitution(Exception):
    """A requisition: her institution answers it, no opinion lets it leave from here (law.md, part 1.3 H)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What asking came to: the review; or none, where the decision is no longer the one she saw, with that decision."""

    review: Review | None
    facts: f.Facts | None = None
    decision: Decision | None = None


@transaction.atomic
def submit(*, draft_id: uuid.UUID, previewed: str, asked: str, by: Membership, at: datetime | None = None) -> Submitted:
    """Submit what she saw to whoever gives opinions: only this opens it to them. Asked twice, it is asked once.

    The decision is taken again under lock; where it differs from the one that was previewed, nothing is asked. Raises
    `service.CaseNotOpen`, `service.IncompleteDraft`, NobodyToAsk, AnsweredByTheInstitution.
    """
    draft = service.hold_draft(draft_id=draft_id, author=by)
    if draft.sent_at is not None:
        return Submitted(review=None)
    taken = service.take(draft=draft, at=at)
    known = content.review_of(draft, taken.leaving)
    if known is not None:
        return Submitted(review=known)
    facts, decision = taken.facts, taken.decision
    if decision.verdict != REVIEW or service.fingerprint(facts, decision, taken.beside) != previewed:
        return Submitted(review=None, facts=facts, decision=decision)
    if content.answered_by_the_institution(draft.purpose, decision.basis):
        raise AnsweredByTheInstitution
    writer = by.professional_id
    told = who.answering(who.at_hand(taken.sender.institution_id, apart={writer, taken.recipient.professional_id}))
    if not told:
        raise NobodyToAsk
    record = service.write_down(taken=taken, action=release.ACTIONS[REVIEW])
    review = Review(
        record=record,
        draft=draft,
        case_id=draft.case_id,
        author=by,
        writer_id=writer,
        digest=taken.leaving.digest,
        asked=plain(asked),
        submitted_at=facts.at,
    )
    review.entry_id = ledger.record(
        action="review.requested",
        at=facts.at,
        actor=by.pk,
        case=draft.case_id,
        refs={"review": review.pk, "decision": record.pk, "recipient": taken.recipient.pk},
        codes={"purpose": draft.purpose, "reasons": list(decision.reasons), "digest": taken.leaving.digest},
        personal={"asked": review.asked},
    )
    review.save(force_insert=True)
    for one in told:
        promise(
            kind=Outbox.Kind.REVIEW_REQUESTED,
            key=f"review_requested:{review.pk}:{one.pk}",
            recipient=one,
            reference=reference_of(review),
            path=reverse("sharing:review", args=[review.pk]),
        )
    return Submitted(review=review)


@transaction.atomic
def leave_out_as_advised(*, draft_id: uuid.UUID, by: Membership) -> bool:
    """Take out of the draft what the last opinion on it advises to leave out; False where there is no such advice on it now.

    It is then another content: it is asked again, or nothing asks for an opinion any more. Raises `service.CaseNotOpen`.
    """
    draft = service.hold_draft(draft_id=draft_id, author=by)
    review = content.review_of(draft, content.of(draft, service.chosen_of(draft)))
    last = standing_of(review).last if review else None
    if draft.sent_at is not None or last is None or last.kind != Opinion.Kind.REDUCE:
        return False
    composing.leave_out(draft=draft, refs=list(last.leave_out))
    return True
