"""Where an opinion that was asked stands: computed from what was answered, from the draft, and from what left. Never stored."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cases import dissent
from partners import clock, written_for
from partners.models import Membership
from sharing import again, content
from sharing.content import Content
from sharing.gather import Chosen
from sharing.graphs import REVIEW, REVIEWER
from sharing.models import Draft, DraftItem, Opinion, Review

EDIT, RELEASE, STOP = "edit", "release", "stop"
EDITED, RELEASED, SUSPENDED, STOPPED = "edited", "released", "suspended", "stopped"
AROUND = (
    "author__professional",
    "author__institution",
    "record__recipient__professional",
    "record__recipient__institution",
    "draft__case",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A review, what was answered, its state in the table `graphs.REVIEW`, and since when it is somebody's turn."""

    review: Review
    opinions: tuple[Opinion, ...]
    state: str

    @property
    def turn(self) -> str:
        """Whose turn it is; "" where it is over."""
        return REVIEW.turn[self.state]

    @property
    def waits(self) -> bool:
        """Whether an opinion is still awaited."""
        return self.turn == REVIEWER

    @property
    def last(self) -> Opinion | None:
        """The last word."""
        return self.opinions[-1] if self.opinions else None

    @property
    def since(self) -> datetime:
        """Since when it is this turn: the last answer, or the day it was asked."""
        return self.last.at if self.last else self.review.submitted_at


def reference_of(review: Review) -> str:
    """« A-9F3C21B7 »: what a letter and a list call it; names neither a person nor her situation."""
    return f"A-{review.pk.hex[:8].upper()}"


def standings(reviews: Iterable[Review], now: Mapping[uuid.UUID, again.Again] | None = None) -> list[Standing]:
    """Where each stands, in the same order: a few statements, whatever their number.

    `now`: what is decided of their records, where it is known already.
    """
    rows = list(reviews)
    said: dict[uuid.UUID, list[Opinion]] = defaultdict(list)
    opinions = Opinion.objects.filter(review__in=[one.pk for one in rows]).order_by("number")
    for opinion in opinions.select_related("by__professional", "transferred_to__professional"):
        said[opinion.review_id].append(opinion)
    contents = contents_of({one.draft_id: one.draft for one in rows}.values())
    states = {one.pk: _state([opinion.kind for opinion in said[one.pk]], one, contents[one.draft_id]) for one in rows}
    for pk in stopped([one for one in rows if REVIEW.allows(states[one.pk], STOP)], now):
        states[pk] = REVIEW.after(states[pk], STOP)
    return [Standing(review=one, opinions=tuple(said[one.pk]), state=states[one.pk]) for one in rows]


def left(review: Review) -> again.Left:
    """What was submitted, ready to be decided again."""
    return again.Left(review.record, review.case, review.author, review.record.recipient)


def stopped(reviews: Iterable[Review], now: Mapping[uuid.UUID, again.Again] | None = None) -> set[uuid.UUID]:
    """Of these, those that her word ended since: what was submitted could no longer leave, because of what she said."""
    if now is not None:
        return {one.pk for one in reviews if now[one.record_id].closed in again.HER_WORD}
    waiting = [one.pk for one in reviews]
    if not waiting:
        return set()
    asked = Review.objects.filter(pk__in=waiting).select_related(
        "record",
        "case__person",
        "author__institution",
        "record__recipient__professional",
        "record__recipient__institution",
    )
    return stopped(asked, again.decided([left(one) for one in asked], clock.now()))


def standing_of(review: Review) -> Standing:
    """Where one stands."""
    return standings([review])[0]


def contents_of(drafts: Iterable[Draft]) -> dict[uuid.UUID, Content]:
    """What would leave of each of these drafts, with the notes of dissent that go along. Two statements."""
    every = list(drafts)
    chosen: dict[uuid.UUID, list[Chosen]] = defaultdict(list)
    for row in DraftItem.objects.filter(draft__in=[one.pk for one in every]).select_related("item").order_by("pk"):
        chosen[row.draft_id].append(Chosen(item=row.item, necessity=row.necessity))
    notes = dissent.on_items({one.item.pk for rows in chosen.values() for one in rows})
    return {one.pk: content.with_notes(one, chosen[one.pk], notes) for one in every}


def _state(kinds: Sequence[str], review: Review, now: Content) -> str:
    """The state that the table gives. What was edited or given up since asks for nothing any more."""
    state = REVIEW.reached(kinds)
    if not now.submitted_as(review) or review.draft.discarded_at is not None:
        return REVIEW.after(state, EDIT)
    left = review.draft.sent_at is not None and REVIEW.allows(state, RELEASE)
    return REVIEW.after(state, RELEASE) if left else state


def asked_by(by: Membership, at: datetime) -> QuerySet[Review]:
    """What she asked on what she has not sent or given up, with all that deciding again reads; the latest first."""
    asked = Review.objects.filter(author=by, draft__sent_at=None, draft__discarded_at=None)
    return asked.select_related(*AROUND, "draft__case__person", "record", "case__person").order_by("-submitted_at")


def of_author(by: Membership) -> list[Standing]:
    """What she asked and has not sent or given up: the last one of each draft, the latest first."""
    at = clock.now()
    asked = written_for.rows(asked_by, by=by, at=at)
    return last_of_each(asked, again.decided([left(one) for one in asked], at))


def last_of_each(asked: Iterable[Review], now: Mapping[uuid.UUID, again.Again]) -> list[Standing]:
    """Of what `asked_by` read, where the last one of each draft stands; `now` as in `standings`."""
    once: dict[uuid.UUID, Standing] = {}
    for one in standings(asked, now):
        known = once.get(one.review.draft_id)
        if known is None or (known.state == EDITED and one.state != EDITED):
            once[one.review.draft_id] = one
    return list(once.values())
