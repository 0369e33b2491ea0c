"""« A-t-il servi, pour quelle décision ? »: one choice, one line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from sharing.models import Usefulness

MOST = 300


class UsefulnessForm(forms.Form):
    """Whether it served; where it did, for what decision."""

    served = forms.ChoiceField(
        label=gettext_lazy("Cette communication a-t-elle servi ?"),
        choices=Usefulness.Served.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si cette communication a servi."),
            "invalid_choice": gettext_lazy("Choisissez l’une des réponses proposées."),
        },
    )
    decision = PlainTextField(
        label=gettext_lazy("Pour quelle décision ?"),
        help_text=gettext_lazy(
            "En peu de mots, sans nom ni détail de la situation. Lu par votre côté seulement ; facultatif si elle n’a pas servi."
        ),
        most=MOST,
        lines=2,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        useful = cleaned.get("served") in {Usefulness.Served.YES, Usefulness.Served.PARTLY}
        if useful and "decision" in cleaned and not cleaned["decision"]:
            self.add_error("decision", ValidationError(_("Dites en quelques mots pour quelle décision elle a servi.")))
        return cleaned
