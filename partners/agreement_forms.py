"""What is asked to draft or revise an agreement, and to suspend, resume or end one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from . import wording
from .agreeing import NUMBER_MOST, TITLE_MOST, Terms
from .fields import PlainTextField
from .models import Agreement, Institution
from .settings_forms import ISO_DAY, grouped
from .tending import SENTENCE_MOST
from .vocabulary import vocabulary

NO_DATE = gettext_lazy("Écrivez la date ainsi : 21/11/2026.")


def _day(label: Any, missing: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"}),
        error_messages={"required": missing, "invalid": NO_DATE},
    )


def _why(hint: Any) -> PlainTextField:
    return PlainTextField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=hint,
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi : l’autre institution le lira.")},
    )


class TermsForm(forms.Form):
    """What an agreement says. Nothing is ticked beforehand but what the former version said."""

    title = PlainTextField(
        label=gettext_lazy("Titre"),
        most=TITLE_MOST,
        error_messages={"required": gettext_lazy("Donnez un titre à la convention.")},
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Pour quoi faire"),
        error_messages={
            "required": gettext_lazy("Choisissez, dans la liste, au moins une finalité."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, les finalités."),
        },
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui pourra passer, aux conditions de la loi"),
        error_messages={
            "required": gettext_lazy("Choisissez, dans la liste, au moins une sorte d’information."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, les sortes d’information."),
        },
    )
    starts_on = _day(gettext_lazy("Premier jour"), gettext_lazy("Dites à partir de quel jour."))
    ends_on = _day(gettext_lazy("Dernier jour"), gettext_lazy("Dites jusqu’à quel jour : une convention se revoit."))

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = vocabulary()
        open_ones = [one for one in words.categories.values() if not one.blocked]
        for name, several in (("purposes", words.purposes.values()), ("categories", open_ones)):
            self.fields[name].choices = [(one.code, wording.worded(one)) for one in several]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext_lazy("Le dernier jour vient après le premier."))
        return cleaned

    def terms(self) -> Terms:
        """What the agreement says, in a valid form."""
        names = ("title", "purposes", "categories", "starts_on", "ends_on")
        return Terms(**{name: self.cleaned_data[name] for name in names})

    def domains(self) -> list[dict[str, Any]]:
        """The purposes, domain by domain."""
        words = vocabulary()
        every = words.purposes.values()
        return grouped(
            self, "purposes", [(d, [one for one in every if one.domain == d.code]) for d in words.domains.values()]
        )

    def families(self) -> list[dict[str, Any]]:
        """The categories, family by family."""
        words = vocabulary()
        every = [one for one in words.categories.values() if not one.blocked]
        return grouped(
            self, "categories", [(f, [one for one in every if one.family == f.code]) for f in words.families.values()]
        )


class DraftForm(TermsForm):
    """With whom, under which number."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Avec quelle institution ?"),
        queryset=Institution.objects.none(),
        error_messages={
            "required": gettext_lazy("Choisissez l’autre institution."),
            "invalid_choice": gettext_lazy("Choisissez l’autre institution dans la liste."),
        },
    )
    number = PlainTextField(
        label=gettext_lazy("Numéro"),
        most=NUMBER_MOST,
        error_messages={"required": gettext_lazy("Donnez un numéro à la convention.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("De quelle sorte ?"),
        help_text=gettext_lazy(
            "Prévue par un texte ou non, elle n’oblige personne à communiquer : un partenaire peut décliner, sans raison."
        ),
        choices=[(kind.value, kind.label) for kind in (Agreement.Kind.VOLUNTARY, Agreement.Kind.STATUTORY)],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si la convention est volontaire ou prévue par un texte."),
            "invalid_choice": gettext_lazy("Dites si la convention est volontaire ou prévue par un texte."),
        },
    )
    field_order = ("partner", "number", "title", "kind", "purposes", "categories", "starts_on", "ends_on")

    def __init__(self, *args: Any, partners: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]


class RevisionForm(TermsForm):
    """The same terms as they were, to be changed, and why."""

    why = _why(gettext_lazy("Une phrase : l’autre institution la lira avant de signer."))


class WhyForm(forms.Form):
    """Why it is suspended, or resumed."""

    why = _why(gettext_lazy("Une phrase : elle reste avec la convention."))
    use_required_attribute = False


class EndForm(WhyForm):
    """After which day it ends, and why."""

    last_day = _day(gettext_lazy("Dernier jour"), gettext_lazy("Dites quel sera son dernier jour."))
    field_order = ("last_day", "why")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["last_day"].initial = today
        self.fields["last_day"].widget.attrs["min"] = today.isoformat()
