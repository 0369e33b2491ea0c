"""The act of sharing, and its preview. Pages, API, commands and tasks call these and nothing else."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext

from audit import alarms, canonical
from cases.models import DissentNote
from cases.standing import read_along, statuses_of
from partners import clock
from partners.models import Membership
from sharing import anchors, content, gather, release, wording
from sharing import facts as f
from sharing.asking import awaited
from sharing.decision import decide
from sharing.models import DecisionRecord, Disclosure, Draft, DraftItem, Review
from sharing.outcome import ALLOW, DENY, REVIEW, Decision


class CaseNotOpen(Exception):
    """The author may not open this case (any more): answered like a page that does not exist."""


class IncompleteDraft(Exception):
    """Something is missing before a decision can be taken; `missing` names the fields."""

    def __init__(self, *missing: str) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class Outcome(StrEnum):
    """What a submission came to."""

    RELEASED = "released"
    REFUSED = "refused"
    AWAITING = "awaiting_opinion"
    CHANGED = "changed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The answer to a submission: what happened, on what facts, and the disclosure where there is one.

    A draft that had already left has neither facts nor decision: they were taken the first time.
    """

    outcome: Outcome
    facts: f.Facts | None
    decision: Decision | None
    record: DecisionRecord | None
    disclosure: Disclosure | None


def missing_of(draft: Draft, chosen: Sequence[gather.Chosen]) -> tuple[str, ...]:
    """The fields without which nothing can be decided."""
    lacking = []
    if not draft.purpose:
        lacking.append("purpose")
    if draft.recipient_id is None:
        lacking.append("recipient")
    if not chosen:
        lacking.append("items")
    return tuple(lacking)


def chosen_of(draft: Draft) -> list[gather.Chosen]:
    """The items of a draft with the necessity written for each."""
    return [gather.Chosen(item=row.item, necessity=row.necessity) for row in _rows(draft)]


def _rows(draft: Draft) -> QuerySet[DraftItem]:
    return DraftItem.objects.filter(draft=draft).select_related("item").order_by("pk")


def preview(*, draft: Draft, by: Membership, at: datetime | None = None) -> tuple[f.Facts, Decision]:
    """Decide a draft without sending anything: the facts of now and the decision with its ways out.

    Raises IncompleteDraft where a purpose, a recipient or an item is missing.
    """
    chosen = chosen_of(draft)
    lacking = missing_of(draft, chosen)
    if lacking or draft.recipient is None:
        raise IncompleteDraft(*lacking)
    facts = gather.gather(
        case=draft.case,
        sender=by,
        recipient=draft.recipient,
        purpose=draft.purpose,
        chosen=chosen,
        circumstances=draft.circumstances,
        justification=draft.benefit,
        at=at or clock.now(),
    )
    return facts, explained(facts)


def explained(facts: f.Facts) -> Decision:
    """The decision with its ways out, said in the reader's language; what is decided does not depend on it."""
    with wording.spoken_in(gettext):
        return decide(facts, paths=True)


def beside(draft: Draft) -> tuple[str, ...]:
    """What the author sees beside the facts: the notes of dissent that leave with it, and why it no longer answers a request."""
    return (*content.of(draft, chosen_of(draft)).notes, *awaited.of_draft(draft).seen)


