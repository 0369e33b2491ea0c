"""Change what somebody does in Tact: never oneself; with a second person where directory, data or trail are at stake."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, FunctionAnswer, FunctionChange, Membership, MembershipQuerySet
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate, held, said, tends

from .posts import BY_TWO, in_order, may_give, refuse_what_she_may_not_give

SECONDS = (Function.DIRECTORY_ADMIN, Function.DPO)
"""Who may be the second person; failing both, a team lead of the institution."""


def asked_with_the_invitation() -> str:
    """Why a change is proposed as somebody arrives."""
    return _("Demandé avec son invitation.")


def second_persons(change: FunctionChange) -> MembershipQuerySet:
    """Who may answer a change: neither who proposed it nor whom it is about, whatever their memberships."""
    others = (
        Membership.objects.in_force()
        .filter(institution=change.membership.institution_id)
        .exclude(professional__in=[change.holder_id, change.proposer_id])
    )
    first = others.filter(functions__overlap=list(SECONDS))
    return first if first.exists() else others.filter(functions__contains=[Function.TEAM_LEAD])


def is_last_to_tend(membership: Membership) -> bool:
    """Whether nobody else tends the directory of the institution and stays: whoever has a last day leaves it to nobody."""
    others = (
        Membership.objects.in_force()
        .filter(institution=membership.institution_id, functions__contains=[Function.DIRECTORY_ADMIN], ends_at=None)
        .exclude(pk=membership.pk)
    )
    return membership.has_function(Function.DIRECTORY_ADMIN) and not others.exists()


def nobody_left() -> DirectoryError:
    """What is said where an institution would be left without anybody to tend its directory."""
    return DirectoryError(
        _("Plus personne ne tiendrait l’annuaire : donnez d’abord cette fonction à quelqu’un d’autre.")
    )


def recorded(
    *, membership: Membership, after: tuple[str, ...], why: str, by: Membership, at: datetime
) -> FunctionChange:
    """The row with its entry; it changes nothing by itself. For acts, which hold the institution."""
    before = in_order(set(membership.functions))
    needs_second = bool((set(before) ^ set(after)) & BY_TWO)
    row = FunctionChange(
        membership=membership,
        holder_id=membership.professional_id,
        before=list(before),
        after=list(after),
        why=why,
        needs_second=needs_second,
        proposed_by=by,
        proposer_id=by.professional_id,
        proposed_at=at,
    )
    entry: dict[str, Any] = {
        "action": "functions.proposed" if needs_second else "functions.changed",
        "at": at,
        "actor": by.pk,
        "refs": {"change": row.pk, "membership": membership.pk, "institution": membership.institution_id},
        "codes": {"before": list(before), "after": list(after)},
        "personal": {"why": why},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


@transaction.atomic
def propose(
    *, membership: Membership, functions: tuple[str, ...], why: str, by: Membership, at: datetime | None = None
) -> FunctionChange:
    """Say what somebody of one's own institution does from now on: at once, or once a second person agrees.

    Raises NotTended, SamePerson, TooLate where she left, DirectoryError.
    """
    held(membership.institution_id)
    if not tends(by, membership.institution_id):
        raise NotTended
    if by.professional_id == membership.professional_id:
        raise SamePerson
    membership = _locked(membership)
    after = in_order(functions)
    changed = set(membership.functions) ^ set(after)
    if not changed:
        raise DirectoryError(_("Rien n’a changé : ce sont déjà ses fonctions."))
    refuse_what_she_may_not_give(by, changed)
    why = said(why, _("Dites pourquoi, en une phrase : elle reste au journal."))
    if FunctionChange.objects.waiting().filter(membership=membership).exists():
        raise DirectoryError(_("Un changement de ses fonctions attend déjà une deuxième personne."))
    if Function.DIRECTORY_ADMIN in changed and is_last_to_tend(membership):
        raise nobody_left()
    row = recorded(membership=membership, after=after, why=why, by=by, at=at or clock.now())
    if not row.needs_second:
        _take_effect(membership, row)
    elif not second_persons(row).exists():
        raise DirectoryError(
            _(
                "Il faut une deuxième personne pour l’accepter, et il n’y en a pas : qui tient l’annuaire, ou protège les données."
            )
        )
    return row


@transaction.atomic
def answer(
    *, change: FunctionChange, accepted: bool, sentence: str, by: Membership, at: datetime | None = None
) -> FunctionAnswer:
    """Agree to a change that takes two persons, or refuse it in a sentence. The same answer given twice is given once.

    Raises NotTended, SamePerson, TooLate where it was answered, or where who proposed it or whom it is about left; DirectoryError.
    """
    held(change.membership.institution_id)
    if by.professional_id in {change.proposer_id, change.holder_id}:
        raise SamePerson
    if not second_persons(change).filter(pk=by.pk).exists():
        raise NotTended
    earlier = FunctionAnswer.objects.filter(change=change).first()
    if earlier is not None:
        if (earlier.answerer_id, earlier.accepted) == (by.professional_id, accepted):
            return earlier
        raise TooLate
    membership = _locked(change.membership)
    asked = set(change.before) ^ set(change.after)
    proposer = Membership.objects.get(pk=change.proposed_by_id)
    if not change.needs_second or not tends(proposer, membership.institution_id) or asked - set(may_give(proposer)):
        raise TooLate
    if not accepted:
        sentence = said(sentence, _("Dites pourquoi vous refusez, en une phrase."))
    elif Function.DIRECTORY_ADMIN in set(change.before) - set(change.after) and is_last_to_tend(membership):
        raise nobody_left()
    at = at or clock.now()
    row = FunctionAnswer(
        change=change,
        accepted=accepted,
        sentence="" if accepted else sentence,
        holder_id=change.holder_id,
        proposer_id=change.proposer_id,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
    )
    entry: dict[str, Any] = {
        "action": "functions.approved" if accepted else "functions.refused",
        "at": at,
        "actor": by.pk,
        "refs": {"change": change.pk, "membership": membership.pk, "institution": membership.institution_id},
        "codes": {"before": list(change.before), "after": list(change.after)},
        "personal": {"sentence": row.sentence},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    if accepted:
        _take_effect(membership, change)
    return row


def _locked(membership: Membership) -> Membership:
    """Her post, held as decisions under way hold it. Raises TooLate where she left."""
    here = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("professional", "institution")
    one = here.get(pk=membership.pk)
    if not Membership.objects.in_force().filter(pk=one.pk).exists():
        raise TooLate
    return one


def _take_effect(membership: Membership, change: FunctionChange) -> None:
    """What the change adds and takes away, whatever else changed since it was proposed."""
    before, after = set(change.before), set(change.after)
    membership.functions = list(in_order(set(membership.functions) - (before - after) | (after - before)))
    membership.save(update_fields=["functions"])
