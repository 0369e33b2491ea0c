"""Form fields shared by every app: what people type is made plain, and measured as a reader measures it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .text import graphemes, plain

# A letter may carry several marks (NFC leaves some apart); beyond this they only serve to flood a page.
CODE_POINTS_A_GRAPHEME = 4


class PlainTextField(forms.CharField):
    """Text in NFC, without control, bidirectional or zero-width characters; its limit counts what a reader sees.

    `most` is in graphemes. A single-line field (the default) is also held to `most` code points, its column's size; one of
    several lines, to `column` where it is kept in a column that has a size.
    """

    default_error_messages = {"required": gettext_lazy("Complétez ce champ pour continuer.")}

    def __init__(self, *, most: int, lines: int = 1, column: int | None = None, **options: Any) -> None:
        self.most = most
        self.lines = lines
        self.points = column or (most if lines == 1 else most * CODE_POINTS_A_GRAPHEME)
        if "widget" not in options:
            options["widget"] = (
                forms.TextInput(attrs={"maxlength": most})
                if lines == 1
                else forms.Textarea(attrs={"rows": lines, "data-max": most})
            )
        options["strip"] = False
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        text = plain(super().to_python(value) or "")
        return " ".join(text.split()) if self.lines == 1 else text

    def validate(self, value: str) -> None:
        super().validate(value)
        length = graphemes(value)
        if length > self.most or len(value) > self.points:
            raise ValidationError(
                _("Raccourcissez ce texte : %(length)s caractères, %(most)s au plus.")
                % {"length": number_format(max(length, 0)), "most": number_format(self.most)},
                code="too_long",
            )


class PlainLinesField(PlainTextField):
    """Short texts, one a line, each held to `most` code points; empty lines are left out. Cleans to a list."""

    def __init__(self, *, most: int, many: int = 20, lines: int = 3, **options: Any) -> None:
        self.many = many
        options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(most=most, lines=lines, **options)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line for line in (" ".join(one.split()) for one in super().to_python(value).split("\n")) if line]

    def validate(self, value: list[str]) -> None:  # type: ignore[override]
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(value) > self.many:
            raise ValidationError(_("Gardez %(many)d lignes au plus.") % {"many": self.many}, code="too_many")
        if any(len(one) > self.most for one in value):
            raise ValidationError(
                _("Raccourcissez chaque ligne : %(most)d caractères au plus.") % {"most": self.most}, code="too_long"
            )

    def run_validators(self, value: list[str]) -> None:
        """Nothing more to check: each line was made plain, hence free of null characters."""
