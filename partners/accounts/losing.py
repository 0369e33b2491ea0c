"""A second factor is lost: two persons of her institution remove it, or its DPO, after recognising her. Never a machine.

Removed, it proves nothing any more, her recovery codes neither; her sessions end, and a letter tells her. What she must set up
again, she sets up at her next sign-in.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import FactorLoss, FactorLossAnswer, Function, Membership, Professional
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate, held, said, tends

from . import mailing

REPORTING = (Function.DIRECTORY_ADMIN, Function.DPO)
ANSWERING = (Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO)
ALONE = (Function.DPO,)


def colleagues(by: Membership) -> list[Membership]:
    """Whose loss she may report: those at work in her institution who have a second factor, herself apart."""
    with_one = Authenticator.objects.values("user_id")
    found = Membership.objects.in_force().filter(institution=by.institution_id, professional__in=with_one)
    listed = found.exclude(professional=by.professional_id).select_related("professional")
    once = {
        one.professional_id: one for one in listed.order_by("-professional__last_name", "-professional__first_name")
    }
    return sorted(once.values(), key=lambda one: (one.professional.last_name, one.professional.first_name))


@transaction.atomic
def report(*, loser: Professional, recognised: str, why: str, by: Membership, at: datetime | None = None) -> FactorLoss:
    """Report that a colleague lost her second factor; by whoever tends the directory, a second person then answers within a day.

    Whoever protects the data answers at once, alone. The same loss, still waiting, is returned when it is reported twice.
    Raises NotTended, SamePerson, TooLate where she has no second factor, DirectoryError.
    """
    held(by.institution_id)
    _with_her(loser, by, REPORTING)
    at = at or clock.now()
    waiting = FactorLoss.objects.waiting().filter(loser=loser, institution=by.institution_id).first()
    alone = tends(by, by.institution_id, functions=ALONE)
    if waiting is not None and not alone:
        return waiting
    if waiting is not None and waiting.reporter_id != by.professional_id:
        _answer(loss=waiting, removed=True, alone=False, sentence="", by=by, at=at)
        return waiting
    if recognised not in FactorLoss.Recognised.values:
        raise DirectoryError(_("Dites comment vous l’avez reconnue."))
    row = FactorLoss(
        loser=loser,
        institution_id=by.institution_id,
        recognised=recognised,
        why=said(why, _("Dites ce qui est perdu, en une phrase : elle reste au journal.")),
        reported_by=by,
        reporter_id=by.professional_id,
        reported_at=at,
    )
    row.entry_id = ledger.record(
        action="factor.reported",
        at=at,
        actor=by.pk,
        refs=_refs(row),
        codes={"recognised": recognised},
        personal={"professional": loser.full_name, "why": row.why},
    )
    row.save(force_insert=True)
    if alone:
        _answer(loss=row, removed=True, alone=True, sentence="", by=by, at=at)
        return row
    for second in _second_persons(row):
        mailing.ask(mailing.Kind.FACTOR_WAITING, second)
    return row


def _second_persons(loss: FactorLoss) -> Iterable[Professional]:
    """Who may answer: they are told, since only a day is left."""
    at_work = Membership.objects.in_force().filter(institution=loss.institution_id, functions__overlap=list(ANSWERING))
    others = at_work.exclude(professional__in=[loss.loser_id, loss.reporter_id])
    return Professional.objects.filter(pk__in=others.values("professional"))


@transaction.atomic
def answer(
    *, loss: FactorLoss, removed: bool, sentence: str, by: Membership, at: datetime | None = None
) -> FactorLossAnswer:
    """Remove what was lost, as a second person, or refuse, in a sentence. The same answer given twice is given once.

    Raises NotTended, SamePerson, TooLate (answered, or a day went by), DirectoryError.
    """
    held(loss.institution_id)
    _with_her(loss.loser, by, ANSWERING, at_work=False)
    if by.institution_id != loss.institution_id:
        raise NotTended
    if by.professional_id == loss.reporter_id:
        raise SamePerson
    earlier = FactorLossAnswer.objects.filter(loss=loss).first()
    if earlier is not None:
        if (earlier.answerer_id, earlier.removed) == (by.professional_id, removed):
            return earlier
        raise TooLate
    since = FactorLossAnswer.objects.filter(loser=loss.loser_id, removed=True, answered_at__gt=loss.reported_at)
    if since.exists() or not FactorLoss.objects.waiting().filter(pk=loss.pk).exists():
        raise TooLate
    if not removed or sentence.strip():
        sentence = said(sentence, _("Dites pourquoi, en une phrase : elle reste au journal."))
    return _answer(loss=loss, removed=removed, alone=False, sentence=sentence.strip(), by=by, at=at or clock.now())


def _answer(
    *, loss: FactorLoss, removed: bool, alone: bool, sentence: str, by: Membership, at: datetime
) -> FactorLossAnswer:
    row = FactorLossAnswer(
        loss=loss,
        removed=removed,
        alone=alone,
        sentence=sentence,
        loser_id=loss.loser_id,
        reporter_id=loss.reporter_id,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
    )
    codes: dict[str, Any] = {"alone": alone}
    row.entry_id = ledger.record(
        action="factor.reset" if removed else "factor.reset_refused",
        at=at,
        actor=by.pk,
        refs=_refs(loss),
        codes=codes,
        personal={"professional": loss.loser.full_name, "sentence": sentence},
    )
    row.save(force_insert=True)
    if removed:
        Professional.objects.select_for_update(no_key=True).get(pk=loss.loser_id)
        Authenticator.objects.filter(user_id=loss.loser_id).delete()
        for session in sessions_of(loss.loser):
            session.delete()
        mailing.ask(mailing.Kind.FACTOR_RESET, loss.loser)
    return row


def sessions_of(professional: Professional) -> Iterator[Session]:
    """Her sessions that are still good, wherever they were opened."""
    wanted = str(professional.pk)
    for one in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if one.get_decoded().get("_auth_user_id") == wanted:
            yield one


def _refs(loss: FactorLoss) -> dict[str, Any]:
    return {"loss": loss.pk, "institution": loss.institution_id, "professional": loss.loser_id}


def _with_her(loser: Professional, by: Membership, functions: tuple[str, ...], *, at_work: bool = True) -> None:
    """Raises SamePerson for oneself, NotTended where she may not decide there, TooLate where there is nothing to lose."""
    if by.professional_id == loser.pk:
        raise SamePerson
    if not tends(by, by.institution_id, functions=functions):
        raise NotTended
    if at_work and not Membership.objects.in_force().filter(professional=loser, institution=by.institution_id).exists():
        raise NotTended
    if at_work and not Authenticator.objects.filter(user_id=loser.pk).exists():
        raise TooLate
