"""What stands for a person at an instant: her measure, her state, who may decide for her, how she may be reached (law.md, 3.2).

Nothing of it is stored: it is read from rows that are only added (PersonStatus, its end, RepresentativeAct), in two statements.
Of another sheet of the same person, what protects her counts (ADR 0026).
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from partners import clock

from .models import Person, PersonStatus, PersonStatusEnd, Representative, RepresentativeAct
from .sheets import EVER, sheet_ids

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move

MAJORITY = 18  # years, C. civ. 388

# Measures that represent or assist, whose scope says what for (C. civ. 459).
SCOPED = frozenset({Kind.CURATELLE, Kind.TUTELLE, Kind.FAMILY_AUTHORISATION, Kind.FUTURE_MANDATE})
MEASURES = SCOPED | {Kind.SAUVEGARDE}
OF_MINORS = frozenset(
    {Kind.EMANCIPATED, Kind.ENTRUSTED, Kind.PARENTS_DISAGREE, Kind.DISCERNMENT, Kind.OBJECTS_TO_PARENTS}
)
OF_ADULTS = (MEASURES - {Kind.TUTELLE}) | {Kind.UNABLE, Kind.VULNERABLE}
# What counts too where it was noted on another sheet of the same person (abuse 37): what protects. A measure is its judgment's.
PROTECTIVE = frozenset({Kind.DO_NOT_CONTACT, Kind.PROTECTED_ADDRESS, Kind.PARENTS_DISAGREE, Kind.OBJECTS_TO_PARENTS})
TO_CHECK = MEASURES | {Kind.EMANCIPATED, Kind.ENTRUSTED}
# The word of the core (sharing.facts.MEASURES) for each, the one that opens most last.
WEIGHT = ("sauvegarde", "tutelle_property", "curatelle", "tutelle_personal")
PARENTS = frozenset({Representative.Kind.MOTHER, Representative.Kind.FATHER, Representative.Kind.PARENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One row of PersonStatus, with when it was ended."""

    pk: uuid.UUID
    kind: str
    scope: str
    starts_at: datetime
    ends_at: datetime | None
    recorded_at: datetime
    ended_at: datetime | None
    authority: str = ""
    act_reference: str = ""
    decided_on: date | None = None
    note: str = ""
    recorded_by: str = ""
    reason: str = ""  # why it was ended
    elsewhere: bool = False  # recorded on another sheet of the same person

    def stands_at(self, at: datetime) -> bool:
        """Whether it was recorded, had begun and was not over at this instant."""
        return (
            max(self.starts_at, self.recorded_at) <= at
            and (self.ends_at is None or at < self.ends_at)
            and (self.ended_at is None or at < self.ended_at)
        )

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def scope_label(self) -> str:
        return str(Scope(self.scope).label) if self.scope else ""

    @property
    def is_measure(self) -> bool:
        return self.kind in MEASURES

    @property
    def lacks_paper(self) -> bool:
        """A measure known by its name alone: its judgment is still to be read."""
        return self.kind in MEASURES and not self.act_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What stands for one person at one instant. `minor`: under eighteen, and not emancipated (C. civ. 413-6)."""

    minor: bool = False
    measure: str = ""
    """The word of the core: "", sauvegarde, curatelle, tutelle_personal, tutelle_property; always "" for a minor."""
    vulnerable: bool = False
    unable: bool = False
    emancipated: bool = False
    entrusted: bool = False
    under_guardian: bool = False
    """A minor under tutelle (C. civ. 408)."""
    parents_disagree: bool = False
    objects_to_parents: bool = False
    discernment: str = ""
    do_not_contact: bool = False
    protected_address: bool = False
    statuses: tuple[Status, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """What protects her and was noted on another sheet of hers only: it counts here."""
    to_check: tuple[str, ...] = ()
    """The measures recorded on another sheet of hers: they count there only, and are to be checked."""

    @property
    def circumstances(self) -> frozenset[str]:
        """What the core is told of it beside the person herself (vocabulary.yaml, `circumstances`)."""
        told = {
            "parents_known_to_disagree": self.parents_disagree,
            "minor_objects": self.objects_to_parents,
            "address_protected": self.protected_address,
        }
        return frozenset(code for code, so in told.items() if so)


class Power(StrEnum):
    """What a representative may do today."""

    JOINT = "joint"
    EXCLUSIVE = "exclusive"
    DELEGATED = "delegated"
    REPRESENTS = "represents"  # by judgment or mandate, within the measure's scope
    CONSULTED = "consulted"  # a trusted person: consulted, never a speaker
    NONE = "none"  # named around the person, without any authority
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


SAYS = {
    Power.JOINT: _("exerce l’autorité parentale"),
    Power.EXCLUSIVE: _("exerce seul·e l’autorité parentale"),
    Power.DELEGATED: _("a reçu délégation de l’autorité parentale"),
    Power.REPRESENTS: _("représente ou assiste, dans la limite de la mesure"),
    Power.CONSULTED: _("est consultée, et ne décide pas"),
    Power.NONE: _("n’exerce pas l’autorité parentale"),
    Power.WITHDRAWN: _("n’exerce plus l’autorité parentale"),
    Power.ENDED: _("ne représente plus la personne"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of RepresentativeAct."""

    move: str
    at: datetime
    authority: str = ""
    act_reference: str = ""
    decided_on: date | None = None
    reason: str = ""
    by: str = ""

    @property
    def label(self) -> str:
        return str(Move(self.move).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Representing:
    """A representative as she stands at one instant, and all that changed for her until then."""

    representative: Representative
    power: Power
    do_not_contact: bool = False
    changes: tuple[Change, ...] = field(default=())

    @property
    def in_force(self) -> bool:
        """Whether she still stands beside the person, with or without a say."""
        return self.power not in (Power.WITHDRAWN, Power.ENDED)

    @property
    def holds_authority(self) -> bool:
        """Whether she exercises parental authority."""
        return self.power in (Power.JOINT, Power.EXCLUSIVE, Power.DELEGATED)

    @property
    def says(self) -> str:
        """What she may do, in a few words."""
        return str(SAYS[self.power])

    @property
    def last(self) -> Change | None:
        """What she holds this from: the last thing recorded of her; None where nothing was."""
        told = [one for one in self.changes if one.move not in (Move.DO_NOT_CONTACT, Move.CONTACT_AGAIN)]
        return told[-1] if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands for a person, and those who stand beside her."""

    stands: Stands
    representatives: tuple[Representing, ...]


# --- statuses: one statement, or along with another ------------------------------------------------------------------------

_ENDED = PersonStatusEnd.objects.filter(status=OuterRef("pk"))
_COLUMNS = ("kind", "scope", "starts_at", "ends_at", "recorded_at")


def statuses(person: uuid.UUID, *, linked_at: datetime | None = None) -> list[Status]:
    """Every status ever recorded for her, the latest first; one statement.

    With `linked_at`, those of the sheets that links join to hers at this instant too, each said to be `elsewhere`.
    """
    whose = [person] if linked_at is None else sheet_ids([person], linked_at)
    rows = (
        PersonStatus.objects.filter(person__in=whose)
        .annotate(ended_at=Subquery(_ENDED.values("ended_at")[:1]), reason=Subquery(_ENDED.values("reason")[:1]))
        .select_related("recorded_by__professional")
        .order_by("-starts_at", "-recorded_at", "pk")
    )
    return [
        Status(
            pk=row.pk,
            **{name: getattr(row, name) for name in (*_COLUMNS, "authority", "act_reference", "decided_on", "note")},
            ended_at=row.ended_at,
            reason=row.reason or "",
            recorded_by=row.recorded_by.professional.full_name if row.recorded_by else "",
            elsewhere=row.person_id != person,
        )
        for row in rows
    ]


def read_along(person: uuid.UUID) -> ArraySubquery:
    """The same statuses as an expression, to be read in a statement that exists already; see `statuses_of`.

    Her own, and those of the sheets that are linked to hers as the statement runs.
    """
    rows = PersonStatus.objects.filter(person__in=sheet_ids([person], EVER)).annotate(
        ended_at=Subquery(_ENDED.values("ended_at")[:1]), elsewhere=~Q(person=person)
    )
    names = (*_COLUMNS, "ended_at", "elsewhere")
    return ArraySubquery(rows.values(row=JSONObject(pk="pk", **{name: name for name in names})))


def statuses_of(rows: Iterable[Mapping[str, Any]]) -> list[Status]:
    """The statuses that `read_along` read: what a decision needs of them, without their papers."""
    return [
        Status(
            pk=uuid.UUID(row["pk"]),
            kind=row["kind"],
            scope=row["scope"],
            elsewhere=row["elsewhere"],
            **{name: _instant(row[name]) for name in ("starts_at", "ends_at", "recorded_at", "ended_at")},
        )
        for row in rows
    ]


def _instant(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)


def stands_of(person: Person, known: Iterable[Status], at: datetime) -> Stands:
    """What stands at this instant among these statuses. What is of minors ends with minority, what is of adults begins there.

    Of another sheet of hers, what protects counts; a measure is told, to be checked, and counts for nothing here.
    """
    young = person.is_minor_at(at)
    foreign = OF_ADULTS if young else OF_MINORS
    every = [one for one in known if one.stands_at(at) and one.kind not in foreign]
    standing = tuple(one for one in every if not one.elsewhere)
    own = {one.kind for one in standing}
    other = {one.kind: one.label for one in every if one.elsewhere and one.kind not in own}
    kinds = own | PROTECTIVE & other.keys()
    measures = [] if young else [_word(one) for one in standing if one.kind in MEASURES]
    return Stands(
        minor=young and Kind.EMANCIPATED not in kinds,
        measure=max(measures, key=WEIGHT.index, default=""),
        vulnerable=Kind.VULNERABLE in kinds,
        unable=Kind.UNABLE in kinds,
        emancipated=Kind.EMANCIPATED in kinds,
        entrusted=Kind.ENTRUSTED in kinds,
        under_guardian=young and Kind.TUTELLE in kinds,
        parents_disagree=Kind.PARENTS_DISAGREE in kinds and Kind.EMANCIPATED not in kinds,
        objects_to_parents=Kind.OBJECTS_TO_PARENTS in kinds,
        discernment=next((one.note for one in standing if one.kind == Kind.DISCERNMENT), ""),
        do_not_contact=Kind.DO_NOT_CONTACT in kinds,
        protected_address=Kind.PROTECTED_ADDRESS in kinds,
        statuses=standing,
        elsewhere=tuple(sorted(label for kind, label in other.items() if kind in PROTECTIVE)),
        to_check=tuple(sorted(label for kind, label in other.items() if kind in TO_CHECK)),
    )


def _word(status: Status) -> str:
    """The core's word for a measure. A scope that nobody has read yet is the one that opens least."""
    if status.kind in (Kind.SAUVEGARDE, Kind.CURATELLE):
        return str(status.kind)
    if status.scope == Scope.REPRESENTATION:
        return "tutelle_personal"
    return "curatelle" if status.scope == Scope.ASSISTANCE else "tutelle_property"


def stands(person: Person, at: datetime) -> Stands:
    """What stands for her at this instant; one statement."""
    return stands_of(person, statuses(person.pk, linked_at=at), at)


# --- representatives -------------------------------------------------------------------------------------------------------

_ACT = ("move", "at", "authority", "act_reference", "decided_on", "reason")


def representatives(person: uuid.UUID, at: datetime) -> tuple[Representing, ...]:
    """Everybody who ever stood beside her, as she stands at this instant; one statement."""
    acts = RepresentativeAct.objects.filter(representative=OuterRef("pk"), at__lte=at).order_by("at", "pk")
    row = JSONObject(
        **{name: name for name in _ACT}, first="by__professional__first_name", last="by__professional__last_name"
    )
    found = Representative.objects.filter(person=person).annotate(acts=ArraySubquery(acts.values(row=row)))
    return tuple(representing(one, [_change(act) for act in one.acts], at) for one in found)


def _change(act: Mapping[str, Any]) -> Change:
    return Change(
        **{name: act[name] for name in ("move", "authority", "act_reference", "reason")},
        at=_instant(act["at"]),
        decided_on=date.fromisoformat(act["decided_on"]) if act["decided_on"] else None,
        by=f"{act['first']} {act['last']}".strip(),
    )


def representing(one: Representative, changes: Iterable[Change], at: datetime) -> Representing:
    """What she may do at this instant: the last word of her changes; a planned end counts."""
    told = tuple(change for change in changes if change.at <= at)
    power = _at_first(one)
    do_not_contact = False
    for change in told:
        if change.move in (Move.DO_NOT_CONTACT, Move.CONTACT_AGAIN):
            do_not_contact = change.move == Move.DO_NOT_CONTACT
        elif change.move != Move.ADDED:
            power = Power(change.move)
    if not clock.covers(at, one.starts_on, one.ends_on):
        power = Power.ENDED
    return Representing(representative=one, power=power, do_not_contact=do_not_contact, changes=told)


def _at_first(one: Representative) -> Power:
    if one.kind == Representative.Kind.TRUSTED:
        return Power.CONSULTED
    if one.kind == Representative.Kind.DELEGATE:
        return Power.DELEGATED
    if one.kind in PARENTS:
        return Power.JOINT if one.holds_parental_authority else Power.NONE
    return Power.REPRESENTS


def around(person: Person, at: datetime) -> Around:
    """What stands for her at this instant, and those beside her; two statements."""
    return Around(stands=stands(person, at), representatives=representatives(person.pk, at))


# --- majority --------------------------------------------------------------------------------------------------------------


def majority_day(born: date) -> date:
    """Her eighteenth birthday (C. civ. 388); born on a 29 February, the 1 March where that year has none."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)


def majority_of(born: date) -> datetime:
    """The first instant, in Paris, of the majority of who was born on this day."""
    return clock.start_of(majority_day(born))


def majority_at(person: Person) -> datetime:
    """The first instant of her majority: what others gave for her ends there."""
    return majority_of(person.birth_date)
