"""Requests between professionals: ask, look at what is asked, answer each way, take back. The same acts as « Demandes »."""

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.doors import case_or_404
from cases.models import Case
from consent.forms import open_categories
from partners import clock
from partners.graph import NotFromHere
from sharing import previewed, service
from sharing.api import examples
from sharing.api.base import ApiView
from sharing.api.deciding import decided
from sharing.api.errors import Unprocessable
from sharing.api.paging import Paging
from sharing.api.received import Written
from sharing.api.request_words import (
    AnswerWritten,
    Kind,
    Moved,
    OutcomeShown,
    RequestChanged,
    RequestLine,
    RequestMade,
    RequestPreview,
    RequestShown,
    RequestWritten,
    WhichRequests,
    WishWritten,
)
from sharing.api.schema import Problem
from sharing.api.scopes import Scope
from sharing.api.strict import Nothing
from sharing.api.words import over
from sharing.asking import acts, answering, doors, page, panel
from sharing.asking.deciding import Wish, fingerprint
from sharing.compose_page import about
from sharing.outcome import DENY

TAG = ["demandes"]


def wish_of(said: dict[str, Any], case: Case) -> Wish:
    """What is wished, in the rulebook's order."""
    return Wish(
        case=case,
        asked=said["asked"],
        purpose=said["purpose"],
        categories=tuple(code for code in open_categories() if code in said["categories"]),
        circumstances=tuple(sorted(set(said["circumstances"]))),
        decision_at_stake=said["decision_at_stake"],
        own_role=said["own_role"],
        needed_on=said["needed_on"],
    )


def shown(one: Any, view: ApiView, *, content: bool, person: str | None, outcome: bool) -> dict[str, Any]:
    """A request as this reader may know it. `content`: what is asked; `outcome`: the words of what was answered."""
    became = page.outcome(one, view.by, readable=outcome)
    told = dict(RequestLine(one).data) | {
        "person": person,
        "situation": one.case.reference if content and one.asker_id == view.by.pk and one.case is not None else None,
        "about": one.about_id,
        "categories": one.categories if content else [],
        "decision_at_stake": one.decision_at_stake if content else None,
        "own_role": one.own_role if content else None,
        "stopped": one.stopped,
        "outcome": None,
    }
    if became is not None:
        act = became["act"]
        told["outcome"] = dict(
            OutcomeShown(
                {
                    "kind": act.kind,
                    "by": act.by,
                    "at": act.at,
                    "text": became["text"],
                    "hidden": became["hidden"],
                    "disclosure": became["disclosure"].pk if became["disclosure"] else None,
                    "seen": became["seen"],
                }
            ).data
        )
    return told


class RequestDoor(ApiView):
    """What both doors of a new request do."""

    def wish(self, request: Request, serializer: type[WishWritten]) -> tuple[Wish, dict[str, Any]]:
        """What the body wishes, on a situation that she follows. Raises ValidationError, Http404."""
        said = self.read(serializer)
        case = case_or_404(request, said["situation"])
        return wish_of(said, case), said

    def preview(self, wish: Wish) -> dict[str, Any]:
        """What would become of it now."""
        facts, decision, stopped = acts.preview(wish=wish, by=self.by)
        if not stopped and decision.verdict == DENY:
            stopped = acts.NOT_PERMITTED
        return dict(
            RequestPreview(
                {
                    "stopped": stopped,
                    "why": panel.why(stopped, wish.purpose) if stopped else "",
                    "decision": decided(facts, decision),
                    "fingerprint": previewed.sealed(fingerprint(wish, facts, decision), salt=previewed.REQUEST),
                }
            ).data
        )


class Requests(RequestDoor):
    """The requests of a professional."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.REQUESTS_READ, "POST": Scope.REQUESTS_WRITE}
    query = WhichRequests
    pagination_class = Paging

    @extend_schema(operation_id="requests", responses=RequestLine(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """Those to answer, or those she sent, the latest moved first."""
        rows = doors.sides(self.by)[self.asked["side"]].select_related(*doors.PEOPLE)
        if self.asked.get("state"):
            rows = rows.filter(state=self.asked["state"])
        return self.page(rows.order_by("-moved_at", "-pk"), RequestLine)

    @extend_schema(
        operation_id="ask",
        request=RequestWritten,
        responses={201: RequestMade, (409, "application/problem+json"): RequestChanged},
        tags=TAG,
        examples=[examples.ASK],
    )
    def post(self, request: Request) -> Response:
        """Ask, exactly what was previewed. What the rules stop is kept with its reason and reaches nobody (`stopped`)."""
        wish, said = self.wish(request, RequestWritten)
        seen = previewed.seen(said["fingerprint"], salt=previewed.REQUEST)
        try:
            asked = acts.ask(key=uuid.uuid4(), wish=wish, previewed=seen, by=self.by)
        except service.CaseNotOpen:
            raise Http404 from None
        if asked.request is None:
            sentence = _("Quelque chose a changé depuis votre vérification. Rien n’a été demandé.")
            raise over(sentence, "changed", preview=self.preview(wish))
        made = asked.request
        told = {
            "id": made.pk,
            "reference": made.reference,
            "outcome": "stopped" if made.stopped else "sent",
            "stopped": made.stopped,
        }
        return Response(RequestMade(told).data, status=status.HTTP_201_CREATED)


class RequestVerdict(RequestDoor):
    """What would become of a request."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_READ}
    once: ClassVar[frozenset[str]] = frozenset()

    @extend_schema(operation_id="ask_preview", request=WishWritten, responses=RequestPreview, tags=TAG)
    def post(self, request: Request) -> Response:
        """May the one asked answer? Nothing is asked, nothing is kept."""
        wish, _said = self.wish(request, WishWritten)
        return Response(self.preview(wish))


