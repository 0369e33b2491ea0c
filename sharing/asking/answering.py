"""What the one asked does: show the request, say no, « voyez avec la personne », « voici, sans le nom », or begin a communication.

A refusal needs no reason. Whoever answers first ends it; the other is told so (`NotFromHere`). The asker learns the outcome.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from audit import ledger
from cases import files
from cases.models import Case
from partners import clock
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary
from sharing.asking import unnamed
from sharing.asking.standing import hold, state_of
from sharing.graphs import REQUEST
from sharing.models import Disclosure, Draft, InformationRequest, Outbox, RequestAct
from sharing.outbox import promise

Kind = RequestAct.Kind
AROUND = (
    "person",
    "case",
    "about__case",
    "asker__professional",
    "asker__institution",
    "asked__professional",
    "asked__institution",
)


class NotAsked(Exception):
    """No such request of this membership: answered like a page that does not exist."""


class Recognisable(Exception):
    """The text says something by which the person is recognised; `marks` are the words found."""

    def __init__(self, marks: tuple[str, ...]) -> None:
        super().__init__("a text without the name names somebody")
        self.marks = marks


class AlreadyNamed(Exception):
    """A precision is about somebody whom the asker knows: a text on her without the name would be a communication undecided."""


class FollowedByColleagues(Exception):
    """The service already follows this person, and she who answers does not: whoever follows, or leads the team, is asked."""


class NoCaseOfHers(Exception):
    """A precision is answered from the situation it came from, which she who answers no longer follows."""


def received(*, request_id: uuid.UUID, by: Membership) -> InformationRequest:
    """A request that this membership may answer, with who is who. Raises NotAsked."""
    found = InformationRequest.objects.received_by(by).filter(pk=request_id).select_related(*AROUND).first()
    if found is None or not Membership.objects.in_force().filter(pk=by.pk).exists():
        raise NotAsked
    return found


@transaction.atomic
def open_request(*, request_id: uuid.UUID, by: Membership, at: datetime | None = None) -> InformationRequest:
    """Show what is asked and about whom: traced every time, recorded the first. Raises NotAsked."""
    request = received(request_id=request_id, by=by)
    hold(request.pk)
    ledger.note_access(
        action="request.opened",
        object_type="request",
        object_ref=str(request.pk),
        granted=True,
        professional=by.professional_id,
        membership=by.pk,
        case=_case_of(request),
    )
    if state_of(request) == REQUEST.first:
        _act(request=request, kind=Kind.OPENED, action="request.opened", by=by, at=at or clock.now())
    return request


@transaction.atomic
def decline(*, request_id: uuid.UUID, by: Membership, reason: str = "", at: datetime | None = None) -> RequestAct:
    """« Non ». No reason is asked; one may be given. Raises NotAsked, NotFromHere."""
    request = received(request_id=request_id, by=by)
    return _end(request=request, kind=Kind.DECLINED, action="request.declined", by=by, at=at, text=reason)


@transaction.atomic
def send_to_her(*, request_id: uuid.UUID, by: Membership, text: str = "", at: datetime | None = None) -> RequestAct:
    """« Voyez avec la personne ». Raises NotAsked, NotFromHere."""
    request = received(request_id=request_id, by=by)
    return _end(request=request, kind=Kind.ASK_HER, action="request.sent_to_her", by=by, at=at, text=text)


@transaction.atomic
def answer_without_name(*, request_id: uuid.UUID, text: str, by: Membership, at: datetime | None = None) -> RequestAct:
    """« Voici, sans le nom »: what can be said of such situations; never on a precision.

    Raises NotAsked, NotFromHere, Recognisable, AlreadyNamed.
    """
    request = received(request_id=request_id, by=by)
    if request.about is not None:
        raise AlreadyNamed
    text = plain(text)
    marks = unnamed.marks(text=text, person=request.person) if request.person else ()
    if marks:
        raise Recognisable(marks)
    return _end(
        request=request,
        kind=Kind.WITHOUT_NAME,
        action="request.answered_without_name",
        by=by,
        at=at,
        text=text,
    )


@transaction.atomic
def begin_answer(*, request_id: uuid.UUID, by: Membership, at: datetime | None = None) -> Draft:
    """A communication to the asker, composed in her own case for this person; one is opened where she has none.

    The draft begun is taken up again. What it may say is decided as for any communication. Raises NotAsked, NotFromHere,
    FollowedByColleagues, NoCaseOfHers.
    """
    request = received(request_id=request_id, by=by)
    if request.person_id is not None:
        # The person, then the request: a communication that answers takes them in this order.
        files.lock_person(request.person_id)
    hold(request.pk)
    REQUEST.after(state_of(request), Kind.ANSWERED)
    begun = (
        Draft.objects.visible_to(by)
        .filter(answers=request, sent_at=None, discarded_at=None)
        .select_related("case")
        .first()
    )
    if begun is not None:
        return begun
    at = at or clock.now()
    return Draft.objects.create(
        case=_her_case(request, by, at),
        author=by,
        purpose=request.purpose,
        recipient=request.asker,
        answers=request,
    )


def case_for(request: InformationRequest, by: Membership) -> Case | None:
    """The open case that she follows for this person: of this very row, or of her own institution's sheet for her."""
    if request.about is not None:
        return Case.objects.visible_to(by).filter(pk=request.about.case_id, closed_on=None).first()
    person = request.person
    if person is None:
        return None
    mine = Case.objects.visible_to(by).filter(institution=by.institution_id, closed_on=None)
    known = _known(request, by)
    return mine.filter(person__in=[person.pk, *([known.person.pk] if known else [])]).order_by("-opened_on").first()


