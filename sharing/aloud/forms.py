"""What is asked of somebody who writes down what she said: what, to whom, when, what for, and how it was said."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Item
from partners import wording
from partners.clock import day_of
from partners.fields import PlainTextField
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import gather, law
from sharing.aloud.acts import LATE_AFTER, Saying, before_her_birth
from sharing.composing import BENEFIT_LIMIT, NECESSITY_LIMIT
from sharing.models import Delivery
from sharing.urgency.forms import MomentField, choosable, now_in_paris

ALOUD = (Delivery.How.TELEPHONE, Delivery.How.MEETING)


# Beside what a text requires: what else a professional declares that changes an answer after the event.
ALSO_DECLARED = ("emergency_person_unable", "by_telephone", "hierarchical_order")


def declarable() -> list[str]:
    """The circumstances that a professional declares and that some text asks for, in the order of the rulebook."""
    asked = {code for text in law.BASES for code in text.requires} | set(ALSO_DECLARED)
    return [code for code, one in vocabulary().circumstances.items() if one.source == "declared" and code in asked]


class SayingForm(forms.Form):
    """What was said aloud, and to whom: of a meeting, each who heard it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=gettext_lazy("Comment cela a-t-il été dit ?"),
        choices=[(one.value, one.label) for one in ALOUD],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites si c’était au téléphone ou en réunion.")},
    )
    said_at = MomentField(
        label=gettext_lazy("Quand ?"), required_text=gettext_lazy("Dites quel jour et à quelle heure.")
    )
    late_reason = PlainTextField(
        label=gettext_lazy("Si cela date de plus de trente jours : pourquoi seulement maintenant ?"),
        most=300,
        required=False,
    )
    recipients = forms.MultipleChoiceField(
        label=gettext_lazy("À qui ?"),
        help_text=gettext_lazy("En réunion, cochez chaque personne qui a entendu : une décision pour chacune."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Dites à qui : cochez au moins une personne.")},
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Pour quoi faire ?"),
        error_messages={"required": gettext_lazy("Dites pour quoi : choisissez une finalité.")},
    )
    benefit = PlainTextField(
        label=gettext_lazy("Ce que cela changeait pour la personne"),
        most=BENEFIT_LIMIT,
        lines=2,
        error_messages={
            "required": gettext_lazy("Écrivez ce que cela changeait pour la personne (une phrase suffit).")
        },
    )
    items = forms.MultipleChoiceField(
        label=gettext_lazy("Qu’avez-vous dit ?"),
        help_text=gettext_lazy(
            "Seulement ce qui a été dit. S’il manque une information, écrivez-la d’abord dans la situation."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Cochez au moins une information : ce que vous avez dit.")},
    )
    necessity = PlainTextField(
        label=gettext_lazy("Pourquoi ils en avaient besoin"),
        most=NECESSITY_LIMIT,
        lines=2,
        error_messages={"required": gettext_lazy("Dites pourquoi ils en avaient besoin (au moins une phrase).")},
    )

    circumstances = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui était vrai à ce moment-là"),
        help_text=gettext_lazy(
            "Certains textes ne le permettent qu’à cette condition. Cochez seulement ce qui l’était."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        items: Iterable[Item],
        around: Iterable[Membership],
        at: datetime,
        born_on: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.at, self.born_on = at, born_on
        self.known = {str(one.pk): one for one in items}
        self.around = {str(one.pk): one for one in around}
        choosable(
            self, "items", [(pk, f"{one.label} ({wording.category(one.category)})") for pk, one in self.known.items()]
        )
        choosable(
            self,
            "recipients",
            [
                (pk, f"{one.professional.full_name}, {one.job_title} · {one.institution.name}")
                for pk, one in self.around.items()
            ],
        )
        words = vocabulary()
        choosable(self, "circumstances", [(code, wording.worded(words.circumstances[code])) for code in declarable()])
        purposes = [(code, wording.worded(one)) for code, one in words.purposes.items()]
        forbidden = [(code, wording.worded(one)) for code, one in words.forbidden_purposes.items()]
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            ("", _("Choisir…")),
            *purposes,
            (_("On me demandait, pour savoir"), forbidden),
        ]
        self.fields["said_at"].initial = now_in_paris(at)

    def clean_said_at(self) -> datetime:
        said_at: datetime = self.cleaned_data["said_at"]
        if said_at > self.at:
            raise forms.ValidationError(
                _("Cela ne peut pas avoir été dit dans l’avenir : vérifiez le jour et l’heure.")
            )
        if day_of(said_at) < self.born_on:
            raise forms.ValidationError(before_her_birth())
        return said_at

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        said_at: datetime | None = cleaned.get("said_at")
        late = said_at is not None and said_at < self.at - LATE_AFTER
        if late and not cleaned.get("late_reason") and "late_reason" not in self.errors:
            self.add_error(
                "late_reason",
                _("Cela date de plus de trente jours : dites pourquoi vous ne l’enregistrez que maintenant."),
            )
        return cleaned

    def heard_by(self) -> list[Membership]:
        """Who was ticked, once valid."""
        return [self.around[pk] for pk in self.cleaned_data["recipients"]]

    def saying(self) -> Saying:
        """What was typed, once valid."""
        typed = self.cleaned_data
        return Saying(
            purpose=typed["purpose"],
            benefit=typed["benefit"],
            chosen=[gather.Chosen(item=self.known[pk], necessity=typed["necessity"]) for pk in typed["items"]],
            circumstances=typed["circumstances"],
            said_at=typed["said_at"],
            how=typed["how"],
            late_reason=typed["late_reason"],
        )
