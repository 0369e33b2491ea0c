"""Proofs to take away, by a program: the same zip as on the pages, that anyone verifies without Tact.

A page asks again who takes them away. Nobody can be asked so behind a token: names and written reasons take a scope of their own
(`proofs:content`), and without it a proof has neither.
"""

import uuid
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from audit import proof_views
from audit.earlier_head import EarlierHeadForm
from audit.proof_views import TAKEN
from cases import doors
from cases.doors import case_or_404
from partners import clock
from sharing.api.base import ApiView
from sharing.api.schema import Problem
from sharing.api.scopes import Scope
from sharing.api.strict import Nothing, StrictSerializer
from sharing.api.words import BINARY, over, wrong
from sharing.models import Disclosure
from sharing.proofs import page, taken

TAG = ["preuves"]
ZIP = (200, "application/zip")


class Since(StrictSerializer):
    """From which head of the log, kept from an earlier day, the proof must lead."""

    since = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class HandOver(Since):
    """Which communications, separated by commas; with the names and the written reasons, once her referent read them again."""

    communications = serializers.CharField(max_length=4000)
    reasons = serializers.BooleanField(required=False, default=False)

    def validate_communications(self, text: str) -> set[uuid.UUID]:
        """Ids."""
        try:
            return {uuid.UUID(one) for one in text.split(",")}
        except ValueError:
            raise serializers.ValidationError(_("Écrivez des identifiants, séparés par des virgules.")) from None


class ZipRenderer(BaseRenderer):
    """What `Accept: application/zip` asks for; a problem is still said in JSON."""

    media_type = "application/zip"
    format = "zip"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """A problem."""
        return bytes(JSONRenderer().render(data))


class ProofDoor(ApiView):
    """What every door of proofs does."""

    renderer_classes = (JSONRenderer, ZipRenderer)
    query = Since

    def earlier(self) -> EarlierHeadForm:
        """The earlier head that the address names. Raises ValidationError where the log never published one of that size."""
        form = EarlierHeadForm({"since": self.asked.get("since")})
        if not form.is_valid():
            raise wrong(form)
        return form

    @property
    def with_content(self) -> bool:
        """Whether its token lets names and written reasons be taken away."""
        return Scope.PROOFS_CONTENT in self.token.scopes


class SentProof(ProofDoor):
    """Of what left."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.PROOFS_READ}

    @extend_schema(operation_id="sent_proof", responses={ZIP: BINARY}, tags=TAG)
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """Of what left: with names and reasons for who follows the situation, by a token that has `proofs:content`."""
        found = taken.of_sent(pk, self.by)
        if found is None:
            existing = Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first()
            doors.note(request, TAKEN, "disclosure", str(pk), granted=False, case=existing)
            raise Http404
        form = self.earlier()
        doors.note(request, TAKEN, "disclosure", str(pk), granted=True, case=found.disclosure.case_id)
        made = found.lots if self.with_content else found.without_names
        return proof_views.answer(made, form, f"preuve-{found.disclosure.reference}")


class ReceivedProof(ProofDoor):
    """Of what was received and read."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.PROOFS_READ, "POST": Scope.PROOFS_CONTENT}
    once: ClassVar[frozenset[str]] = frozenset()

    @extend_schema(
        operation_id="received_proof", responses={ZIP: BINARY, (409, "application/problem+json"): Problem}, tags=TAG
    )
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """Of what was read: it stays hers whatever closed the text. 409 before the reading."""
        return self._taken(request, pk, reading=False)

    @extend_schema(operation_id="received_proof_read", request=Nothing, responses={ZIP: BINARY}, tags=TAG)
    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """The same with what she may read now: a reading, decided again and noted."""
        self.read(Nothing)
        return self._taken(request, pk, reading=True)

    def _taken(self, request: Request, pk: uuid.UUID, *, reading: bool) -> HttpResponse:
        try:
            disclosure = taken.to_prove_received(pk, self.by)
        except taken.NotReadYet:
            raise over(
                _("Cette communication n’a pas été ouverte : sa preuve vient après la lecture."), "not_opened"
            ) from None
        form = self.earlier()
        made = taken.of_received(disclosure, self.by, reading=reading, own=self.with_content)
        doors.note(request, TAKEN, "disclosure", str(pk), granted=True, case=disclosure.case_id)
        return proof_views.answer(made, form, f"preuve-{disclosure.reference}")


class CaseProofs(ProofDoor):
    """Those that a referent hands to the person."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.PROOFS_READ}
    query = HandOver

    @extend_schema(operation_id="situation_proofs", responses={ZIP: BINARY}, tags=TAG)
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The proofs of what was chosen, to hand to the person; never of what she is not to be told of yet."""
        case = case_or_404(request, ref, action=TAKEN)
        if self.asked["reasons"] and not self.with_content:
            self.permission_denied(request)
        form = self.earlier()
        found = page.of_case(case, clock.now(), self.asked["communications"])
        if not found.chosen:
            raise serializers.ValidationError({"communications": [_("Choisissez au moins une communication.")]})
        doors.note(request, TAKEN, "case", case.reference, granted=True, case=case.pk)
        made = taken.of_chosen(found.chosen, reasons=self.asked["reasons"])
        return proof_views.answer(made, form, f"preuves-{case.reference}")
