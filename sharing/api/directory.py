"""The directory, read by a program: services, professionals with what binds them, agreements; and the words of the rulebook."""

import uuid
from typing import Any, ClassVar

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners import clock, directory, finding, wording
from partners.agreement_words import agreement_lines
from partners.models import Agreement, AgreementParty
from partners.vocabulary import vocabulary
from sharing.api.base import ApiView
from sharing.api.paging import Paging
from sharing.api.permissions import ANY_TOKEN
from sharing.api.scopes import Scope
from sharing.api.strict import StrictSerializer
from sharing.api.words import Instant, Somebody

TAG = ["annuaire"]
READ: dict[str, str] = {"GET": Scope.DIRECTORY_READ}


class Search(StrictSerializer):
    """Words that are looked for, whatever the accents."""

    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=directory.QUERY_MOST)


class SearchPeople(Search):
    """And where she works."""

    institution = serializers.UUIDField(required=False)


class InstitutionLine(serializers.Serializer[Any]):
    """A service at work; whether an agreement links it to one's own today."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    city = serializers.CharField(allow_blank=True)
    territory = serializers.CharField(allow_blank=True)
    members = serializers.IntegerField()
    linked = serializers.BooleanField()


class InstitutionSheet(serializers.Serializer[Any]):
    """What its page says of it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    mission = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    territory = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    dpo_contact = serializers.CharField(allow_blank=True)
    verified_on = serializers.DateField(allow_null=True)
    closed_at = Instant(allow_null=True)
    agreements = serializers.ListField(child=serializers.UUIDField(), help_text="Those between it and one's own.")


class ProfessionalShown(Somebody):
    """Somebody, with what binds her, its proof, and how she is reached."""

    secrecy_status = serializers.CharField()
    proven_status = serializers.CharField(help_text="What counts: a status without a checked proof binds nobody.")
    secrecy_verified_on = serializers.DateField(allow_null=True)
    functions = serializers.ListField(child=serializers.CharField())
    receives_for_service = serializers.BooleanField()
    reached_by = serializers.CharField()


class Party(serializers.Serializer[Any]):
    """A party, and its signature."""

    institution = serializers.UUIDField(source="institution_id")
    name = serializers.CharField(source="institution.name")
    signed_on = serializers.DateField(allow_null=True)


class AgreementShown(serializers.Serializer[Any]):
    """A convention: what it is for, about what, where it stands today."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField(help_text="current, unsigned, suspended, ended, to_come or replaced")
    purposes = serializers.ListField(child=serializers.CharField())
    categories = serializers.ListField(child=serializers.CharField())
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    suspended_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    parties = Party(many=True)


class WhichAgreements(StrictSerializer):
    """Those to which this institution is a party."""

    institution = serializers.UUIDField(required=False)


class WordShown(serializers.Serializer[Any]):
    """A code and its label."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


SECTIONS = ("purposes", "forbidden_purposes", "categories", "natures", "circumstances", "reasons", "duties")


class Vocabulary(serializers.Serializer[Any]):
    """The words of the rules in service, and their digest."""

    digest = serializers.CharField()
    purposes = WordShown(many=True)
    forbidden_purposes = WordShown(many=True)
    categories = WordShown(many=True)
    natures = WordShown(many=True)
    circumstances = WordShown(many=True)
    reasons = WordShown(many=True)
    duties = WordShown(many=True)


class Institutions(ApiView):
    """Services."""

    scopes: ClassVar[dict[str, str]] = READ
    query = Search
    pagination_class = Paging

    @extend_schema(operation_id="institutions", responses=InstitutionLine(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """Services at work, by name."""
        found = directory.searched(directory.open_institutions(), self.asked["q"])
        return self.page(directory.with_members(found, self.by), InstitutionLine)


class OneInstitution(ApiView):
    """One service."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(operation_id="institution", responses=InstitutionSheet, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Its sheet, and its agreements with one's own institution."""
        one: Any = get_object_or_404(directory.open_or_succeeded(), pk=pk)
        lines = directory.agreements_between(self.by, one, clock.now())
        one.agreements = [line.agreement.pk for line in lines]
        return Response(InstitutionSheet(one).data)


class People(ApiView):
    """Professionals."""

    scopes: ClassVar[dict[str, str]] = READ
    query = SearchPeople
    pagination_class = Paging

    @extend_schema(operation_id="professionals", responses=ProfessionalShown(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """Professionals at work, oneself apart, by service and name: `id` is what a recipient is given."""
        found = finding.professionals(by=self.by, words=self.asked["q"])
        if self.asked.get("institution"):
            found = found.filter(institution=self.asked["institution"])
        return self.page(found, ProfessionalShown)


class OneProfessional(ApiView):
    """One professional."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(operation_id="professional", responses=ProfessionalShown, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Her place in an institution, what binds her to secrecy and since when it is proved."""
        return Response(ProfessionalShown(get_object_or_404(finding.professionals(by=self.by), pk=pk)).data)


def _agreements(view: ApiView) -> Any:
    return Agreement.objects.visible_to(view.by).followed().order_by("number", "version")


def _lines(rows: list[Any]) -> list[Any]:
    """Where each stands today, and its parties: two statements whatever their number."""
    parties: dict[uuid.UUID, list[AgreementParty]] = {}
    for one in (
        AgreementParty.objects.filter(agreement__in=rows).select_related("institution").order_by("institution__name")
    ):
        parties.setdefault(one.agreement_id, []).append(one)
    for line in agreement_lines(rows, clock.now()):
        line.agreement.state = line.state  # type: ignore[attr-defined]
        line.agreement.parties = parties.get(line.agreement.pk, [])  # type: ignore[attr-defined]
    return rows


class Agreements(ApiView):
    """Conventions."""

    scopes: ClassVar[dict[str, str]] = READ
    query = WhichAgreements
    pagination_class = Paging

    @extend_schema(operation_id="agreements", responses=AgreementShown(many=True), tags=TAG)
    def get(self, request: Request) -> Response:
        """Conventions between institutions, by number."""
        rows = _agreements(self)
        if self.asked.get("institution"):
            party = AgreementParty.objects.filter(institution=self.asked["institution"])
            rows = rows.filter(Q(pk__in=party.values("agreement")))
        return self.page(rows, AgreementShown, _lines)


class OneAgreement(ApiView):
    """One convention."""

    scopes: ClassVar[dict[str, str]] = READ

    @extend_schema(operation_id="agreement", responses=AgreementShown, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A convention, with its parties and where it stands today."""
        return Response(AgreementShown(_lines([get_object_or_404(_agreements(self), pk=pk)])[0]).data)


class Words(ApiView):
    """The words of the rulebook."""

    scopes: ClassVar[dict[str, str]] = {"GET": ANY_TOKEN}

    @extend_schema(operation_id="vocabulary", responses=Vocabulary, tags=TAG)
    def get(self, request: Request) -> Response:
        """The codes that fields are made of, with their labels, under the rules in service."""
        known = vocabulary()
        told: dict[str, Any] = {"digest": known.digest}
        for section in SECTIONS:
            words = getattr(known, section).values()
            told[section] = [{"code": one.code, "label": wording.worded(one)} for one in words]
        return Response(Vocabulary(told).data)
