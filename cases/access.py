"""The only writer of who follows a case: `Assignment`, our dated row, and `CaseAccess`, guardian's bare one."""

from datetime import datetime, timedelta

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from audit import ledger
from partners import clock
from partners.clock import day_of
from partners.models import Function, Membership

from .models import OPEN_CASE, Assignment, Case

REVIEW_AFTER_DAYS = 365


class AlreadyAssigned(Exception):
    """This professional already follows this case."""


class LastToFollow(Exception):
    """Nobody else follows this case: it is handed on first; only a team lead may leave it to nobody."""


class NotFromThisInstitution(Exception):
    """A case is followed by professionals of the institution to which it belongs."""


class SecrecyNotProven(Exception):
    """Her status is said to bind her, and nobody of her institution has seen its proof: no case before that."""


@transaction.atomic
def assign(
    *, case: Case, membership: Membership, kind: str, reason: str, by: Membership, at: datetime | None = None
) -> Assignment:
    """Let a professional follow a case from now on: without `at`, the database's instant, read under the lock.

    Raises NotFromThisInstitution, SecrecyNotProven, AlreadyAssigned where an assignment is open (held by a unique constraint too).
    """
    if membership.institution_id != case.institution_id:
        raise NotFromThisInstitution
    if not Membership.objects.proven().filter(pk=membership.pk).exists():
        raise SecrecyNotProven
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if Assignment.objects.filter(case=case, membership=membership, ends_at__isnull=True).exists():
        raise AlreadyAssigned
    at = at or clock.now()
    entry_id = ledger.record(
        action="case.assigned",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"membership": membership.pk, "institution": case.institution_id},
        codes={"kind": kind},
        personal={"reason": reason, "professional": membership.professional.full_name},
    )
    assignment = Assignment.objects.create(
        case=case,
        membership=membership,
        kind=kind,
        reason=reason,
        assigned_by=by,
        starts_at=at,
        review_due_on=day_of(at) + timedelta(days=REVIEW_AFTER_DAYS),
        entry_id=entry_id,
    )
    assign_perm(f"cases.{OPEN_CASE}", membership.professional, case)
    return assignment


@transaction.atomic
def end_assignment(*, assignment: Assignment, reason: str, by: Membership, at: datetime | None = None) -> Assignment:
    """End it now: the row stays, dated; the case closes at the next request. Ending twice changes nothing.

    Without `at`, the instant is the database's, read under the lock: every disclosure is before it or refused. The case is
    held first, so that the last two who follow it cannot both leave. Raises LastToFollow.
    """
    Case.objects.select_for_update(no_key=True).get(pk=assignment.case_id)
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if held.ends_at is not None:
        return held
    at = at or clock.now()
    others = Assignment.objects.in_force().filter(case=held.case_id).exclude(pk=held.pk)
    if not by.has_function(Function.TEAM_LEAD) and not others.exists():
        raise LastToFollow
    ledger.record(
        action="case.unassigned",
        at=at,
        actor=by.pk,
        case=held.case_id,
        refs={"membership": held.membership_id},
        personal={"reason": reason},
    )
    held.ends_at = max(at, held.starts_at)
    held.save(update_fields=["ends_at"])
    professional = held.membership.professional
    elsewhere = Assignment.objects.filter(
        case_id=held.case_id, membership__professional=professional, ends_at__isnull=True
    )
    if not elsewhere.exists():
        remove_perm(f"cases.{OPEN_CASE}", professional, held.case)
    return held
