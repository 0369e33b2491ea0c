"""Ask a partner, ask a precision, take a request back, say that its outcome was read: the acts of the one who asks.

A request names the person, hence tells that she is followed: it reaches somebody only where the answer may be given (or needs an
opinion first). What is stopped is kept like what is sent: a refusal is a value.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from audit import ledger
from cases.models import Assignment
from partners import clock
from partners.clock import day_of
from partners.models import Membership, Reached
from partners.text import plain
from partners.vocabulary import vocabulary
from sharing import anchors, editions, law
from sharing import facts as f
from sharing.asking import insisting, watching
from sharing.asking.deciding import Wish, facts_of, fingerprint
from sharing.asking.standing import hold, state_of
from sharing.decision import decide
from sharing.graphs import REQUEST
from sharing.models import Disclosure, InformationRequest, Outbox, RequestAct, RulebookEdition
from sharing.outbox import promise
from sharing.outcome import DENY, Decision
from sharing.service import CaseNotOpen, explained

FORBIDDEN, INSISTING, NOT_PERMITTED = "purpose_forbidden", "insisting", "not_permitted"
ARTICLES = {
    FORBIDDEN: law.CP_226_13,
    NOT_PERMITTED: law.CP_226_13,
    INSISTING: law.cited("CSP-L1110-4-V"),
    watching.LIST: law.RGPD_5,
    watching.SEVERAL: law.RGPD_5,
    watching.FEED: law.RGPD_5,
    watching.WATCHING: law.CP_226_13,
    watching.COVERT: law.CP_226_13,
}
"""Why a request may be stopped, and the text under each."""


class NotHers(Exception):
    """No such request, or communication, of hers: answered like a page that does not exist."""


class NobodyToAsk(Exception):
    """Whoever sent the communication is gone, and nobody follows the situation: there is nobody to ask."""


class Asking(StrEnum):
    """What a request came to."""

    SENT = "sent"
    STOPPED = "stopped"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answer to a submission: what became of it, its row where there is one, the facts and the decision where one was taken."""

    outcome: Asking
    request: InformationRequest | None
    facts: f.Facts | None = None
    decision: Decision | None = None


