"""To ask without naming, to say whether one recognises, to advise, to end. Each act has its entry, none names a case.

What is asked of each participant is decided by the same core as a communication: nobody identifiable, and a participant who
already knows the person is not asked here (law.md, P-05).
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from audit import ledger
from cases.models import Assignment, Case, Involvement
from partners import clock
from partners.clock import day_of
from partners.models import Membership
from sharing import anchors, gather, graphs, law
from sharing import facts as f
from sharing.consulting import sealing
from sharing.consulting.recognisable import Mark, certain, doubtful
from sharing.consulting.standing import participation_of, state_of
from sharing.decision import decide
from sharing.models import Consultation, ConsultationAct, ConsultationParticipant, Disclosure, Outbox
from sharing.outbox import promise
from sharing.outcome import ALLOW, Decision

MOST_PARTICIPANTS = 8


class NotYours(Exception):
    """No such consultation for this membership: answered like a page that does not exist."""


class Recognisable(ValueError):
    """The text would let the person be recognised; `marks` says by what."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        super().__init__(", ".join(sorted({mark.kind for mark in marks})))
        self.marks = tuple(marks)


class KnowsHer(ValueError):
    """Some of those asked already work with this person, as the author knows; `who` names them."""

    def __init__(self, who: Sequence[Membership]) -> None:
        super().__init__(str(len(who)))
        self.who = tuple(who)


class NobodyAsked(ValueError):
    """No participant, or more than a consultation holds."""


def who_knows(*, case: Case, participants: Sequence[Membership]) -> list[Membership]:
    """Of these, those who work with the person as far as this case tells: follow it, are around her, received something of it.

    Under whichever membership: who recognises is a person, not a post. What another institution follows is its own secret: it
    is not looked at, and its people say for themselves.
    """
    people = [one.professional_id for one in participants]
    known: set[uuid.UUID] = set()
    for rows, post in ((Assignment, "membership"), (Involvement, "membership"), (Disclosure, "recipient")):
        her = f"{post}__professional"
        found = rows._default_manager.filter(**{"case": case, f"{her}__in": people})
        known |= set(found.values_list(her, flat=True))
    return [one for one in participants if one.professional_id in known]


def decide_asking(*, author: Membership, participant: Membership, knows: bool, at: datetime) -> Decision:
    """May this be asked of her without a name? The core's answer; nobody is identifiable unless she knows already."""
    held = {"non_nominative"} | ({"reidentification_risk"} if knows else {"no_participant_knows_person"})
    return decide(
        f.Facts(
            at=at,
            sender=gather.party(author, at),
            recipient=gather.party(participant, at),
            purpose=law.CONSULTATION,
            items=(),
            person=f.Subject(age=None, identifiable=False),
            circumstances=frozenset(held),
        )
    )


@transaction.atomic
def ask(
    *,
    case: Case,
    participants: Sequence[Membership],
    domain: str,
    age_band: str,
    situation: str,
    question: str,
    marks: Sequence[Mark],
    not_names: bool,
    by: Membership,
    at: datetime | None = None,
) -> Consultation:
    """Open a consultation. `marks` are those of the text; `not_names` says that the words that look like names name nobody.

    Raises NotYours, NobodyAsked, Recognisable, KnowsHer.
    """
    if not anchors.hold_assignment(case=case.pk, membership=by.pk):
        raise NotYours
    asked = list(
        {one.professional_id: one for one in participants if one.professional_id != by.professional_id}.values()
    )
    if not asked or len(asked) > MOST_PARTICIPANTS:
        raise NobodyAsked
    if certain(marks) or (doubtful(marks) and not not_names):
        raise Recognisable(certain(marks) or doubtful(marks))
    at = at or clock.now()
    know = {one.pk for one in who_knows(case=case, participants=asked)}
    decided = {one.pk: decide_asking(author=by, participant=one, knows=one.pk in know, at=at) for one in asked}
    stopped = [one for one in asked if decided[one.pk].verdict != ALLOW]
    if stopped:
        raise KnowsHer(stopped)
    pk = uuid.uuid4()
    consultation = Consultation(
        pk=pk,
        reference=_next_reference(at),
        author=by,
        sealed_case=sealing.sealed(case.pk, pk),
        domain=domain,
        age_band=age_band,
        situation=situation,
        question=question,
        opened_at=at,
    )
    consultation.entry_id = ledger.record(**entry_of(consultation, asked, next(iter(decided.values()))))
    consultation.save(force_insert=True)
    ConsultationParticipant.objects.bulk_create(
        [ConsultationParticipant(consultation=consultation, membership=one, invited_at=at) for one in asked]
    )
    for one in asked:
        _write_to(consultation, one, Outbox.Kind.CONSULTATION_WAITING, f"consultation_waiting:{pk}:{one.pk}")
    return consultation


