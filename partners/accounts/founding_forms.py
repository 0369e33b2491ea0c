"""What the first start asks, on its page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from partners.tending import SENTENCE_MOST

from .founding import House
from .posts import JOB_MOST, NAME_MOST, Post

ADMIN_ROLE, DPO_ROLE = "institution", "responsable_traitement"
# The list of what is missing is read apart from the fields: each sentence says of whom.
MISSING_OF_DPO = {
    "dpo_first_name": gettext_lazy(
        "Écrivez le prénom de qui protège les données, ou cochez que c’est la même personne."
    ),
    "dpo_last_name": gettext_lazy("Écrivez le nom de qui protège les données, ou cochez que c’est la même personne."),
    "dpo_email": gettext_lazy("Écrivez l’adresse de qui protège les données, ou cochez que c’est la même personne."),
    "dpo_job": gettext_lazy("Écrivez le poste de qui protège les données, ou cochez que c’est la même personne."),
}


def _text(label: Any, most: int, missing: Any = None, hint: Any = "") -> PlainTextField:
    field = PlainTextField(label=label, help_text=hint, most=most, required=missing is not None)
    if missing is not None:
        field.error_messages["required"] = missing
    return field


def _email(label: Any, *, required: bool) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        required=required,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Écrivez son adresse e-mail professionnelle."),
            "invalid": gettext_lazy("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr."),
        },
    )


class FirstStartForm(forms.Form):
    """The code, the institution, who tends its directory, who protects its data."""

    code = PlainTextField(
        label=gettext_lazy("Code de premier démarrage"),
        help_text=gettext_lazy("Le journal du serveur l’affiche au démarrage ; « manage.py found --code » aussi."),
        most=40,
        widget=forms.TextInput(attrs={"maxlength": 40, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Écrivez le code de premier démarrage.")},
    )
    name = _text(gettext_lazy("Nom de l’institution"), 160, gettext_lazy("Écrivez le nom de l’institution."))
    kind = _text(
        gettext_lazy("Ce qu’elle est"),
        80,
        gettext_lazy("Dites ce qu’elle est."),
        gettext_lazy("Par exemple : service social départemental, association, établissement."),
    )
    city = _text(gettext_lazy("Commune"), 80)
    siret = _text(gettext_lazy("Numéro SIRET"), 20)
    admin_first_name = _text(gettext_lazy("Prénom"), NAME_MOST, gettext_lazy("Écrivez son prénom."))
    admin_last_name = _text(gettext_lazy("Nom"), NAME_MOST, gettext_lazy("Écrivez son nom."))
    admin_email = _email(gettext_lazy("Son adresse e-mail professionnelle"), required=True)
    admin_job = _text(gettext_lazy("Intitulé de son poste"), JOB_MOST, gettext_lazy("Écrivez l’intitulé de son poste."))
    same = forms.BooleanField(
        label=gettext_lazy("La même personne protège aussi les données (déconseillé)"), required=False
    )
    why_same = _text(
        gettext_lazy("Si c’est la même, pourquoi"),
        SENTENCE_MOST,
        hint=gettext_lazy("Elle contrôlera ses propres actes : la raison reste au journal."),
    )
    dpo_first_name = _text(gettext_lazy("Prénom"), NAME_MOST)
    dpo_last_name = _text(gettext_lazy("Nom"), NAME_MOST)
    dpo_email = _email(gettext_lazy("Son adresse e-mail professionnelle"), required=False)
    dpo_job = _text(gettext_lazy("Intitulé de son poste"), JOB_MOST)

    use_required_attribute = False
    HOUSE = ("name", "kind", "city", "siret")
    ADMIN = ("admin_first_name", "admin_last_name", "admin_email", "admin_job")
    DPO = ("dpo_first_name", "dpo_last_name", "dpo_email", "dpo_job")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("same"):
            for name, missing in MISSING_OF_DPO.items():
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, str(missing))
        return cleaned

    def fields_of(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        """Those of one part of the page."""
        return [self[name] for name in names]

    def of_house(self) -> list[forms.BoundField]:
        return self.fields_of(self.HOUSE)

    def of_admin(self) -> list[forms.BoundField]:
        return self.fields_of(self.ADMIN)

    def of_dpo(self) -> list[forms.BoundField]:
        return self.fields_of(self.DPO)

    def house(self) -> House:
        """The institution, in a valid form."""
        return House(**{name: self.cleaned_data[name] for name in self.HOUSE})

    def administrator(self) -> Post:
        """Who tends the directory."""
        return self._post("admin", ADMIN_ROLE)

    def dpo(self) -> Post | None:
        """Who protects the data; None where it is the same person."""
        return None if self.cleaned_data["same"] else self._post("dpo", DPO_ROLE)

    def _post(self, who: str, role: str) -> Post:
        told = self.cleaned_data
        return Post(
            email=told[f"{who}_email"],
            first_name=told[f"{who}_first_name"],
            last_name=told[f"{who}_last_name"],
            job_title=told[f"{who}_job"],
            role=role,
        )
