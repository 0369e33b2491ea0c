"""What every act asks: whose word, about what, when, how and in which language it was said; nothing is ticked beforehand."""

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

from .collected import LANGUAGES, LATE_AFTER_DAYS, OWN_LANGUAGE, not_to_be_called
from .models import Form
from .speakers import Speaker, Speakers

OWN_WORDS_MOST = 600
ISO_DAY = "%Y-%m-%d"
OTHER = "other"


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
    form = forms.ChoiceField(
        label=gettext_lazy("Comment ?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites comment la personne s’est exprimée."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, comment la personne s’est exprimée."),
        },
    )
    witness = PlainTextField(
        label=gettext_lazy("Qui était présent ?"),
        help_text=gettext_lazy("Son nom, et à quel titre : « Mme Sow, sa voisine »."),
        most=120,
        required=False,
    )
    called_back = forms.BooleanField(label=gettext_lazy("La personne a été rappelée au numéro connu"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Dans quelle langue ?"),
        choices=[*LANGUAGES.items(), (OTHER, gettext_lazy("une autre langue"))],
        initial=OWN_LANGUAGE,
        error_messages={
            "required": gettext_lazy("Dites dans quelle langue la personne s’est exprimée."),
            "invalid_choice": gettext_lazy("Choisissez la langue dans la liste, ou « une autre langue »."),
        },
    )
    other_language = PlainTextField(label=gettext_lazy("Quelle autre langue ?"), most=40, required=False)
    interpreter = PlainTextField(
        label=gettext_lazy("Qui a interprété ?"),
        help_text=gettext_lazy("Un nom ou un service, ou « aucun » si vous parlez cette langue."),
        most=120,
        required=False,
    )
    understanding = PlainTextField(
        label=gettext_lazy("Comment la personne a-t-elle compris ?"),
        help_text=gettext_lazy("Ce qu’elle a redit avec ses mots ; pour un enfant, son discernement."),
        most=300,
        lines=2,
        column=300,
        required=False,
    )
    own_words = PlainTextField(
        label=gettext_lazy("Ses propres mots"),
        help_text=gettext_lazy("Ce qui a été dit, sans reformuler."),
        most=OWN_WORDS_MOST,
        lines=3,
        required=False,
    )
    conditions = PlainTextField(
        label=gettext_lazy("Ses conditions"),
        help_text=gettext_lazy("Par exemple : « pas à mon propriétaire », « je veux relire avant »."),
        most=300,
        required=False,
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
            [(one.code, _who(one)) for one in speakers.people],
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
        if day is not None and day < self.today:
            self._need(
                "late_reason",
                _("Dites pourquoi vous l’enregistrez après coup : l’enregistrement portera cette mention."),
            )
        if cleaned.get("form") == Form.WITNESS:
            self._need("witness", _("Nommez la personne qui était présente."))
        if cleaned.get("form") == Form.TELEPHONE:
            self._need(
                "called_back",
                _("Rappelez la personne au numéro que vous connaissiez déjà : un appel reçu ne prouve pas qui parle."),
            )
            self._may_be_called(cleaned)
        if cleaned.get("language") == OTHER:
            self._need("other_language", _("Écrivez dans quelle langue la personne s’est exprimée."))
        if cleaned.get("language") not in (None, OWN_LANGUAGE):
            self._need("interpreter", _("Dites qui a interprété, ou « aucun »."))
        if cleaned.get("child_heard"):
            self._need("understanding", _("Notez en quelques mots comment l’enfant a compris, et ce qu’il en dit."))
        return cleaned

    def _may_be_called(self, cleaned: dict[str, Any]) -> None:
        """Nobody who asked not to be, or whom a call would expose, is called."""
        speaker = self.speakers.find(cleaned.get("speaker", ""))
        if speaker is not None and speaker.do_not_contact:
            self.add_error("form", not_to_be_called())

    def need_one_who_may_agree(self, cleaned: dict[str, Any]) -> None:
        """Nobody agrees for who cannot express her will (law.md, 3.2)."""
        speaker = self.speakers.find(cleaned.get("speaker", ""))
        if speaker is not None and not speaker.may_agree:
            self.add_error(
                "speaker",
                _(
                    "Elle est notée hors d’état d’exprimer sa volonté : personne ne consent à sa place. Si elle le peut "
                    "aujourd’hui, mettez d’abord fin à cet état (« Qui décide ? »)."
                ),
            )

    def _need(self, name: str, sentence: str) -> None:
        """This answer calls for that one."""
        if name in self.fields and not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def families(self) -> list[dict[str, Any]]:
        """The categories to tick: those asked for first, then the others, family by family."""
        ticked = set(self["categories"].value() or ())
        number = iter(range(len(vocabulary().categories)))
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
        for label, codes in open_families():
            boxes = [_box(code, next(number), ticked) for code in codes if code not in self.asked]
            if boxes:
                opened = not self.asked or any(box["checked"] for box in boxes)
                groups.append({"label": label, "asked": False, "boxes": boxes, "open": opened})
        return groups

    @property
    def others_open(self) -> bool:
        """Whether the families that were not asked for are shown at once."""
        return any(group["open"] for group in self.families() if not group["asked"])

    def word(self) -> dict[str, Any]:
        """The keyword arguments that every act of `consent.registry` takes."""
        said = self.cleaned_data
        speaker = self.speakers.find(said["speaker"])
        language = said["other_language"] if said["language"] == OTHER else said["language"]
        names = ("collected_on", "form", "own_words", "late_reason", "conditions", "witness", "called_back")
        return {name: said[name] for name in names} | {
            "given_by": speaker.representative if speaker else None,
            "language": language,
            "interpreter": "" if language == OWN_LANGUAGE else said["interpreter"],
            "understanding": said["understanding"],
        }


def _who(speaker: Speaker) -> str:
    """« Mme Bertin, mère », and the warning where she is not to be contacted."""
    said = f"{speaker.label}, {speaker.hint}" if speaker.hint else speaker.label
    return _("%(who)s (ne pas contacter)") % {"who": said} if speaker.do_not_contact else said


def choices(form: forms.Form, name: str, wanted: list[tuple[Any, Any]]) -> None:
    """Give a field of this form its choices, where it has that field."""
    if name in form.fields:
        form.fields[name].choices = wanted  # type: ignore[attr-defined]


def open_categories() -> Iterator[str]:
    """Every category that a person may be asked about; those that no agreement opens are left out."""
    return (code for code, one in vocabulary().categories.items() if not one.blocked)


def open_families() -> Iterator[tuple[str, list[str]]]:
    """The families, each with those of its categories that a person may be asked about."""
    words = vocabulary()
    for family in words.families.values():
        codes = [code for code in open_categories() if words.categories[code].family == family.code]
        if codes:
            yield wording.worded(family), codes


def _box(code: str, number: int, ticked: set[str]) -> dict[str, Any]:
    return {
        "id": f"id_categories_{number}",
        "value": code,
        "label": wording.category(code),
        "sensitive": vocabulary().categories[code].sensitivity == 3,
        "checked": code in ticked,
    }
