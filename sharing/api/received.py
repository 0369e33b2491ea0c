"""What was addressed to her: what waits, its cover, its text (a POST, decided again and traced), her answer to it."""

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from partners import clock
from partners.graph import NotFromHere
from sharing import reading, states
from sharing.api import examples
from sharing.api.base import ApiView
from sharing.api.errors import Unprocessable
from sharing.api.paging import Paging
from sharing.api.schema import Problem
from sharing.api.scopes import Scope
from sharing.api.sent import ItemRead, Owed, items_read, owed
from sharing.api.situations import Correction
from sharing.api.strict import Nothing, StrictSerializer
from sharing.api.words import Instant, Somebody, Text, over
from sharing.asking import acts as asking
from sharing.compose_page import about
from sharing.disclosure_doors import note, opened_or_404, received_or_404
from sharing.models import Disclosure
from sharing.panel import ALWAYS_DUE
from sharing.returning import acts, answering
from sharing.sheet import stub

TAG = ["recu"]


class InState(StrictSerializer):
    """Those that stand in one state."""

    state = serializers.ChoiceField(list(states.STATES), required=False)


class ReceivedLine(serializers.Serializer[Any]):
    """What waits: a reference, a sender, a date, a purpose; no person."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    author = Somebody()
    purpose = serializers.CharField()
    state = serializers.CharField()
    urgent = serializers.BooleanField()
    released_at = Instant()
    access_until = Instant(allow_null=True)
    opened_at = Instant(allow_null=True)
    acknowledged_at = Instant(allow_null=True)


class Stub(serializers.Serializer[Any]):
    """What is left of what may no longer be read."""

    reason = serializers.CharField(help_text="recalled, returned, given, ended, or a code of vocabulary.yaml, reasons")
    why = serializers.CharField()
    what_to_do = serializers.CharField()
    may_ask = serializers.BooleanField()


class Cover(ReceivedLine):
    """The cover, without content; what she owes; why it is closed, where it is."""

    duties = Owed(many=True)
    closed = Stub(allow_null=True)


class ReadShown(serializers.Serializer[Any]):
    """What she may read at this instant: the items, or the stub and what was corrected since of what she had read."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    author = Somebody()
    purpose = serializers.CharField()
    released_at = Instant()
    access_until = Instant(allow_null=True)
    person = serializers.CharField(allow_null=True)
    benefit = serializers.CharField(allow_null=True, allow_blank=True)
    items = ItemRead(many=True)
    duties = Owed(many=True)
    closed = Stub(allow_null=True)
    corrections = Correction(many=True)


class Acknowledged(serializers.Serializer[Any]):
    """That it was received and read."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    opened_at = Instant()
    acknowledged_at = Instant()


class SendBack(StrictSerializer):
    """A word to the sender, if one wishes."""

    reason = Text(most=acts.LONGEST, lines=2, required=False, default="")


class SentBack(serializers.Serializer[Any]):
    """That it was returned: closed for the whole service."""

    id = serializers.UUIDField(source="disclosure_id")
    at = Instant()


class Question(StrictSerializer):
    """What one needs to know, and for which decision."""

    question = Text(most=acts.LONGEST, lines=4)


class Asked(serializers.Serializer[Any]):
    """The request that carries a question; `stopped`: why it reached nobody, empty where it was sent."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    stopped = serializers.CharField(allow_blank=True)


class Written(serializers.Serializer[Any]):
    """The draft that answers: where it is written on."""

    id = serializers.UUIDField()
    situation = serializers.CharField(source="case.reference")


def stubbed(disclosure: Disclosure, closed: str) -> dict[str, Any] | None:
    """The stub, as the page has it; None where it is open."""
    if not closed:
        return None
    told = stub(disclosure, closed)
    return {"reason": closed, "why": told.why, "what_to_do": told.what_to_do, "may_ask": told.may_ask}


