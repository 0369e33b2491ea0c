"""Posts whose functions, secrecy or end the tests change: with the rows of their acts, without which the database refuses."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit import ledger
from partners import clock
from partners.models import FunctionAnswer, FunctionChange, Membership, MembershipEnd, SecrecyCheck

WHY = "Pour ce test."


def has_functions(post: Membership, *functions: str) -> None:
    """She holds these from now on, as a colleague proposed and another one agreed."""
    proposer, answerer = _others(post)
    with transaction.atomic():
        change = FunctionChange(
            membership=post, holder_id=post.professional_id, before=_now(post).functions, after=list(functions),
            why=WHY, needs_second=True, proposed_by=proposer, proposer_id=proposer.professional_id,
            proposed_at=clock.now(),
        )  # fmt: skip
        _recorded(change, "functions.proposed", proposer)
        answer = FunctionAnswer(
            change=change, accepted=True, holder_id=post.professional_id, proposer_id=proposer.professional_id,
            answered_by=answerer, answerer_id=answerer.professional_id, answered_at=clock.now(),
        )  # fmt: skip
        _recorded(answer, "functions.approved", answerer)
        post.functions = list(functions)
        post.save(update_fields=["functions"])


def is_bound(post: Membership, *, status: str = "", proof: str = "", proven: bool = True) -> None:
    """Somebody looked at what binds her today: this status by this text, hers where it is not said; or nothing proves it."""
    checker, _other = _others(post)
    at = clock.now()
    with transaction.atomic():
        check = SecrecyCheck(
            membership=post, holder_id=post.professional_id, status=status or post.secrecy_status,
            proof=proof or post.secrecy_proof, seen=WHY, proven=proven, checked_by=checker,
            checker_id=checker.professional_id, checked_at=at,
        )  # fmt: skip
        _recorded(check, "secrecy.checked" if proven else "secrecy.refused", checker)
        if proven:
            post.secrecy_status, post.secrecy_proof = check.status, check.proof
        post.secrecy_verified_on = clock.day_of(at) if proven else None
        post.save(update_fields=["secrecy_status", "secrecy_proof", "secrecy_verified_on"])


def ends(post: Membership, at: datetime | None = None) -> None:
    """She leaves the institution: now, or at this instant."""
    ender, _other = _others(post)
    now = clock.now()
    with transaction.atomic():
        end = MembershipEnd(
            membership=post, holder_id=post.professional_id, ends_at=at or now, why=WHY, ended_by=ender,
            ender_id=ender.professional_id, recorded_at=min(at or now, now),
        )  # fmt: skip
        _recorded(end, "membership.ended", ender)
        post.ends_at = max(end.ends_at, post.starts_at)
        post.save(update_fields=["ends_at"])


def _now(post: Membership) -> Membership:
    return Membership.objects.get(pk=post.pk)


def _others(post: Membership) -> tuple[Membership, Membership]:
    """Two persons who are somebody else, wherever they work."""
    found = Membership.objects.exclude(professional=post.professional_id).order_by("professional_id", "pk")
    first, second, *_rest = found.distinct("professional")[:2]
    return first, second


def _recorded(row: Any, action: str, by: Membership) -> None:
    row.entry_id = ledger.record(action=action, at=clock.now(), actor=by.pk)
    row.save(force_insert=True)
