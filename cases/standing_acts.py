"""Record what a judgment, an authority or the facts change in who decides for somebody. Each locks her row first.

Nothing is rewritten: an end is a row of its own, and each act is dated by the database's clock where it is not given its instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.clock import day_of, end_of
from partners.models import Membership
from partners.text import plain

from . import standing
from .files import lock_person
from .models import Case, PersonStatus, PersonStatusEnd, Representative, RepresentativeAct
from .standing import MEASURES, OF_ADULTS, OF_MINORS, PARENTS, SCOPED, Power

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move

# What a judge or an authority decides: its paper is named.
ON_PAPER = MEASURES | {Kind.EMANCIPATED, Kind.ENTRUSTED}
# What a professional notes: how it is known, in her words.
ON_WORD = frozenset(Kind) - ON_PAPER
AUTHORITY_MOVES = frozenset({Move.EXCLUSIVE, Move.JOINT, Move.DELEGATED, Move.WITHDRAWN})
BY_JUDGMENT = frozenset(
    {
        Representative.Kind.GUARDIAN,
        Representative.Kind.CURATOR,
        Representative.Kind.DELEGATE,
        Representative.Kind.AUTHORISED,
        Representative.Kind.MANDATARY,
    }
)
KINDS_OF_MINORS = frozenset({*PARENTS, Representative.Kind.GUARDIAN, Representative.Kind.DELEGATE})
KINDS_OF_ADULTS = frozenset(Representative.Kind) - PARENTS - {Representative.Kind.DELEGATE}


class StandingError(ValueError):
    """It cannot be recorded so; `field` names what is missing, the message says what to do, in the user's language."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What proves it: who decided, under which reference, on which day."""

    authority: str = ""
    act_reference: str = ""
    decided_on: date | None = None

    def plain(self) -> "Paper":
        """The same, without what only upsets a page."""
        return Paper(
            authority=plain(self.authority), act_reference=plain(self.act_reference), decided_on=self.decided_on
        )

    def checked(self, today: date) -> None:
        """Raises StandingError where a part of it is missing, or where it was decided tomorrow."""
        if not self.authority:
            raise StandingError("authority", _("Indiquez qui l’a décidé : le tribunal ou l’autorité, et sa ville."))
        if not self.act_reference:
            raise StandingError("act_reference", _("Indiquez la référence du jugement ou de l’acte."))
        if self.decided_on is None:
            raise StandingError("decided_on", _("Indiquez la date du jugement ou de l’acte."))
        if self.decided_on > today:
            raise StandingError(
                "decided_on", _("Cette date est dans l’avenir : écrivez celle du jugement ou de l’acte.")
            )


NO_PAPER = Paper()


@transaction.atomic
def record_status(
    *,
    case: Case,
    kind: str,
    scope: str = "",
    paper: Paper = NO_PAPER,
    note: str = "",
    ends_on: date | None = None,
    by: Membership,
    at: datetime | None = None,
) -> PersonStatus:
    """Record that this stands for the person of a case, from now, to the end of `ends_on` where an end is already known.

    A measure known by its name alone gives way to the same with its paper. The very same, recorded twice, is one. Raises
    StandingError.
    """
    lock_person(case.person_id)
    at = at or clock.now()
    paper, note = paper.plain(), plain(note)
    kind = Kind(kind)
    known = next((one for one in standing.statuses(case.person_id) if one.kind == kind and one.stands_at(at)), None)
    if known is not None and not known.lacks_paper:
        same = (known.scope, known.authority, known.act_reference, known.decided_on, known.note)
        if same == (scope, paper.authority, paper.act_reference, paper.decided_on, note):
            return PersonStatus.objects.get(pk=known.pk)
        raise StandingError("kind", _("C’est déjà enregistré : mettez-y fin d’abord, si quelque chose a changé."))
    _check_status(case, kind, scope, paper, note, ends_on, at)
    if known is not None:
        row = PersonStatus.objects.select_related("person").get(pk=known.pk)
        _end(status=row, reason=_("Le jugement a été lu : sa référence est complétée."), case=case, by=by, at=at)
    return _write(case, kind, scope, paper, note, ends_on, by, at)


def _check_status(
    case: Case, kind: str, scope: str, paper: Paper, note: str, ends_on: date | None, at: datetime
) -> None:
    minor = case.person.is_minor_at(at)
    if kind in OF_MINORS and not minor:
        raise StandingError("kind", _("Cela ne concerne que les mineurs : cette personne est majeure."))
    if kind in OF_ADULTS and minor:
        raise StandingError("kind", _("Cela ne concerne que les majeurs : cette personne est mineure."))
    if kind in SCOPED and not minor and scope not in _scopes(kind):
        raise StandingError("scope", _("Dites sur quoi porte la mesure, tel que le jugement le dit."))
    if kind in ON_PAPER:
        paper.checked(day_of(at))
    elif not note:
        raise StandingError("note", NOTES[kind]())
    if ends_on is not None and ends_on < day_of(at):
        raise StandingError("ends_on", _("La fin ne peut pas précéder le début : choisissez une date à venir."))


