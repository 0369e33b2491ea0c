"""What is asked to add an institution to the directory, to correct what it says of one, to open one to its first people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from .accounts.founding_forms import FirstStartForm
from .accounts.opening import FirstPeople
from .cards import FIELDS, MISSION_MOST, MOST, Card
from .fields import PlainTextField
from .siret import check_siret
from .tending import SENTENCE_MOST


def _line(name: str, label: Any, hint: Any = "", missing: Any = None, **attrs: str) -> PlainTextField:
    most = MOST[name]
    widget = forms.TextInput(attrs={"maxlength": most, "autocomplete": "off", **attrs})
    field = PlainTextField(label=label, help_text=hint, most=most, required=missing is not None, widget=widget)
    if missing is not None:
        field.error_messages["required"] = missing
    return field


class CardForm(forms.Form):
    """What the directory says of an institution: what it is, then how it is reached."""

    name = _line(
        "name",
        gettext_lazy("Nom de l’institution"),
        gettext_lazy("Celui que ses partenaires reconnaîtront, en entier."),
        gettext_lazy("Écrivez le nom de l’institution."),
    )
    kind = _line(
        "kind",
        gettext_lazy("Ce qu’elle est"),
        gettext_lazy("Par exemple : service social départemental, association, établissement."),
        gettext_lazy("Dites ce qu’elle est."),
    )
    siret = PlainTextField(
        label=gettext_lazy("Numéro SIRET"),
        help_text=gettext_lazy("Quatorze chiffres. Laissez vide si vous ne le connaissez pas."),
        most=20,
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 20, "inputmode": "numeric", "autocomplete": "off"}),
    )
    mission = PlainTextField(
        label=gettext_lazy("Sa mission"),
        help_text=gettext_lazy("Quelques phrases. Sa fiche de mission dira le reste, et qui y est tenu au secret."),
        most=MISSION_MOST,
        lines=3,
        required=False,
    )
    city = _line("city", gettext_lazy("Commune"))
    territory = _line(
        "territory", gettext_lazy("Territoire"), gettext_lazy("Par exemple : Vallières et communes voisines.")
    )
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail du service"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("Écrivez l’adresse e-mail en entier, par exemple accueil@service.fr.")},
    )
    phone = _line("phone", gettext_lazy("Téléphone"), inputmode="tel")
    dpo_contact = _line(
        "dpo_contact",
        gettext_lazy("Qui y protège les données"),
        gettext_lazy("Un nom ou une fonction, et comment l’écrire."),
    )
    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, qui reste au journal."),
        most=SENTENCE_MOST,
        required=False,
    )
    other = forms.BooleanField(label=gettext_lazy("Ce n’est aucune de celles-ci"), required=False)

    use_required_attribute = False

    def clean_siret(self) -> str:
        found = "".join(self.cleaned_data["siret"].split())
        if found:
            check_siret(found)
        return found

    def card(self) -> Card:
        """What was written, in a valid form."""
        return Card(**{name: self.cleaned_data[name] for name in FIELDS})

    def of_identity(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "kind", "siret")]

    def of_contact(self) -> list[forms.BoundField]:
        return [self[name] for name in ("mission", "city", "territory", "email", "phone", "dpo_contact")]


class AddForm(CardForm):
    """The same, with why it is added."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].required = True
        self.fields["why"].error_messages["required"] = gettext_lazy(
            "Dites pourquoi, en une phrase : elle reste au journal."
        )


class OpeningForm(FirstStartForm):
    """Who comes first: the questions of the first start, for an institution that is in the directory already."""

    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, qui reste au journal : qui vous a donné ces noms, par exemple."),
        most=SENTENCE_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : elle reste au journal.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("code", *self.HOUSE):
            del self.fields[name]

    def people(self) -> FirstPeople:
        """Who they are, in a valid form."""
        return FirstPeople(administrator=self.administrator(), dpo=self.dpo(), why_same=self.cleaned_data["why_same"])