class Inbox(ApiView):
    """What was addressed to her."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.RECEIVED_READ}
    query = InState
    pagination_class = Paging

    @extend_schema(operation_id="received", responses=ReceivedLine(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """What was addressed to her or to her service, the newest first: who, when, what for; no person."""
        mine = Disclosure.objects.received_by(self.by).select_related("author__professional", "author__institution")
        rows = states.with_state(mine).order_by("-released_at", "-pk")
        if self.asked.get("state"):
            rows = rows.filter(state=self.asked["state"])
        return self.page(rows, ReceivedLine)


class Received(ApiView):
    """One communication, by its cover."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.RECEIVED_READ}

    @extend_schema(operation_id="received_one", responses=Cover, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Its cover, without what it says; where it is closed, why."""
        disclosure = received_or_404(pk, self.by)
        closed = reading.closed_because(disclosure, clock.now())
        if closed:
            note(self.by, pk, disclosure.case_id, "disclosure.stub_shown", granted=False)
        disclosure.state = states.state_of(disclosure)  # type: ignore[attr-defined]
        disclosure.duties = _owed_by_reader(disclosure)  # type: ignore[attr-defined]
        disclosure.closed = stubbed(disclosure, closed)  # type: ignore[attr-defined]
        return Response(Cover(disclosure).data)


def _owed_by_reader(disclosure: Disclosure) -> Any:
    return [one for one in owed(disclosure, owed_by="recipient") if one.code not in ALWAYS_DUE]


class Opening(ApiView):
    """The reading of what was received."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.RECEIVED_OPEN}
    once: ClassVar[frozenset[str]] = frozenset()
    """Each reading is one: decided again, and noted each time; its answer is kept nowhere."""

    @extend_schema(operation_id="open", request=Nothing, responses=ReadShown, tags=TAG, examples=[examples.READ])
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Read it: decided again at this instant, noted every time; closed, what is left of it. The same items as the page."""
        self.read(Nothing)
        found = opened_or_404(pk, self.by)
        one = found.disclosure
        is_open = not found.closed
        shown = {
            name: getattr(one, name) for name in ("id", "reference", "author", "purpose", "released_at", "access_until")
        }
        shown |= {
            "person": about(one.case.person) if is_open else None,
            "benefit": one.benefit if is_open else None,
            "items": items_read(found.items, one, self.by),
            "duties": _owed_by_reader(one) if is_open else [],
            "closed": stubbed(one, found.closed),
            "corrections": found.corrections,
        }
        return Response(ReadShown(shown).data)


class Acknowledging(ApiView):
    """« Reçu et lu »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.RECEIVED_OPEN}

    @extend_schema(operation_id="acknowledge", request=Nothing, responses=Acknowledged, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Say that it was received and read; nobody acknowledges what was not opened (409). Twice is once."""
        self.read(Nothing)
        received_or_404(pk, self.by)
        try:
            done = reading.acknowledge(disclosure_id=pk, by=self.by)
        except reading.NotReadable:
            raise over(
                _("Ouvrez d’abord cette communication : l’accusé vient après la lecture."), "not_opened"
            ) from None
        except reading.Closed:
            raise over(_("Cette communication vient d’être fermée."), "closed") from None
        return Response(Acknowledged(done).data)


class SendingBack(ApiView):
    """« Ce n’est pas pour moi »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.RECEIVED_RETURN}

    @extend_schema(operation_id="send_back", request=SendBack, responses=SentBack, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Close it at once for the whole service; the sender is told, an incident is opened. Twice is once."""
        received_or_404(pk, self.by)
        said = self.read(SendBack)
        try:
            done = acts.send_back(disclosure_id=pk, by=self.by, reason=said["reason"])
        except NotFromHere:
            raise over(_("Cette communication était déjà fermée."), "closed") from None
        except reading.NotReadable:
            raise Http404 from None
        return Response(SentBack(done).data)


class Asking(ApiView):
    """« Demander une précision »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REQUESTS_WRITE}

    @extend_schema(operation_id="ask_precision", request=Question, responses={201: Asked}, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Ask its author a precision, or ask again for what is closed: a request, which says whose turn it is."""
        disclosure = received_or_404(pk, self.by)
        said = self.read(Question)
        try:
            asked = asking.ask_precision(disclosure=disclosure, question=said["question"], by=self.by)
        except asking.NobodyToAsk:
            sentence = _("Personne ne suit plus cette situation dans ce service : appelez-le.")
            raise Unprocessable(sentence, "nobody_to_ask") from None
        except asking.NotHers:
            raise Http404 from None
        return Response(Asked(asked).data, status=status.HTTP_201_CREATED)


class Answering(ApiView):
    """« Répondre »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_PREVIEW}

    @extend_schema(
        operation_id="answer_received",
        request=Nothing,
        responses={201: Written, (422, "application/problem+json"): Problem},
        tags=TAG,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Begin a communication to its author, in her own situation about that person. Nothing leaves."""
        self.read(Nothing)
        received_or_404(pk, self.by)
        try:
            draft = answering.start_answer(disclosure_id=pk, by=self.by)
        except answering.NotRead:
            raise over(_("Ouvrez d’abord cette communication : vous y répondrez ensuite."), "not_opened") from None
        except answering.NoCase:
            sentence = _("Vous ne suivez aucune situation de cette personne : demandez une précision.")
            raise Unprocessable(sentence, "no_situation") from None
        return Response(Written(draft).data, status=status.HTTP_201_CREATED)
