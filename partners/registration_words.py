"""What is asked of the directory, as a page says it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .accounts.opening import posts_of
from .accounts.posts import named
from .cards import FIELDS
from .models import InstitutionChange
from .siret import spaced

LABELS = {
    "name": gettext_lazy("Nom"),
    "kind": gettext_lazy("Ce qu’elle est"),
    "siret": gettext_lazy("SIRET"),
    "mission": gettext_lazy("Sa mission"),
    "city": gettext_lazy("Commune"),
    "territory": gettext_lazy("Territoire"),
    "email": gettext_lazy("Adresse du service"),
    "phone": gettext_lazy("Téléphone"),
    "dpo_contact": gettext_lazy("Protection des données"),
}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One line of the directory, before and after."""

    label: str
    before: str
    after: str


def lines_of(change: InstitutionChange) -> list[FieldLine]:
    """What it changes, in the order of the page."""
    return [
        FieldLine(str(LABELS[name]), _shown(name, change.before.get(name, "")), _shown(name, change.after[name]))
        for name in FIELDS
        if name in change.after
    ]


def _shown(name: str, text: str) -> str:
    return spaced(text) if name == "siret" else text


@dataclass(frozen=True, slots=True)
class PostLine:
    """Somebody who would come first."""

    name: str
    email: str
    job: str
    functions: str


def posts_told(change: InstitutionChange) -> list[PostLine]:
    """Who would come first, and to do what."""
    return [
        PostLine(f"{one.first_name} {one.last_name}", one.email, one.job_title, named(one.functions))
        for one in posts_of(change.after)
    ]


def asked(change: InstitutionChange) -> str:
    """« Inscrire : CMPP des Tilleuls »: what is to be answered, in a line."""
    if change.kind == InstitutionChange.Kind.ADD:
        return _("Inscrire à l’annuaire : %(name)s") % {"name": change.after["name"]}
    name = change.institution.name if change.institution is not None else ""
    if change.kind == InstitutionChange.Kind.OPEN:
        return _("Inviter les premières personnes : %(name)s") % {"name": name}
    return _("Corriger dans l’annuaire : %(name)s") % {"name": name}
