"""What a program sends is read strictly: a field that nobody asked for is an error, never ignored (abuse 3)."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotAcceptable, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser

UNKNOWN = _("Ce champ n’existe pas ici.")
READ_ONLY = _("Ce champ est tenu par Tact : il ne se donne pas.")
VALUES_MOST = 5_000
"""In one body: each is looked at, and named where it is wrong. A draft of everything that a situation holds has some hundreds."""


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses the fields that it does not declare, and those that it only shows, by their names, with the other errors."""

    def to_internal_value(self, data: Any) -> Any:
        wrong: dict[str, Any] = {}
        if isinstance(data, Mapping):
            for name in data:
                field = self.fields.get(str(name))
                if field is None:
                    wrong[str(name)] = [ErrorDetail(str(UNKNOWN), code="unknown_field")]
                elif field.read_only:
                    wrong[str(name)] = [ErrorDetail(str(READ_ONLY), code="read_only_field")]
        try:
            found = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**_named(error.detail), **wrong}) from None
        if wrong:
            raise ValidationError(wrong)
        return found


class Negotiation(DefaultContentNegotiation):
    """A header that names an alphabet which nobody has is one that we do not read: 415 for a body, 406 for an answer."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        try:
            return super().select_parser(request, parsers)
        except ValueError:
            return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except ValueError:
            raise NotAcceptable from None


class Nothing(StrictSerializer):
    """A call that has nothing to say: an empty object, or no body at all."""


class Unreadable(ValueError):
    """JSON for others, and not for us; the message says why."""


class StrictJSONParser(JSONParser):
    """JSON in which a name stands once and can be said again, and that is neither nested nor long beyond reason."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            written = stream.read().decode()
            if written.count(",") > VALUES_MOST:
                raise Unreadable(_("il y a trop de valeurs : %(most)d au plus.") % {"most": VALUES_MOST})
            return json.loads(written, object_pairs_hook=_once_each, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("Ce n’est pas du JSON lisible : %(why)s") % {"why": _why(error)}) from None


def _named(detail: Any) -> dict[str, Any]:
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    "".join(found).encode()  # half a character is no name, and could not be named in the answer: a ValueError
    if len(found) != len(pairs):
        raise Unreadable(_("un nom y est deux fois."))
    return found


def _no_constant(name: str) -> Any:
    raise Unreadable(_("%(name)s n’en est pas.") % {"name": name})


def _why(error: Exception) -> Any:
    """Where it stops being readable, and nothing of what it says."""
    if isinstance(error, json.JSONDecodeError):
        return _("ligne %(line)d, colonne %(column)d.") % {"line": error.lineno, "column": error.colno}
    if isinstance(error, Unreadable):
        return error
    return _("il doit être en UTF-8, peu imbriqué, sans nombre démesuré.")
