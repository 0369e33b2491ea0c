"""What would leave, as one digest: an opinion is bound to it, and to nothing else."""

from collections.abc import Sequence

from audit import canonical
from sharing import law
from sharing.gather import Chosen
from sharing.models import Draft, Opinion, Review
from sharing.outcome import ALLOW, DENY, REVIEW, Decision

# The opinions that hold what they are about.
HOLDING = (Opinion.Kind.SUSPEND, Opinion.Kind.UNFAVOURABLE)


def digest_of(draft: Draft, chosen: Sequence[Chosen]) -> str:
    """The content of a draft: to whom, what for, which items and why each, by what channel. Any edit changes it.

    An item's words are written once (`ItemContent`): its id stands for them.
    """
    return canonical.digest(
        canonical.encode(
            {
                "recipient": str(draft.recipient_id),
                "purpose": draft.purpose,
                "benefit": draft.benefit,
                "circumstances": sorted(draft.circumstances),
                "channel": draft.channel,
                "items": [[str(one.item.pk), one.necessity] for one in chosen],
            }
        )
    )


def review_of(draft: Draft, digest: str) -> Review | None:
    """The opinion that was asked on this content, if one was."""
    return Review.objects.filter(draft=draft, digest=digest).first()


def last_opinion(draft: Draft, digest: str) -> Opinion | None:
    """The last word that was said on exactly this content, if one was; handing it to somebody else says nothing of it."""
    said = Opinion.objects.filter(review__draft=draft, review__digest=digest, digest=digest)
    said = said.exclude(kind=Opinion.Kind.TRANSFER)
    return said.select_related("review__record").order_by("-number").first()


def answers(review: Review, decision: Decision) -> bool:
    """Whether what asks for an opinion now is what it was asked for: an objection recorded since was read by nobody."""
    read = {one["reason"] for one in review.record.decision["findings"] if one["effect"] == REVIEW}
    return {one.reason for one in decision.findings if one.effect == REVIEW} <= read


def may_leave(draft: Draft, digest: str, decision: Decision, *, asked: bool = True) -> bool:
    """Whether what was so decided may leave now, as far as opinions go. One statement; none where no opinion was `asked`.

    What awaited an opinion leaves with a favourable one on exactly this content, while nothing else asks for one since; a
    suspension, or an unfavourable opinion, holds
    it even where nothing asks for one any more (law.md, « Meaning of review »: it blocks). A requisition never leaves through
    the application, whatever the opinion (law.md, part 1.3 H): the institution answers it.
    """
    if decision.verdict == DENY:
        return False
    last = last_opinion(draft, digest) if asked else None
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
