"""What is asked to write a mission sheet, and to answer one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fields import PlainTextField
from .sheets import TEXT_MOST, Contents
from .tending import SENTENCE_MOST

THEIRS, OURS = "partner", "own"


def _text(label: Any, hint: Any, missing: Any) -> PlainTextField:
    return PlainTextField(label=label, help_text=hint, most=TEXT_MOST, lines=4, error_messages={"required": missing})


class SheetForm(forms.Form):
    """The five parts of a sheet, and whose it is."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Qui cette fiche présente-t-elle ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites quelle institution cette fiche présente."),
            "invalid_choice": gettext_lazy("Dites quelle institution cette fiche présente."),
        },
    )
    missions = _text(
        gettext_lazy("Ses missions"),
        gettext_lazy("Ce qu’elle fait, pour qui, à la demande de qui."),
        gettext_lazy("Dites ses missions, en quelques phrases."),
    )
    limits = _text(
        gettext_lazy("Leurs limites"),
        gettext_lazy("Ce qu’elle ne fait pas, et qu’on pourrait croire."),
        gettext_lazy("Dites ce qu’elle ne fait pas."),
    )
    may_ask = _text(
        gettext_lazy("Ce qu’elle peut demander"),
        gettext_lazy("De quelles décisions cela dépend."),
        gettext_lazy("Dites ce qu’elle peut demander, ou qu’elle ne demande rien."),
    )
    may_receive = _text(
        gettext_lazy("Ce qu’elle peut recevoir"),
        gettext_lazy("Et de qui, dans l’institution."),
        gettext_lazy("Dites ce qu’elle peut recevoir, ou qu’elle ne reçoit rien."),
    )
    secrecy = _text(
        gettext_lazy("Qui y est tenu au secret, et par quoi"),
        gettext_lazy("Par profession, mission, fonction, instance ; ou la seule discrétion."),
        gettext_lazy("Dites qui y est tenu au secret, ou que personne ne l’est."),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, own: str, other: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            (THEIRS, _("%(institution)s, pour que nous la connaissions") % {"institution": other}),
            (OURS, _("%(own)s, pour que ce partenaire nous connaisse") % {"own": own}),
        ]

    def contents(self) -> Contents:
        """What the sheet says, in a valid form."""
        return Contents(**{name: text for name, text in self.cleaned_data.items() if name != "whose"})


class AnswerForm(forms.Form):
    """What the other side answers to a version."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[
            ("validate", gettext_lazy("Nous validons cette fiche")),
            ("changes", gettext_lazy("Nous demandons des changements")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous validez, ou si vous demandez des changements."),
            "invalid_choice": gettext_lazy("Dites si vous validez, ou si vous demandez des changements."),
        },
    )
    sentence = PlainTextField(
        label=gettext_lazy("Ce qui est à changer"),
        help_text=gettext_lazy("Une phrase, que l’autre institution lira."),
        required=False,
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=3,
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "changes" and "sentence" not in self.errors and not cleaned.get("sentence"):
            self.add_error("sentence", _("Dites ce qui est à changer, en une phrase : l’autre institution la lira."))
        return cleaned
