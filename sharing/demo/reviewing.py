"""Opinions asked in the demonstration: two that wait, one favourable, one that says no; written as the acts of opinions do."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from cases.models import Item
from partners.models import Function, Membership
from sharing import content
from sharing.gather import Chosen
from sharing.models import DecisionRecord, Draft, DraftItem, Opinion, Review
from sharing.outcome import REVIEW
from sharing.reviewing.opinions import ACTIONS

from .batch import Batch
from .territory import Territory

ASKED = "Est-ce bien nécessaire, et suffisamment dit ?"
ANSWERED_AFTER = timedelta(hours=5)
# From the oldest to the latest: what was answered, and why.
ANSWERS: tuple[tuple[str, str] | None, ...] = (
    (Opinion.Kind.FAVOURABLE, "Nécessaire, et dit en peu de mots. Informez la personne dès que possible."),
    (Opinion.Kind.UNFAVOURABLE, "Les deux parents ne sont pas d’accord : parlez-leur d’abord, ensemble ou séparément."),
    None,
    None,
)


def make(*, territory: Territory, batch: Batch, now: datetime) -> None:
    """Ask an opinion on what awaits one, where somebody gives them; the latest wait, the oldest were answered."""
    items = {one.pk: one for one in batch.rows(Item)}
    chosen: dict[Any, list[Chosen]] = defaultdict(list)
    for row in batch.rows(DraftItem):
        chosen[row.draft_id].append(Chosen(item=items[row.item_id], necessity=row.necessity))
    drafts = {one.pk: one for one in batch.rows(Draft)}
    found = []
    for record in sorted(batch.rows(DecisionRecord), key=lambda one: one.decided_at):
        draft = drafts[record.draft_id]
        reviewer = _reviewer(territory, record)
        if record.verdict == REVIEW and reviewer is not None and not draft.sent_at and not draft.discarded_at:
            found.append((record, draft, reviewer))
    for (record, draft, reviewer), answer in zip(found[-len(ANSWERS) :], ANSWERS, strict=False):
        review = _ask(batch, record, draft, content.digest_of(draft, chosen[draft.pk]))
        if answer is not None:
            _answer(batch, review, reviewer, *answer, at=min(review.submitted_at + ANSWERED_AFTER, now))


def _reviewer(territory: Territory, record: DecisionRecord) -> Membership | None:
    """Who gives opinions where the author works: never the author, nor who would receive it."""
    apart = {record.author.professional_id, record.recipient.professional_id}
    there = (one for one in territory.memberships if one.institution_id == record.author.institution_id)
    return next(
        (one for one in there if one.has_function(Function.REVIEWER) and one.professional_id not in apart), None
    )


def _ask(batch: Batch, record: DecisionRecord, draft: Draft, digest: str) -> Review:
    review = Review(
        record_id=record.pk,
        draft_id=draft.pk,
        case_id=record.case_id,
        author_id=record.author_id,
        writer_id=record.author.professional_id,
        digest=digest,
        asked=ASKED,
        submitted_at=record.decided_at,
    )
    batch.act(
        review,
        action="review.requested",
        at=review.submitted_at,
        actor=record.author_id,
        case=record.case_id,
        refs={"review": review.pk, "decision": record.pk, "recipient": record.recipient_id},
        codes={"purpose": record.purpose, "reasons": record.decision["reasons"], "digest": digest},
        personal={"asked": ASKED},
    )
    return review


def _answer(batch: Batch, review: Review, by: Membership, kind: str, reason: str, *, at: datetime) -> None:
    opinion = Opinion(
        review_id=review.pk,
        number=1,
        kind=kind,
        by_id=by.pk,
        reviewer_id=by.professional_id,
        writer_id=review.writer_id,
        reason=reason,
        digest=review.digest,
        at=at,
    )
    batch.act(
        opinion,
        action=ACTIONS[Opinion.Kind(kind)],
        at=at,
        actor=by.pk,
        case=review.case_id,
        refs={"review": review.pk, "decision": review.record_id},
        codes={"number": 1, "digest": review.digest, "left_out": 0},
        personal={"reviewer": by.professional.full_name, "reason": reason},
    )
