"""Somebody leaves an institution, at once or at a date: from that instant everything ends at the next request (abuse 32).

What she leaves (situations, drafts, what was asked of her) is handed over by dated acts of `sharing.leaving`; nothing is lost.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Membership, MembershipEnd
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate, held, said, tends

from . import sessions
from .changing import is_last_to_tend, nobody_left
from .posts import BY_TWO

FURTHEST = timedelta(days=366)


def may_end(by: Membership, membership: Membership) -> bool:
    """Whether she may end this post: of her institution, never her own; one with a function of BY_TWO, the directory alone."""
    functions = (Function.DIRECTORY_ADMIN,) if membership.has_function(*BY_TWO) else ()
    allowed = (
        tends(by, membership.institution_id, functions=functions) if functions else tends(by, membership.institution_id)
    )
    return allowed and by.professional_id != membership.professional_id


@transaction.atomic
def end(
    *, membership: Membership, last_day: date | None, why: str, by: Membership, at: datetime | None = None
) -> MembershipEnd:
    """End a post: at once, her open sessions with it, or after its last day in Paris. Said again before that, it moves the instant.

    Raises NotTended, SamePerson, TooLate where it is over, DirectoryError (a day gone by, nobody left to tend the directory).
    """
    held(membership.institution_id)
    if by.professional_id == membership.professional_id:
        raise SamePerson
    if not may_end(by, membership):
        raise NotTended
    one = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    at = at or clock.now()
    if one.ends_at is not None and one.ends_at <= at:
        raise TooLate
    why = said(why, _("Dites pourquoi, en une phrase : elle reste au journal."))
    ends_at = at if last_day is None else clock.end_of(last_day)
    if not at <= ends_at <= at + FURTHEST:
        raise DirectoryError(_("Choisissez un dernier jour à partir d’aujourd’hui, dans l’année qui vient."))
    if is_last_to_tend(one):
        raise nobody_left()
    row = MembershipEnd(
        membership=one,
        holder_id=one.professional_id,
        ends_at=ends_at,
        why=why,
        ended_by=by,
        ender_id=by.professional_id,
        recorded_at=at,
    )
    entry: dict[str, Any] = {
        "action": "membership.ended",
        "at": at,
        "actor": by.pk,
        "refs": {"membership": one.pk, "institution": one.institution_id},
        "codes": {"last_day": clock.last_day(ends_at).isoformat() if last_day else clock.day_of(at).isoformat()},
        "personal": {"why": why},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    one.ends_at = max(ends_at, one.starts_at)
    one.save(update_fields=["ends_at"])
    if one.ends_at <= at:
        sessions.end_all(one.professional)
    return row
