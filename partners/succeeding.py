"""An institution closes and another succeeds it: proposed by the one, accepted by the other, by two persons (abuse 36).

Nothing passes by itself: no situation, no disclosure received, no agreement, no mission sheet, no post. What is written keeps the
names of its day; whatever the successor is to know, it asks for, or is told, under its own name.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger

from . import clock
from .graphs import SUCCESSION
from .models import Function, Institution, Membership, Succession, SuccessionAnswer
from .narrowing import NarrowingError, checked_day
from .tending import DirectoryError, NotTended, SamePerson, TooLate, held, open_at, said, tends

MAY = (Function.DIRECTORY_ADMIN,)


def label_of(institution: Institution) -> str:
    """How an institution is called today: « Maison des solidarités, service social, Vallières »."""
    return ", ".join(part for part in (institution.name, institution.kind, institution.city) if part)[:250]


def state_at(succession: Succession, answer: SuccessionAnswer | None, at: datetime) -> str:
    """Where it stands at this instant: a word of `partners.graphs.SUCCESSION`."""
    if answer is None:
        return SUCCESSION.first
    if not answer.accepted or answer.effective_at is None:
        return SUCCESSION.reached(["refuse"])
    return SUCCESSION.reached(["accept", "day_of_closing"] if answer.effective_at <= at else ["accept"])


def succession_of(institution: Institution) -> SuccessionAnswer | None:
    """The accepted succession of an institution, with who succeeds; one statement."""
    found = SuccessionAnswer.objects.filter(succession__closing=institution, accepted=True)
    return found.select_related("succession__successor").first()


def _refs(succession: Succession) -> dict[str, Any]:
    return {"succession": succession.pk, "institutions": [succession.closing_id, succession.successor_id]}


@transaction.atomic
def propose(
    *, successor: Institution, why: str, wanted_on: date, by: Membership, at: datetime | None = None
) -> Succession:
    """Propose that one's own institution close at midnight of that day in Paris, and that another succeed it.

    Nothing changes until the successor accepts. One proposal at a time. Raises NotTended, DirectoryError.
    """
    closing = held(by.institution_id)
    if not tends(by, by.institution_id, functions=MAY):
        raise NotTended
    at = at or clock.now()
    why = said(why, _("Dites pourquoi : l’institution qui succède le lira."))
    if successor.pk == closing.pk or not open_at(successor, at):
        raise DirectoryError(_("Choisissez une autre institution, au travail, qui succède à la vôtre."))
    try:
        checked_day(wanted_on, clock.day_of(at))
    except NarrowingError as error:
        raise DirectoryError(str(error)) from error
    waiting = Succession.objects.filter(closing=closing).exclude(pk__in=SuccessionAnswer.objects.values("succession"))
    if waiting.exists():
        raise DirectoryError(_("Une proposition attend déjà la réponse de l’institution choisie."))
    if closing.closed_at is not None:
        raise DirectoryError(_("La fermeture de votre institution est déjà décidée."))
    row = Succession(
        closing=closing,
        closing_label=label_of(closing),
        successor=successor,
        successor_label=label_of(successor),
        why=why,
        wanted_on=wanted_on,
        proposed_by=by,
        proposer_id=by.professional_id,
        proposed_at=at,
    )
    entry: dict[str, Any] = {
        "action": "succession.proposed",
        "at": at,
        "actor": by.pk,
        "refs": _refs(row),
        "codes": {"wanted_on": wanted_on.isoformat()},
        "personal": {"closing": row.closing_label, "successor": row.successor_label, "why": why},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


@transaction.atomic
def answer(
    *, succession: Succession, accepted: bool, sentence: str, by: Membership, at: datetime | None = None
) -> SuccessionAnswer:
    """Accept for the successor, or refuse, in a sentence; by another person than who proposed.

    Accepted, the other closes on the day that was wanted, never before this act. The same answer given twice is given once.
    Raises NotTended, SamePerson, TooLate, DirectoryError.
    """
    closing = held(succession.closing_id)
    if not tends(by, succession.successor_id, functions=MAY):
        raise NotTended
    if by.professional_id == succession.proposer_id:
        raise SamePerson
    earlier = SuccessionAnswer.objects.filter(succession=succession).first()
    if earlier is not None:
        if (earlier.answerer_id, earlier.accepted) == (by.professional_id, accepted):
            return earlier
        raise TooLate
    at = at or clock.now()
    sentence = said(sentence, _("Dites pourquoi, en une phrase : elle reste avec la succession."))
    effective_at = max(clock.start_of(succession.wanted_on), at) if accepted else None
    row = SuccessionAnswer(
        succession=succession,
        accepted=accepted,
        sentence=sentence,
        proposer_id=succession.proposer_id,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
        effective_at=effective_at,
    )
    entry: dict[str, Any] = {
        "action": "succession.approved" if accepted else "succession.refused",
        "at": at,
        "actor": by.pk,
        "refs": _refs(succession),
        "codes": {} if effective_at is None else {"effective_on": clock.day_of(effective_at).isoformat()},
        "personal": {
            "closing": succession.closing_label,
            "successor": succession.successor_label,
            "sentence": sentence,
        },
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    if effective_at is not None:
        closing.closed_at = effective_at
        closing.save(update_fields=["closed_at"])
    return row