def entry_of(consultation: Consultation, asked: Sequence[Membership], decision: Decision) -> dict[str, Any]:
    """What the trail says of a consultation: who asks whom, in which domain; no case."""
    return {
        "action": "consultation.opened",
        "at": consultation.opened_at,
        "actor": consultation.author_id,
        "case": None,
        "refs": {"consultation": consultation.pk, "participants": [one.pk for one in asked]},
        "codes": {
            "domain": consultation.domain,
            "age_band": consultation.age_band,
            "verdict": decision.verdict,
            "rulebook": decision.rulebook,
        },
        "personal": {
            "situation": consultation.situation,
            "question": consultation.question,
            "author": consultation.author.professional.full_name,
        },
    }


def entry_of_act(act: ConsultationAct, action: str) -> dict[str, Any]:
    """What the trail says of what somebody declares or advises; no case."""
    return {
        "action": action,
        "at": act.at,
        "actor": act.by_id,
        "case": None,
        "refs": {"consultation": act.consultation_id},
        "personal": {"text": act.text, "reference": act.consultation.reference},
    }


def _next_reference(at: datetime) -> str:
    """« Q-2026-000101 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sharing_consultation_reference')")
        number: int = cursor.fetchone()[0]
    return f"Q-{day_of(at):%Y}-{number:06d}"


def _write_to(consultation: Consultation, who: Membership, kind: str, key: str) -> None:
    promise(
        kind=kind,
        key=key,
        recipient=who,
        reference=consultation.reference,
        path=reverse("sharing:consultation", args=[consultation.pk]),
    )


def _held(consultation_id: uuid.UUID, by: Membership) -> Consultation:
    """The consultation, for its author or somebody asked, one act at a time. Raises NotYours.

    Its row is closed to every change, hence to every lock: its author's membership is held instead.
    """
    found = Consultation.objects.visible_to(by).select_related("author").filter(pk=consultation_id).first()
    if found is None:
        raise NotYours
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.author_id)
    return found


def _write(
    consultation: Consultation, kind: str, action: str, by: Membership, at: datetime, text: str = ""
) -> ConsultationAct:
    act = ConsultationAct(consultation=consultation, kind=kind, text=text, by=by, at=at)
    act.entry_id = ledger.record(**entry_of_act(act, action))
    act.save(force_insert=True)
    return act


@transaction.atomic
def declare(
    *, consultation_id: uuid.UUID, recognised: bool, by: Membership, at: datetime | None = None
) -> ConsultationAct:
    """Say whether she recognises the person; once. Recognising ends it for her, and its author is told.

    Raises NotYours, NotFromHere.
    """
    consultation = _held(consultation_id, by)
    if consultation.author_id == by.pk:
        raise NotYours
    kind = ConsultationAct.Kind.RECOGNISED if recognised else ConsultationAct.Kind.UNKNOWN
    graphs.PARTICIPATION.after(participation_of(consultation, by), kind)
    at = at or clock.now()
    action = "consultation.recognised" if recognised else "consultation.unknown_declared"
    act = _write(consultation, kind, action, by, at)
    if recognised:
        _tell_author(consultation, act)
    return act


@transaction.atomic
def advise(
    *, consultation_id: uuid.UUID, text: str, marks: Sequence[Mark], by: Membership, at: datetime | None = None
) -> ConsultationAct:
    """Give an advice, without a name either; only once she has said that she recognises nobody.

    Raises NotYours, NotFromHere, Recognisable.
    """
    consultation = _held(consultation_id, by)
    if consultation.author_id == by.pk:
        raise NotYours
    graphs.PARTICIPATION.after(participation_of(consultation, by), "advised")
    if certain(marks):
        raise Recognisable(certain(marks))
    act = _write(consultation, ConsultationAct.Kind.ADVISED, "consultation.advised", by, at or clock.now(), text)
    _tell_author(consultation, act)
    return act


def _tell_author(consultation: Consultation, act: ConsultationAct) -> None:
    _write_to(consultation, consultation.author, Outbox.Kind.CONSULTATION_ANSWERED, f"consultation_answered:{act.pk}")


@transaction.atomic
def close(*, consultation_id: uuid.UUID, by: Membership, at: datetime | None = None) -> ConsultationAct:
    """End it: nobody is asked any more; what was advised stays with its author. Raises NotYours, NotFromHere."""
    consultation = _held(consultation_id, by)
    if consultation.author_id != by.pk:
        raise NotYours
    graphs.CONSULTATION.after(state_of(consultation), "closed")
    return _write(consultation, ConsultationAct.Kind.CLOSED, "consultation.closed", by, at or clock.now())


def case_of(consultation: Consultation, by: Membership) -> Case | None:
    """The case it is about, for its author alone, and while she may open it."""
    if consultation.author_id != by.pk:
        return None
    try:
        pk = sealing.opened(consultation.sealed_case, consultation.pk)
    except sealing.Unreadable:
        return None
    return Case.objects.visible_to(by).filter(pk=pk).select_related("person").first()