def _scopes(kind: str) -> frozenset[str]:
    """A curateur assists, and never represents."""
    every = frozenset(Scope)
    return every - {Scope.REPRESENTATION} if kind == Kind.CURATELLE else every


NOTES: dict[str, Callable[[], str]] = {
    Kind.UNABLE: lambda: _("Dites ce qui l’empêche de s’exprimer pour l’instant, et qui l’a constaté."),
    Kind.VULNERABLE: lambda: _("Dites ce qui l’empêche de se protéger, et qui l’a constaté."),
    Kind.PARENTS_DISAGREE: lambda: _("Dites comment vous connaissez ce désaccord, et sur quoi il porte."),
    Kind.DISCERNMENT: lambda: _("Dites ce qui montre que l’enfant comprend, ou non, ce qui lui est expliqué."),
    Kind.OBJECTS_TO_PARENTS: lambda: _("Écrivez ce que l’enfant a dit, avec ses mots."),
    Kind.DO_NOT_CONTACT: lambda: _("Dites pourquoi ne pas la contacter, et comment la joindre s’il le faut."),
    Kind.PROTECTED_ADDRESS: lambda: _("Dites ce qui fonde la protection de l’adresse : sa demande, une décision."),
}


@transaction.atomic
def record_at_opening(*, case: Case, kind: str, scope: str, by: Membership, at: datetime) -> PersonStatus:
    """Record the measure that whoever opens a situation knows by its name alone: its judgment is still to be read."""
    lock_person(case.person_id)
    return _write(case, Kind(kind), scope, NO_PAPER, "", None, by, at)


def _write(
    case: Case, kind: str, scope: str, paper: Paper, note: str, ends_on: date | None, by: Membership, at: datetime
) -> PersonStatus:
    entry_id = ledger.record(
        action="status.recorded",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id},
        codes={"kind": str(kind), "scope": str(scope), "ends_on": ends_on.isoformat() if ends_on else ""},
        personal={"authority": paper.authority, "act_reference": paper.act_reference, "note": note},
    )
    return PersonStatus.objects.create(
        person_id=case.person_id,
        kind=kind,
        scope=scope,
        authority=paper.authority,
        act_reference=paper.act_reference,
        decided_on=paper.decided_on,
        note=note,
        starts_at=at,
        ends_at=end_of(ends_on) if ends_on else None,
        recorded_by=by,
        recorded_at=at,
        entry_id=entry_id,
    )


@transaction.atomic
def end_status(
    *, status: PersonStatus, case: Case, reason: str, by: Membership, at: datetime | None = None
) -> PersonStatusEnd:
    """Record that this no longer stands, from now, and why. Ended twice, the first end is returned. Raises StandingError."""
    lock_person(status.person_id)
    known = PersonStatusEnd.objects.filter(status=status).first()
    if known is not None:
        return known
    at = at or clock.now()
    if not plain(reason):
        raise StandingError("reason", _("Dites pourquoi cela prend fin (au moins une phrase)."))
    if at < status.starts_at:
        raise StandingError("reason", _("La fin ne peut pas précéder le début."))
    return _end(status=status, reason=plain(reason), case=case, by=by, at=at)


def _end(*, status: PersonStatus, reason: str, case: Case, by: Membership, at: datetime) -> PersonStatusEnd:
    entry_id = ledger.record(
        action="status.ended",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": status.person_id},
        codes={"kind": status.kind},
        personal={"reason": reason},
    )
    return PersonStatusEnd.objects.create(status=status, ended_at=at, reason=reason, by=by, entry_id=entry_id)


@transaction.atomic
def add_representative(
    *, case: Case, representative: Representative, paper: Paper = NO_PAPER, reason: str = "", by: Membership,
    at: datetime | None = None,
) -> Representative:  # fmt: skip
    """Add somebody (unsaved) who answers for the person, with what proves it. Raises StandingError.

    The same person in the same capacity, who still stands there, is returned.
    """
    lock_person(case.person_id)
    at = at or clock.now()
    paper, reason = paper.plain(), plain(reason)
    one = representative
    one.person_id = case.person_id
    one.first_name, one.last_name, one.phone = plain(one.first_name), plain(one.last_name), plain(one.phone)
    for known in standing.representatives(case.person_id, at):
        there = known.representative
        if known.in_force and (there.kind, _name(there)) == (one.kind, _name(one)):
            return there
    if one.kind not in (KINDS_OF_MINORS if case.person.is_minor_at(at) else KINDS_OF_ADULTS):
        raise StandingError("kind", _("Choisissez un lien qui convient à l’âge de la personne."))
    if not one.first_name or not one.last_name:
        raise StandingError("last_name", _("Indiquez son prénom et son nom."))
    if one.kind in BY_JUDGMENT:
        paper.checked(day_of(at))
    elif not reason:
        raise StandingError("reason", _("Dites comment vous le savez : une phrase suffit."))
    if one.ends_on is not None and one.ends_on < day_of(at):
        raise StandingError("ends_on", _("La fin ne peut pas précéder le début : choisissez une date à venir."))
    one.save(force_insert=True)
    _act(representative=one, move=Move.ADDED, paper=paper, reason=reason, case=case, by=by, at=at)
    return one


