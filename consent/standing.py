"""What the person's word is now, for one recipient and one purpose: computed from her acts, never stored.

Each speaker's last word on a category holds. Where two holders of parental authority say different things, both are
given back: a disagreement stops and goes to review (C. civ. 372-2: good faith ends where the disagreement is known).

What counts at an instant is what was recorded by then, and nothing that came after: what was recorded in error counts for
nothing from the instant this was said; what others said for her ends when she comes of age or is emancipated (C. civ. 388,
413-6), and with their authority. Of another sheet of the same person only what stops counts (abuse 37). ADR 0025.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Field,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from cases.models import PersonStatus, PersonStatusEnd, RepresentativeAct
from cases.sheets import SheetsOf, sheet_ids_of
from cases.standing import majority_of
from partners import clock
from partners.written_once import Statement, written

from .models import Consent, Invalidation, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal

State = Literal["given", "refused", "withdrawn", "objected"]
CAME_OF_AGE, AUTHORITY_ENDED, IN_ERROR = "came_of_age", "authority_ended", "recorded_in_error"
"""Why an agreement that was given counts no more, other than her taking it back."""

OVER = frozenset({RepresentativeAct.Move.WITHDRAWN, RepresentativeAct.Move.ENDED})
OF_AUTHORITY = frozenset(RepresentativeAct.Move) - {
    RepresentativeAct.Move.DO_NOT_CONTACT,
    RepresentativeAct.Move.CONTACT_AGAIN,
}


class Towards(NamedTuple):
    """Whose word, towards whom, what for."""

    person: uuid.UUID
    recipient: uuid.UUID
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One speaker's last word on some categories; `elsewhere`: said on another sheet of the same person."""

    state: State
    ref: uuid.UUID
    speaker: uuid.UUID | None
    categories: frozenset[str]
    said_at: datetime
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Lapsed:
    """An agreement that was given and counts no more, without having been taken back; `why` is one of the codes above."""

    why: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Her words and what she was told, for one recipient and one purpose."""

    words: tuple[Word, ...] = ()
    informed: frozenset[str] = frozenset()
    withheld: str = ""
    reexamine_on: date | None = None
    child_heard: bool = False
    presence_proposed: bool = False
    statement: bool = False
    lapsed: tuple[Lapsed, ...] = ()

    def said(self, state: State) -> frozenset[str]:
        """The categories on which somebody's last word is this one."""
        return frozenset().union(*(word.categories for word in self.words if word.state == state))

    @property
    def divided(self) -> frozenset[str]:
        """The categories on which one of those who speak for her agrees and another does not.

        Her own word is not weighed against theirs, nor what another sheet of hers stops: it stands.
        """
        theirs = [word for word in self.words if word.speaker is not None and not word.elsewhere]
        agreed = frozenset[str]().union(*(word.categories for word in theirs if word.state == "given"))
        return agreed & frozenset[str]().union(*(word.categories for word in theirs if word.state != "given"))

    def lapsed_on(self, categories: Iterable[str]) -> str:
        """Why an agreement on one of these counts no more; "" where none lapsed."""
        concerned = frozenset(categories)
        return next((one.why for one in self.lapsed if one.categories & concerned), "")


def _latest(words: Iterable[Word]) -> tuple[Word, ...]:
    """Keep, for each speaker and category, the last word only; of another sheet, what stops."""
    last: dict[tuple[bool, uuid.UUID | None, str], Word] = {}
    for word in sorted(words, key=lambda one: one.said_at):
        for category in word.categories:
            last[word.elsewhere, word.speaker, category] = word
    kept: dict[tuple[uuid.UUID, State], set[str]] = {}
    by_key = {}
    for (elsewhere, _speaker, category), word in last.items():
        if elsewhere and word.state == "given":
            continue
        kept.setdefault((word.ref, word.state), set()).add(category)
        by_key[word.ref, word.state] = word
    return tuple(replace(word, categories=frozenset(kept[key])) for key, word in by_key.items())


def standing(*, person: uuid.UUID, recipient: uuid.UUID, purpose: str, at: datetime) -> Standing:
    """Read the acts recorded up to this instant, in one statement whatever their number."""
    towards = Towards(person, recipient, purpose)
    return standings([towards], at=at)[towards]


def standings(scopes: Collection[Towards], *, at: datetime) -> dict[Towards, Standing]:
    """The same for many at once, in the same statement."""
    if not scopes:
        return {}
    gathered = {one: _Gathered() for one in scopes}
    for row in _rows(scopes, at):
        for one, found in _concerned(row, gathered):
            found.reads(row, at, elsewhere=one.person != row.person_id)
    return {one: found.standing() for one, found in gathered.items()}


