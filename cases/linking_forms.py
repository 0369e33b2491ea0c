"""What is typed to propose, decide or undo that two sheets are of one person. The acts check the rest (cases.linking)."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partners.fields import PlainTextField

from .doors import Reference
from .linking import LinkError

REASON_MOST = 300


class _Told(forms.Form):
    """A form that says beside a field what the act found wrong."""

    use_required_attribute = False

    def refuse(self, error: LinkError) -> None:
        """Beside the field where it is one of this form, at the top otherwise."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class ProposeForm(_Told):
    """Which other sheet, and why. Nothing is chosen beforehand."""

    NAMESAKE, REFERENCE = "namesake", "reference"

    which = forms.ChoiceField(
        label=_("Quelle autre fiche ?"),
        widget=forms.RadioSelect,
        choices=[
            (NAMESAKE, _("Celle qui porte ce nom et cette date de naissance")),
            (REFERENCE, _("Celle d’une situation dont je connais la référence")),
        ],
        error_messages={
            "required": _("Dites de quelle autre fiche il s’agit."),
            "invalid_choice": _("Choisissez, dans la liste, de quelle autre fiche il s’agit."),
        },
    )
    reference = PlainTextField(
        label=_("Référence de l’autre situation"),
        help_text=_("Par exemple 2026-0143. Rien ne vous en sera montré."),
        most=20,
        required=False,
        validators=[RegexValidator(rf"\A{Reference.regex}\Z", _("Écrivez la référence sous la forme 2026-0143."))],
    )
    reason = PlainTextField(
        label=_("Qu’est-ce qui vous fait penser que c’est la même personne ?"),
        help_text=_("Une phrase, sans rien de ce que contient la situation. Qui décide la lit."),
        most=REASON_MOST,
        column=REASON_MOST,
        lines=3,
        error_messages={"required": _("Dites ce qui vous fait penser que c’est la même personne.")},
    )

    def __init__(self, *args: Any, namesake: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reference"].widget.attrs.update(autocomplete="off", spellcheck="false")
        if not namesake:
            del self.fields["which"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.by_reference and not cleaned.get("reference") and "reference" not in self.errors:
            self.add_error("reference", _("Écrivez la référence de l’autre situation."))
        return cleaned

    @property
    def by_reference(self) -> bool:
        """Whether the other sheet is named by a reference."""
        return "which" not in self.fields or self.cleaned_data.get("which") == self.REFERENCE


class AnswerForm(_Told):
    """The supervisor's word. Nothing is chosen beforehand."""

    APPROVE, REFUSE = "approve", "refuse"

    decision = forms.ChoiceField(
        label=_("Est-ce la même personne ?"),
        widget=forms.RadioSelect,
        choices=[(APPROVE, _("Oui : rapprocher les deux fiches")), (REFUSE, _("Non, ou pas assez sûr : refuser"))],
        error_messages={
            "required": _("Dites si c’est la même personne."),
            "invalid_choice": _("Choisissez, dans la liste, si c’est la même personne."),
        },
    )
    reason = PlainTextField(
        label=_("Pourquoi ?"),
        help_text=_("Nécessaire si vous refusez. Qui l’a proposé le lit : rien de l’autre fiche."),
        most=REASON_MOST,
        column=REASON_MOST,
        lines=3,
        required=False,
    )

    def __init__(self, *args: Any, leads_nowhere: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if leads_nowhere:
            self.fields["decision"].choices = [(self.REFUSE, _("Refuser"))]  # type: ignore[attr-defined]


class EndForm(_Told):
    """Why it is undone."""

    reason = PlainTextField(
        label=_("Pourquoi ?"),
        help_text=_("Ceux qui suivent l’une ou l’autre fiche le lisent : rien de ce qu’elles contiennent."),
        most=REASON_MOST,
        column=REASON_MOST,
        lines=3,
        error_messages={"required": _("Dites pourquoi : qui suit l’autre fiche doit pouvoir comprendre.")},
    )
