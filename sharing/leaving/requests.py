"""Hand over the requests of somebody who leaves, asked of her or by her: another takes each over, or it is closed and said to be.

A request names somebody, hence it passes only where it could have been sent so: it is decided again, between those who would now
ask and answer. The first stays as it was asked, and ends.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.graph import NotFromHere
from partners.models import Membership
from partners.tending import DirectoryError, NotTended, TooLate
from sharing import anchors, editions, gather
from sharing import facts as f
from sharing.asking import acts as asking
from sharing.asking.answering import AROUND
from sharing.asking.deciding import Wish, facts_of
from sharing.asking.standing import hold, state_of
from sharing.decision import decide
from sharing.graphs import REQUEST
from sharing.leaving.may import may_entrust, may_hand_over, stays
from sharing.models import Disclosure, Draft, InformationRequest, Outbox, RequestAct
from sharing.outbox import promise
from sharing.outcome import DENY, Decision

Kind = RequestAct.Kind


class MayNotTakeOver(DirectoryError):
    """She could not have asked it, or have been asked it: the message says why, in the user's language."""


@transaction.atomic
def hand_over_request(
    *, request_id: uuid.UUID, leaver: Membership, to: Membership, by: Membership, at: datetime | None = None
) -> InformationRequest:
    """Let `to` take over a request that still waits, asked by `leaver` or of her; both sides are told by letter.

    Raises NotTended, TooLate where it waits no more or nobody leaves, MayNotTakeOver where the texts, or what she follows, do not
    let it be hers.
    """
    request = _held(request_id, leaver, by, to=to)
    asker, asked = (to, request.asked) if request.asker_id == leaver.pk else (request.asker, to)
    if asker.professional_id == asked.professional_id:
        raise MayNotTakeOver(_("Personne ne se répond à soi-même : choisissez quelqu’un d’autre."))
    at = at or clock.now()
    facts, decision = _decided(request, asker, asked, at)
    _end(request=request, kind=Kind.TRANSFERRED, action="request.transferred", by=by, at=at, to=to)
    made = InformationRequest(
        reference=asking.next_reference(at),
        person_id=request.person_id,
        case=request.case,
        about=request.about,
        asker=asker,
        asked=asked,
        purpose=request.purpose,
        categories=request.categories,
        decision_at_stake=request.decision_at_stake,
        own_role=request.own_role,
        needed_on=request.needed_on,
        continues=request,
        sent_at=at,
        verdict=decision.verdict if decision else "",
        facts=facts.to_plain() if facts else None,
        decision=decision.to_plain() if decision else None,
        edition=editions.current() if decision else None,
    )
    made.entry_id = ledger.record(**_assigned(made, decision, by=by))
    made.save(force_insert=True)
    # Of an answer that she had begun, whoever takes over has a copy (`acts.hand_over`): it answers this one now.
    Draft.objects.filter(author=to, answers=request, sent_at=None, discarded_at=None).update(answers=made)
    for one in (asker, asked):
        promise(
            kind=Outbox.Kind.REQUEST_WAITING if one is to is asked else Outbox.Kind.REQUEST_TRANSFERRED,
            key=f"request_transferred:{made.pk}:{one.pk}",
            recipient=one,
            reference=made.reference,
            path=reverse("sharing:request", args=[made.pk]),
        )
    return made


@transaction.atomic
def close_request(
    *, request_id: uuid.UUID, leaver: Membership, by: Membership, at: datetime | None = None
) -> RequestAct:
    """End a request that nobody takes over; whoever is on the other side is told by letter. Raises NotTended, TooLate."""
    request = _held(request_id, leaver, by)
    act = _end(request=request, kind=Kind.CLOSED, action="request.closed", by=by, at=at or clock.now())
    promise(
        kind=Outbox.Kind.REQUEST_CLOSED,
        key=f"request_closed:{request.pk}",
        recipient=request.asked if request.asker_id == leaver.pk else request.asker,
        reference=request.reference,
        path=reverse("sharing:request", args=[request.pk]),
    )
    return act


