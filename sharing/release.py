"""The rows of an act of sharing: the decision with its entry and duties, then what leaves with it."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse

from audit import ledger
from partners.clock import day_of
from partners.models import Membership, Reached
from sharing import editions
from sharing import facts as f
from sharing.asking import answering
from sharing.models import (
    DecisionRecord,
    DisclosedItem,
    Disclosure,
    Draft,
    Duty,
    InformationRequest,
    Outbox,
    RulebookEdition,
)
from sharing.outbox import promise
from sharing.outcome import ALLOW, DENY, REVIEW, Decision

ACTIONS = {
    ALLOW: "disclosure.not_sent",
    REVIEW: "disclosure.awaiting_opinion",
    DENY: "disclosure.refused",
}
RELEASED = "disclosure.released"
SPOKEN = "disclosure.spoken"
LEFT = (RELEASED, SPOKEN)


def next_reference(at: datetime) -> str:
    """« C-2026-000143 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sharing_reference')")
        number: int = cursor.fetchone()[0]
    return f"C-{day_of(at):%Y}-{number:06d}"


def entry_fields(
    *,
    draft: Draft,
    facts: f.Facts,
    decision: Decision,
    sender: Membership,
    recipient: Membership,
    action: str,
    record_id: uuid.UUID,
    reference: str,
    at: datetime | None = None,
    alarmed: bool = False,
) -> dict[str, Any]:
    """What the trail says of a decision: ids and codes in the body; labels, reference and reasons in the payload.

    `at` is when it was written down, where that is not when it was decided on (what was said aloud). `alarmed` marks what was
    decided while an alarm on the trail suspended ordinary sharing.
    """
    return {
        "action": action,
        "at": at or facts.at,
        "actor": sender.pk,
        "case": draft.case_id,
        "refs": {
            "decision": record_id,
            "person": draft.case.person_id,
            "recipient": recipient.pk,
            "institutions": [sender.institution_id, recipient.institution_id],
            "items": [item.ref for item in facts.items],
            "consents": [one.ref for one in facts.consents],
        },
        "codes": {
            "purpose": facts.purpose,
            "verdict": decision.verdict,
            "basis": decision.basis,
            "rulebook": decision.rulebook,
            "rules": sorted({finding.rule for finding in decision.findings}),
            "reasons": list(decision.reasons),
            "categories": sorted({item.category for item in facts.items}),
            "natures": sorted({item.nature for item in facts.items}),
            "roles": [facts.sender.role, facts.recipient.role],
            "secrecy": [facts.sender.bound, facts.recipient.bound],
            "duties": sorted({duty.code for duty in decision.duties}),
            "channel": channel_of(draft, recipient),
            "urgent": draft.urgent,
        }
        | ({"trail_alarmed": True} if alarmed else {}),
        "personal": {
            "author": sender.professional.full_name,
            "recipient": str(recipient),
            "reference": reference,
            "benefit": draft.benefit,
            "necessity": {item.ref: item.necessity for item in facts.items},
        },
    }


def channel_of(draft: Draft, recipient: Membership) -> str:
    """By what channel it reaches her: the one the author chose, else hers (a prosecutor has no account)."""
    return draft.channel if draft.channel != Reached.IN_APP else recipient.reached_by


def record_of(
    *,
    draft: Draft,
    facts: f.Facts,
    decision: Decision,
    sender: Membership,
    recipient: Membership,
    record_id: uuid.UUID,
    edition: RulebookEdition,
    at: datetime | None = None,
) -> DecisionRecord:
    """A decision as a row, not yet written: it waits for its entry."""
    return DecisionRecord(
        pk=record_id,
        case_id=draft.case_id,
        author=sender,
        recipient=recipient,
        draft=draft,
        decided_at=at or facts.at,
        purpose=facts.purpose,
        verdict=decision.verdict,
        basis=decision.basis or "",
        facts=facts.to_plain(),
        decision=decision.to_plain(),
        rulebook=decision.rulebook,
        edition=edition,
    )


