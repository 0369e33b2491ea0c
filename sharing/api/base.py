"""What every door of programs is made of: a token, its scope, its quota; strict words in, problems out; nothing done twice."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit import ledger
from partners.models import Membership
from sharing.api import idempotency
from sharing.api.authentication import TokenAuthentication
from sharing.api.paging import Paging
from sharing.api.permissions import ANY_TOKEN, ScopeAllows
from sharing.api.strict import UNKNOWN, Negotiation, Nothing, StrictJSONParser, StrictSerializer
from sharing.models import ApiToken

OF_PAGES = ("page", "page_size")


class ApiView(APIView):
    """A door. `scopes` says what each verb asks for; `once` names the verbs that write and so carry an Idempotency-Key.

    A view calls the functions that pages call, and never writes a row itself. Inside it, `request.membership` (and `self.by`) is
    the membership as which the bearer acts: everything that takes a page's request takes this one.
    """

    authentication_classes = (TokenAuthentication,)
    permission_classes = (ScopeAllows,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = Negotiation
    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer,)
    throttle_classes = ()
    metadata_class = None
    versioning_class = None
    scopes: ClassVar[dict[str, str]] = {}
    once: ClassVar[frozenset[str]] = frozenset({"POST"})
    """A POST that only reads (a preview, an opening) empties it."""
    query: ClassVar[type[StrictSerializer]] = Nothing
    """What may stand after « ? »; a list adds its pages."""
    pagination_class: ClassVar[type[Paging] | None] = None
    """`Paging` for a list."""
    http_method_names = ("get", "post", "put", "patch", "delete", "head")
    request: Request

    @property
    def by(self) -> Membership:
        """As whom the bearer acts."""
        return self.token.membership

    @property
    def token(self) -> ApiToken:
        """The token that was presented."""
        return cast(ApiToken, self.request.auth)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF's, but that a call that writes is done once, in the transaction that keeps its answer."""
        self.args, self.kwargs = args, kwargs
        signed_in = getattr(request, "user", None)
        asked = self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(asked, *args, **kwargs)
            act = self._act(asked)
            with ledger.through_token(self.token.pk):
                response = idempotency.once(asked, self.token, act) if asked.method in self.once else act()
        except Exception as error:
            response = self.handle_exception(error)
        finally:
            # DRF writes the bearer on the page's request too: whoever has a session there stays who she is.
            request.user = cast(Any, signed_in)
        self.response = self.finalize_response(asked, cast(Response, response), *args, **kwargs)
        return self.response

    def _act(self, request: Request) -> Callable[[], HttpResponseBase]:
        verb = str(request.method).lower()
        view = getattr(self, verb, None) if verb in self.http_method_names else None
        if view is None:
            self.http_method_not_allowed(request)

        def act() -> HttpResponseBase:
            try:
                return cast(HttpResponseBase, cast(Callable[..., Any], view)(request, *self.args, **self.kwargs))
            except Exception as error:
                return self.handle_exception(error)

        return act

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, whether the verb is known and in scope, whether the body is of a bearable size, what the address asks."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        request.version, request.versioning_scheme = None, None
        self.perform_authentication(request)
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        self.check_permissions(request)
        _whole = request._request.body  # raises RequestDataTooBig
        self.asked = self.checked_query(request)

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> Any:
        """403: whoever came this far has a token."""
        raise PermissionDenied

    def checked_query(self, request: Request) -> dict[str, Any]:
        """What stands after « ? », checked. Raises ValidationError, an unknown or repeated word included."""
        given = {
            name: values
            for name, values in request.query_params.lists()
            if not (self.pagination_class and name in OF_PAGES)
        }
        twice = [name for name, values in given.items() if len(values) != 1]
        if twice:
            raise ValidationError({name: [ErrorDetail(str(UNKNOWN), code="repeated")] for name in twice})
        reader = self.query(data={name: values[0] for name, values in given.items()}, context={"by": self.by})
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def read(self, serializer: type[StrictSerializer], **context: Any) -> dict[str, Any]:
        """What the body says, checked by this serializer. Raises ValidationError (400), which names each field."""
        reader = serializer(data=self.request.data, context={"by": self.by, **context})
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def page(
        self,
        rows: QuerySet[Any] | list[Any],
        serializer: type[serializers.BaseSerializer[Any]],
        shown: Callable[[list[Any]], Iterable[Any]] | None = None,
    ) -> Response:
        """A page of these rows, in the words of this serializer; `shown` makes of a page's rows what is serialized."""
        paging = Paging()
        lines: list[Any] = paging.paginate_queryset(cast(Any, rows), self.request, view=self) or []
        told = serializer(list(shown(lines)) if shown else lines, many=True)
        return paging.get_paginated_response(told.data)


class Unknown(ApiView):
    """Every other address: by a token, the 404 of what is not there."""

    schema = None
    scopes: ClassVar[dict[str, str]] = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), ANY_TOKEN)
    once: ClassVar[frozenset[str]] = frozenset()

    def checked_query(self, request: Request) -> dict[str, Any]:
        return {}

    def nothing(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404

    get = post = put = patch = delete = nothing
