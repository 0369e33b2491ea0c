"""A draft begun anew from another, which is put away: what was declared on it is not declared on this one."""

from datetime import datetime

from partners.models import Membership
from sharing.models import Draft, DraftItem, InformationRequest


def begin_from(
    *,
    draft: Draft,
    author: Membership,
    recipient: Membership | None,
    answers: InformationRequest | None,
    at: datetime,
) -> Draft:
    """The same purpose, items and reasons, to be read again by its author. Part of an act: the first is held."""
    made = Draft.objects.create(
        case_id=draft.case_id,
        author=author,
        purpose=draft.purpose,
        recipient=recipient,
        benefit=draft.benefit,
        answers=answers,
        continues=draft,
        started_at=at,
        saved_at=at,
    )
    lines = DraftItem.objects.filter(draft=draft).order_by("pk")
    DraftItem.objects.bulk_create(DraftItem(draft=made, item_id=one.item_id, necessity=one.necessity) for one in lines)
    put_away(draft=draft, at=at)
    return made


def put_away(*, draft: Draft, at: datetime) -> None:
    """It can leave no more; the opinions that were asked on it stay with it. Part of an act: it is held."""
    draft.discarded_at = at
    draft.save(update_fields=["discarded_at"])