def next_reference(at: datetime) -> str:
    """« D-2026-000101 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sharing_request_reference')")
        number: int = cursor.fetchone()[0]
    return f"D-{day_of(at):%Y}-{number:06d}"


def refused_at_once(*, purpose: str, texts: tuple[str, ...]) -> str:
    """Why a request is refused before anything is looked up: its purpose, or its wording; "" where it is not."""
    if purpose in vocabulary().forbidden_purposes:
        return FORBIDDEN
    found = watching.found(*texts)
    return found.kind if found else ""


def preview(*, wish: Wish, by: Membership) -> tuple[f.Facts, Decision, str]:
    """The facts of now, the decision with its ways out, and why it would be stopped whatever they say ("" where it would not)."""
    at = clock.now()
    facts = facts_of(wish=wish, asker=by, at=at)
    stopped = refused_at_once(purpose=wish.purpose, texts=(wish.decision_at_stake, wish.own_role))
    if not stopped and _insists(wish, by, at):
        stopped = INSISTING
    return facts, explained(facts), stopped


@transaction.atomic
def ask(*, key: uuid.UUID, wish: Wish, previewed: str, by: Membership, at: datetime | None = None) -> Asked:
    """Decide under lock whether the one asked may answer; where she may, and that is what was seen, send her the request.

    `key` is the request's id: submitted again, it answers with the same row. `previewed` is the fingerprint of what the asker
    saw; any difference sends nothing (`Asking.CHANGED`). Raises CaseNotOpen.
    """
    # The person, then the request: a communication that answers takes them in this order.
    wish.case.person = anchors.hold(person=wish.case.person_id, sender=wish.asked.pk, recipient=by.pk)
    hold(key)
    known = (
        InformationRequest.objects.filter(pk=key).select_related("asked__professional", "asked__institution").first()
    )
    if known is not None and known.asker_id != by.pk:
        raise CaseNotOpen
    if known is not None and _same(known, wish):
        return Asked(outcome=Asking.STOPPED if known.stopped else Asking.SENT, request=known)
    if known is not None:
        key = uuid.uuid4()  # somebody went back to her page and wrote something else: it is another request
    if not anchors.hold_assignment(case=wish.case.pk, membership=by.pk):
        raise CaseNotOpen
    at = at or clock.now()
    texts = (wish.decision_at_stake, wish.own_role)
    stopped = refused_at_once(purpose=wish.purpose, texts=texts)
    if not stopped and _insists(wish, by, at):
        stopped = INSISTING
    if stopped:
        return Asked(outcome=Asking.STOPPED, request=_write(key=key, wish=wish, stopped=stopped, by=by, at=at))
    people = Membership.objects.select_related("professional", "institution").in_bulk([by.pk, wish.asked.pk])
    facts = facts_of(wish=_towards(wish, people[wish.asked.pk]), asker=people[by.pk], at=at)
    decision = decide(facts)
    seen = fingerprint(wish, facts, decision) == previewed
    stopped = NOT_PERMITTED if decision.verdict == DENY else ""
    if not seen and not stopped:
        return Asked(outcome=Asking.CHANGED, request=None, facts=facts, decision=decision)
    made = _write(key=key, wish=wish, stopped=stopped, by=by, at=at, facts=facts, decision=decision)
    outcome = Asking.CHANGED if not seen else Asking.STOPPED if stopped else Asking.SENT
    return Asked(outcome=outcome, request=made, facts=facts, decision=decision)


def _same(known: InformationRequest, wish: Wish) -> bool:
    written = (known.case_id, known.asked_id, known.purpose, known.categories, known.decision_at_stake, known.own_role)
    wanted = (
        wish.case.pk,
        wish.asked.pk,
        wish.purpose,
        list(wish.categories),
        plain(wish.decision_at_stake),
        plain(wish.own_role),
    )
    return written == wanted and known.needed_on == wish.needed_on


def _insists(wish: Wish, by: Membership, at: datetime) -> bool:
    before = insisting.refused_before(
        person=wish.case.person_id,
        asker=by,
        asked=wish.asked,
        purpose=wish.purpose,
        categories=wish.categories,
        at=at,
    )
    return before is not None


def _towards(wish: Wish, asked: Membership) -> Wish:
    return Wish(**{name: getattr(wish, name) for name in wish.__dataclass_fields__} | {"asked": asked})


def row_of(
    *,
    key: uuid.UUID,
    reference: str,
    wish: Wish,
    stopped: str,
    by: Membership,
    at: datetime,
    facts: f.Facts | None = None,
    decision: Decision | None = None,
    edition: RulebookEdition | None = None,
) -> InformationRequest:
    """A request as a row, not yet written: it waits for its entry."""
    return InformationRequest(
        pk=key,
        reference=reference,
        person_id=wish.case.person_id,
        case=wish.case,
        asker=by,
        asked=wish.asked,
        purpose=wish.purpose,
        categories=list(wish.categories),
        decision_at_stake=plain(wish.decision_at_stake),
        own_role=plain(wish.own_role),
        needed_on=wish.needed_on,
        sent_at=at,
        verdict=decision.verdict if decision else "",
        stopped=stopped,
        facts=facts.to_plain() if facts else None,
        decision=decision.to_plain() if decision else None,
        edition=edition,
    )


def _write(
    *,
    key: uuid.UUID,
    wish: Wish,
    stopped: str,
    by: Membership,
    at: datetime,
    facts: f.Facts | None = None,
    decision: Decision | None = None,
) -> InformationRequest:
    row = row_of(
        key=key,
        reference=next_reference(at),
        wish=wish,
        stopped=stopped,
        by=by,
        at=at,
        facts=facts,
        decision=decision,
        edition=editions.current() if decision else None,
    )
    return _record(row=row, by=by, decision=decision)


def entry_of(row: InformationRequest, decision: Decision | None = None) -> dict[str, Any]:
    """What the trail says of a request that is sent or stopped: ids and codes in the body, its words in the payload."""
    codes = {
        "purpose": row.purpose,
        "categories": sorted(row.categories),
        "verdict": row.verdict,
        "stopped": row.stopped,
        "precision": row.about_id is not None,
        "basis": decision.basis if decision else None,
        "reasons": list(decision.reasons) if decision else [],
        "rulebook": decision.rulebook if decision else "",
    }
    return {
        "action": "request.stopped" if row.stopped else "request.sent",
        "at": row.sent_at,
        "actor": row.asker_id,
        "case": row.case_id or (row.about.case_id if row.about else None),
        "refs": {
            "request": row.pk,
            "person": row.person_id,
            "recipient": row.asked_id,
            "institutions": [row.asker.institution_id, row.asked.institution_id],
            **({"disclosure": row.about_id} if row.about_id else {}),
        },
        "codes": codes,
        "personal": {
            "reference": row.reference,
            "asked": str(row.asked),
            "decision_at_stake": row.decision_at_stake,
            "own_role": row.own_role,
        },
    }


def _record(*, row: InformationRequest, by: Membership, decision: Decision | None) -> InformationRequest:
    row.entry_id = ledger.record(**entry_of(row, decision))
    row.save(force_insert=True)
    if not row.stopped:
        promise(
            kind=Outbox.Kind.REQUEST_WAITING,
            key=f"request_waiting:{row.pk}",
            recipient=row.asked,
            reference=row.reference,
            path=reverse("sharing:request", args=[row.pk]),
        )
    return row


@transaction.atomic
def ask_precision(
    *, disclosure: Disclosure, question: str, by: Membership, at: datetime | None = None
) -> InformationRequest:
    """Ask a precision on a communication that one received: of its author, else of whoever follows the situation for her.

    The row's `stopped` says why it reached nobody: a wording of watching, or « je ne peux pas en dire plus » already answered.
    The same question asked twice is one row. Raises NotHers, NobodyToAsk.
    """
    hold(disclosure.pk)
    found = Disclosure.objects.received_by(by).filter(pk=disclosure.pk).select_related("case").first()
    if found is None or not Membership.objects.in_force().filter(pk=by.pk).exists():
        raise NotHers
    at = at or clock.now()
    question = plain(question)
    waiting = (
        InformationRequest.objects.filter(about=found, asker=by, decision_at_stake=question)
        .order_by("-sent_at")
        .first()
    )
    if waiting is not None and REQUEST.turn.get(state_of(waiting)):
        return waiting
    stopped = refused_at_once(purpose=found.purpose, texts=(question,))
    if not stopped and insisting.refused_precision(disclosure=found.pk, asker=by) is not None:
        stopped = INSISTING
    row = InformationRequest(
        reference=next_reference(at),
        person_id=found.case.person_id,
        about=found,
        asker=by,
        asked=_who_answers(found),
        purpose=found.purpose,
        decision_at_stake=question,
        sent_at=at,
        stopped=stopped,
    )
    return _record(row=row, by=by, decision=None)


def _who_answers(disclosure: Disclosure) -> Membership:
    """Its author while she is there; then a referent of the situation. Raises NobodyToAsk."""
    reachable = (
        Membership.objects.in_force().filter(reached_by=Reached.IN_APP).select_related("professional", "institution")
    )
    author = reachable.filter(pk=disclosure.author_id).first()
    if author is not None:
        return author
    following = (
        Assignment.objects.in_force()
        .filter(case=disclosure.case_id, membership__in=reachable)
        .order_by("-kind", "starts_at")
        .values_list("membership", flat=True)
        .first()
    )
    if following is None:
        raise NobodyToAsk
    return reachable.get(pk=following)


def asked_by(*, request_id: uuid.UUID, by: Membership) -> InformationRequest:
    """A request of one's own, with who is who. Raises NotHers."""
    found = (
        InformationRequest.objects.sent_by(by)
        .filter(pk=request_id)
        .select_related(
            "asked__professional", "asked__institution", "asker__professional", "asker__institution", "about"
        )
        .first()
    )
    if found is None or not Membership.objects.in_force().filter(pk=by.pk).exists():
        raise NotHers
    return found