def fingerprint(facts: f.Facts, decision: Decision, beside: Sequence[str] = ()) -> str:
    """What the author has seen: the same string as long as neither the facts, nor the answer, nor what is beside has changed."""
    seen = facts.to_plain()
    del seen["at"]
    said = {
        "verdict": decision.verdict,
        "basis": decision.basis,
        "items": [[item.ref, item.verdict] for item in decision.items],
        "reasons": list(decision.reasons),
        "rulebook": decision.rulebook,
    }
    return canonical.digest(canonical.encode([seen, said, list(beside)] if beside else [seen, said]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A decision taken under lock: on which items, on what facts, between whom; what is `leaving`, and what it answers.

    `opinion_asked`: whether an opinion was ever asked on this draft, whatever it held then. `alarmed`: whether an alarm on the
    trail stands that suspends ordinary sharing (abuse 19).
    """

    draft: Draft
    chosen: tuple[gather.Chosen, ...]
    sender: Membership
    recipient: Membership
    facts: f.Facts
    decision: Decision
    leaving: content.Content
    answer: awaited.Answer
    opinion_asked: bool
    alarmed: bool

    @property
    def beside(self) -> tuple[str, ...]:
        """What is seen beside the facts (`fingerprint`)."""
        return (*self.leaving.notes, *self.answer.seen)


def hold_draft(*, draft_id: uuid.UUID, author: Membership) -> Draft:
    """The draft, held until the transaction ends, for its author who may still open its case. Raises CaseNotOpen."""
    draft = (
        Draft.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "recipient", "author")
        .filter(pk=draft_id, author=author, discarded_at__isnull=True)
        .first()
    )
    if draft is None or not anchors.hold_assignment(case=draft.case_id, membership=author.pk):
        raise CaseNotOpen
    return draft


def take(*, draft: Draft, at: datetime | None = None) -> Taken:
    """Decide a draft that is held: the anchors and the request it answers first, then the clock, then the facts.

    Raises IncompleteDraft.

    `at` is given by loading and tests; otherwise the database's clock is read once the anchors are held, with the memberships.
    """
    # Whoever asks for an opinion or gives one holds the draft: held here, what is read of them with its items stands.
    rows = list(_rows(draft).annotate(opinion_asked=Exists(Review.objects.filter(draft=draft))))
    chosen = [gather.Chosen(item=row.item, necessity=row.necessity) for row in rows]
    lacking = missing_of(draft, chosen)
    if lacking or draft.recipient_id is None:
        raise IncompleteDraft(*lacking)
    draft.case.person = anchors.hold(person=draft.case.person_id, sender=draft.author_id, recipient=draft.recipient_id)
    answer = awaited.of_draft(draft, held=True)
    # Whoever notes a dissent holds the person: whether there is any is read with the memberships, as the clock is.
    noted = DissentNote.objects.filter(item__in=[one.item.pk for one in chosen])
    people = (
        Membership.objects.select_related("professional", "institution")
        .annotate(
            read_at=clock.Instant(),
            noted=Exists(noted),
            statuses=read_along(draft.case.person_id),
            alarmed=alarms.suspending(),
        )
        .in_bulk([draft.author_id, draft.recipient_id])
    )
    sender, recipient = people[draft.author_id], people[draft.recipient_id]
    facts = gather.gather(
        case=draft.case,
        sender=sender,
        recipient=recipient,
        purpose=draft.purpose,
        chosen=chosen,
        circumstances=draft.circumstances,
        justification=draft.benefit,
        at=at or sender.read_at,
        statuses=statuses_of(sender.statuses),
    )
    return Taken(
        draft=draft,
        chosen=tuple(chosen),
        sender=sender,
        recipient=recipient,
        facts=facts,
        decision=decide(facts),
        leaving=content.of(draft, chosen) if sender.noted else content.with_notes(draft, chosen, {}),
        answer=answer,
        opinion_asked=rows[0].opinion_asked,
        alarmed=sender.alarmed,
    )


def write_down(*, taken: Taken, action: str, reference: str = "") -> DecisionRecord:
    """Keep a decision that was taken under lock, with its entry and, where something leaves, its duties."""
    return release.record_decision(
        draft=taken.draft,
        facts=taken.facts,
        decision=taken.decision,
        sender=taken.sender,
        recipient=taken.recipient,
        action=action,
        reference=reference,
        alarmed=taken.alarmed,
    )


@transaction.atomic
def share(*, draft_id: uuid.UUID, previewed: str, by: Membership, at: datetime | None = None) -> Shared:
    """Take the decision under lock and, where it is an allow and what the author saw, let the items leave.

    What awaits an opinion leaves once a favourable one stands on exactly this content: its author releases it, nobody else.
    What a reviewer suspended or opposed stays, whatever the texts say since. As long as an alarm says that the trail was altered,
    nothing leaves but by the emergency path (`Outcome.SUSPENDED`): what would leave could not be proved.

    `previewed` is the fingerprint of what the author saw; any difference sends nothing (`Outcome.CHANGED`). A draft leaves
    once: submitted again, it answers with the same disclosure. Raises CaseNotOpen, IncompleteDraft.
    """
    draft = hold_draft(draft_id=draft_id, author=by)
    if draft.sent_at is not None:
        sent = Disclosure.objects.select_related("record").get(draft=draft)
        return Shared(outcome=Outcome.RELEASED, facts=None, decision=None, record=sent.record, disclosure=sent)
    taken = take(draft=draft, at=at)
    facts, decision = taken.facts, taken.decision
    seen = fingerprint(facts, decision, taken.beside) == previewed
    might = seen and content.may_leave(draft, taken.leaving, decision, asked=taken.opinion_asked)
    released = might and (draft.urgent or not taken.alarmed)
    reference = release.next_reference(facts.at) if released else ""
    record = write_down(
        taken=taken,
        action=release.RELEASED if released else release.ACTIONS[decision.verdict],
        reference=reference,
    )
    if not released:
        held = Outcome.SUSPENDED if might else OUTCOMES[decision.verdict]
        outcome = held if seen else Outcome.CHANGED
        return Shared(outcome=outcome, facts=facts, decision=decision, record=record, disclosure=None)
    disclosure = release.release(
        draft=draft,
        record=record,
        facts=facts,
        decision=decision,
        recipient=taken.recipient,
        reference=reference,
        labels={str(one.item.pk): one.item.label for one in taken.chosen},
        answers=taken.answer.answered,
    )
    return Shared(outcome=Outcome.RELEASED, facts=facts, decision=decision, record=record, disclosure=disclosure)


# An allow that did not leave although it was what the author saw is held by an opinion.
OUTCOMES = {ALLOW: Outcome.AWAITING, REVIEW: Outcome.AWAITING, DENY: Outcome.REFUSED}