COLUMNS = (
    "kind", "pk", "person_id", "recipient_id", "purpose", "categories", "recorded_at", "given_by_id", "given_by__ends_on",
    "born", "freed_at", "authority", "invalidated_at", "sheets", "own_words",
)  # fmt: skip
OWN_COLUMNS: dict[str, "Field[Any, Any]"] = {
    "valid_from": DateTimeField(),
    "valid_until": DateTimeField(),
    "withdrawn_at": DateTimeField(),
    "exception": CharField(),
    "reexamine_on": DateField(),
    "child_heard": BooleanField(),
    "presence_proposed": BooleanField(),
}
"""What some of them have, and the others leave empty."""
NAMED: dict[type[PersonsWord], str] = {
    Consent: "consent",
    Refusal: "refusal",
    Objection: "objection",
    PriorInformation: "information",
}
"""How an invalidation names what it is about."""
OPPOSED: dict[str, State] = {"refusal": "refused", "objection": "objected"}
WORDS = ("consent", *OPPOSED)
_AT = datetime(1, 1, 1, tzinfo=UTC)
_PERSONS, _RECIPIENTS, _PURPOSES = uuid.UUID(int=1), uuid.UUID(int=2), "purposes"
"""What stands where the instant, and those asked about, will."""


def _rows(scopes: Collection[Towards], at: datetime) -> list[Any]:
    """What was recorded by then towards these, each with what may make it count no more.

    The latest words first, then what was told, in its order.
    """
    persons, recipients, purposes = (list({one[place] for one in scopes}) for place in range(len(Towards._fields)))
    values = {_AT: at, _PERSONS: persons, _RECIPIENTS: recipients, _PURPOSES: purposes}
    found = sorted(_statement().read(values), key=lambda one: one.recorded_at)
    words: list[Any] = [one for kind in WORDS for one in reversed(found) if one.kind == kind]
    return words + [one for one in found if one.kind not in WORDS]


@lru_cache(maxsize=1)
def _statement() -> Statement:
    """Their acts of every kind: one statement, whatever the number of people, recipients and purposes."""
    columns = (*COLUMNS, *OWN_COLUMNS)
    first, *others = (_acts(model).values_list(*columns) for model in NAMED)
    return written(first.union(*others, all=True), columns)


def _acts(model: type[PersonsWord]) -> QuerySet[Any]:
    """Of one kind, each with every column of all."""
    invalidated = Invalidation.objects.filter(**{NAMED[model]: OuterRef("pk")}, invalidated_at__lte=_AT)
    lifted = PersonStatusEnd.objects.filter(status=OuterRef("pk"), ended_at__lte=_AT)
    freed = PersonStatus.objects.filter(
        ~Exists(lifted),
        person=OuterRef("person"),
        kind=PersonStatus.Kind.EMANCIPATED,
        starts_at__lte=_AT,
        recorded_at__lte=_AT,
    )
    acts = RepresentativeAct.objects.filter(representative=OuterRef("given_by"), at__lte=_AT, move__in=OF_AUTHORITY)
    own = {field.name for field in model._meta.get_fields()}
    others: dict[str, Any] = {name: Cast(Value(None), field) for name, field in OWN_COLUMNS.items() if name not in own}
    if model is Consent:
        others["withdrawn_at"] = _taken_back(_AT)
    rows = model._default_manager.filter(
        person__in=sheet_ids_of(_PERSONS, _AT),
        recipient__one_of=_RECIPIENTS,
        purpose__one_of=_PURPOSES,
        recorded_at__lte=_AT,
    )
    return rows.order_by().annotate(
        kind=Value(NAMED[model], CharField()),
        born=F("person__birth_date"),
        freed_at=Subquery(freed.order_by("starts_at").values("starts_at")[:1]),
        authority=Subquery(acts.order_by("-at").values("move")[:1]),
        invalidated_at=Subquery(invalidated.values("invalidated_at")[:1]),
        sheets=SheetsOf("person", _AT),
        **others,
    )


def _taken_back(at: datetime) -> Subquery:
    """When an agreement was taken back, by this instant; a withdrawal recorded in error takes nothing back."""
    mistaken = Invalidation.objects.filter(withdrawal=OuterRef("pk"), invalidated_at__lte=at)
    return Subquery(
        Withdrawal.objects.filter(~Exists(mistaken), consent=OuterRef("pk"), withdrawn_at__lte=at).values(
            "withdrawn_at"
        )[:1]
    )


