"""What is asked to narrow, to lift, and to decide. Nothing is ticked beforehand, and nothing here can widen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import wording
from .fields import PlainTextField
from .narrowing import LONGEST_DAYS, NarrowingError, Place, Takes, checked_day
from .settings_words import key_of, name_of
from .vocabulary import vocabulary
from .words import Word

ISO_DAY = "%Y-%m-%d"
SENTENCE_MOST = 300
UNKNOWN_CATEGORY = gettext_lazy("Choisissez, dans la liste, les sortes d’information.")


class FromADay(forms.Form):
    """What takes effect on a day, today at the earliest, and says why."""

    wanted_on = forms.DateField(
        label=gettext_lazy("À partir de quel jour ?"),
        help_text=gettext_lazy("À minuit, heure de Paris. Jamais avant qu’une autre personne l’ait approuvé."),
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Dites à partir de quel jour."),
            "invalid": gettext_lazy("Écrivez la date ainsi : 21/11/2026."),
        },
    )
    why = PlainTextField(
        label=gettext_lazy("Pourquoi ?"),
        help_text=gettext_lazy("Une phrase : la personne qui décide la lira, et elle reste avec le réglage."),
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi : la personne qui décide le lira.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["wanted_on"].initial = today
        self.fields["wanted_on"].widget.attrs["min"] = today.isoformat()

    def clean_wanted_on(self) -> date:
        try:
            return checked_day(self.cleaned_data["wanted_on"], self.today)
        except NarrowingError as error:
            raise ValidationError(str(error)) from error


class NarrowingForm(FromADay):
    """Where, and what no longer passes."""

    where = forms.ChoiceField(
        label=gettext_lazy("Où ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites où : votre institution, une convention ou une instance."),
            "invalid_choice": gettext_lazy(
                "Choisissez dans la liste : votre institution, une convention ou une instance."
            ),
        },
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui ne passe plus"),
        required=False,
        error_messages={"invalid_choice": UNKNOWN_CATEGORY},
    )
    opinion_on = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qui demande d’abord l’avis d’un cadre"),
        required=False,
        error_messages={"invalid_choice": UNKNOWN_CATEGORY},
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Finalités qui se ferment"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choisissez, dans la liste, les finalités.")},
    )
    at_most_days = forms.IntegerField(
        label=gettext_lazy("Lecture : combien de jours au plus ?"),
        help_text=gettext_lazy("Laissez vide pour garder la durée ordinaire."),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_DAYS, "inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Écrivez un nombre de jours, par exemple 30."),
            "min_value": gettext_lazy("Un jour au moins."),
            "max_value": gettext_lazy("Un an au plus : 365 jours."),
        },
    )

    field_order = ("where", "categories", "opinion_on", "purposes", "at_most_days", "wanted_on", "why")

    def __init__(self, *args: Any, places: Iterable[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {key_of(one): one for one in places}
        words = vocabulary()
        categories = [(one.code, wording.worded(one)) for one in words.categories.values() if not one.blocked]
        for name, choices in (
            ("where", [(key, name_of(one)) for key, one in self.places.items()]),
            ("categories", categories),
            ("opinion_on", categories),
            ("purposes", [(one.code, wording.worded(one)) for one in words.purposes.values()]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken = [cleaned.get(name) for name in ("categories", "opinion_on", "purposes", "at_most_days")]
        wrong = {"categories", "opinion_on", "purposes", "at_most_days"} & self.errors.keys()
        if not any(taken) and not wrong:
            self.add_error("categories", _("Dites ce qui ne passera plus : un réglage vide ne change rien."))
        return cleaned

    def place(self) -> Place:
        """Where, in a valid form."""
        return self.places[self.cleaned_data["where"]]

    def takes(self) -> Takes:
        """What is taken away, in a valid form."""
        asked = self.cleaned_data
        return Takes(
            categories=tuple(asked["categories"]),
            purposes=tuple(asked["purposes"]),
            opinion_on=tuple(asked["opinion_on"]),
            at_most_days=asked["at_most_days"],
        )

    def families(self) -> list[dict[str, Any]]:
        """The categories that may be left out, family by family."""
        return self._by_family("categories")

    def opinions(self) -> list[dict[str, Any]]:
        """The categories on which an opinion may be asked, family by family."""
        return self._by_family("opinion_on")

    def domains(self) -> list[dict[str, Any]]:
        """The purposes that may be closed, domain by domain."""
        words = vocabulary()
        return self._groups(
            "purposes",
            [
                (domain, [one for one in words.purposes.values() if one.domain == domain.code])
                for domain in words.domains.values()
            ],
        )

    def _by_family(self, name: str) -> list[dict[str, Any]]:
        words = vocabulary()
        open_ones = [one for one in words.categories.values() if not one.blocked]
        return self._groups(
            name,
            [(family, [one for one in open_ones if one.family == family.code]) for family in words.families.values()],
        )

    def _groups(self, name: str, groups: Iterable[tuple[Word, Iterable[Word]]]) -> list[dict[str, Any]]:
        return grouped(self, name, groups)


def grouped(form: forms.Form, name: str, groups: Iterable[tuple[Word, Iterable[Word]]]) -> list[dict[str, Any]]:
    """The boxes of a field, group by group, as templates/partners/boxes.html shows them; no empty group."""
    ticked = set(form[name].value() or ())
    return [
        {
            "label": wording.worded(group),
            "boxes": [
                {
                    "id": f"id_{name}_{one.code}",
                    "value": one.code,
                    "label": wording.worded(one),
                    "checked": one.code in ticked,
                }
                for one in several
            ],
        }
        for group, several in ((group, list(several)) for group, several in groups)
        if several
    ]


class LiftForm(FromADay):
    """From which day a narrowing would end, and why."""


class DecideForm(forms.Form):
    """Yes or no, in a sentence, on what was read."""

    of = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[("approve", gettext_lazy("J’approuve")), ("refuse", gettext_lazy("Je refuse"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous approuvez ou si vous refusez."),
            "invalid_choice": gettext_lazy("Dites si vous approuvez ou si vous refusez."),
        },
    )
    sentence = PlainTextField(
        label=gettext_lazy("En une phrase, pourquoi ?"),
        help_text=gettext_lazy("Elle reste avec la décision."),
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : elle reste avec la décision.")},
    )

    use_required_attribute = False
