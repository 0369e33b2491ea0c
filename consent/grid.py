"""The grid: one conversation, several recipients, a box for each kind of information; nothing ticked beforehand, and no « all »."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import wording
from partners.models import Membership
from partners.templatetags.rulebook import joined
from partners.vocabulary import vocabulary

from .acts import name_of
from .collected import TELEPHONE_DAYS
from .forms import durations
from .models import Form
from .sitting import Answer
from .word_form import WordForm, open_categories, open_families


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One recipient of the conversation, and what for."""

    number: int
    recipient: Membership
    purpose: str

    @property
    def name(self) -> str:
        """« Mme Lantier »."""
        return name_of(self.recipient)


class GridForm(WordForm):
    """For each recipient: what she agrees to, until when, and what she refuses. How it was said is asked once."""

    def __init__(self, *args: Any, columns: Sequence[Column], **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = columns
        del self.fields["categories"]
        known = [(code, wording.category(code)) for code in open_categories()]
        ends = [("", gettext_lazy("Choisir")), *durations(self.today)]
        for column in columns:
            who = {"who": column.name}
            self.fields[f"yes-{column.number}"] = _boxes(_("Ce qui est accepté pour %(who)s") % who, known)
            self.fields[f"until-{column.number}"] = forms.TypedChoiceField(
                label=_("Jusqu’à quand, pour %(who)s") % who,
                choices=ends,
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": _("Choisissez, dans la liste, jusqu’à quand l’accord est donné.")},
            )
            self.fields[f"no-{column.number}"] = _boxes(_("Ce qui est refusé pour %(who)s") % who, known)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for column in self.columns:
            self._check_column(column, cleaned)
        if any(cleaned.get(f"yes-{column.number}") for column in self.columns):
            self.need_one_who_may_agree(cleaned)
        boxes = [f"{kind}-{column.number}" for column in self.columns for kind in ("yes", "no")]
        if not any(cleaned.get(name) or name in self.errors for name in boxes):
            self.add_error(None, _("Rien n’est coché : une portée vide ne couvre rien."))
        return cleaned

    def _check_column(self, column: Column, cleaned: dict[str, Any]) -> None:
        yes, until, no = (cleaned.get(f"{kind}-{column.number}") for kind in ("yes", "until", "no"))
        end = f"until-{column.number}"
        who = {"who": column.name}
        if yes and not until and end not in self.errors:
            self.add_error(end, _("Dites jusqu’à quand l’accord est donné pour %(who)s.") % who)
        if yes and until and until > TELEPHONE_DAYS and cleaned.get("form") == Form.TELEPHONE:
            self.add_error(end, _("Par téléphone, un accord vaut 90 jours au plus, pour %(who)s aussi.") % who)
        both = [code for code in yes or () if code in (no or ())]
        if both:
            what = joined(wording.category(code) for code in both)
            self.add_error(
                f"no-{column.number}",
                _("Pour %(who)s, la même information est à la fois acceptée et refusée : %(what)s.")
                % (who | {"what": what}),
            )

    def answers(self) -> list[Answer]:
        """What she said of each recipient, in the order of the columns."""
        found = []
        for column in self.columns:
            days = self.cleaned_data[f"until-{column.number}"]
            found.append(
                Answer(
                    recipient=column.recipient,
                    purpose=column.purpose,
                    agreed=self.cleaned_data[f"yes-{column.number}"],
                    until=self.today + timedelta(days=days) if days else None,
                    refused=self.cleaned_data[f"no-{column.number}"],
                )
            )
        return found

    def heads(self) -> list[dict[str, Any]]:
        """Each recipient with her purpose, her end, and what is said no to."""
        return [
            {
                "number": column.number,
                "name": column.name,
                "institution": column.recipient.institution.name,
                "purpose": wording.purpose(column.purpose),
                "until": self[f"until-{column.number}"],
                "yes_errors": self[f"yes-{column.number}"].errors,
                "no": self[f"no-{column.number}"],
                "refused": self._rows(column, "no"),
                "refused_open": bool(self[f"no-{column.number}"].value() or self[f"no-{column.number}"].errors),
            }
            for column in self.columns
        ]

    def families(self) -> list[dict[str, Any]]:
        """The rows: family by family, a cell for each recipient."""
        by_column = [self._rows(column, "yes") for column in self.columns]
        return [
            {
                "label": family[0]["label"],
                "rows": [
                    {"label": cells[0]["label"], "sensitive": cells[0]["sensitive"], "cells": cells}
                    for cells in zip(*(one["boxes"] for one in family), strict=True)
                ],
            }
            for family in zip(*by_column, strict=True)
        ]

    def _rows(self, column: Column, kind: str) -> list[dict[str, Any]]:
        name = f"{kind}-{column.number}"
        ticked = set(self[name].value() or ())
        words = vocabulary().categories
        return [
            {
                "label": label,
                "boxes": [
                    {
                        "name": name,
                        "id": f"id_{name}_{code}",
                        "value": code,
                        "who": column.name,
                        "label": wording.category(code),
                        "sensitive": words[code].sensitivity == 3,
                        "checked": code in ticked,
                    }
                    for code in codes
                ],
            }
            for label, codes in open_families()
        ]


def _boxes(label: str, known: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=known,
        required=False,
        error_messages={"invalid_choice": _("Choisissez, dans la liste, les sortes d’information.")},
    )
