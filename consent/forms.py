"""What is asked to record the person's word. Each act has its own form; nothing is ticked beforehand."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import wording
from partners.fields import PlainTextField
from partners.vocabulary import vocabulary

from .models import Form, PriorInformation
from .registry import LATE_AFTER_DAYS, LONGEST_DAYS, REEXAMINE_WITHIN_DAYS, TELEPHONE_DAYS
from .speakers import Speakers

OWN_WORDS_MOST = 600
DURATIONS = (
    (30, gettext_lazy("Un mois")),
    (TELEPHONE_DAYS, gettext_lazy("Trois mois")),
    (LONGEST_DAYS, gettext_lazy("Six mois")),
)
REEXAMINATIONS = (3, 7, REEXAMINE_WITHIN_DAYS)
ISO_DAY = "%Y-%m-%d"


def full_date(day: date) -> str:
    """« 21 novembre 2026 »."""
    return date_format(day, "j F Y")


class WordForm(forms.Form):
    """What every act asks: whose word, about what, when and how it was said, in her own words."""

    speaker = forms.ChoiceField(
        label=gettext_lazy("Qui s’est exprimé ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites qui s’est exprimé."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, qui s’est exprimé."),
        },
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Quelles informations ?"),
        error_messages={
            "required": gettext_lazy("Choisissez au moins une sorte d’information : une portée vide ne couvre rien."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, les sortes d’information."),
        },
    )
    collected_on = forms.DateField(
        label=gettext_lazy("Quel jour ?"),
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Dites quel jour la personne s’est exprimée."),
            "invalid": gettext_lazy("Écrivez la date ainsi : 21/11/2026."),
        },
    )
    late_reason = PlainTextField(
        label=gettext_lazy("Si ce n’est pas aujourd’hui : pourquoi l’enregistrer après coup ?"),
        help_text=gettext_lazy("L’enregistrement portera cette mention. Il ne couvre rien de ce qui a été dit avant."),
        most=300,
        required=False,
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Comment ?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites comment la personne s’est exprimée."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, comment la personne s’est exprimée."),
        },
    )
    own_words = PlainTextField(
        label=gettext_lazy("Ses propres mots"),
        help_text=gettext_lazy("Ce qui a été dit, sans reformuler."),
        most=OWN_WORDS_MOST,
        lines=3,
        required=False,
    )

    def __init__(
        self, *args: Any, speakers: Speakers, today: date, asked: Collection[str] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.speakers = speakers
        self.today = today
        self.asked = tuple(asked)
        choices(
            self,
            "speaker",
            [(one.code, f"{one.label}, {one.hint}" if one.hint else one.label) for one in speakers.people],
        )
        choices(self, "categories", [(code, wording.category(code)) for code in open_categories()])
        if "collected_on" in self.fields:
            self.fields["collected_on"].initial = today
            earliest = today - timedelta(days=LATE_AFTER_DAYS)
            self.fields["collected_on"].widget.attrs |= {"max": today.isoformat(), "min": earliest.isoformat()}

    def clean_collected_on(self) -> date:
        day: date = self.cleaned_data["collected_on"]
        if day > self.today:
            raise ValidationError(_("La date à laquelle la personne s’est exprimée ne peut pas être dans l’avenir."))
        if day < self.today - timedelta(days=LATE_AFTER_DAYS):
            raise ValidationError(
                _("Sa parole date de plus de 30 jours : demandez-lui à nouveau avant de l’enregistrer.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("collected_on")
        if day is not None and day < self.today and not cleaned.get("late_reason") and "late_reason" not in self.errors:
            self.add_error(
                "late_reason",
                _("Dites pourquoi vous l’enregistrez après coup : l’enregistrement portera cette mention."),
            )
        return cleaned

    def families(self) -> list[dict[str, Any]]:
        """The categories to tick: those asked for first, then the others, family by family."""
        words = vocabulary()
        ticked = set(self["categories"].value() or ())
        number = iter(range(len(words.categories)))
        groups = []
        if self.asked:
            groups.append(
                {
                    "label": _("Demandées pour cette communication"),
                    "asked": True,
                    "boxes": [_box(code, next(number), ticked) for code in self.asked],
                    "open": True,
                }
            )
        for family in words.families.values():
            codes = [code for code in open_categories() if words.categories[code].family == family.code]
            boxes = [_box(code, next(number), ticked) for code in codes if code not in self.asked]
            if boxes:
                opened = not self.asked or any(box["checked"] for box in boxes)
                groups.append({"label": wording.worded(family), "asked": False, "boxes": boxes, "open": opened})
        return groups

    @property
    def others_open(self) -> bool:
        """Whether the families that were not asked for are shown at once."""
        return any(group["open"] for group in self.families() if not group["asked"])

    def word(self) -> dict[str, Any]:
        """The keyword arguments that every act of `consent.registry` takes."""
        speaker = self.speakers.find(self.cleaned_data["speaker"])
        return {
            "given_by": speaker.representative if speaker else None,
            "collected_on": self.cleaned_data["collected_on"],
            "form": self.cleaned_data["form"],
            "own_words": self.cleaned_data["own_words"],
            "late_reason": self.cleaned_data["late_reason"],
        }


class AgreementForm(WordForm):
    """An express agreement: until when, and on what conditions."""

    duration = forms.TypedChoiceField(
        label=gettext_lazy("Jusqu’à quand ?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites jusqu’à quand l’accord est donné."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, jusqu’à quand l’accord est donné."),
        },
    )
    conditions = PlainTextField(
        label=gettext_lazy("Ses conditions"),
        help_text=gettext_lazy("Par exemple : « pas à mon propriétaire », « je veux relire avant »."),
        most=300,
        required=False,
    )

    field_order = (
        "speaker",
        "categories",
        "duration",
        "collected_on",
        "late_reason",
        "form",
        "own_words",
        "conditions",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices(
            self,
            "duration",
            [
                (days, _("%(period)s, jusqu’au %(day)s") % {"period": period, "day": full_date(self.ends_on(days))})
                for days, period in DURATIONS
            ],
        )

    def ends_on(self, days: int) -> date:
        """The last day of an agreement of so many days given today."""
        return self.today + timedelta(days=days)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
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


class ObjectionForm(WordForm):
    """She opposes what a text would let pass without her agreement."""


class InformationForm(WordForm):
    """She was told beforehand; for a child, whether he was heard."""

    child_heard = forms.BooleanField(
        label=gettext_lazy("L’enfant a été entendu, selon son âge et sa maturité"), required=False
    )
    presence_proposed = forms.BooleanField(
        label=gettext_lazy("Il a été proposé aux parents d’être présents à l’échange"), required=False
    )

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
        help_text=gettext_lazy(
            "Par exemple : pression sur l’enfant, disparition d’une preuve, départ précipité. Parlez-en à un collègue."
        ),
        most=OWN_WORDS_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites quel risque précis l’information ferait courir.")},
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

    field_order = ("categories", "withheld", "withheld_reason", "reexamine_in")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("speaker", "collected_on", "late_reason", "form", "own_words"):
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
        return {"given_by": None, "collected_on": self.today, "form": "", "own_words": "", "late_reason": ""}


def choices(form: forms.Form, name: str, wanted: list[tuple[Any, Any]]) -> None:
    """Give a field of this form its choices, where it has that field."""
    if name in form.fields:
        form.fields[name].choices = wanted  # type: ignore[attr-defined]


def open_categories() -> Iterator[str]:
    """Every category that a person may be asked about; those that no agreement opens are left out."""
    return (code for code, one in vocabulary().categories.items() if not one.blocked)


def _box(code: str, number: int, ticked: set[str]) -> dict[str, Any]:
    return {
        "id": f"id_categories_{number}",
        "value": code,
        "label": wording.category(code),
        "sensitive": vocabulary().categories[code].sensitivity == 3,
        "checked": code in ticked,
    }