@transaction.atomic
def add_at_opening(*, case: Case, representative: Representative, by: Membership, at: datetime) -> Representative:
    """Add somebody (unsaved) whom whoever opens a situation names: what proves it is still to be read, or to be said."""
    lock_person(case.person_id)
    one = representative
    one.person_id = case.person_id
    one.first_name, one.last_name, one.phone = plain(one.first_name), plain(one.last_name), plain(one.phone)
    one.save(force_insert=True)
    _act(representative=one, move=Move.ADDED, paper=NO_PAPER, reason="", case=case, by=by, at=at)
    return one


def _name(one: Representative) -> tuple[str, str]:
    return one.first_name.casefold(), one.last_name.casefold()


@transaction.atomic
def change_representative(
    *, case: Case, representative: Representative, move: str, paper: Paper = NO_PAPER, reason: str = "", by: Membership,
    at: datetime | None = None,
) -> RepresentativeAct:  # fmt: skip
    """Record what changed for somebody who answers for the person. Raises StandingError.

    What a judge decides (exclusive exercise, delegation, withdrawal, joint exercise again) needs the judgment; the rest a reason.
    """
    lock_person(case.person_id)
    at = at or clock.now()
    paper, reason, move = paper.plain(), plain(reason), Move(move)
    everybody = standing.representatives(case.person_id, at)
    here = next((one for one in everybody if one.representative.pk == representative.pk), None)
    if here is None or move == Move.ADDED:
        raise StandingError("move", _("Choisissez, dans la liste, ce qui change."))
    if here.power == Power.ENDED:
        raise StandingError("move", _("Cette personne ne la représente plus : ajoutez-la de nouveau si c’est le cas."))
    if here.changes and here.changes[-1].move == move and (
        here.changes[-1].reason, here.changes[-1].act_reference
    ) == (reason, paper.act_reference):  # fmt: skip
        return RepresentativeAct.objects.filter(representative=representative, move=move).latest("at")
    if move not in moves_for(here, minor=case.person.is_minor_at(at)):
        raise StandingError("move", _("Choisissez, dans la liste, ce qui change."))
    if move in AUTHORITY_MOVES:
        paper.checked(day_of(at))
    elif not reason:
        raise StandingError("reason", _("Dites pourquoi, ou comment vous le savez : une phrase suffit."))
    if move == Move.EXCLUSIVE and any(one.power == Power.EXCLUSIVE for one in everybody if one is not here):
        raise StandingError(
            "move",
            _("Quelqu’un d’autre exerce déjà seul l’autorité parentale : enregistrez d’abord ce qui change pour lui."),
        )
    return _act(representative=representative, move=move, paper=paper, reason=reason, case=case, by=by, at=at)


def moves_for(one: standing.Representing, *, minor: bool) -> list[str]:
    """What can change for this representative, as she stands."""
    found: list[str] = []
    if minor and one.representative.kind in PARENTS:
        found += [move for move in (Move.EXCLUSIVE, Move.JOINT, Move.WITHDRAWN) if move.value != one.power.value]
        found += [] if one.power == Power.DELEGATED else [Move.DELEGATED]
    if minor and one.representative.kind == Representative.Kind.DELEGATE:
        found.append(Move.DELEGATED if one.power == Power.WITHDRAWN else Move.WITHDRAWN)
    found.append(Move.CONTACT_AGAIN if one.do_not_contact else Move.DO_NOT_CONTACT)
    return [*found, Move.ENDED]


def _act(
    *, representative: Representative, move: str, paper: Paper, reason: str, case: Case, by: Membership, at: datetime
) -> RepresentativeAct:
    entry_id = ledger.record(
        action="representative.added" if move == Move.ADDED else "representative.changed",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id, "representative": representative.pk},
        codes={"move": str(move), "kind": str(representative.kind)},
        personal={
            "name": representative.formal_name,
            "authority": paper.authority,
            "act_reference": paper.act_reference,
            "reason": reason,
        },
    )
    return RepresentativeAct.objects.create(
        representative=representative,
        move=move,
        authority=paper.authority,
        act_reference=paper.act_reference,
        decided_on=paper.decided_on,
        reason=reason,
        at=at,
        by=by,
        entry_id=entry_id,
    )
