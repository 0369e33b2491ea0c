"""The situations that she follows and what is known in them: read, and each reading noted, as on the pages."""

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit import ledger
from cases import dissent, doors, followers, rights
from cases.models import Case, Item, ItemContent
from partners import clock
from sharing.api.base import ApiView
from sharing.api.paging import Paging
from sharing.api.scopes import Scope
from sharing.api.strict import StrictSerializer
from sharing.api.words import Instant

READ: dict[str, str] = {"GET": Scope.CASES_READ}


class SituationLine(serializers.Serializer[Any]):
    """One situation of one's caseload: initials, as a list shows them."""

    reference = serializers.CharField(source="case.reference")
    initials = serializers.CharField(source="case.person.short_name")
    domain = serializers.CharField(source="case.domain")
    follows_as = serializers.CharField(source="kind")
    since = Instant(source="starts_at")
    review_due_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(source="case.closed_on", allow_null=True)


class SituationShown(serializers.Serializer[Any]):
    """A situation as its page heads it: initials and age; the whole identity is a traced click away, on the pages alone."""

    reference = serializers.CharField()
    initials = serializers.CharField()
    age = serializers.IntegerField()
    minor = serializers.BooleanField()
    domain = serializers.CharField()
    opened_on = serializers.DateField()
    closed_on = serializers.DateField(allow_null=True)
    items = serializers.IntegerField()
    why = serializers.CharField(help_text="Why this is open to whoever reads it.")


class ItemLine(serializers.Serializer[Any]):
    """One piece of information, without what it says."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    category = serializers.CharField()
    nature = serializers.CharField()
    provenance = serializers.CharField()
    origin = serializers.CharField(allow_blank=True)
    observed_on = serializers.DateField()
    depositary = serializers.UUIDField(source="depositary_id")
    limited = serializers.SerializerMethodField()

    def get_limited(self, one: Item) -> bool:
        """Whether its sharing is stopped at the person's request."""
        limits: Any = self.context.get("limits") or ()
        return any(each.item_id in (None, one.pk) for each in limits)


class Dissent(serializers.Serializer[Any]):
    """That somebody sees it otherwise."""

    voice = serializers.CharField()
    who = serializers.CharField()
    text = serializers.CharField()
    at = Instant()


class Correction(serializers.Serializer[Any]):
    """What was rectified of it since."""

    text = serializers.CharField()
    at = Instant()


class ItemShown(ItemLine):
    """One piece of information with what it says."""

    provenance_detail = serializers.CharField(allow_blank=True)
    third_parties = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField()
    dissents = Dissent(many=True)
    corrections = Correction(many=True)


class Closed(StrictSerializer):
    """Those that are closed rather than those that are open."""

    closed = serializers.BooleanField(required=False, default=False)


AN_ITEM = {
    "id": "5d0f6a3e-3c6b-4a55-9f0a-2f9a4f5c7d10",
    "label": "Absences du mardi après-midi",
    "category": "consigne_pratique",
    "nature": "fait_constate",
    "provenance": "family",
    "origin": "",
    "observed_on": "2026-11-17",
    "depositary": "8a5c1d2e-93a4-4f53-8f0e-0d0f2f8a9c11",
    "limited": False,
}


class Situations(ApiView):
    """One's caseload."""

    scopes: ClassVar[dict[str, str]] = READ
    query = Closed
    pagination_class = Paging

    @extend_schema(operation_id="situations", responses=SituationLine(many=True), tags=["situations"])
    def get(self, request: Request) -> Response:
        """The situations that she follows, the latest first."""
        return self.page(followers.caseload_of(self.by, closed=self.asked["closed"]), SituationLine)


class Situation(ApiView):
    """One situation."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(operation_id="situation", responses=SituationShown, tags=["situations"])
    def get(self, request: Request, ref: str) -> Response:
        """One situation that she follows. Its reading is noted."""
        case = doors.case_or_404(request, ref, action="case.read")
        _note(self, "case.read", "case", str(case.pk), case)
        today = clock.day_of(clock.now())
        shown = {
            "reference": case.reference,
            "initials": case.person.short_name,
            "age": case.person.age_on(today),
            "minor": case.person.age_on(today) < 18,
            "domain": case.domain,
            "opened_on": case.opened_on,
            "closed_on": case.closed_on,
            "items": Item.objects.visible_to(self.by).filter(case=case).count(),
            "why": followers.why_access(case, self.by),
        }
        return Response(SituationShown(shown).data)


class Items(ApiView):
    """What is known in a situation, by its labels."""

    scopes: ClassVar[dict[str, str]] = READ
    pagination_class = Paging

    @extend_schema(
        operation_id="items",
        responses=ItemLine(many=True),
        tags=["situations"],
        examples=[OpenApiExample("Une page", value=[AN_ITEM], response_only=True)],
    )
    def get(self, request: Request, ref: str) -> Response:
        """What is known in one situation, the newest first, by labels: an item says what it says once it is opened."""
        case = doors.case_or_404(request, ref, action="case.items_searched")
        limits = list(rights.standing(case.pk))
        paging = Paging()
        rows = paging.paginate_queryset(Item.objects.visible_to(self.by).filter(case=case), request, view=self) or []
        return paging.get_paginated_response(ItemLine(rows, many=True, context={"limits": limits}).data)


class OneItem(ApiView):
    """One item with what it says."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(
        operation_id="item",
        responses=ItemShown,
        tags=["situations"],
        examples=[
            OpenApiExample(
                "Un élément",
                value=AN_ITEM
                | {
                    "provenance_detail": "Entretien du 17 novembre",
                    "third_parties": [],
                    "text": "Milo est absent le mardi après-midi jusqu’aux vacances.",
                    "dissents": [],
                    "corrections": [],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """What an item says, with what was corrected and who sees it otherwise. Its opening is noted."""
        case = doors.case_or_404(request, ref, action="item.opened")
        one = doors.item_or_404(request, case, pk)
        _note(self, "item.opened", "item", str(one.pk), case)
        one.text = ItemContent.objects.get(item=one).text  # type: ignore[attr-defined]
        one.dissents = [  # type: ignore[attr-defined]
            dissent.shown(note) | {"at": note.at} for note in dissent.on_items([one.pk]).get(one.pk, [])
        ]
        one.corrections = rights.annotations([one.pk]).get(one.pk, [])  # type: ignore[attr-defined]
        return Response(ItemShown(one, context={"limits": list(rights.standing(case.pk))}).data)


def _note(view: ApiView, action: str, kind: str, ref: str, case: Case) -> None:
    ledger.note_access(
        action=action,
        object_type=kind,
        object_ref=ref,
        granted=True,
        professional=view.by.professional_id,
        membership=view.by.pk,
        case=case.pk,
    )
