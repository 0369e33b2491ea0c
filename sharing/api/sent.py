"""What left from her situations: to whom, read or not, what it obliges to; and the recall, at any time."""

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import dissent
from partners.models import Function, Membership
from sharing import reading, states
from sharing.api.base import ApiView
from sharing.api.paging import Paging
from sharing.api.scopes import Scope
from sharing.api.situations import Correction, Dissent
from sharing.api.strict import StrictSerializer
from sharing.api.words import Instant, Text
from sharing.compose_page import about
from sharing.disclosure_doors import recallable_or_404, sent_or_404
from sharing.models import Disclosure, Duty
from sharing.returning import acts
from sharing.returning.openings import openings
from sharing.sheet import stopped_sentence

TAG = ["communications"]
OPEN = ("new", "to_acknowledge", "read", "given")


class Which(StrictSerializer):
    """Those that stand in one state; of whom."""

    state = serializers.ChoiceField(list(states.STATES), required=False)
    of = serializers.ChoiceField(
        ["situations", "mine", "team"],
        required=False,
        default="situations",
        help_text="From the situations that she follows; sent by herself; for who leads a team, sent by her institution.",
    )


class SentLine(serializers.Serializer[Any]):
    """One communication, by its labels."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    author = serializers.UUIDField(source="author_id")
    recipient = serializers.UUIDField(source="recipient_id")
    recipient_label = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField()
    closed = serializers.CharField(allow_blank=True, help_text="Why a decision closes it; empty where none does.")
    channel = serializers.CharField()
    urgent = serializers.BooleanField()
    released_at = Instant()
    access_until = Instant(allow_null=True)
    opened_at = Instant(allow_null=True)
    acknowledged_at = Instant(allow_null=True)
    returned_at = Instant(allow_null=True)
    recalled_at = Instant(allow_null=True)


class Departure(serializers.Serializer[Any]):
    """What left: its reference, and when."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    recipient = serializers.UUIDField(source="recipient_id")
    purpose = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    released_at = Instant()
    access_until = Instant(allow_null=True)


class ItemRead(serializers.Serializer[Any]):
    """An item as it left, with what it says."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    category = serializers.CharField()
    nature = serializers.CharField()
    provenance = serializers.CharField()
    observed_on = serializers.DateField()
    necessity = serializers.CharField()
    text = serializers.CharField()
    dissents = Dissent(many=True)
    corrections = Correction(many=True)


class Owed(serializers.Serializer[Any]):
    """What somebody owes with it."""

    code = serializers.CharField()
    owed_by = serializers.CharField()
    due_at = Instant(allow_null=True)


class Opened(serializers.Serializer[Any]):
    """That somebody of the recipient's service read it."""

    who = serializers.CharField(allow_blank=True)
    first_at = Instant()
    last_at = Instant()
    times = serializers.IntegerField()


class SentShown(SentLine):
    """A communication as it was sent, whole, for who follows the situation."""

    situation = serializers.CharField(source="case.reference")
    person = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    benefit = serializers.CharField(allow_blank=True)
    stopped = serializers.CharField(allow_blank=True)
    items = ItemRead(many=True)
    duties = Owed(many=True)
    openings = Opened(many=True)


class Recall(StrictSerializer):
    """Nothing is required: neither may be held up by a form."""

    reason = Text(most=acts.LONGEST, lines=3, required=False, default="")
    wrong_recipient = serializers.BooleanField(required=False, default=False)


class RecallShown(serializers.Serializer[Any]):
    """That it was recalled, by whom and when: the same, asked again."""

    id = serializers.UUIDField(source="disclosure_id")
    by = serializers.UUIDField(source="by_id")
    at = Instant()


def items_read(items: Any, disclosure: Disclosure, reader: Membership | None = None) -> list[dict[str, Any]]:
    """Items as they left: the very parts that the page of a communication shows."""
    place = disclosure.author.institution_id
    return [
        {
            "id": one.row.item_id,
            "label": one.row.label,
            "category": one.row.category,
            "nature": one.row.nature,
            "provenance": one.row.item.provenance,
            "observed_on": one.row.item.observed_on,
            "necessity": one.row.necessity,
            "text": one.text,
            "dissents": [
                dissent.shown(note, within=place, reader=reader.pk if reader else None) | {"at": note.at}
                for note in one.dissents
            ],
            "corrections": one.corrections,
        }
        for one in items
    ]


def owed(disclosure: Disclosure, **only: Any) -> list[Duty]:
    """What is owed with it."""
    return list(Duty.objects.filter(record=disclosure.record_id, **only).order_by("code"))


class Sent(ApiView):
    """What left."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.SENT_READ}
    query = Which
    pagination_class = Paging

    @extend_schema(operation_id="sent", responses=SentLine(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """What left, the newest first, by labels."""
        rows = states.with_state(self._asked()).order_by("-released_at", "-pk")
        if self.asked.get("state"):
            rows = rows.filter(state=self.asked["state"])
        return self.page(rows, SentLine)

    def _asked(self) -> Any:
        of = self.asked["of"]
        if of == "situations":
            return Disclosure.objects.sent_from(self.by)
        if of == "team":
            return acts.recallable(self.by) if self.by.has_function(Function.TEAM_LEAD) else Disclosure.objects.none()
        return acts.recallable(self.by).filter(author=self.by)


class SentOne(ApiView):
    """One communication that left."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.SENT_READ}

    @extend_schema(operation_id="sent_one", responses=SentShown, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What was said, to whom, what for, on which ground, what it obliges to, who read it. Noted."""
        found = sent_or_404(pk, self.by)
        found.person = about(found.case.person)
        found.stopped = stopped_sentence(found)
        found.items = items_read(reading.with_content(found), found)
        found.duties = owed(found)
        found.openings = openings(found)
        return Response(SentShown(found).data)


class Recalling(ApiView):
    """The recall of what left."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_RECALL}

    @extend_schema(operation_id="recall", request=Recall, responses=RecallShown, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Take it back, at any time: the text is closed at once; what was read stays known. Twice is once."""
        recallable_or_404(pk, self.by)
        said = self.read(Recall)
        return Response(RecallShown(acts.recall(disclosure_id=pk, by=self.by, **said)).data)