class OneRequest(ApiView):
    """One request."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.REQUESTS_READ}

    @extend_schema(operation_id="request", responses=RequestShown, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The asker's own, with its outcome; for the one asked, its cover: what is asked is shown by a POST, traced."""
        mine = doors.hers(pk, self.by)
        if mine is not None:
            doors.note(self.by, mine.pk, mine.case_id, "request.read", granted=True)
            readable = page.content_open_to(mine, self.by)
            named = mine.person is not None and page.names_her(mine, self.by, clock.now())
            return Response(
                shown(mine, self, content=readable, person=mine.person.short_name if named else None, outcome=readable)
            )
        theirs = doors.addressed(pk, self.by)
        if theirs is None:
            doors.refuse(pk, self.by)
        return Response(shown(theirs, self, content=False, person=None, outcome=False))


class RequestOpening(ApiView):
    """What is asked, for the one asked."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_READ}
    once: ClassVar[frozenset[str]] = frozenset()

    @extend_schema(operation_id="request_open", request=Nothing, responses=RequestShown, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """What is asked and about whom: traced every time."""
        self.read(Nothing)
        one = doors.open_or_404(pk, self.by)
        person = about(one.person) if one.person else None
        return Response(shown(one, self, content=True, person=person, outcome=True))


class RequestAnswer(ApiView):
    """« Non », « voyez avec la personne », « voici, sans le nom »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_WRITE}

    @extend_schema(
        operation_id="request_answer",
        request=AnswerWritten,
        responses={200: Moved, (422, "application/problem+json"): Problem},
        tags=TAG,
        examples=[examples.ANSWER],
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Answer it. Whoever answers first ends it: 409 for the second."""
        said = self.read(AnswerWritten)
        doing = {
            Kind.DECLINED: lambda: answering.decline(request_id=pk, by=self.by, reason=said["text"]),
            Kind.ASK_HER: lambda: answering.send_to_her(request_id=pk, by=self.by, text=said["text"]),
            Kind.WITHOUT_NAME: lambda: answering.answer_without_name(request_id=pk, text=said["text"], by=self.by),
        }
        try:
            done = doing[said["kind"]]()
        except answering.NotAsked:
            doors.refuse(pk, self.by)
        except answering.AlreadyNamed:
            raise Unprocessable(_("Une précision ne se donne pas « sans le nom »."), "already_named") from None
        except answering.Recognisable as found:
            sentence = _("Ce texte permet de reconnaître la personne.")
            raise Unprocessable(sentence, "recognisable", marks=_places(said["text"], found.marks)) from None
        except NotFromHere:
            raise _too_late() from None
        return Response(Moved(done).data)


class RequestDraft(ApiView):
    """The communication that answers."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_PREVIEW}

    @extend_schema(
        operation_id="request_draft",
        request=Nothing,
        responses={201: Written, (422, "application/problem+json"): Problem},
        tags=TAG,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Begin the communication that answers, in her own situation for this person. Nothing leaves."""
        self.read(Nothing)
        try:
            draft = answering.begin_answer(request_id=pk, by=self.by)
        except answering.NotAsked:
            doors.refuse(pk, self.by)
        except NotFromHere:
            raise _too_late() from None
        except answering.AskerLeft:
            raise Unprocessable(_("Qui a demandé ne suit plus cette personne."), "asker_left") from None
        except answering.FollowedByColleagues:
            raise Unprocessable(
                _("Votre service suit déjà cette personne, et pas vous."), "followed_by_colleagues"
            ) from None
        except answering.NoCaseOfHers:
            raise Unprocessable(_("Vous ne suivez plus la situation dont il s’agit."), "no_situation") from None
        return Response(Written(draft).data, status=status.HTTP_201_CREATED)


class RequestWithdrawal(ApiView):
    """« Retirer ma demande »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_WRITE}

    @extend_schema(operation_id="request_withdraw", request=Nothing, responses=Moved, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it back while nobody has answered; 409 once somebody has."""
        self.read(Nothing)
        try:
            done = acts.withdraw_request(request_id=pk, by=self.by)
        except acts.NotHers:
            doors.refuse(pk, self.by)
        except NotFromHere:
            raise _too_late() from None
        return Response(Moved(done).data)


class RequestSeen(ApiView):
    """« Vu »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_WRITE}

    @extend_schema(operation_id="request_seen", request=Nothing, responses={204: None}, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Say that its outcome was read: it leaves what waits. Twice is once."""
        self.read(Nothing)
        try:
            acts.note_seen(request_id=pk, by=self.by)
        except acts.NotHers:
            doors.refuse(pk, self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _places(text: str, marks: tuple[str, ...]) -> list[dict[str, int]]:
    """Where in her text each mark stands: this answer is kept a while, the words that name somebody are not."""
    starts = ((text.find(mark), len(mark)) for mark in marks)
    return [{"start": start, "end": start + length} for start, length in starts if start >= 0]


def _too_late() -> Exception:
    return over(_("Quelqu’un a déjà répondu, ou la demande a été retirée."), "too_late")
