"""What is asked to record each act; each has its own form (`word_form` has what is common). Nothing is ticked beforehand."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField

from .collected import LONGEST_DAYS, REEXAMINE_WITHIN_DAYS, TELEPHONE_DAYS
from .models import Form, PriorInformation
from .word_form import ISO_DAY, OWN_WORDS_MOST, WordForm, choices, full_date, open_categories

__all__ = ["ISO_DAY", "REEXAMINATIONS", "WordForm", "full_date", "open_categories"]

DURATIONS = (
    (30, gettext_lazy("Un mois")),
    (TELEPHONE_DAYS, gettext_lazy("Trois mois")),
    (LONGEST_DAYS, gettext_lazy("Six mois")),
)
"""Days, from the day on which the agreement is recorded: a closed list, six months at most."""
REEXAMINATIONS = (3, 7, REEXAMINE_WITHIN_DAYS)


def durations(today: date) -> list[tuple[Any, Any]]:
    """The ends that an agreement given today may have, each with its last day."""
    return [
        (days, _("%(period)s, jusqu’au %(day)s") % {"period": period, "day": full_date(today + timedelta(days=days))})
        for days, period in DURATIONS
    ]


class AgreementForm(WordForm):
    """An express agreement: until when."""

    duration = forms.TypedChoiceField(
        label=gettext_lazy("Jusqu’à quand ?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites jusqu’à quand l’accord est donné."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, jusqu’à quand l’accord est donné."),
        },
    )

    field_order = ("categories", "duration", "speaker")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices(self, "duration", durations(self.today))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.need_one_who_may_agree(cleaned)
        if cleaned.get("form") == Form.TELEPHONE and (cleaned.get("duration") or 0) > TELEPHONE_DAYS:
            self.add_error(
                "duration",
                _(
                    "Par téléphone, un accord vaut 90 jours au plus : choisissez une durée plus courte, ou voyez la personne."
                ),
            )
        return cleaned


class RefusalForm(WordForm):
    """A no: neither its reason nor its wording is asked for."""

    field_order = ("categories", "speaker")


class ObjectionForm(WordForm):
    """She opposes what a text would let pass without her agreement."""

    field_order = ("categories", "speaker")


class InformationForm(WordForm):
    """She was told beforehand; for a child, whether he was heard."""

    child_heard = forms.BooleanField(
        label=gettext_lazy("L’enfant a été entendu, selon son âge et sa maturité"), required=False
    )
    presence_proposed = forms.BooleanField(
        label=gettext_lazy("Il a été proposé aux parents d’être présents à l’échange"), required=False
    )

    field_order = ("categories", "speaker", "form")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.speakers.minor:
            del self.fields["child_heard"], self.fields["presence_proposed"]


class PostponedForm(WordForm):
    """She is not told yet: the motive, the precise risk, and the day on which it is looked at again."""

    withheld = forms.ChoiceField(
        label=gettext_lazy("Pour quel motif ?"),
        choices=[
            (PriorInformation.Withheld.CHILD_INTEREST, gettext_lazy("Informer maintenant nuirait à l’enfant")),
            (
                PriorInformation.Withheld.PROFESSIONAL_COMFORT,
                gettext_lazy("Informer maintenant compliquerait mon travail : à lui seul, ce motif ne suffit pas"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites pour quel motif l’information est différée."),
            "invalid_choice": gettext_lazy("Choisissez un motif dans la liste."),
        },
    )
    withheld_reason = PlainTextField(
        label=gettext_lazy("Quel risque précis ?"),
        help_text=gettext_lazy("Par exemple : pression sur l’enfant, disparition d’une preuve, départ précipité."),
        most=OWN_WORDS_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites quel risque précis l’information ferait courir.")},
    )
    decided_with = PlainTextField(
        label=gettext_lazy("Décidé avec qui ?"),
        help_text=gettext_lazy("Un nom ou une fonction : on ne diffère pas seul une information."),
        most=120,
        error_messages={"required": gettext_lazy("Dites avec qui c’est décidé : un nom ou une fonction.")},
    )
    reexamine_in = forms.TypedChoiceField(
        label=gettext_lazy("Quand l’informer, ou réexaminer ?"),
        help_text=gettext_lazy("L’information est différée, pas supprimée."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites quand vous réexaminerez : sous 15 jours au plus."),
            "invalid_choice": gettext_lazy("Choisissez une date dans la liste : sous 15 jours au plus."),
        },
    )

    field_order = ("categories", "withheld", "withheld_reason", "decided_with", "reexamine_in")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in set(WordForm.base_fields) - {"categories"}:
            del self.fields[name]
        choices(
            self,
            "reexamine_in",
            [
                (
                    days,
                    _("Dans %(days)d jours, le %(day)s")
                    % {"days": days, "day": full_date(self.today + timedelta(days=days))},
                )
                for days in REEXAMINATIONS
            ],
        )

    def word(self) -> dict[str, Any]:
        """Nobody spoke: this is the professional's own decision, taken today."""
        return {"given_by": None, "collected_on": self.today, "form": ""}
