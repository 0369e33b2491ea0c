"""What a program is answered where something is wrong: `application/problem+json` (RFC 9457), one body for each status.

A 404 is the same whether the thing is somebody else's or does not exist. Sentences are those of the pages, in French or, asked by
`Accept-Language`, in English.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

PROBLEM = "application/problem+json"
TYPE = "urn:tact:problem:"
DOORS = "/api/"

CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "not_in_scope",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "not_lawful_as_asked",
    429: "too_many_calls",
    500: "failure",
    503: "unavailable",
}
"""The last word of `type`, unless an act gives its own."""
TITLES = {
    400: _("La demande est mal écrite."),
    401: _("Il faut un jeton en vigueur."),
    403: _("Ce jeton ne permet pas cela."),
    404: _("Cela n’existe pas, ou n’est pas pour vous."),
    405: _("Cette adresse ne connaît pas ce verbe."),
    406: _("L’interface répond en JSON."),
    409: _("Quelque chose a changé entre-temps."),
    413: _("La demande est trop grande."),
    415: _("L’interface lit du JSON."),
    422: _("Cela ne peut pas être fait ainsi."),
    429: _("Trop d’appels."),
    500: _("Une erreur s’est produite."),
    503: _("Tact est momentanément indisponible."),
}
DETAILS = {
    400: _("Corrigez les champs nommés, puis recommencez."),
    401: _(
        "Envoyez l’en-tête « Authorization: Bearer tact_… » avec un jeton ni expiré, ni révoqué, dont le rattachement est en "
        "vigueur, depuis un réseau qui lui est permis."
    ),
    403: _("Créez un jeton qui le permet depuis la page « Jetons de l’interface » de votre compte."),
    404: _("Vérifiez l’adresse. Ce qui est à d’autres répond comme ce qui n’existe pas."),
    405: _("Lisez l’en-tête « Allow »."),
    406: _("Demandez « application/json »."),
    409: _("Relisez ce qui est en vigueur, puis décidez de nouveau."),
    413: _("Envoyez moins en une fois."),
    415: _("Envoyez « Content-Type: application/json »."),
    422: _("Lisez les raisons données."),
    429: _("Attendez la durée dite par l’en-tête « Retry-After »."),
    500: _("Recommencez plus tard. Un appel qui écrit se refait avec la même clé : rien ne sera fait deux fois."),
    503: _("Recommencez dans un instant. Un appel qui écrit se refait avec la même clé : rien ne sera fait deux fois."),
}

IN_CLEAR = _("Appelez en https. Le jeton envoyé en clair a pu être lu : révoquez-le et faites-en un autre.")


class Conflict(exceptions.APIException):
    """409: what was decided upon is no longer so; nothing was done. `more` is added to the problem."""

    status_code: int = status.HTTP_409_CONFLICT

    def __init__(self, detail: Any = None, code: str = "conflict", **more: Any) -> None:
        super().__init__(detail or DETAILS[self.status_code], code)
        self.more = more


class Unprocessable(Conflict):
    """422: well written, and refused by an act, whose sentence is the detail; nothing was done."""

    status_code: int = status.HTTP_422_UNPROCESSABLE_ENTITY

    def __init__(self, detail: Any = None, code: str = CODES[422], **more: Any) -> None:
        super().__init__(detail, code, **more)


class TooLarge(exceptions.APIException):
    """413."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = DETAILS[413]


def body(status_code: int, *, code: str = "", detail: Any = None, **more: Any) -> dict[str, Any]:
    """The members of a problem, in their order."""
    return {
        "type": TYPE + (code or CODES.get(status_code, "failure")),
        "title": str(TITLES.get(status_code, TITLES[500])),
        "status": status_code,
        "detail": str(detail or DETAILS.get(status_code, DETAILS[500])),
        **more,
    }


def problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's hook: the answer to what a view raised; None (so 500, or 503 without its database) for what nobody foresaw."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    if not isinstance(error, exceptions.APIException):
        return None
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        error.status_code = status.HTTP_401_UNAUTHORIZED
        headers["WWW-Authenticate"] = 'Bearer realm="tact"'
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, round(getattr(error, "wait", None) or 1)))
    if isinstance(error, exceptions.ValidationError):
        told = body(400, errors=[{"field": name, "code": code, "detail": said} for name, code, said in _fields(error)])
    elif isinstance(error, Conflict):
        told = body(error.status_code, code=_code_of(error), detail=error.detail, **error.more)
    elif isinstance(error, exceptions.ParseError):
        told = body(400, code="unreadable", detail=error.detail)
    else:
        told = body(error.status_code)
    return Response(told, status=error.status_code, headers=headers, content_type=PROBLEM)


def in_clear() -> HttpResponse:
    """403 over plain http: the token that was sent so was read by whoever listens, and is to be revoked."""
    said = body(403, code="in_clear", detail=IN_CLEAR)
    return HttpResponse(JSONRenderer().render(said), status=403, content_type=PROBLEM)


def last_resort(retry_after: str) -> HttpResponse:
    """503 where the database cannot be reached, 500 otherwise: made without DRF, a session or the database."""
    status_code = 503 if retry_after else 500
    response = HttpResponse(JSONRenderer().render(body(status_code)), status=status_code, content_type=PROBLEM)
    if retry_after:
        response["Retry-After"] = retry_after
    return response


def _code_of(error: exceptions.APIException) -> str:
    return str(getattr(error.detail, "code", "")) or CODES[error.status_code]


def _fields(error: exceptions.ValidationError) -> Iterator[tuple[str, str, str]]:
    yield from _walk(error.get_full_details(), "")


def _walk(details: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """(« items[0].label », code, sentence) for each thing that is wrong; what concerns the whole has no field."""
    if isinstance(details, Mapping) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield path, str(details["code"]), str(details["message"])
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            own = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _walk(inner, f"{path}[{name}]" if isinstance(name, int) else own)
    else:
        for place, inner in enumerate(details):
            leaf = isinstance(inner, Mapping) and set(inner) == {"message", "code"}
            yield from _walk(inner, path if leaf else f"{path}[{place}]")
