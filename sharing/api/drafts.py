"""A communication by a program: a draft, what would become of it, its sending. The same draft as on the page « Communiquer »."""

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.doors import case_or_404
from cases.models import Case, Item
from partners import clock
from partners.models import Membership
from sharing import composing, previewed, service
from sharing.api import examples
from sharing.api.base import ApiView
from sharing.api.deciding import NotSent, Preview, preview
from sharing.api.errors import Conflict, Unprocessable
from sharing.api.paging import Paging
from sharing.api.schema import Problem
from sharing.api.scopes import Scope
from sharing.api.sent import Departure
from sharing.api.strict import Nothing, StrictSerializer
from sharing.api.words import Circumstance, Instant, Purpose, Somebody, Someone, Text, over
from sharing.models import Draft
from sharing.reviewing import submission
from sharing.reviewing.forms import MOST
from sharing.service import Outcome

TAG = ["communiquer"]
SAID = {
    Outcome.REFUSED: gettext_lazy("Cela ne peut pas être communiqué en l’état. Rien n’est parti."),
    Outcome.AWAITING: gettext_lazy("L’avis d’un cadre est attendu. Rien n’est parti."),
    Outcome.CHANGED: gettext_lazy("Quelque chose a changé depuis votre vérification. Rien n’est parti."),
    Outcome.SUSPENDED: gettext_lazy("Le partage ordinaire est suspendu : le journal est à vérifier. Rien n’est parti."),
}


class ChosenItem(StrictSerializer):
    """An item of the situation, and why the recipient cannot do without it."""

    item = serializers.UUIDField()
    necessity = Text(most=composing.NECESSITY_LIMIT, lines=2, required=False, default="")


