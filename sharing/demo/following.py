"""What was done of the duties of the demonstration: on time for what is past, not yet for what is lately late or still to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from partners.clock import day_of
from partners.models import Function, Membership
from sharing import discharge
from sharing.models import Conclusion, Disclosure, Duty, DutyAct
from sharing.reviewing import concluding
from sharing.reviewing.examined import DUTY as EXAMINATION

from .batch import Batch

LEFT_LATE = timedelta(days=10)  # what was due since is left undone: some pages have to show it
AT_ONCE = timedelta(minutes=25)

HOW = {
    "inform_after": "Dit de vive voix au service, le lendemain.",
    "inform_victim": "Dit au téléphone, au numéro qu’elle a choisi.",
    "copy_to_pcd": "Copie remise à la cellule, contre reçu.",
    "feedback_within_3_months": "Retour fait par téléphone, suivi d’un courrier.",
    "written_notice": "Écrit remis en main propre au rendez-vous suivant.",
    "protect_third_parties": "Relu avant l’envoi : rien n’expose les autres personnes.",
}
CONCLUDED = "Examiné : la communication était nécessaire et s’en est tenue au nécessaire."


def follow(
    batch: Batch, *, duties: Sequence[Duty], disclosure: Disclosure, reviewer: Membership, now: datetime
) -> None:
    """Declare done what was due before the last ten days, and at once what has no date; `reviewer` concludes, if she may."""
    for duty in duties:
        record = duty.record
        owners = {"author": record.author, "recipient": record.recipient, "reviewer": reviewer}
        by = owners.get(duty.owed_by)
        known = duty.code in HOW or duty.code == EXAMINATION
        if not known or by is None or (duty.due_at is not None and duty.due_at > now - LEFT_LATE):
            continue
        at = record.decided_at + AT_ONCE
        if duty.due_at is not None and duty.due_at > record.decided_at:
            at = record.decided_at + (duty.due_at - record.decided_at) / 3
        if duty.code != EXAMINATION:
            _declare(batch, duty, disclosure, by, at)
        elif by.has_function(Function.REVIEWER) and by.professional_id not in _of_either_side(duty):
            _conclude(batch, disclosure, by, at)


def _of_either_side(duty: Duty) -> set[UUID]:
    """Nobody examines what she sent, nor what was said to her."""
    return {duty.record.author.professional_id, duty.record.recipient.professional_id}


def _conclude(batch: Batch, disclosure: Disclosure, by: Membership, at: datetime) -> None:
    """The row and the entry of `sharing.reviewing.concluding.conclude`."""
    conclusion = Conclusion(
        disclosure=disclosure,
        number=1,
        kind=Conclusion.Kind.JUSTIFIED,
        reason=CONCLUDED,
        by=by,
        reviewer_id=by.professional_id,
        writer_id=disclosure.record.author.professional_id,
        at=at,
    )
    batch.act(conclusion, **concluding.entry_fields(conclusion, drawn=False))


def _declare(batch: Batch, duty: Duty, disclosure: Disclosure, by: Membership, at: datetime) -> None:
    """The row and the entry of `sharing.discharge.discharge`."""
    how, done_on = HOW[duty.code], day_of(at)
    act = DutyAct(duty_id=duty.pk, kind=DutyAct.Kind.DISCHARGED, by_id=by.pk, at=at, how=how, done_on=done_on)
    fields = discharge.entry_fields(
        duty=duty, disclosure=disclosure.pk, action="duty.discharged", how=how, by=by, at=at, done_on=done_on
    )
    batch.act(act, **fields)
