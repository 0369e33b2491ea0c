"""Where a duty stands: done, put off, late. Computed from the acts of the house and from what was declared; never stored.

Ten statements at most, whatever the number of duties.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import CharField, DateTimeField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from consent.counting import counting, with_stop
from consent.models import Consent, Form, Objection, PriorInformation, Refusal
from partners import wording
from partners.clock import day_of, end_of
from partners.vocabulary import vocabulary
from partners.words import Duty as DutyWord
from partners.written_once import Rows, Statement, written, written_rows
from sharing.models import Conclusion, DisclosedItem, Disclosure, Duty, DutyAct

SOON = timedelta(days=7)
# What is due at the very instant of its communication is to be done now; nobody is late before having had the time to read it.
AT_ONCE = timedelta(hours=1)
REEXAMINATION = "reexamine_information"
AGREED, OBJECTED = "consent", "objection"
DEPARTEMENT = frozenset({"pcd", "service_admin_pe"})
EXCEPTION = "exception"  # the kind of a step: why she was not told yet, recorded with her word
AROUND = (
    "record__case__person",
    "record__recipient__professional",
    "record__recipient__institution",
    "record__author__professional",
    "record__author__institution",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was said of a duty: a kind of DutyAct or `EXCEPTION`, by whom, until when where it was put off."""

    kind: str
    at: datetime
    who: str
    text: str = ""
    until: datetime | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A duty and where it stands. `done_by` names the act of the house that discharged it; "" where it was declared."""

    duty: Duty
    word: DutyWord
    disclosure: Disclosure | None
    categories: tuple[str, ...]
    due_at: datetime | None
    done_at: datetime | None = None
    done_by: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def to_do(self) -> bool:
        """Whether it is an act to do, and not what lasts as long as the disclosure."""
        return bool(self.word.to_do)

    @property
    def waiting(self) -> bool:
        """Whether it is still to be done."""
        return self.to_do and self.done_at is None

    @property
    def hastened(self) -> bool:
        """Whether the last word on it is that nothing justifies waiting any longer."""
        return bool(self.steps) and self.steps[-1].kind == DutyAct.Kind.EXCEPTION_ENDED

    @property
    def late_from(self) -> datetime | None:
        """From when it is late: its due date; some time to do it where that is the very instant of the communication."""
        left_at = self.disclosure and (self.disclosure.said_at or self.disclosure.released_at)
        if self.disclosure is None or self.due_at is None or self.due_at != left_at:
            return self.due_at
        return self.disclosure.released_at + AT_ONCE

    def late(self, at: datetime) -> bool:
        """Half-open: late from its very instant on."""
        return self.waiting and self.late_from is not None and self.late_from <= at

    def now(self, at: datetime) -> bool:
        """Whether it is to be done at once, and there is still time."""
        return self.waiting and self.due_at is not None and self.due_at <= at and not self.late(at)


def word_of(code: str) -> DutyWord:
    """A duty's word in the reader's language; one that the rulebook no longer knows is still to be done."""
    known = vocabulary().duties.get(code)
    if known is None:
        return DutyWord(code, code, to_do=code, ask=_("Comment cela a-t-il été fait ?"))

    def said(text: str) -> str:
        return wording.worded(DutyWord(code, text)) if text else ""

    return DutyWord(
        code,
        said(known.label),
        to_do=said(known.to_do),
        proves=said(known.proves),
        ask=said(known.ask) or _("Comment cela a-t-il été fait ?"),
        kept=said(known.kept),
        done_by=known.done_by,
        by_hand=known.by_hand,
    )


def states(duties: QuerySet[Duty]) -> list[Owed]:
    """Where each of these duties stands, in the order of its due date; those without one come last."""
    # Which ones, then what they say: in one statement, everybody's would be joined before hers are chosen.
    return states_of(duties.order_by().values_list("pk", flat=True))


def states_of(pks: Iterable[uuid.UUID]) -> list[Owed]:
    """The same, by their ids."""
    wanted = list(pks)
    rows = _duties().read({_THESE: wanted}) if wanted else []
    read = _read(rows)
    found = [_state(duty, read) for duty in rows]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.duty.record.decided_at, one.duty.code))


def state_of(duty: Duty) -> Owed:
    """Where one duty stands."""
    return states(Duty.objects.filter(pk=duty.pk))[0]


Key = tuple[uuid.UUID, uuid.UUID, str]


@dataclass(slots=True)
class _Read:
    """What the computing needs, read once for all: by duty, by decision, or by whose word towards whom for what."""

    acts: dict[uuid.UUID, list[DutyAct]] = field(default_factory=lambda: defaultdict(list))
    told: dict[Key, list[PriorInformation]] = field(default_factory=lambda: defaultdict(list))
    words: dict[Key, list[Any]] = field(default_factory=lambda: defaultdict(list))
    disclosures: dict[uuid.UUID, Disclosure] = field(default_factory=dict)
    categories: dict[uuid.UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    items: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))
    copies: dict[uuid.UUID, list[Disclosure]] = field(default_factory=lambda: defaultdict(list))
    concluded: dict[uuid.UUID, list[datetime]] = field(default_factory=lambda: defaultdict(list))


def _key(duty: Duty) -> Key:
    record = duty.record
    return record.case.person_id, record.recipient_id, record.purpose


def _read(duties: Sequence[Duty]) -> _Read:
    read = _Read()
    if not duties:
        return read
    records = {duty.record_id for duty in duties}
    for act in _acts().read({_THESE: [duty.pk for duty in duties]}):
        read.acts[act.duty_id].append(act)
    for disclosure in _left().read({_THESE: list(records)}):
        read.disclosures[disclosure.record_id] = disclosure
    acts = {act for duty in duties for act in word_of(duty.code).done_by}
    if "copy" in acts:
        _read_copies(read, duties)
    if "conclusion" in acts:
        for record, at in _conclusions().read({_THESE: list(records)}):
            read.concluded[record].append(at)
    shown = {one.pk for one in read.disclosures.values()} | {one.pk for many in read.copies.values() for one in many}
    for record, disclosure_id, item, category in _items().read({_THESE: list(shown)}) if shown else ():
        read.categories[record].add(category)
        read.items[disclosure_id].add(item)
    scope = {
        _THESE: list({duty.record.case.person_id for duty in duties}),
        _THOSE: list({duty.record.recipient_id for duty in duties}),
    }
    if acts & {"information", "exception", "child_heard"}:
        for row in _told().read(scope):
            read.told[row.person_id, row.recipient_id, row.purpose].append(row)
    if acts & {"her_word", "objection", "written_agreement"}:
        for word in _said().read(scope):
            read.words[word.person_id, word.recipient_id, word.purpose].append(word)
    return read


# What is read, each written once.

_THESE, _THOSE = uuid.UUID(int=1), uuid.UUID(int=2)
"""What stands where those asked about will."""


@lru_cache(maxsize=1)
def _duties() -> Rows[Duty]:
    found = Duty.objects.filter(pk__one_of=_THESE).order_by()
    return written_rows(found.select_related(*AROUND).defer("record__facts", "record__decision"))


@lru_cache(maxsize=1)
def _acts() -> Rows[DutyAct]:
    return written_rows(DutyAct.objects.filter(duty__one_of=_THESE).select_related("by__professional"))


@lru_cache(maxsize=1)
def _left() -> Rows[Disclosure]:
    return written_rows(Disclosure.objects.filter(record__one_of=_THESE).order_by())


@lru_cache(maxsize=1)
def _conclusions() -> Statement:
    found = Conclusion.objects.filter(disclosure__record__one_of=_THESE).order_by("number")
    return written(found, ("disclosure__record_id", "at"))


@lru_cache(maxsize=1)
def _items() -> Statement:
    found = DisclosedItem.objects.filter(disclosure__one_of=_THESE).order_by()
    return written(found, ("disclosure__record_id", "disclosure_id", "item_id", "category"))


@lru_cache(maxsize=1)
def _told() -> Rows[PriorInformation]:
    found = PriorInformation.objects.filter(person__one_of=_THESE, recipient__one_of=_THOSE).order_by("recorded_at")
    return written_rows(counting(found).select_related("collected_by__professional"))


@lru_cache(maxsize=1)
def _said() -> Statement:
    """What she agreed to, refused and objected to: an agreement's form, end and stop, which the others have not."""
    columns = (
        "kind", "person_id", "recipient_id", "purpose", "categories", "recorded_at", "form", "valid_until", "stopped_at",
    )  # fmt: skip
    instant = DateTimeField()

    def words(model: Any) -> QuerySet[Any]:
        found = model._default_manager.filter(person__one_of=_THESE, recipient__one_of=_THOSE).order_by()
        return found.annotate(kind=Value(model._meta.model_name, CharField()))

    given = with_stop(words(Consent)).values_list(*columns)
    others = (
        counting(words(model))
        .annotate(valid_until=Cast(Value(None), instant), stopped_at=Cast(Value(None), instant))
        .values_list(*columns)
        for model in (Refusal, Objection)
    )
    return written(given.union(*others, all=True), columns)


