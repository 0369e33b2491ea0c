"""What somebody declares of a duty that she owes: done, put off, no longer to be put off, to be done again.

Each holds the person first: whoever records her word holds her too, so that one of two acts comes strictly first and the other
is told so. Without `at`, an act's instant is the database's, read under that lock.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from cases.files import lock_person
from cases.models import Case
from cases.standing import stands
from consent import registry
from consent.models import PriorInformation
from partners import clock
from partners.clock import day_of, end_of
from partners.models import Membership
from partners.text import plain
from sharing.models import Duty, DutyAct
from sharing.owing import REEXAMINATION, Owed, state_of

LONGEST_WAIT = timedelta(days=15)  # law.md, part 6.1
# What may be put off with its reason: the re-examination of an exception, and telling her of what left in an emergency.
MAY_WAIT = frozenset({REEXAMINATION, "inform_after"})


class NotOwed(Exception):
    """No duty by that reference that this membership owes: answered like a page that does not exist."""


class AlreadyDone(Exception):
    """Somebody was first; `owed` says where it stands."""

    def __init__(self, owed: Owed) -> None:
        super().__init__(owed.duty.code)
        self.owed = owed


class DeclarationError(ValueError):
    """What is declared cannot be recorded; the message says what to do, in the user's language."""


def find(*, duty_id: uuid.UUID, by: Membership) -> Owed:
    """A duty that this membership owes, and where it stands. Raises NotOwed."""
    duty = Duty.objects.visible_to(by).filter(pk=duty_id).first()
    if duty is None:
        raise NotOwed
    return state_of(duty)


def may_declare(owed: Owed, at: datetime) -> bool:
    """Whether it can be declared done: where only the acts of the house do it, once nobody is left to record them towards.

    A conclusion is on the communication itself, whoever is left: it alone examines.
    """
    if owed.word.by_hand or not owed.to_do:
        return owed.to_do
    return "conclusion" not in owed.word.done_by and not owed.duty.record.recipient.in_force_at(at)


def _held(duty_id: uuid.UUID, by: Membership) -> Owed:
    """The duty as it is under the lock. Raises NotOwed."""
    lock_person(find(duty_id=duty_id, by=by).duty.record.case.person_id)
    return find(duty_id=duty_id, by=by)


def entry_fields(
    *, duty: Duty, disclosure: uuid.UUID | None, action: str, how: str, by: Membership, at: datetime, **said: Any
) -> dict[str, Any]:
    """What the trail says of a declaration: ids and codes in the body; what was written, in the payload."""
    refs = {"duty": duty.pk, "decision": duty.record_id}
    return {
        "action": action,
        "at": at,
        "actor": by.pk,
        "case": duty.record.case_id,
        "refs": refs | ({"disclosure": disclosure} if disclosure else {}),
        "codes": {
            "duty": duty.code,
            "owed_by": duty.owed_by,
            **{name: value.isoformat() if value else None for name, value in said.items()},
        },
        "personal": {"how": how},
    }


def _declare(owed: Owed, *, kind: str, how: str, by: Membership, at: datetime, action: str, **said: Any) -> DutyAct:
    sent = owed.disclosure.pk if owed.disclosure else None
    entry = ledger.record(**entry_fields(duty=owed.duty, disclosure=sent, action=action, how=how, by=by, at=at, **said))
    return DutyAct.objects.create(duty=owed.duty, kind=kind, by=by, at=at, how=how, entry_id=entry, **said)


@transaction.atomic
def discharge(
    *, duty_id: uuid.UUID, how: str, done_on: date | None = None, by: Membership, at: datetime | None = None
) -> DutyAct:
    """Declare that it is done, how, and on which day (today where none is said).

    Raises NotOwed, AlreadyDone where somebody was first, DeclarationError with a sentence for the user.
    """
    owed = _held(duty_id, by)
    at = at or clock.now()
    if owed.to_do and owed.done_at is not None:
        raise AlreadyDone(owed)
    if not may_declare(owed, at):
        raise DeclarationError(_("Cela ne se déclare pas : c’est l’acte lui-même, enregistré, qui le fait."))
    how, done_on = plain(how), done_on or day_of(at)
    if not how:
        raise DeclarationError(_("Dites en quelques mots comment cela a été fait."))
    if done_on > day_of(at):
        raise DeclarationError(_("Le jour où cela a été fait ne peut pas être dans l’avenir."))
    if done_on < day_of(owed.duty.record.decided_at):
        raise DeclarationError(_("Le jour où cela a été fait ne peut pas précéder la communication."))
    return _declare(
        owed,
        kind=DutyAct.Kind.DISCHARGED,
        how=how,
        by=by,
        at=at,
        action="duty.discharged",
        done_on=done_on,
    )