def _concerned(row: Any, gathered: dict[Towards, "_Gathered"]) -> Iterable[tuple[Towards, "_Gathered"]]:
    """Which of those asked about this row speaks of."""
    for person in row.sheets:
        one = Towards(person, row.recipient_id, row.purpose)
        if one in gathered:
            yield one, gathered[one]


def _gone(row: Any, at: datetime) -> str:
    """Why a row counts no more at this instant; "" where it counts."""
    if row.invalidated_at is not None:
        return IN_ERROR
    if row.given_by_id is None:
        return ""
    of_age = majority_of(row.born)
    free = of_age if row.freed_at is None else min(of_age, row.freed_at)
    if row.recorded_at < free <= at:
        return CAME_OF_AGE
    ends_on = row.given_by_ends_on
    if row.authority in OVER or (ends_on is not None and at >= clock.end_of(ends_on)):
        return AUTHORITY_ENDED
    return ""


@dataclass(slots=True)
class _Gathered:
    """What is read row by row for one recipient and one purpose."""

    words: list[Word] = field(default_factory=list)
    lapsed: list[Lapsed] = field(default_factory=list)
    # when each category was told, and each exception with what it still withholds
    told: dict[str, datetime] = field(default_factory=dict)
    exceptions: list[tuple[Any, frozenset[str]]] = field(default_factory=list)
    heard: bool = False
    proposed: bool = False
    statement: bool = False

    def reads(self, row: Any, at: datetime, *, elsewhere: bool) -> None:
        """Take one act into account; of another sheet of hers, what she was told says nothing here."""
        if row.kind == "consent":
            self.agreed(row, at, elsewhere=elsewhere)
        elif row.kind in OPPOSED:
            self.opposed(row, OPPOSED[row.kind], at, elsewhere=elsewhere)
        elif not elsewhere:
            self.was_told(row, at)

    def agreed(self, consent: Any, at: datetime, *, elsewhere: bool) -> None:
        if why := _gone(consent, at):
            if not elsewhere:
                self.lapsed.append(Lapsed(why, frozenset(consent.categories)))
            return
        gone = consent.withdrawn_at is not None
        self.words.append(
            Word(
                state="withdrawn" if gone else "given",
                ref=consent.pk,
                speaker=consent.given_by_id,
                categories=frozenset(consent.categories),
                said_at=consent.withdrawn_at or consent.recorded_at,
                valid_from=consent.valid_from,
                valid_until=consent.valid_until,
                elsewhere=elsewhere,
            )
        )
        if not elsewhere:
            self.statement = self.statement or bool(consent.own_words)
            self._tell(consent)  # the notice is part of the agreement

    def opposed(self, row: Any, state: State, at: datetime, *, elsewhere: bool) -> None:
        if _gone(row, at):
            return
        self.words.append(
            Word(
                state=state,
                ref=row.pk,
                speaker=row.given_by_id,
                categories=frozenset(row.categories),
                said_at=row.recorded_at,
                elsewhere=elsewhere,
            )
        )
        self.statement = self.statement or (bool(row.own_words) and not elsewhere)

    def was_told(self, notice: Any, at: datetime) -> None:
        if _gone(notice, at):
            return
        self.heard = self.heard or notice.child_heard
        self.proposed = self.proposed or notice.presence_proposed
        if notice.exception:
            # It was about telling others, or about telling a child: it does not outlive her childhood.
            if not notice.recorded_at < majority_of(notice.born) <= at:
                self.exceptions.append((notice, frozenset(notice.categories)))
            return
        self._tell(notice)

    def _tell(self, row: Any) -> None:
        for category in row.categories:
            self.told[category] = max(row.recorded_at, self.told.get(category, row.recorded_at))

    def _withheld(self) -> Any:
        """The last exception of which something was not told since; None where all was."""
        standing = None
        for notice, categories in self.exceptions:
            if any(self.told.get(one, notice.recorded_at) <= notice.recorded_at for one in categories):
                standing = notice
        return standing

    def standing(self) -> Standing:
        withheld = self._withheld()
        return Standing(
            words=_latest(self.words),
            informed=frozenset(self.told),
            withheld=withheld.exception if withheld else "",
            reexamine_on=withheld.reexamine_on if withheld else None,
            child_heard=self.heard,
            presence_proposed=self.proposed,
            statement=self.statement,
            lapsed=tuple(self.lapsed),
        )
