"""The house, and one door more: a writing call that does whatever a test asks of it."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.urls import handler500
from config.urls import urlpatterns as house
from partners import clock
from sharing.api.base import ApiView
from sharing.api.errors import Conflict, Unprocessable
from sharing.api.scopes import Scope
from sharing.api.strict import StrictSerializer
from sharing.keeping.calls import log_call

__all__ = ["handler500", "urlpatterns"]


class Line(StrictSerializer):
    """Nested."""

    label = serializers.CharField(max_length=20)  # type: ignore[assignment]
    reference = serializers.CharField(read_only=True)


class Asked(StrictSerializer):
    """What the trial is asked for."""

    caller = serializers.CharField(max_length=40)
    then = serializers.ChoiceField(choices=["", "404", "409", "422", "500"], default="")
    lines = Line(many=True, required=False)
    reference = serializers.CharField(read_only=True)


class Trial(ApiView):
    """Notes a call of the police by the act that the page calls, then ends as it is asked to."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.SHARING_SEND}

    def post(self, request: Request) -> Response:
        asked = self.read(Asked)
        noted = log_call(
            kind="telephone",
            case=None,
            called_at=clock.now(),
            caller=asked["caller"],
            service="",
            number="",
            asked="Est-il suivi ?",
            called_back=False,
            answer="nothing",
            note="",
            by=self.by,
        )
        endings: dict[str, Any] = {
            "404": Http404(),
            "409": Conflict("Cela vient de changer.", code="changed"),
            "422": Unprocessable("Ce n’est pas possible."),
            "500": RuntimeError("nobody foresaw this"),
        }
        if asked["then"]:
            raise endings[asked["then"]]
        return Response({"reference": noted.reference}, status=201)


urlpatterns = [path("api/v1/essai", Trial.as_view(), name="trial"), *house]
