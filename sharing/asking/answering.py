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
from cases.models import Case, Person
from partners import clock
from partners.models import Institution, Membership
from partners.text import plain
from partners.vocabulary import vocabulary
from sharing import begun_again
from sharing.asking import awaited, unnamed
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


class AskerLeft(Exception):
    """Whoever asked no longer follows the person: nothing is communicated as an answer; a word still tells what became of it."""


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
    sheets = [one for one in (request.person, own_sheet(request, by)) if one is not None]
    marks = unnamed.marks(text=text, people=sheets)
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

    It is opened on her own institution's sheet of that person, known by name and birth date or new: nothing else of the asker's
    sheet comes with it (ADR 0006). The draft begun is taken up again. What it may say is decided as for any communication. Raises
    NotAsked, NotFromHere, AskerLeft, FollowedByColleagues, NoCaseOfHers.
    """
    request = received(request_id=request_id, by=by)
    if request.person_id is not None:
        # The person, the institution, then the request: a communication that answers takes them in this order.
        files.lock_person(request.person_id)
        if request.about is None and case_for(request, by) is None:
            # As whoever creates a case: two colleagues never make two sheets of one person by accident.
            Institution.objects.select_for_update(no_key=True).get(pk=by.institution_id)
    hold(request.pk)
    REQUEST.after(state_of(request), Kind.ANSWERED)
    if not awaited.asker_follows(request):
        raise AskerLeft
    begun = (
        Draft.objects.visible_to(by)
        .filter(answers=request, sent_at=None, discarded_at=None)
        .select_related("case")
        .first()
    )
    if begun is not None:
        return begun
    at = at or clock.now()
    if (earlier := _begun_before(request, by)) is not None:
        return begun_again.begin_from(draft=earlier, author=by, recipient=request.asker, answers=request, at=at)
    return Draft.objects.create(
        case=_her_case(request, by, at),
        author=by,
        purpose=request.purpose,
        recipient=request.asker,
        answers=request,
    )


def _begun_before(request: InformationRequest, by: Membership) -> Draft | None:
    """Her answer, begun to whoever asked and left; held."""
    if request.continues_id is None:
        return None
    begun = Draft.objects.visible_to(by).filter(answers=request.continues_id, sent_at=None, discarded_at=None)
    return begun.select_for_update(no_key=True, of=("self",)).first()


def case_for(request: InformationRequest, by: Membership) -> Case | None:
    """The open case that she follows for this person, on her own institution's sheet; of a precision, that of what she sent."""
    if request.about is not None:
        return Case.objects.visible_to(by).filter(pk=request.about.case_id, closed_on=None).first()
    person = own_sheet(request, by)
    if person is None:
        return None
    mine = Case.objects.visible_to(by).filter(institution=by.institution_id, closed_on=None)
    return mine.filter(person=person).order_by("-opened_on").first()


def own_sheet(request: InformationRequest, by: Membership) -> Person | None:
    """Her own institution's sheet of the person whom the request names; None where it knows nobody by that name and birth date.

    Between colleagues it is the asker's own, homonyms or not.
    """
    person = request.person
    if person is None or Case.objects.filter(person=person, institution=by.institution_id).exists():
        return person
    known = files.exact_match(
        first_name=person.first_name, last_name=person.last_name, birth_date=person.birth_date, by=by
    )
    return known.person if known else None


def _her_case(request: InformationRequest, by: Membership, at: datetime) -> Case:
    case = case_for(request, by)
    if case is not None:
        return case
    if request.about is not None or request.person is None:
        raise NoCaseOfHers
    named = request.person
    person = own_sheet(request, by) or Person(
        first_name=named.first_name, last_name=named.last_name, birth_date=named.birth_date
    )
    if Case.objects.filter(person=person.pk, institution=by.institution_id, closed_on=None).exists():
        raise FollowedByColleagues
    return files.open_case(
        person=person,
        domain=vocabulary().purposes[request.purpose].domain,
        reason=f"Demande {request.reference}",
        by=by,
        at=at,
    )


def record_answer(*, request: InformationRequest, disclosure: Disclosure, by: Membership, at: datetime) -> None:
    """Part of a release: the request that it answers (`awaited.of_draft`, held) is answered. Raises NotFromHere."""
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
