"""One review as its page shows it: what was submitted, the rules, what passed before with this partner, what was said already."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners import wording
from partners.dates import day
from partners.models import Membership
from sharing import composing, panel, service
from sharing.compose_page import reading_of
from sharing.models import Disclosure, DraftItem, Opinion, Review
from sharing.outcome import DENY, Decision
from sharing.reviewing import queue, words
from sharing.reviewing.standing import EDITED, RELEASED, STOPPED, Standing, reference_of

SHOWN = 5


def context(*, review: Review, standing: Standing, by: Membership, at: datetime) -> dict[str, Any]:
    """What the page shows. Content only to who is bound, and only what its author submitted: once she changed it, no more."""
    reads = may_read(standing, by)
    rows = composing.rows_of(review.draft) if standing.state != EDITED else []
    decision = _now(review) if standing.waits and rows else None
    labels = {str(row.item_id): row.item.label for row in rows} if reads else {}
    return {
        "review": review,
        "reference": reference_of(review),
        "standing": standing,
        "chip": {"kind": words.CHIPS[standing.state], "text": words.state_word(standing.state)},
        "turn": words.whose_turn(standing, at, to_author=False),
        "age": words.since(review.submitted_at, at),
        "bound": by.is_bound,
        "reading": reading(review, rows, decision) if reads else None,
        "asked": review.asked if reads else "",
        "purpose": wording.purpose(review.record.purpose),
        "findings": panel.findings(words.findings_of(review.record), labels),
        "refused_now": decision.say if decision and decision.verdict == DENY else "",
        "opinions": words.told(standing.opinions),
        "before": _before(review),
        "similar": _similar(review),
        "examined_by": queue.being_examined([review], by, at).get(str(review.pk), "") if standing.waits else "",
        "why": why(review, by),
    }


def may_read(standing: Standing, by: Membership) -> bool:
    """Whether what was submitted is open to her: she is bound, it is still what was submitted, and it has not left.

    What left is examined afterwards, or unsealed for a reason: an opinion once given is no way back into a situation.
    """
    return by.is_bound and standing.state not in (EDITED, RELEASED, STOPPED)


def reading(review: Review, rows: list[DraftItem], decision: Decision | None) -> dict[str, Any]:
    """The very sheet that the recipient would read."""
    decided = decision or _now(review)
    return reading_of(draft=review.draft, by=review.author, rows=rows, decision=decided)


def _now(review: Review) -> Decision:
    """What comes out today: it may have changed since it was submitted."""
    _facts, decision = service.preview(draft=review.draft, by=review.author)
    return decision


def _before(review: Review) -> list[dict[str, str]]:
    """What already went to this partner from the same institution: when, for what. No content, no situation."""
    sent = Disclosure.objects.filter(
        author__institution=review.author.institution_id, recipient__institution=review.record.recipient.institution_id
    ).order_by("-released_at")
    return [
        {"reference": reference, "on": day(at), "purpose": wording.purpose(purpose)}
        for reference, at, purpose in sent.values_list("reference", "released_at", "purpose")[:SHOWN]
    ]


def _similar(review: Review) -> list[dict[str, str]]:
    """What was answered lately, here, for the same purpose to somebody of the same role."""
    given = (
        Opinion.objects.filter(
            review__author__institution=review.author.institution_id,
            review__record__purpose=review.record.purpose,
            review__record__recipient__role=review.record.recipient.role,
        )
        .exclude(review=review)
        .exclude(kind=Opinion.Kind.TRANSFER)
        .select_related("review")
        .order_by("-at")
    )
    return [
        {"reference": reference_of(one.review), "on": day(one.at), "kind": one.get_kind_display()}
        for one in given[:SHOWN]
    ]


def why(review: Review, by: Membership) -> str:
    """Why this page is open to her."""
    handed = Opinion.objects.filter(review=review, transferred_to=by).select_related("by__professional").first()
    asked = day(review.submitted_at)
    if handed is not None:
        first = _("%(who)s vous a transmis cette demande, pour conflit d’intérêts.") % {
            "who": handed.by.professional.full_name
        }
    else:
        first = _("%(who)s a demandé un avis le %(on)s, et vous en donnez dans son institution.") % {
            "who": review.author.professional.full_name,
            "on": asked,
        }
    if by.is_bound:
        return _(
            "%(first)s Vous lisez ce qui est soumis, et rien d’autre de la situation ; cette lecture est notée."
        ) % {"first": first}
    return _("%(first)s Vous n’êtes pas soumis·e au secret : vous voyez les circonstances, pas le contenu.") % {
        "first": first
    }