def _held(
    request_id: uuid.UUID, leaver: Membership, by: Membership, *, to: Membership | None = None
) -> InformationRequest:
    """One that still waits, held: the person and those between whom it passes, then the request, as whoever answers does."""
    if not may_hand_over(by, leaver) or (to is not None and not may_entrust(by, to)):
        raise NotTended
    if to is not None and not stays(to, leaver):
        raise MayNotTakeOver(_("Choisissez quelqu’un qui reste dans votre institution."))
    request = InformationRequest.objects.select_related(*AROUND).filter(pk=request_id, stopped="").first()
    if request is None or leaver.pk not in (request.asker_id, request.asked_id):
        raise NotTended
    if request.person_id is not None:
        sides = [one for one in (request.asked_id, request.asker_id) if one != leaver.pk]
        person = anchors.hold(person=request.person_id, sender=sides[0], recipient=to.pk if to else leaver.pk)
        for case in (request.case, request.about.case if request.about else None):
            if case is not None:
                case.person = person
    hold(request.pk)
    if Membership.objects.get(pk=leaver.pk).ends_at is None:
        raise TooLate
    try:
        REQUEST.after(state_of(request), Kind.CLOSED)
    except NotFromHere as error:
        raise TooLate from error
    return request


def _decided(
    request: InformationRequest, asker: Membership, asked: Membership, at: datetime
) -> tuple[f.Facts | None, Decision | None]:
    """The decision between those who would now ask and answer; none was taken of a precision. Raises MayNotTakeOver."""
    if request.about is not None:
        if asker != request.asker and not Disclosure.objects.received_by(asker).filter(pk=request.about.pk).exists():
            raise MayNotTakeOver(
                _(
                    "Cette demande porte sur une communication qui n’était adressée qu’à la personne qui part : personne ne "
                    "peut la reprendre. Fermez-la : choisissez « À personne »."
                )
            )
        if asked != request.asked and not anchors.hold_assignment(case=request.about.case_id, membership=asked.pk):
            raise MayNotTakeOver(
                _(
                    "Qui répond à une précision suit la situation : confiez-lui d’abord la situation, ou fermez la demande."
                )
            )
        return None, None
    if request.case is None:
        raise MayNotTakeOver(_("Personne ne peut reprendre cette demande : choisissez « À personne »."))
    if asker != request.asker and not anchors.hold_assignment(case=request.case.pk, membership=asker.pk):
        raise MayNotTakeOver(
            _("Qui attend une réponse suit la situation : confiez-lui d’abord la situation, ou fermez la demande.")
        )
    wish = Wish(
        case=request.case,
        asked=asked,
        purpose=request.purpose,
        categories=tuple(request.categories),
        decision_at_stake=request.decision_at_stake,
        own_role=request.own_role,
        needed_on=request.needed_on,
        circumstances=_declared(request),
    )
    facts = facts_of(wish=wish, asker=asker, at=at)
    decision = decide(facts)
    if decision.verdict == DENY:
        raise MayNotTakeOver(
            _(
                "Aucun texte ne permet encore que cette demande passe entre ces deux personnes : un accord vaut pour qui "
                "le reçoit. Recueillez-le, choisissez quelqu’un d’autre, ou fermez la demande."
            )
        )
    return facts, decision


def _declared(request: InformationRequest) -> tuple[str, ...]:
    """What was declared as it was asked, as its stored facts say."""
    return tuple(sorted(gather.declared(request.facts["circumstances"]))) if request.facts else ()


def _end(
    *,
    request: InformationRequest,
    kind: RequestAct.Kind,
    action: str,
    by: Membership,
    at: datetime,
    to: Membership | None = None,
) -> RequestAct:
    refs: dict[str, Any] = {"request": request.pk, "person": request.person_id, "asker": request.asker_id}
    entry_id = ledger.record(
        action=action,
        at=at,
        actor=by.pk,
        case=request.case_id or (request.about.case_id if request.about else None),
        refs=refs | {"recipient": request.asked_id} | ({"membership": to.pk} if to else {}),
        codes={"purpose": request.purpose},
        personal={"reference": request.reference},
    )
    return RequestAct.objects.create(request=request, kind=kind, by=by, at=at, entry_id=entry_id)


def _assigned(made: InformationRequest, decision: Decision | None, *, by: Membership) -> dict[str, Any]:
    """What the trail says of the one that takes over: as of one that is sent, by whoever hands it over."""
    entry = asking.entry_of(made, decision)
    refs = entry["refs"] | {"asker": made.asker_id, "continues": made.continues_id}
    return entry | {"action": "request.assigned", "actor": by.pk, "refs": refs}
