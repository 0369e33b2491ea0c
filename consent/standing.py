"""What the person's word is now, for one recipient and one purpose: computed from her acts, never stored.

Each speaker's last word on a category holds. Where two holders of parental authority say different things, both are
given back: a disagreement stops and goes to review (C. civ. 372-2: good faith ends where the disagreement is known).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import OuterRef, Subquery

from .models import Consent, Objection, PriorInformation, Refusal, Withdrawal

State = Literal["given", "refused", "withdrawn", "objected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One speaker's last word on some categories."""

    state: State
    ref: uuid.UUID
    speaker: uuid.UUID | None
    categories: frozenset[str]
    said_at: datetime
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Her words and what she was told, for one recipient and one purpose."""

    words: tuple[Word, ...]
    informed: frozenset[str]
    withheld: str
    reexamine_on: Any
    child_heard: bool
    presence_proposed: bool
    statement: bool

    def said(self, state: State) -> frozenset[str]:
        """The categories on which somebody's last word is this one."""
        return frozenset().union(*(word.categories for word in self.words if word.state == state))

    @property
    def divided(self) -> frozenset[str]:
        """The categories on which one speaker agrees and another does not."""
        against = self.said("refused") | self.said("withdrawn") | self.said("objected")
        return self.said("given") & against


def _latest(words: Iterable[Word]) -> tuple[Word, ...]:
    """Keep, for each speaker and category, the last word only."""
    last: dict[tuple[uuid.UUID | None, str], Word] = {}
    for word in sorted(words, key=lambda one: one.said_at):
        for category in word.categories:
            last[word.speaker, category] = word
    kept: dict[tuple[uuid.UUID, State], set[str]] = {}
    by_key = {}
    for (_speaker, category), word in last.items():
        kept.setdefault((word.ref, word.state), set()).add(category)
        by_key[word.ref, word.state] = word
    return tuple(
        Word(
            state=word.state,
            ref=word.ref,
            speaker=word.speaker,
            categories=frozenset(kept[key]),
            said_at=word.said_at,
            valid_from=word.valid_from,
            valid_until=word.valid_until,
        )
        for key, word in by_key.items()
    )


def standing(*, person: uuid.UUID, recipient: uuid.UUID, purpose: str, at: datetime) -> Standing:
    """Read the acts recorded up to this instant, in four statements whatever their number."""
    scope = {"person": person, "recipient": recipient, "purpose": purpose, "recorded_at__lte": at}
    withdrawn = Withdrawal.objects.filter(consent=OuterRef("pk"), withdrawn_at__lte=at)
    words: list[Word] = []
    told: set[str] = set()
    statement = False
    for consent in Consent.objects.filter(**scope).annotate(
        withdrawn_at=Subquery(withdrawn.values("withdrawn_at")[:1])
    ):
        gone = consent.withdrawn_at is not None
        words.append(
            Word(
                state="withdrawn" if gone else "given",
                ref=consent.pk,
                speaker=consent.given_by_id,
                categories=frozenset(consent.categories),
                said_at=consent.withdrawn_at or consent.recorded_at,
                valid_from=consent.valid_from,
                valid_until=consent.valid_until,
            )
        )
        statement = statement or bool(consent.own_words)
        told.update(consent.categories)  # the notice is part of the agreement
    for model, state in ((Refusal, "refused"), (Objection, "objected")):
        for row in model.objects.filter(**scope):
            words.append(
                Word(
                    state=state,  # type: ignore[arg-type]
                    ref=row.pk,
                    speaker=row.given_by_id,
                    categories=frozenset(row.categories),
                    said_at=row.recorded_at,
                )
            )
            statement = statement or bool(row.own_words)
    withheld, reexamine_on, heard, proposed = "", None, False, False
    for notice in PriorInformation.objects.filter(**scope).order_by("recorded_at"):
        withheld, reexamine_on = notice.exception, notice.reexamine_on
        heard = heard or notice.child_heard
        proposed = proposed or notice.presence_proposed
        if not notice.exception:
            told.update(notice.categories)
    return Standing(
        words=_latest(words),
        informed=frozenset(told),
        withheld=withheld,
        reexamine_on=reexamine_on,
        child_heard=heard,
        presence_proposed=proposed,
        statement=statement,
    )
