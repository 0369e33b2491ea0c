"""Stored decisions taken again from their stored facts, under the rules of this process: what would now come out otherwise.

Nothing is written, and nothing that comes out of here holds a name or a content: references, codes, and the norms by name.
Reading a disclosure decides on the facts of its day (`sharing.reading`) and stores no decision: there is none to replay.
"""

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from partners.clock import PARIS
from sharing import editions
from sharing.decision import decide
from sharing.facts import Facts
from sharing.models import DecisionRecord, RulebookEdition
from sharing.outcome import ALLOW, DENY, REVIEW

CHUNK = 500  # rows held at once
COLUMNS = (
    *("id", "case__reference", "decided_at", "verdict", "basis", "facts", "decision", "rulebook"),
    *("edition__number", "edition__rulebook"),
)

FACTS, DECISION, EDITION = "facts", "decision", "edition"  # what cannot be read
UNREAD = "what_cannot_be_read_is_refused"  # how the core answers to facts of the right shape that make no sense


@dataclass(frozen=True, slots=True)
class Changed:
    """Names that are there now and were not, that were and are not, that are there with something else to say."""

    newly: tuple[str, ...] = ()
    no_longer: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.newly or self.no_longer or self.otherwise)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.newly, *self.no_longer, *self.otherwise))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a decision would now say otherwise; pairs are (then, now)."""

    verdict: tuple[str, str]
    basis: tuple[str | None, str | None]
    access_until: tuple[datetime | None, datetime | None]
    rules: Changed  # by which norm
    duties: Changed

    @property
    def until(self) -> tuple[datetime | None, datetime | None] | None:
        """Until when it may be read, (then, now), where both let it be read and do not say the same."""
        then, now = self.access_until
        return None if then == now or DENY in self.verdict else (then, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One stored decision, taken again: the same, another, or what of it cannot be read (FACTS, DECISION, EDITION)."""

    record: uuid.UUID
    case: str
    decided_at: datetime
    edition: int | None
    difference: Difference | None = None
    unreadable: str = ""


@dataclass(slots=True)
class Tally:
    """How many came out the same, and what the others differ by."""

    replayed: int = 0
    differing: int = 0
    unreadable: int = 0
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    newly: Counter[str] = field(default_factory=Counter)
    no_longer: Counter[str] = field(default_factory=Counter)
    otherwise: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)
    access: int = 0

    def add(self, one: Replayed) -> None:
        """Count one decision."""
        self.replayed += 1
        self.unreadable += bool(one.unreadable)
        if one.difference is None:
            return
        self.differing += 1
        self.verdicts[one.difference.verdict] += 1
        self.newly.update(one.difference.rules.newly)
        self.no_longer.update(one.difference.rules.no_longer)
        self.otherwise.update(one.difference.rules.otherwise)
        self.duties.update(one.difference.duties)
        self.access += one.difference.until is not None

    @property
    def rules(self) -> list[str]:
        """The norms by which decisions differ, those of most decisions first."""
        return [name for name, _count in (self.newly + self.no_longer + self.otherwise).most_common()]


def replay(records: QuerySet[DecisionRecord]) -> Iterator[Replayed]:
    """Take these decisions again, in the order of the trail; a few hundred rows at a time, whatever their number.

    In a transaction the rows stream from PostgreSQL; outside one it puts them all aside first.
    """
    # The index on the entry gives that order without sorting whole decisions.
    for row in records.order_by("entry_id").values(*COLUMNS).iterator(chunk_size=CHUNK):
        yield _again(row)


def altered_editions() -> list[int]:
    """The numbers of the editions whose kept content is no longer what they were known by."""
    return [one.number for one in RulebookEdition.objects.iterator(chunk_size=1) if not editions.holds(one)]


def _again(row: Mapping[str, Any]) -> Replayed:
    found: Difference | None = None
    unreadable = ""
    if row["edition__rulebook"] not in (None, row["rulebook"]):
        unreadable = EDITION
    else:
        try:
            then = _said(row["decision"])
            if (then.verdict, then.basis or "") != (row["verdict"], row["basis"]):
                raise ValueError("the decision is not the one that its columns tell of")
        except Exception:  # whatever is wrong in it is told of, and stops nobody else's
            unreadable = DECISION
    if not unreadable:
        try:
            now = _said(decide(Facts.from_plain(row["facts"])).to_plain())
        except Exception:
            unreadable = FACTS
        else:
            if UNREAD in now.rules and UNREAD not in then.rules:
                unreadable = FACTS
            else:
                found = _difference(then, now)
    return Replayed(
        record=row["id"],
        case=row["case__reference"],
        decided_at=row["decided_at"],
        edition=row["edition__number"],
        difference=found,
        unreadable=unreadable,
    )


# --- what two decisions are compared on: what they do, not the words in which they say it ----------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    verdict: str
    basis: str | None
    access_until: datetime | None
    rules: Mapping[str, tuple[str, frozenset[str]]]  # norm -> its effect, the items that it is about
    duties: Mapping[str, tuple[str, datetime | None]]  # code -> who owes it, by when


# What is printed of a decision is its codes: whatever was written in their place by hand is no code, and is not printed.
_CODE = re.compile(r"[a-z][a-z0-9_]{0,119}")


def _said(plain: Mapping[str, Any]) -> _Said:
    """Raises ValueError, KeyError or TypeError where it is not a decision of the core."""
    if plain["verdict"] not in (ALLOW, REVIEW, DENY):
        raise ValueError("no verdict")
    return _Said(
        verdict=plain["verdict"],
        basis=plain["basis"],
        access_until=_instant(plain["access_until"]),
        rules={_code(one["rule"]): (_code(one["effect"]), frozenset(one["items"])) for one in plain["findings"]},
        duties={_code(one["code"]): (_code(one["owed_by"]), _instant(one["due_at"])) for one in plain["duties"]},
    )


def _code(written: str) -> str:
    if not _CODE.fullmatch(written):
        raise ValueError("no code")
    return written


def _instant(written: str | None) -> datetime | None:
    if written is None:
        return None
    instant = datetime.fromisoformat(written)
    instant.astimezone(PARIS)  # raises where no calendar has its day
    return instant


def _difference(then: _Said, now: _Said) -> Difference | None:
    if then == now:
        return None
    return Difference(
        verdict=(then.verdict, now.verdict),
        basis=(then.basis, now.basis),
        access_until=(then.access_until, now.access_until),
        rules=_changed(then.rules, now.rules),
        duties=_changed(then.duties, now.duties),
    )


def _changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> Changed:
    return Changed(
        newly=tuple(name for name in now if name not in then),
        no_longer=tuple(name for name in then if name not in now),
        otherwise=tuple(name for name in now if name in then and now[name] != then[name]),
    )
