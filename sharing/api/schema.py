"""The description of the interface (OpenAPI 3), made from the views; for whoever signed in, or has a token."""

from functools import lru_cache
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sharing.api import errors, idempotency
from sharing.api.base import ApiView
from sharing.api.permissions import ANY_TOKEN
from sharing.api.scopes import EXPLAINED, Scope
from sharing.api.strict import Nothing, StrictSerializer

MEDIA = "application/vnd.oai.openapi+json"


class WrongField(serializers.Serializer[Any]):
    """One thing that is wrong: where, its code, its sentence."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = WrongField(many=True, required=False)  # type: ignore[assignment]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is presented."""

    target_class = "sharing.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "tact_…"}


class ApiSchema(AutoSchema):
    """Says of each verb its scope, its idempotency key, its strictness, and every problem that it may answer."""

    ALWAYS = (400, 401, 403, 404, 406, 429, 503)
    WRITING = (409, 413, 415, 422)
    view: Any

    def get_override_parameters(self) -> list[Any]:
        """The key of a call that writes, and what may stand after « ? »."""
        found: list[Any] = [self.view.query] if self.view.query is not Nothing else []
        if self.method in self.view.once:
            found.append(
                OpenApiParameter(
                    idempotency.HEADER,
                    {"type": "string", "pattern": f"^{idempotency.ALLOWED.pattern}$"},
                    OpenApiParameter.HEADER,
                    required=True,
                    description=str(
                        _("Choisie par l’appelant : le même appel, avec la même clé, n’est fait qu’une fois.")
                    ),
                )
            )
        return found

    def get_request_serializer(self) -> Any:
        return Nothing if self.method in {"POST", "PUT", "PATCH"} else None

    def get_response_serializers(self) -> Any:
        return None

    def get_description(self) -> str:  # type: ignore[override]
        """The first words of the verb's own text, then the scope."""
        said = super().get_description() or ""
        scope = self.view.scopes.get(self.method, "")
        asked = _("tout jeton") if scope == ANY_TOKEN else f"`{scope}`"
        explained = EXPLAINED[Scope(scope)] if scope in Scope.values else ""
        return "\n\n".join(str(one) for one in (said, f"{_('Portée :')} {asked}", explained) if one)

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(cast(Any, direction))
        component = self.resolve_serializer(Problem, "response")
        for status in (*self.ALWAYS, *(self.WRITING if self.method not in {"GET", "HEAD"} else ())):
            found.setdefault(
                str(status),
                {
                    "content": {errors.PROBLEM: {"schema": component.ref}},
                    "description": str(errors.TITLES[status]),
                },
            )
        return dict(sorted(found.items()))

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        found = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request" and isinstance(serializer, StrictSerializer):
            found["additionalProperties"] = False
        return found


@lru_cache(maxsize=4)
def _document(_language: str | None) -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


def document() -> dict[str, Any]:
    """The description, in the language of the request; made once a process."""
    return _document(get_language())


class Described(ApiView):
    """`GET /api/v1/schema`: this description, for every token."""

    schema = None
    scopes: ClassVar[dict[str, str]] = {"GET": ANY_TOKEN}

    def get(self, request: Request) -> Response:
        return Response(document(), content_type=MEDIA)


@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """The same for whoever is signed in, as a file: to read, or to make a program from."""
    response = JsonResponse(document(), content_type=MEDIA, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="tact-openapi.json"'
    return response