class DraftWritten(StrictSerializer):
    """A draft, whole: what is left out is empty."""

    purpose = Purpose(required=False, default="", allow_blank=True)
    recipient = Someone(required=False, default=None, allow_null=True)
    benefit = Text(most=composing.BENEFIT_LIMIT, lines=3, required=False, default="")
    circumstances = serializers.ListField(child=Circumstance(), required=False, default=list, max_length=60)
    items = ChosenItem(many=True, required=False, default=list)

    def validate_items(self, chosen: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Of this very situation, each once."""
        wanted = [one["item"] for one in chosen]
        if len(set(wanted)) != len(wanted):
            raise ValidationError([ErrorDetail(_("Un élément se choisit une fois."), code="repeated")])
        ours = Item.objects.visible_to(self.context["by"]).filter(case=self.context["case"], pk__in=wanted).count()
        if ours != len(wanted):
            raise ValidationError([ErrorDetail(_("Un élément n’est pas de cette situation."), code="unknown_item")])
        return chosen

    def validate_circumstances(self, codes: list[str]) -> list[str]:
        """Those that an author declares; the others are computed or recorded."""
        if set(codes) - composing.declared():
            raise ValidationError([ErrorDetail(_("Cette circonstance ne se déclare pas."), code="not_declared")])
        return codes


class ItemOfDraft(serializers.Serializer[Any]):
    """What was chosen, and why."""

    item = serializers.UUIDField(source="item_id")
    label = serializers.CharField(source="item.label")  # type: ignore[assignment]
    category = serializers.CharField(source="item.category")
    nature = serializers.CharField(source="item.nature")
    necessity = serializers.CharField(allow_blank=True)


class DraftLine(serializers.Serializer[Any]):
    """A draft, in a list."""

    id = serializers.UUIDField()
    purpose = serializers.CharField(allow_blank=True)
    recipient = Somebody(allow_null=True)
    saved_at = Instant()
    sent = serializers.SerializerMethodField()

    def get_sent(self, one: Draft) -> bool:
        """Whether it left."""
        return one.sent_at is not None


class DraftShown(DraftLine):
    """A draft with all that is written in it."""

    benefit = serializers.CharField(allow_blank=True)
    circumstances = serializers.ListField(child=serializers.CharField())
    answers = serializers.UUIDField(source="answers_id", allow_null=True, help_text="The request that it answers.")
    items = serializers.SerializerMethodField()

    @extend_schema_field(ItemOfDraft(many=True))
    def get_items(self, one: Draft) -> Any:
        """What was chosen."""
        return ItemOfDraft(composing.rows_of(one), many=True).data


class DraftKept(serializers.Serializer[Any]):
    """A draft was written: its id, and what would become of it now."""

    id = serializers.UUIDField()
    preview = Preview()


class Send(StrictSerializer):
    """What its author saw: the `fingerprint` of the preview."""

    fingerprint = serializers.CharField(max_length=400)


class AskOpinion(Send):
    """And what she asks."""

    question = Text(most=MOST, lines=3, required=False, default="")


class OpinionAsked(serializers.Serializer[Any]):
    """The opinion that is awaited."""

    review = serializers.UUIDField()
    outcome = serializers.ChoiceField(["awaiting_opinion"])


def draft_or_404(request: Request, ref: str, pk: uuid.UUID, by: Membership) -> Draft:
    """Her draft, in its very case; the same 404 as nothing otherwise."""
    case = case_or_404(request, ref)
    found: Draft = get_object_or_404(composing.drafts_of(case, by=by), pk=pk)
    return found


class DraftDoor(ApiView):
    """What every door of drafts does."""

    def written(self, case: Case) -> composing.Written:
        """What the body says of this situation's draft. Raises ValidationError."""
        said = self.read(DraftWritten, case=case)
        return composing.Written(
            purpose=said["purpose"],
            recipient=said["recipient"],
            benefit=said["benefit"],
            circumstances=said["circumstances"],
            items={one["item"]: one["necessity"] for one in said["items"]},
        )

    def kept(self, draft: Draft, code: int) -> Response:
        """The draft's id and its preview."""
        return Response({"id": str(draft.pk), "preview": preview(draft, self.by)}, status=code)


class Drafts(DraftDoor):
    """The drafts of a situation."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.SHARING_PREVIEW, "POST": Scope.SHARING_PREVIEW}
    pagination_class = Paging

    @extend_schema(operation_id="drafts", responses=DraftLine(many=True), tags=TAG)
    def get(self, request: Request, ref: str) -> Response:
        """Her own drafts of this situation that have not left."""
        case = case_or_404(request, ref)
        return self.page(composing.drafts_of(case, by=self.by).filter(sent_at=None), DraftLine)

    @extend_schema(
        operation_id="draft_new",
        request=DraftWritten,
        responses={201: DraftKept},
        tags=TAG,
        examples=[examples.DRAFT, examples.DRAFT_KEPT],
    )
    def post(self, request: Request, ref: str) -> Response:
        """Begin a communication, and learn what would become of it. Nothing leaves."""
        case = case_or_404(request, ref)
        written = self.written(case)
        draft = composing.start(case=case, by=self.by)
        composing.write(draft=draft, written=written, by=self.by, at=clock.now())
        return self.kept(draft_or_404(request, ref, draft.pk, self.by), status.HTTP_201_CREATED)


class OneDraft(DraftDoor):
    """One draft."""

    scopes: ClassVar[dict[str, str]] = dict.fromkeys(("GET", "PUT", "DELETE"), Scope.SHARING_PREVIEW)

    @extend_schema(operation_id="draft", responses=DraftShown, tags=TAG)
    def get(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Her draft, with what is written in it."""
        return Response(DraftShown(draft_or_404(request, ref, pk, self.by)).data)

    @extend_schema(
        operation_id="draft_write",
        request=DraftWritten,
        responses={200: DraftKept},
        tags=TAG,
        examples=[examples.DRAFT, examples.DRAFT_KEPT],
    )
    def put(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Write it again, whole, and learn what would become of it. One that left is no longer written (409)."""
        draft = draft_or_404(request, ref, pk, self.by)
        if not composing.write(draft=draft, written=self.written(draft.case), by=self.by, at=clock.now()):
            raise over(_("Ce brouillon est parti, ou il a été abandonné."), "already_left")
        return self.kept(draft_or_404(request, ref, pk, self.by), status.HTTP_200_OK)

    @extend_schema(operation_id="draft_discard", responses={204: None}, tags=TAG)
    def delete(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Give it up: it stays, dated, and shows no more. One that left cannot be (409)."""
        self.read(Nothing)
        draft = draft_or_404(request, ref, pk, self.by)
        if not composing.give_up(draft=draft, by=self.by, at=clock.now()):
            raise over(_("Ce brouillon est déjà parti."), "already_left")
        return Response(status=status.HTTP_204_NO_CONTENT)


class DraftPreview(ApiView):
    """What would become of a draft."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.SHARING_PREVIEW}

    @extend_schema(operation_id="draft_preview", responses=Preview, tags=TAG, examples=[examples.PREVIEW])
    def get(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Decide it now, and send nothing: the verdict, its reasons with their texts, what would make it lawful."""
        return Response(preview(draft_or_404(request, ref, pk, self.by), self.by))


class Sending(ApiView):
    """The sending of a draft."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_SEND}

    @extend_schema(
        operation_id="draft_send",
        request=Send,
        responses={200: Departure, 201: Departure, (409, "application/problem+json"): NotSent},
        tags=TAG,
        examples=[examples.SEND],
    )
    def post(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Let it leave, if it is an allow and exactly what was previewed. Otherwise 409: nothing left, the draft is kept.

        201 the first time; 200 where it had left before: a draft leaves once.
        """
        draft = draft_or_404(request, ref, pk, self.by)
        seen = previewed.seen(self.read(Send)["fingerprint"])
        try:
            shared = service.share(draft_id=draft.pk, previewed=seen, by=self.by)
        except service.CaseNotOpen:
            raise Http404 from None
        except service.IncompleteDraft:
            raise _incomplete(draft, self.by) from None
        if shared.outcome is not Outcome.RELEASED or shared.disclosure is None:
            raise _not_sent(draft, self.by, shared.outcome)
        again = shared.facts is None
        return Response(Departure(shared.disclosure).data, status=200 if again else 201)


class OpinionOnDraft(ApiView):
    """The opinion that a draft needs."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_SEND}

    @extend_schema(
        operation_id="draft_ask_opinion",
        request=AskOpinion,
        responses={
            201: OpinionAsked,
            (409, "application/problem+json"): NotSent,
            (422, "application/problem+json"): Problem,
        },
        tags=TAG,
    )
    def post(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Submit what was previewed to whoever gives opinions in her institution. Asked twice, it is asked once."""
        draft = draft_or_404(request, ref, pk, self.by)
        said = self.read(AskOpinion)
        try:
            given = submission.submit(
                draft_id=draft.pk, previewed=previewed.seen(said["fingerprint"]), asked=said["question"], by=self.by
            )
        except service.CaseNotOpen:
            raise Http404 from None
        except service.IncompleteDraft:
            raise _incomplete(draft, self.by) from None
        except submission.NobodyToAsk:
            raise Unprocessable(
                _("Personne d’autre, dans votre institution, ne donne d’avis."), "nobody_to_ask"
            ) from None
        except submission.AnsweredByTheInstitution:
            raise Unprocessable(_("C’est l’institution qui répond à une réquisition."), "by_the_institution") from None
        if given.review is not None:
            told = {"review": str(given.review.pk), "outcome": "awaiting_opinion"}
            return Response(told, status=status.HTTP_201_CREATED)
        if given.facts is None:
            raise over(_("Ce brouillon est déjà parti."), "already_left")
        raise _not_sent(draft, self.by, Outcome.CHANGED)


def _incomplete(draft: Draft, by: Membership) -> Unprocessable:
    return Unprocessable(
        _("Ce brouillon n’est pas complet : rien n’est parti."), "incomplete", missing=preview(draft, by)["missing"]
    )


def _not_sent(draft: Draft, by: Membership, outcome: Outcome) -> Conflict:
    return over(SAID[outcome], "not_sent", outcome=outcome.value, preview=preview(draft, by))
