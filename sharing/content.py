"""What would leave, as one digest: an opinion is bound to it, and to nothing else."""

from collections.abc import Sequence

from audit import canonical
from sharing import law
from sharing.gather import Chosen
from sharing.models import Draft, Opinion, Review
from sharing.outcome import REVIEW, Decision


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


def favoured(draft: Draft, digest: str) -> bool:
    """Whether the last word of the opinion asked on this content is favourable."""
    last = Opinion.objects.filter(review__draft=draft, review__digest=digest).order_by("-number").first()
    return last is not None and last.kind == Opinion.Kind.FAVOURABLE and last.digest == digest


def may_leave_after_opinion(draft: Draft, chosen: Sequence[Chosen], decision: Decision) -> bool:
    """Whether what awaited an opinion has it, on exactly this content.

    A requisition never leaves through the application, whatever the opinion (law.md, part 1.3 H): the institution answers it.
    """
    if decision.verdict != REVIEW or answered_by_the_institution(draft.purpose, decision.basis):
        return False
    return favoured(draft, digest_of(draft, chosen))


def answered_by_the_institution(purpose: str, basis: str | None) -> bool:
    """Whether an authority demands it under this text, or under every text that serves this purpose."""
    retained = law.BY_CODE.get(basis or "")
    texts = (retained,) if retained else law.BY_PURPOSE.get(purpose, ())
    return bool(texts) and all(text.is_requisition for text in texts)
