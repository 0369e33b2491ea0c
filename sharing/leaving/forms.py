"""Who takes over each situation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from partners.models import Membership
from partners.tending import SENTENCE_MOST
from sharing.leaving.left import Followed

LATER, CLOSE = "", "close"
EVERYTHING = "everything"


class HandoverForm(forms.Form):
    """For each situation: later, somebody, or nobody; and why, once."""

    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, que le journal garde et que lira la personne qui reprend."),
        most=SENTENCE_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : le journal la garde.")},
    )

    use_required_attribute = False

    def __init__(
        self, *args: Any, followed: Sequence[Followed], colleagues: Sequence[Membership], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.followed = {f"case_{one.assignment.pk}": one for one in followed}
        self.by_id = {str(one.pk): one for one in colleagues}
        everybody = forms.ChoiceField(
            label=_("Tout confier à la même personne"),
            help_text=_("Sauf les situations pour lesquelles vous choisissez autre chose ci-dessous."),
            required=False,
            error_messages={
                "invalid_choice": _("Choisissez dans la liste : cette personne ne travaille plus dans votre service.")
            },
        )
        people = [(key, f"{one.professional.full_name}, {one.job_title}") for key, one in self.by_id.items()]
        everybody.choices = [("", _("Non, une par une")), *people]
        if len(self.followed) > 1 and people:
            self.fields[EVERYTHING] = everybody
        for name, one in self.followed.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Situation %(reference)s") % {"reference": one.assignment.case.reference},
                choices=[(LATER, _("Plus tard")), *people, (CLOSE, _("À personne : mettre fin, sans relais"))],
                required=False,
                error_messages={
                    "invalid_choice": _(
                        "Choisissez dans la liste : cette personne ne travaille plus dans votre service."
                    )
                },
            )
        self.order_fields([EVERYTHING, *self.followed, "why"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in (EVERYTHING, *self.followed)):
            raise forms.ValidationError(_("Choisissez qui reprend au moins une situation, ou revenez plus tard."))
        return cleaned

    def lines(self) -> list[tuple[Followed, forms.BoundField]]:
        """Each situation with its field."""
        return [(one, self[name]) for name, one in self.followed.items()]

    def decided(self) -> list[tuple[str, Followed, Membership | None]]:
        """What was chosen, those left for later apart."""
        otherwise = self.cleaned_data.get(EVERYTHING, LATER)
        told = {name: self.cleaned_data[name] or otherwise for name in self.followed}
        return [(name, one, self.by_id.get(told[name])) for name, one in self.followed.items() if told[name]]

    def everything(self) -> forms.BoundField | None:
        """The field that entrusts all of it at once, where there are several."""
        return self[EVERYTHING] if EVERYTHING in self.fields else None