def _read_copies(read: _Read, duties: Sequence[Duty]) -> None:
    cases = {duty.record.case_id for duty in duties if "copy" in word_of(duty.code).done_by}
    roles = [code for code, role in vocabulary().roles.items() if role.groups & DEPARTEMENT]
    for copy in Disclosure.objects.filter(case__in=cases, recipient__role__in=roles).order_by("released_at"):
        read.copies[copy.case_id].append(copy)


def _state(duty: Duty, read: _Read) -> Owed:
    word = word_of(duty.code)
    acts = sorted(read.acts[duty.pk], key=lambda act: act.entry_id)
    reopened_at = max((act.at for act in acts if act.kind == DutyAct.Kind.REOPENED), default=None)
    declared = next((act for act in reversed(acts) if act.kind in {"discharged", "reopened"}), None)
    done = [(at, code) for code in word.done_by if (at := _done_by(code, duty, read, reopened_at)) is not None]
    if declared is not None and declared.kind == DutyAct.Kind.DISCHARGED:
        done.append((declared.at, ""))
    done_at, done_by = min(done, default=(None, ""))
    steps = [_step(act) for act in acts]
    if duty.code == REEXAMINATION:
        steps += [_put_off(row) for row in read.told[_key(duty)] if _excuses(row, duty, read)]
    steps.sort(key=lambda step: step.at)
    return Owed(
        duty=duty,
        word=word,
        disclosure=read.disclosures.get(duty.record_id),
        categories=tuple(sorted(read.categories[duty.record_id])),
        due_at=_due(duty, steps, reopened_at or duty.record.decided_at),
        done_at=done_at,
        done_by=done_by,
        steps=tuple(steps),
    )


