"""Write down what was said aloud: one decision for each who heard it, on the facts as they stood when it was said.

What should not have been said is written down all the same: what was said stays said, and hiding it would help nobody.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Person
from partners import clock
from partners.clock import day_of
from partners.models import Membership, Reached
from partners.text import plain
from sharing import anchors, gather, release, service
from sharing.decision import decide
from sharing.models import Disclosure, Draft, DraftItem
from sharing.urgency import delivering

LATE_AFTER = timedelta(days=30)


class SayingError(ValueError):
    """What is told cannot be recorded; the message says what to do, in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What was said: which items and why each, what for, when and how (a kind of `Delivery.How`); the reason where it is late."""

    purpose: str
    benefit: str
    chosen: Sequence[gather.Chosen]
    circumstances: Iterable[str]
    said_at: datetime
    how: str
    late_reason: str = ""


@transaction.atomic
def write_down(
    *,
    key: uuid.UUID,
    case: Case,
    recipients: Sequence[Membership],
    saying: Saying,
    by: Membership,
    at: datetime | None = None,
) -> list[Disclosure]:
    """Record what was said to each of them, whatever the verdict; the worst first. Written twice under the same key, it is once.

    Nothing recorded since it was said makes it lawful: facts are gathered at `said_at`. Raises service.CaseNotOpen, SayingError.
    """
    if not anchors.hold_assignment(case=case.pk, membership=by.pk):
        raise service.CaseNotOpen
    if not recipients or not saying.chosen:
        raise SayingError(_("Dites ce qui a été dit, et à qui."))
    now = at or clock.now()
    _check(saying, now, case.person)
    written = [
        _one(key=key, case=case, recipient=one, saying=saying, by=by, at=at)
        for one in sorted(recipients, key=lambda each: str(each.pk))
    ]
    order = {"deny": 0, "review": 1, "allow": 2}
    return sorted(written, key=lambda one: order[one.record.verdict])


def before_her_birth() -> str:
    """What is said of a day on which she was not born."""
    return _("Cette personne n’était pas née ce jour-là : vérifiez le jour et l’heure.")


def _check(saying: Saying, at: datetime, person: Person) -> None:
    if day_of(saying.said_at) < person.birth_date:
        raise SayingError(before_her_birth())
    if saying.said_at > at:
        raise SayingError(_("Cela ne peut pas avoir été dit dans l’avenir : vérifiez le jour et l’heure."))
    if saying.said_at < at - LATE_AFTER and not plain(saying.late_reason):
        raise SayingError(_("Cela date de plus de trente jours : dites pourquoi vous ne l’enregistrez que maintenant."))


def _one(
    *, key: uuid.UUID, case: Case, recipient: Membership, saying: Saying, by: Membership, at: datetime | None
) -> Disclosure:
    # Of a meeting, each who heard has a draft of her own, always the same under the key of the page.
    pk = uuid.uuid5(key, str(recipient.pk))
    Draft.objects.get_or_create(
        pk=pk, defaults={"case": case, "author": by, "channel": Reached.SPOKEN, "said_at": saying.said_at}
    )
    draft = service.hold_draft(draft_id=pk, author=by)
    if draft.sent_at is not None:
        return Disclosure.objects.select_related("record").get(draft=draft)
    if draft.case_id != case.pk:
        raise service.CaseNotOpen
    draft.purpose, draft.recipient, draft.benefit = saying.purpose, recipient, saying.benefit
    draft.circumstances = sorted(saying.circumstances)
    draft.save(update_fields=["purpose", "recipient", "benefit", "circumstances"])
    DraftItem.objects.bulk_create(
        [DraftItem(draft=draft, item=one.item, necessity=one.necessity) for one in saying.chosen], ignore_conflicts=True
    )
    draft.case.person = anchors.hold(person=case.person_id, sender=by.pk, recipient=recipient.pk)
    at = at or clock.now()
    facts = gather.gather(
        case=draft.case,
        sender=by,
        recipient=recipient,
        purpose=saying.purpose,
        chosen=saying.chosen,
        circumstances=saying.circumstances,
        justification=saying.benefit,
        at=saying.said_at,
    )
    decision = decide(facts)
    reference = release.next_reference(at)
    record = release.record_decision(
        draft=draft,
        facts=facts,
        decision=decision,
        sender=by,
        recipient=recipient,
        action=release.SPOKEN,
        reference=reference,
        at=at,
    )
    disclosure = release.release(
        draft=draft,
        record=record,
        facts=facts,
        decision=decision,
        recipient=recipient,
        reference=reference,
        labels={str(one.item.pk): one.item.label for one in saying.chosen},
        at=at,
    )
    delivering.write(
        disclosure=disclosure,
        how=saying.how,
        received_by=recipient.professional.full_name,
        received_at=saying.said_at,
        by=by,
        at=at,
        late_reason=plain(saying.late_reason),
    )
    return disclosure