def _known(request: InformationRequest, by: Membership) -> files.Match | None:
    person = request.person
    if person is None:
        return None
    return files.exact_match(
        first_name=person.first_name, last_name=person.last_name, birth_date=person.birth_date, by=by
    )


def _her_case(request: InformationRequest, by: Membership, at: datetime) -> Case:
    case = case_for(request, by)
    if case is not None:
        return case
    if request.about is not None or request.person is None:
        raise NoCaseOfHers
    known = _known(request, by)
    person = known.person if known else request.person
    if Case.objects.filter(person=person, institution=by.institution_id, closed_on=None).exists():
        raise FollowedByColleagues
    return files.open_case(
        person=person,
        domain=vocabulary().purposes[request.purpose].domain,
        reason=f"Demande {request.reference}",
        by=by,
        at=at,
    )


def record_answer(*, draft: Draft, disclosure: Disclosure, by: Membership, at: datetime) -> None:
    """Part of a release: where it answers a request that still waits, and reaches whoever asked, the request is answered."""
    if draft.answers_id is None:
        return
    request = InformationRequest.objects.received_by(by).filter(pk=draft.answers_id).select_related(*AROUND).first()
    if request is None or request.asker_id != disclosure.recipient_id:
        return
    hold(request.pk)
    if REQUEST.allows(state_of(request), Kind.ANSWERED):
        _end(request=request, kind=Kind.ANSWERED, action="request.answered", by=by, at=at, disclosure=disclosure)


def _end(
    *,
    request: InformationRequest,
    kind: RequestAct.Kind,
    action: str,
    by: Membership,
    at: datetime | None,
    text: str = "",
    disclosure: Disclosure | None = None,
) -> RequestAct:
    """End it, unless somebody did before, and tell the asker. Raises NotFromHere."""
    hold(request.pk)
    REQUEST.after(state_of(request), kind)
    act = _act(request=request, kind=kind, action=action, by=by, at=at or clock.now(), text=text, disclosure=disclosure)
    promise(
        kind=Outbox.Kind.REQUEST_ENDED,
        key=f"request_ended:{request.pk}",
        recipient=request.asker,
        reference=request.reference,
        path=reverse("sharing:request", args=[request.pk]),
    )
    return act


def _act(
    *,
    request: InformationRequest,
    kind: RequestAct.Kind,
    action: str,
    by: Membership,
    at: datetime,
    text: str = "",
    disclosure: Disclosure | None = None,
) -> RequestAct:
    entry_id = ledger.record(**entry_of(request, action=action, by=by, at=at, text=text, disclosure=disclosure))
    return RequestAct.objects.create(
        request=request, kind=kind, by=by, at=at, text=plain(text), disclosure=disclosure, entry_id=entry_id
    )


def entry_of(
    request: InformationRequest,
    *,
    action: str,
    by: Membership,
    at: datetime,
    text: str = "",
    disclosure: Disclosure | None = None,
) -> dict[str, Any]:
    """What the trail says of an answer."""
    return {
        "action": action,
        "at": at,
        "actor": by.pk,
        "case": _case_of(request),
        "refs": {
            "request": request.pk,
            "person": request.person_id,
            "recipient": request.asker_id,
            **({"disclosure": disclosure.pk} if disclosure else {}),
        },
        "codes": {"purpose": request.purpose},
        "personal": {"reference": request.reference, "reader": str(by), "text": plain(text)},
    }


def _case_of(request: InformationRequest) -> uuid.UUID | None:
    return request.case_id or (request.about.case_id if request.about else None)