@transaction.atomic
def withdraw_request(*, request_id: uuid.UUID, by: Membership, at: datetime | None = None) -> RequestAct:
    """Take a request back while nobody has answered it. Raises NotHers, NotFromHere where somebody has."""
    request = asked_by(request_id=request_id, by=by)
    hold(request.pk)
    REQUEST.after(state_of(request), RequestAct.Kind.WITHDRAWN)
    at = at or clock.now()
    entry_id = ledger.record(
        action="request.withdrawn",
        at=at,
        actor=by.pk,
        case=request.case_id or (request.about.case_id if request.about else None),
        refs={"request": request.pk, "person": request.person_id, "recipient": request.asked_id},
        codes={"purpose": request.purpose},
        personal={"reference": request.reference},
    )
    act = RequestAct.objects.create(
        request=request, kind=RequestAct.Kind.WITHDRAWN, by=by, at=at, seen_at=at, entry_id=entry_id
    )
    promise(
        kind=Outbox.Kind.REQUEST_WITHDRAWN,
        key=f"request_withdrawn:{request.pk}",
        recipient=request.asked,
        reference=request.reference,
        path=reverse("sharing:request", args=[request.pk]),
    )
    return act


@transaction.atomic
def note_seen(*, request_id: uuid.UUID, by: Membership, at: datetime | None = None) -> None:
    """Say that the outcome was read: it leaves what waits on her first page. Twice is once. Raises NotHers."""
    request = asked_by(request_id=request_id, by=by)
    hold(request.pk)
    RequestAct.objects.filter(request=request, kind__in=RequestAct.ENDING, seen_at=None).update(
        seen_at=at or clock.now()
    )
