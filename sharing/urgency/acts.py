"""Sound the alarm: what is seen becomes an item of the case, the decision is taken at that instant, and it leaves or is refused.

No opinion is awaited, no page comes between. What follows is written with it: the review, the notice to who supervises and who
protects data. Nothing here needs the queue or the mail.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases import files
from cases.models import Case, Item, ItemContent
from partners import clock, wording
from partners.clock import day_of
from partners.models import Membership
from sharing import service
from sharing.models import Call, Disclosure, Draft, DraftItem, Duty
from sharing.urgency import telling
from sharing.urgency.dangers import CRITERIA, Danger, circumstances_of

REVIEW_WITHIN = timedelta(hours=72)  # practice.md, part 8: an emergency is always examined afterwards
REVIEW = "review_after"
NATURES = ("fait_constate", "propos_personne", "propos_tiers", "hypothese")
# Where what is seen comes from, by the kind of statement it is.
PROVENANCE = {
    "propos_personne": Item.Provenance.PERSON,
    "propos_tiers": Item.Provenance.THIRD_PARTY,
}
WHERE = "coordonnees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What somebody says who sounds the alarm: which danger, by what signs, what happens, where, and what is already known."""

    danger: Danger
    criteria: tuple[str, ...]
    happening: str
    category: str
    nature: str
    place: str = ""
    known: Sequence[uuid.UUID] = ()


@transaction.atomic
def sound(
    *,
    key: uuid.UUID,
    case: Case,
    recipient: Membership,
    alarm: Alarm,
    call: Call | None = None,
    by: Membership,
    at: datetime | None = None,
) -> service.Shared:
    """Decide at this instant and, where a text permits it, let it leave. A refusal is kept like a release, with its reasons.

    `key` makes a double click one alarm; refused, the same alarm may be sounded again under it, mended. `call`: they called or
    came, and this is the note of it. Raises service.CaseNotOpen.
    """
    Draft.objects.get_or_create(pk=key, defaults={"case": case, "author": by, "urgent": True})
    draft = service.hold_draft(draft_id=key, author=by)
    if draft.case_id != case.pk:
        raise service.CaseNotOpen
    seen = ""
    if draft.sent_at is None:
        _fill(draft, recipient=recipient, alarm=alarm, call=call, by=by, at=at or clock.now())
        taken = service.take(draft=draft, at=at)
        # Everything it hangs on is held: nothing can have changed when `share` decides again.
        seen = service.fingerprint(taken.facts, taken.decision, taken.beside)
    shared = service.share(draft_id=key, previewed=seen, by=by, at=at)
    if shared.disclosure is None:
        # Taken up again on the ordinary page, it is an ordinary communication.
        Draft.objects.filter(pk=key).update(urgent=False)
    elif shared.facts is not None:
        _afterwards(shared.disclosure, by=by)
    return shared


def _fill(
    draft: Draft, *, recipient: Membership, alarm: Alarm, call: Call | None, by: Membership, at: datetime
) -> None:
    """Write the alarm down in the draft: its items through the real act, each once however often it is mended."""
    draft.urgent = True
    draft.purpose = alarm.danger.purpose
    draft.recipient = recipient
    draft.benefit = benefit_of(alarm)
    draft.circumstances = sorted(circumstances_of(alarm.criteria) | call_circumstances(call))
    draft.saved_at = at
    draft.save(update_fields=["urgent", "purpose", "recipient", "benefit", "circumstances", "saved_at"])
    before = {row.item_id: row.item for row in DraftItem.objects.filter(draft=draft).select_related("item")}
    texts = dict(ItemContent.objects.filter(item__in=before).values_list("item", "text"))

    def written(label: str, text: str, category: str, nature: str) -> Item:
        for pk, item in before.items():
            if (texts[pk], item.category, item.nature) == (text, category, nature):
                return item
        return files.add_item(
            case=draft.case,
            label=label,
            text=text,
            category=category,
            nature=nature,
            provenance=PROVENANCE.get(nature, Item.Provenance.OBSERVED),
            provenance_detail="",
            origin="",
            third_parties=(),
            observed_on=day_of(at),
            by=by,
            at=at,
        )

    items = [written(_("Faits signalés en urgence"), alarm.happening, alarm.category, alarm.nature)]
    if alarm.place:
        items.append(written(_("Où intervenir"), alarm.place, WHERE, NATURES[0]))
    items += Item.objects.filter(case=draft.case_id, pk__in=alarm.known).exclude(pk__in=[one.pk for one in items])
    DraftItem.objects.filter(draft=draft).delete()
    DraftItem.objects.bulk_create([DraftItem(draft=draft, item=one, necessity=necessity()) for one in items])


def benefit_of(alarm: Alarm) -> str:
    """What it changes for the person, and the signs that were ticked: who receives it reads them (law.md, P-10)."""
    signs = " ; ".join(wording.worded(sign) for code, sign in CRITERIA.items() if code in alarm.criteria)
    return _("Qu’elle soit protégée sans attendre. Ce qui le fait dire : %(signs)s.") % {"signs": signs}


def necessity() -> str:
    """Why each item is needed, in the author's name: the page shows it above the button."""
    return _("Sans cela, la protection ne peut pas être assurée à temps.")


def call_circumstances(call: Call | None) -> set[str]:
    """What a call changes: that it was called back is recorded (`sharing.gather`); that it could not be is declared."""
    if call is None:
        return set()
    return {"by_telephone"} if call.called_back else {"by_telephone", "peril_unverified"}


def _afterwards(disclosure: Disclosure, *, by: Membership) -> None:
    """What follows an emergency, whatever the text: somebody examines it, and those who answer for it know at once."""
    at = disclosure.released_at
    Duty.objects.bulk_create(
        [Duty(record_id=disclosure.record_id, code=REVIEW, owed_by="reviewer", due_at=at + REVIEW_WITHIN)],
        ignore_conflicts=True,
    )
    telling.tell(disclosure=disclosure, by=by, at=at)
