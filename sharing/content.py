"""What would leave, as one digest: an opinion is bound to it, and to nothing else."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from audit import canonical
from cases import dissent
from cases.models import DissentNote
from sharing import law
from sharing.gather import Chosen
from sharing.models import Draft, Opinion, Review
from sharing.outcome import ALLOW, DENY, REVIEW, Decision

# The opinions that hold what they are about.
HOLDING = (Opinion.Kind.SUSPEND, Opinion.Kind.UNFAVOURABLE)


@dataclass(frozen=True, slots=True)
class Content:
    """What would leave, and the notes of dissent that go with it.

    `unnoted` is the digest without these notes: what a digest was before they counted in it; `noted_at` is when the last of
    them was written.
    """

    digest: str
    unnoted: str
    notes: tuple[str, ...] = ()
    noted_at: datetime | None = None

    def submitted_as(self, review: Review) -> bool:
        """Whether this is what was submitted; of a digest from before notes counted, where every note was there already."""
        if review.digest == self.digest:
            return True
        return self.noted_at is not None and review.digest == self.unnoted and self.noted_at <= review.submitted_at

    def submitted(self, prefix: str = "") -> Q:
        """The same, as a condition on reviews."""
        same = Q(**{f"{prefix}digest": self.digest})
        if self.noted_at is None:
            return same
        return same | Q(**{f"{prefix}digest": self.unnoted, f"{prefix}submitted_at__gte": self.noted_at})


def of(draft: Draft, chosen: Sequence[Chosen]) -> Content:
    """What this draft would let leave, or let leave. One statement."""
    return with_notes(draft, chosen, dissent.on_items([one.item.pk for one in chosen]))


def with_notes(draft: Draft, chosen: Sequence[Chosen], notes: Mapping[uuid.UUID, Sequence[DissentNote]]) -> Content:
    """The same, with the notes already read; what is noted once it has left did not leave with it."""
    left = draft.sent_at
    going = [note for one in chosen for note in notes.get(one.item.pk, ()) if left is None or note.at <= left]
    ids = tuple(sorted(str(note.pk) for note in going))
    return Content(
        digest=digest_of(draft, chosen, ids),
        unnoted=digest_of(draft, chosen),
        notes=ids,
        noted_at=max((note.at for note in going), default=None),
    )


def digest_of(draft: Draft, chosen: Sequence[Chosen], notes: Sequence[str] = ()) -> str:
    """The content of a draft: to whom, what for, which items and why each, who sees them otherwise, by what channel.

    Any edit changes it. An item's words, and a note's, are written once: their ids stand for them. Without a note it is the same
    digest as before notes counted.
    """
    said: dict[str, Any] = {
        "recipient": str(draft.recipient_id),
        "purpose": draft.purpose,
        "benefit": draft.benefit,
        "circumstances": sorted(draft.circumstances),
        "channel": draft.channel,
        "items": [[str(one.item.pk), one.necessity] for one in chosen],
    }
    if notes:
        said["notes"] = list(notes)
    return canonical.digest(canonical.encode(said))


def review_of(draft: Draft, content: Content) -> Review | None:
    """The opinion that was asked on this content, if one was."""
    return Review.objects.filter(content.submitted(), draft=draft).first()


def last_opinion(draft: Draft, content: Content) -> Opinion | None:
    """The last word that was said on exactly this content, if one was; handing it to somebody else says nothing of it."""
    said = Opinion.objects.filter(content.submitted("review__"), review__draft=draft, digest=F("review__digest"))
    said = said.exclude(kind=Opinion.Kind.TRANSFER)
    return said.select_related("review__record").order_by("-number").first()


def answers(review: Review, decision: Decision) -> bool:
    """Whether what asks for an opinion now is what it was asked for: an objection recorded since was read by nobody."""
    read = {one["reason"] for one in review.record.decision["findings"] if one["effect"] == REVIEW}
    return {one.reason for one in decision.findings if one.effect == REVIEW} <= read


def may_leave(draft: Draft, content: Content, decision: Decision, *, asked: bool = True) -> bool:
    """Whether what was so decided may leave now, as far as opinions go. One statement; none where no opinion was `asked`.

    What awaited an opinion leaves with a favourable one on exactly this content, while nothing else asks for one since; a
    suspension, or an unfavourable opinion, holds
    it even where nothing asks for one any more (law.md, « Meaning of review »: it blocks). A requisition never leaves through
    the application, whatever the opinion (law.md, part 1.3 H): the institution answers it.
    """
    if decision.verdict == DENY:
        return False
    last = last_opinion(draft, content) if asked else None
    kind = last.kind if last else None
    if decision.verdict == ALLOW:
        return kind not in HOLDING
    if last is None or kind != Opinion.Kind.FAVOURABLE or not answers(last.review, decision):
        return False
    return not answered_by_the_institution(draft.purpose, decision.basis)


def answered_by_the_institution(purpose: str, basis: str | None) -> bool:
    """Whether an authority demands it under this text, or under every text that serves this purpose."""
    retained = law.BY_CODE.get(basis or "")
    texts = (retained,) if retained else law.BY_PURPOSE.get(purpose, ())
    return bool(texts) and all(text.is_requisition for text in texts)
