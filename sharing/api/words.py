"""The words in which programs are answered and heard: codes of the rulebook, instants in UTC, texts made plain."""

from datetime import UTC
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as FormError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from partners.fields import PlainTextField
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.api.errors import Conflict

KNOWN = _("Ce code n’est pas dans les règles en service.")


class Instant(serializers.DateTimeField):
    """An instant, ISO 8601, in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Text(serializers.CharField):
    """What somebody types, made plain and measured as on the pages (`partners.fields`)."""

    def __init__(self, *, most: int, lines: int = 1, **options: Any) -> None:
        # What a form refuses as missing, a program is refused the same: an empty text is for what may be left out.
        options.setdefault("allow_blank", not options.get("required", True))
        self.plain = PlainTextField(most=most, lines=lines, required=not options["allow_blank"])
        super().__init__(max_length=self.plain.points, **options)

    def to_internal_value(self, data: Any) -> str:
        return _heard(self.plain, super().to_internal_value(data))


def _heard(field: forms.Field, text: str) -> str:
    try:
        return str(field.clean(text))
    except FormError as error:
        raise ValidationError([ErrorDetail(one, code="invalid") for one in error.messages]) from None


class Code(serializers.CharField):
    """A code of the rulebook, of one of these sections; shown as it was kept, whatever the rulebook says since."""

    sections: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code and not any(code in getattr(vocabulary(), section) for section in self.sections):
            raise ValidationError([ErrorDetail(str(KNOWN), code="unknown_code")])
        return str(code)


def _code(*sections: str) -> type[Code]:
    """A field for the codes of these sections of `rulebook/vocabulary.yaml`; its description lists those of today."""
    known = [code for section in sections for code in getattr(vocabulary(), section)]
    field = type("Code", (Code,), {"sections": sections, "__doc__": Code.__doc__})
    return extend_schema_field({"type": "string", "enum": known})(field)


Purpose = _code("purposes", "forbidden_purposes")
Category = _code("categories")
Circumstance = _code("circumstances")


class Somebody(serializers.Serializer[Any]):
    """A professional, as the directory names her."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="professional.full_name")
    job_title = serializers.CharField()
    role = serializers.CharField()
    institution = serializers.UUIDField(source="institution_id")
    institution_name = serializers.CharField(source="institution.name")


class Someone(serializers.PrimaryKeyRelatedField[Any]):
    """Somebody of the directory in force, by her id; never oneself."""

    default_error_messages = {
        "does_not_exist": _("Personne, dans l’annuaire, n’a cet identifiant."),
        "incorrect_type": _("Écrivez l’identifiant de cette personne dans l’annuaire."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> Any:
        by = self.context.get("by")
        if by is None:
            return Membership.objects.none()
        found = Membership.objects.visible_to(by).exclude(professional=by.professional_id)
        return found.select_related("professional", "institution")


class Outcome(serializers.Serializer[Any]):
    """What became of an act: a code, and the sentence that a page would say."""

    outcome = serializers.CharField()
    detail = serializers.CharField()


def wrong(form: forms.Form, **names: str) -> ValidationError:
    """What a form of the pages refuses, said as a program's own fields; `names`: those that bear another name here."""
    told: dict[str, list[ErrorDetail]] = {}
    for name, errors in form.errors.get_json_data().items():
        field = "non_field_errors" if name == "__all__" else names.get(name, name)
        told[field] = [ErrorDetail(one["message"], code=one["code"] or "invalid") for one in errors]
    return ValidationError(told)


def over(detail: Any, code: str, **more: Any) -> Conflict:
    """409: somebody did something first, or it is too late; nothing was done."""
    return Conflict(str(detail), code, **more)


UUID_LIST = {"type": "array", "items": {"type": "string", "format": "uuid"}}
BINARY = OpenApiTypes.BINARY
