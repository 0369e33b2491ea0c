"""Communications of the demonstration: decided by the core on the facts of their day, and written as `sharing.release` does."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection
from django.urls import reverse

from cases.models import Case
from consent.models import Withdrawal
from partners.clock import day_of
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import between, gather, release
from sharing import facts as f
from sharing.decision import decide
from sharing.models import Disclosure, Draft, DraftItem, Outbox, RulebookEdition
from sharing.outcome import ALLOW, DENY, Decision

from .batch import Batch
from .following import follow
from .territory import Territory

NUMBERS_AT_ONCE = 100
KEPT_AFTER_A_REFUSAL = timedelta(days=10)  # a refused draft is put away some day


class Numbers:
    """Numbers that PostgreSQL gives once, taken many at a time."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence
        self._taken: Iterator[int] = iter(())

    def take(self, count: int) -> list[int]:
        """As many new numbers, in order."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [self._sequence, count])
            return sorted(row[0] for row in cursor.fetchall())

    def next(self) -> int:
        """One more."""
        number = next(self._taken, None)
        if number is None:
            self._taken = iter(self.take(NUMBERS_AT_ONCE))
            number = next(self._taken)
        return number


class Agreed:
    """What the agreements of a territory leave possible, as `between.terms` reads it from the database."""

    def __init__(self, territory: Territory) -> None:
        self._agreements = [
            (agreement, {party.institution_id for party in parties}, all(party.signed_on for party in parties))
            for agreement, parties in territory.agreements
        ]
        self._every = frozenset(vocabulary().categories)

    def terms(self, *, sender: Membership, recipient: Membership, purpose: str, at: datetime) -> between.Terms:
        """The agreements between these two institutions for this purpose, at this instant."""
        both = {sender.institution_id, recipient.institution_id}
        if len(both) == 1:
            return between.Terms(in_force=True, narrowed=frozenset())
        current = [
            agreement
            for agreement, parties, signed in self._agreements
            if both <= parties and purpose in agreement.purposes and agreement.in_force_at(at, signed=signed)
        ]
        if not current:
            return between.Terms(in_force=False, narrowed=frozenset())
        allowed: frozenset[str] = frozenset(chain.from_iterable(one.categories for one in current))
        return between.Terms(in_force=True, narrowed=self._every - allowed)


class Sender:
    """Writes drafts, decisions and disclosures into a batch."""

    def __init__(self, *, batch: Batch, references: Numbers, now: datetime, edition: RulebookEdition) -> None:
        self._batch, self._references, self._now, self._edition = batch, references, now, edition
        self._read_at = reverse("sharing:received", args=[uuid.UUID(int=0)])

    def draft(
        self, *, case: Case, author: Membership, recipient: Membership, purpose: str, benefit: str,
        circumstances: Iterable[str], chosen: Sequence[gather.Chosen], started_at: datetime, saved_at: datetime,
    ) -> Draft:  # fmt: skip
        """A disclosure being composed."""
        draft = Draft(
            case=case,
            author=author,
            recipient=recipient,
            purpose=purpose,
            benefit=benefit,
            circumstances=list(circumstances),
            started_at=started_at,
            saved_at=saved_at,
        )
        self._batch.add(
            draft, *(DraftItem(draft_id=draft.pk, item_id=one.item.pk, necessity=one.necessity) for one in chosen)
        )
        return draft

    def submit(
        self,
        *,
        draft: Draft,
        facts: f.Facts,
        sender: Membership,
        recipient: Membership,
        chosen: Sequence[gather.Chosen],
        reviewer: Membership,
    ) -> tuple[Decision, Disclosure | None]:
        """Decide; where it is an allow, let the items leave. What is refused, or awaits an opinion, is kept like the rest.

        `reviewer` gives opinions where the sender works.
        """
        decision = decide(facts)
        released = decision.verdict == ALLOW
        reference = f"C-{day_of(facts.at):%Y}-{self._references.next():06d}" if released else ""
        record_id = uuid.uuid4()
        record = release.record_of(
            draft=draft,
            facts=facts,
            decision=decision,
            sender=sender,
            recipient=recipient,
            record_id=record_id,
            edition=self._edition,
        )
        acts: list[Any] = [record]
        disclosure = None
        if decision.verdict == DENY and facts.at < self._now - KEPT_AFTER_A_REFUSAL:
            draft.discarded_at = facts.at + timedelta(days=1)
        if released:
            draft.sent_at = facts.at
            disclosure = release.disclosure_of(
                draft=draft, record=record, facts=facts, decision=decision, recipient=recipient, reference=reference
            )
            acts.append(disclosure)
            self._batch.add(
                *release.disclosed_items(disclosure, facts, {str(one.item.pk): one.item.label for one in chosen})
            )
            duties = release.duties_of(record, decision)
            self._batch.add(*duties)
            follow(self._batch, duties=duties, disclosure=disclosure, reviewer=reviewer, now=self._now)
        entry = release.entry_fields(
            draft=draft,
            facts=facts,
            decision=decision,
            sender=sender,
            recipient=recipient,
            action=release.RELEASED if released else release.ACTIONS[decision.verdict],
            record_id=record_id,
            reference=reference,
        )
        self._batch.act(*acts, **entry)
        if disclosure is not None:
            self._tell(
                Outbox.Kind.DISCLOSURE_WAITING, f"disclosure_waiting:{disclosure.pk}", disclosure, recipient, facts.at
            )
        return decision, disclosure

    def _tell(self, kind: str, key: str, disclosure: Disclosure, recipient: Membership, at: datetime) -> None:
        """The letter of that day, already sent: loading a demonstration writes to nobody."""
        self._batch.add(
            Outbox(
                key=key,
                kind=kind,
                recipient_id=recipient.pk,
                reference=disclosure.reference,
                path=self._read_at.replace(str(uuid.UUID(int=0)), str(disclosure.pk)),
                created_at=at,
                next_attempt_at=at,
                done_at=at + timedelta(seconds=2),
                attempts=1,
            )
        )

    def open(self, disclosure: Disclosure, reader: Membership, at: datetime) -> None:
        """The recipient reads it for the first time."""
        disclosure.opened_at = at
        self._batch.act(
            action="disclosure.opened",
            at=at,
            actor=reader.pk,
            case=disclosure.case_id,
            refs={"disclosure": disclosure.pk, "person": disclosure.case.person_id},
            codes={"purpose": disclosure.purpose},
            personal={"reader": str(reader), "reference": disclosure.reference},
        )

    def acknowledge(self, disclosure: Disclosure, reader: Membership, at: datetime) -> None:
        """The recipient says that she has read it."""
        disclosure.acknowledged_at = at
        self._batch.act(
            action="disclosure.acknowledged",
            at=at,
            actor=reader.pk,
            case=disclosure.case_id,
            refs={"disclosure": disclosure.pk},
            personal={"reader": str(reader), "reference": disclosure.reference},
        )

    def tell_of_withdrawal(self, withdrawal: Withdrawal, disclosure: Disclosure, reader: Membership) -> None:
        """Those who hold what the person has taken back are told."""
        key = f"consent_withdrawn:{withdrawal.pk}:{disclosure.pk}"
        self._tell(Outbox.Kind.CONSENT_WITHDRAWN, key, disclosure, reader, withdrawal.withdrawn_at)