def disclosure_of(
    *,
    draft: Draft,
    record: DecisionRecord,
    facts: f.Facts,
    decision: Decision,
    recipient: Membership,
    reference: str,
    at: datetime | None = None,
    answers: InformationRequest | None = None,
) -> Disclosure:
    """What leaves as a row, not yet written: under the label that its recipient has on that day."""
    return Disclosure(
        reference=reference,
        record=record,
        draft=draft,
        case=draft.case,
        author_id=record.author_id,
        recipient=recipient,
        recipient_label=f"{recipient.professional.formal_name}, {recipient.job_title} · {recipient.institution.name}",
        purpose=facts.purpose,
        basis=record.basis,
        benefit=draft.benefit,
        answers=answers,
        channel=channel_of(draft, recipient),
        said_at=draft.said_at,
        urgent=draft.urgent,
        released_at=at or facts.at,
        access_until=decision.access_until,
    )


def record_decision(
    *,
    draft: Draft,
    facts: f.Facts,
    decision: Decision,
    sender: Membership,
    recipient: Membership,
    action: str,
    reference: str,
    at: datetime | None = None,
    alarmed: bool = False,
) -> DecisionRecord:
    """Write the decision, its entry and, where something leaves or was said, its duties."""
    record_id = uuid.uuid4()
    entry_id = ledger.record(
        **entry_fields(
            draft=draft,
            facts=facts,
            decision=decision,
            sender=sender,
            recipient=recipient,
            action=action,
            record_id=record_id,
            reference=reference,
            at=at,
            alarmed=alarmed,
        )
    )
    record = record_of(
        draft=draft,
        facts=facts,
        decision=decision,
        sender=sender,
        recipient=recipient,
        record_id=record_id,
        edition=editions.current(),
        at=at,
    )
    record.entry_id = entry_id
    record.save(force_insert=True)
    if action in LEFT:
        Duty.objects.bulk_create(duties_of(record, decision))
    return record


def duties_of(record: DecisionRecord, decision: Decision) -> list[Duty]:
    """One row for each duty, once."""
    once = {duty.code: duty for duty in decision.duties}
    return [Duty(record=record, code=duty.code, owed_by=duty.owed_by, due_at=duty.due_at) for duty in once.values()]


def disclosed_items(disclosure: Disclosure, facts: f.Facts, labels: dict[str, str]) -> list[DisclosedItem]:
    """The items as they leave: their labels at this instant, and why each was necessary."""
    return [
        DisclosedItem(
            disclosure=disclosure,
            item_id=uuid.UUID(item.ref),
            label=labels[item.ref],
            category=item.category,
            nature=item.nature,
            necessity=item.necessity or "",
        )
        for item in facts.items
    ]


def release(
    *,
    draft: Draft,
    record: DecisionRecord,
    facts: f.Facts,
    decision: Decision,
    recipient: Membership,
    reference: str,
    labels: dict[str, str],
    at: datetime | None = None,
    answers: InformationRequest | None = None,
) -> Disclosure:
    """Let the items leave: the disclosure, its items, the promise to tell the recipient, the request it `answers`.

    The draft is spent. Nobody is written to who was told aloud, or has no account: the sheet is handed over, and who received
    it is noted.
    """
    disclosure = disclosure_of(
        draft=draft,
        record=record,
        facts=facts,
        decision=decision,
        recipient=recipient,
        reference=reference,
        at=at,
        answers=answers,
    )
    disclosure.entry_id = record.entry_id
    disclosure.save(force_insert=True)
    DisclosedItem.objects.bulk_create(disclosed_items(disclosure, facts, labels))
    if disclosure.channel == Reached.IN_APP:
        promise(
            kind=Outbox.Kind.DISCLOSURE_WAITING,
            key=f"disclosure_waiting:{disclosure.pk}",
            recipient=recipient,
            reference=reference,
            path=reverse("sharing:received", args=[disclosure.pk]),
        )
    if answers is not None:
        answering.record_answer(request=answers, disclosure=disclosure, by=record.author, at=disclosure.released_at)
    draft.sent_at = disclosure.released_at
    draft.save(update_fields=["sent_at"])
    return disclosure