def _due(duty: Duty, steps: Sequence[Step], since: datetime) -> datetime | None:
    """The date of the decision, or the last one to which it was put off since it was taken, or opened again."""
    later = [step.until for step in steps if step.until is not None and step.at > since]
    return later[-1] if later else duty.due_at


def _step(act: DutyAct) -> Step:
    who = act.by.professional.full_name
    return Step(kind=act.kind, at=act.at, who=who, text=act.how, until=act.due_at, done_on=act.done_on)


def _put_off(row: PriorInformation) -> Step:
    return Step(
        kind=EXCEPTION,
        at=row.recorded_at,
        who=row.collected_by.professional.full_name,
        text=row.exception_reason,
        until=end_of(row.reexamine_on) if row.reexamine_on else None,
    )


def _excuses(row: PriorInformation, duty: Duty, read: _Read) -> bool:
    """Whether it says why she was not told of what left: the child's interest, and no other, justifies it (CASF L226-2-1)."""
    return row.exception == PriorInformation.Withheld.CHILD_INTEREST and _of_all(row, duty, read)


def _of_all(word: Any, duty: Duty, read: _Read) -> bool:
    """Whether it is about everything that left."""
    return read.categories[duty.record_id] <= set(word.categories)


def _of_some(word: Any, duty: Duty, read: _Read) -> bool:
    """Whether it is about something that left."""
    left = read.categories[duty.record_id]
    return not left or not left.isdisjoint(word.categories)


def _stood(consent: Any, decided_at: datetime) -> bool:
    """Whether it was neither over nor taken back before the decision."""
    ends = min(consent.valid_until, consent.stopped_at or consent.valid_until)
    return bool(ends > decided_at)


def _done_by(code: str, duty: Duty, read: _Read, reopened_at: datetime | None) -> datetime | None:
    """When this act of the house discharged the duty, never before the decision; None where it did not.

    What was said or heard before the decision counts where the duty is that it be on record; a duty that was opened again wants
    an act of its own.
    """
    decided_at = duty.record.decided_at
    match code:
        case "information":
            return _told_since(duty, read, reopened_at or decided_at)
        case "communication":
            return decided_at
        case "copy":
            return _copied(duty, read, reopened_at)
        case "conclusion":
            return min((at for at in read.concluded[duty.record_id] if at > (reopened_at or decided_at)), default=None)
        case "exception":
            before = [row for row in read.told[_key(duty)] if row.recorded_at <= decided_at][-1:]
            after = [row for row in read.told[_key(duty)] if row.recorded_at > decided_at]
            rows: list[Any] = [row for row in (*before, *after) if _excuses(row, duty, read)]
        case "child_heard":
            rows = [row for row in read.told[_key(duty)] if row.child_heard]
        case "objection":
            rows = [row for row in read.words[_key(duty)] if row.kind == OBJECTED and _of_some(row, duty, read)]
        case "written_agreement":
            rows = [
                row
                for row in read.words[_key(duty)]
                if row.kind == AGREED
                and row.form == Form.WRITTEN
                and _of_all(row, duty, read)
                and _stood(row, decided_at)
            ]
        case _:
            rows = [row for row in read.words[_key(duty)] if _of_some(row, duty, read)]
    since = [row.recorded_at for row in rows if reopened_at is None or row.recorded_at > reopened_at]
    return max(min(since), decided_at) if since else None


def _told_since(duty: Duty, read: _Read, since: datetime) -> datetime | None:
    """When she had been told of every category that left, after it left: neither recorded nor said before."""
    missing = set(read.categories[duty.record_id])
    left_on = day_of(duty.record.decided_at)
    for row in read.told[_key(duty)]:
        if row.recorded_at > since and row.collected_on >= left_on and not row.exception:
            missing -= set(row.categories)
            if not missing:
                return row.recorded_at
    return None


def _copied(duty: Duty, read: _Read, reopened_at: datetime | None) -> datetime | None:
    """When the same items went to the département."""
    sent = read.disclosures.get(duty.record_id)
    wanted = read.items[sent.pk] if sent else set()
    for copy in read.copies[duty.record.case_id]:
        late_enough = copy.released_at >= (reopened_at or duty.record.decided_at)
        if late_enough and copy.record_id != duty.record_id and wanted <= read.items[copy.pk]:
            return copy.released_at
    return None


def in_order(found: Iterable[Owed], at: datetime) -> list[Owed]:
    """Those that are still to be done, the most urgent first; what has no date comes after what is due within the week."""
    return sorted((one for one in found if one.waiting), key=lambda one: one.due_at or at + SOON)
