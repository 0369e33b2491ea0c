"""`GET /api/v1/moi`: whose token this is, as whom it acts, what it may do, and how much is left of the day."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners import clock
from partners.models import Membership
from sharing.api import throttles
from sharing.api.base import ApiView
from sharing.api.permissions import ANY_TOKEN
from sharing.api.words import Instant


class InstitutionShown(serializers.Serializer[Any]):
    """A service, by what a program needs to name it."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class MembershipShown(serializers.Serializer[Any]):
    """Somebody at work somewhere: what `recipient` and `by` are made of."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="professional.full_name")
    role = serializers.CharField(help_text="rulebook/roles.yaml")
    job_title = serializers.CharField()
    institution = InstitutionShown()


class OwnMembership(MembershipShown):
    """One's own, with what only she needs."""

    secrecy_status = serializers.CharField(source="proven_status")
    functions = serializers.ListField(child=serializers.CharField())
    ends_at = Instant(allow_null=True)


class TokenShown(serializers.Serializer[Any]):
    """The token, of which nothing can be remade."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = Instant()
    calls_a_day = serializers.IntegerField()
    calls_left_today = serializers.IntegerField()


class MeShown(serializers.Serializer[Any]):
    """Who acts, and by what."""

    membership = OwnMembership()
    token = TokenShown()


class Me(ApiView):
    """Whose token this is."""

    scopes: ClassVar[dict[str, str]] = {"GET": ANY_TOKEN}

    @extend_schema(operation_id="me", responses=MeShown)
    def get(self, request: Request) -> Response:
        """Whose token this is, as whom it acts, what it may do, what is left of today's calls."""
        return Response(shown(self.by, self))


def shown(by: Membership, view: ApiView) -> dict[str, Any]:
    """What `moi` says."""
    token = view.token
    used = throttles.spent(token, clock.now()).in_a_day
    lines = {
        "id": token.pk,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "expires_at": token.expires_at,
        "calls_a_day": token.calls_a_day,
        "calls_left_today": max(0, token.calls_a_day - used),
    }
    return dict(MeShown({"membership": by, "token": lines}).data)