def _still_withheld(duty_id: uuid.UUID, by: Membership) -> Owed:
    """What may wait and is still to be done, by somebody who may open the case."""
    owed = _held(duty_id, by)
    if owed.duty.code not in MAY_WAIT:
        raise NotOwed
    if owed.done_at is not None:
        raise AlreadyDone(owed)
    return owed


def said_in_her_file(owed: Owed, at: datetime) -> bool:
    """Whether putting it off is an exception to prior information, decided with a colleague and kept with her word."""
    return owed.duty.code == REEXAMINATION and stands(owed.duty.record.case.person, at).minor


@transaction.atomic
def postpone(
    *,
    duty_id: uuid.UUID,
    reason: str,
    until: date,
    decided_with: str = "",
    by: Membership,
    at: datetime | None = None,
) -> DutyAct | PriorInformation:
    """Say why she is still not told, and when that is looked at again: within fifteen days, as often as it is founded.

    For a child it is her file that says it (`consent.registry`), with the colleague with whom it is decided, so that what is
    shared next stands on it too. Raises NotOwed, AlreadyDone, DeclarationError.
    """
    owed = _still_withheld(duty_id, by)
    at = at or clock.now()
    case = owed.duty.record.case
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotOwed
    reason = plain(reason)
    if not reason:
        raise DeclarationError(_("Dites quel risque précis l’information ferait encore courir."))
    if not day_of(at) < until <= day_of(at) + LONGEST_WAIT:
        raise DeclarationError(_("L’information est différée, pas supprimée : réexaminez sous 15 jours au plus."))
    if not said_in_her_file(owed, at):
        return _declare(
            owed,
            kind=DutyAct.Kind.POSTPONED,
            how=reason,
            by=by,
            at=at,
            action="duty.postponed",
            due_at=end_of(until),
        )
    try:
        return registry.inform(
            scope=_scope(owed, case, owed.categories),
            withheld=PriorInformation.Withheld.CHILD_INTEREST,
            withheld_reason=reason,
            decided_with=decided_with,
            reexamine_on=until,
            given_by=None,
            collected_on=day_of(at),
            form="",
            own_words="",
            late_reason="",
            by=by,
            at=at,
        )
    except registry.ScopeError as error:  # words that the rules no longer know
        raise DeclarationError(str(error)) from error


def _scope(owed: Owed, case: Case, categories: Sequence[str]) -> registry.Scope:
    record = owed.duty.record
    return registry.Scope(case=case, recipient=record.recipient, purpose=record.purpose, categories=categories)


@transaction.atomic
def end_exception(*, duty_id: uuid.UUID, how: str = "", by: Membership, at: datetime | None = None) -> DutyAct:
    """Say that nothing justifies waiting any longer: she is to be told at once, by the end of the day at the latest.

    Said twice, it is said once. Raises NotOwed, AlreadyDone.
    """
    owed = _still_withheld(duty_id, by)
    if owed.hastened:
        return DutyAct.objects.filter(duty=owed.duty, kind=DutyAct.Kind.EXCEPTION_ENDED).latest("entry")
    at = at or clock.now()
    tonight = end_of(day_of(at))
    return _declare(
        owed,
        kind=DutyAct.Kind.EXCEPTION_ENDED,
        how=plain(how),
        by=by,
        at=at,
        action="duty.exception_ended",
        due_at=min(owed.due_at or tonight, tonight),
    )


@transaction.atomic
def reopen(*, duty_id: uuid.UUID, why: str, by: Membership, at: datetime | None = None) -> DutyAct:
    """Say that what was held for done was not: it is owed again, at its date. Nothing is erased.

    Raises NotOwed, DeclarationError where it is not done, or where the disclosure itself did it.
    """
    owed = _held(duty_id, by)
    why = plain(why)
    if owed.done_at is None or owed.done_by == "communication":
        raise DeclarationError(_("Rien n’est à reprendre ici."))
    if not why:
        raise DeclarationError(_("Dites en quelques mots ce qui n’allait pas."))
    return _declare(owed, kind=DutyAct.Kind.REOPENED, how=why, by=by, at=at or clock.now(), action="duty.reopened")
