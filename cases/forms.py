"""What is typed about a person, a situation, what is known of it, and who follows it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners import clock, wording
from partners.fields import PlainLinesField, PlainTextField
from partners.models import Membership
from partners.vocabulary import vocabulary

from .models import Assignment, Item, PersonStatus, Representative

OLDEST_BIRTH = date(1900, 1, 1)
TEXT_MOST = 4000
TITLES = [("", _("sans civilité")), ("Mme", _("Mme")), ("M.", _("M."))]
# What may be known of a measure when a situation is opened: its kind, and its scope where it has one.
AT_OPENING = [
    ("", _("aucune mesure de protection")),
    ("sauvegarde", _("sauvegarde de justice")),
    ("curatelle", _("curatelle")),
    *(
        (f"{kind}:{scope}", format_lazy("{}, {}", kind.label, scope.label))
        for kind in (
            PersonStatus.Kind.TUTELLE,
            PersonStatus.Kind.FAMILY_AUTHORISATION,
            PersonStatus.Kind.FUTURE_MANDATE,
        )
        for scope in PersonStatus.Scope
    ),
]
MINOR_KINDS = [
    Representative.Kind.MOTHER,
    Representative.Kind.FATHER,
    Representative.Kind.PARENT,
    Representative.Kind.GUARDIAN,
    Representative.Kind.DELEGATE,
]
ADULT_KINDS = [
    Representative.Kind.GUARDIAN,
    Representative.Kind.CURATOR,
    Representative.Kind.AUTHORISED,
    Representative.Kind.MANDATARY,
    Representative.Kind.TRUSTED,
]


def day_field(label: Any, *, required: Any, help_text: Any = "") -> forms.DateField:
    """A day, typed in the browser's own field or as 21/11/2026."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": required, "invalid": _("Écrivez la date sous la forme 21/11/2026.")},
    )


class IdentityForm(forms.Form):
    """Who it is about: enough to know whether the service already has her sheet."""

    title = forms.ChoiceField(label=_("Civilité"), choices=TITLES, required=False)
    first_name = PlainTextField(
        label=_("Prénom"), most=80, error_messages={"required": _("Indiquez le prénom de la personne.")}
    )
    last_name = PlainTextField(
        label=_("Nom de famille"), most=80, error_messages={"required": _("Indiquez le nom de la personne.")}
    )
    birth_date = day_field(_("Date de naissance"), required=_("Indiquez la date de naissance."))

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs.update(autocomplete="off", spellcheck="false")

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born > clock.day_of(clock.now()):
            raise forms.ValidationError(gettext("La date de naissance est dans l’avenir : vérifiez l’année."))
        if born < OLDEST_BIRTH:
            raise forms.ValidationError(gettext("La date de naissance est antérieure à 1900 : vérifiez l’année."))
        return born


class SituationForm(forms.Form):
    """What the situation is about and why it is opened; for an adult, her protective measure."""

    measure = forms.ChoiceField(
        label=_("Mesure de protection juridique"),
        choices=AT_OPENING,
        required=False,
        help_text=_(
            "Telle que le jugement la nomme. Elle change qui donne son accord. Sa référence se complète ensuite."
        ),
    )
    domain = forms.ChoiceField(
        label=_("De quoi s’agit-il surtout ?"),
        error_messages={"required": _("Choisissez de quoi il s’agit surtout.")},
    )
    reason = PlainTextField(
        label=_("Pourquoi ouvrir cette situation ?"),
        help_text=_("Une phrase : qui l’a demandé, ou ce qui l’a rendu nécessaire. Le journal la garde."),
        most=300,
        column=300,
        lines=3,
        error_messages={"required": _("Indiquez pourquoi vous ouvrez cette situation (au moins une phrase).")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["domain"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choisir…")),
            *((word.code, wording.worded(word)) for word in vocabulary().domains.values()),
        ]
        if minor:
            del self.fields["measure"]


class RepresentativeForm(forms.Form):
    """Somebody who holds parental authority, or who represents or assists an adult; left empty, nobody."""

    kind = forms.ChoiceField(label=_("Lien avec la personne"), required=False)
    title = forms.ChoiceField(label=_("Civilité"), choices=TITLES, required=False)
    first_name = PlainTextField(label=_("Prénom"), most=80, required=False)
    last_name = PlainTextField(label=_("Nom de famille"), most=80, required=False)
    phone = PlainTextField(label=_("Téléphone"), most=30, required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = MINOR_KINDS if minor else ADULT_KINDS
        self.minor = minor
        self.fields["kind"].choices = [("", gettext("Choisir…")), *((kind.value, kind.label) for kind in kinds)]  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.filled:
            missing = {
                "kind": gettext("Indiquez le lien de cette personne avec celle que vous accompagnez."),
                "first_name": gettext("Indiquez son prénom, ou effacez son nom."),
                "last_name": gettext("Indiquez son nom, ou effacez son prénom."),
            }
            for name, sentence in missing.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned

    @property
    def filled(self) -> bool:
        """Whether anything that names somebody was typed."""
        return any(self.cleaned_data.get(name) for name in ("kind", "first_name", "last_name", "phone"))

    def representative(self) -> Representative | None:
        """The representative typed, unsaved; None where the form was left empty."""
        if not self.filled:
            return None
        typed = {name: self.cleaned_data[name] for name in ("kind", "title", "first_name", "last_name", "phone")}
        return Representative(**typed, holds_parental_authority=self.minor)


NATURE_LINES = {
    "fait_constate": _("Ce que vous avez vu ou mesuré, sans mot qui juge."),
    "propos_personne": _("Ses mots, entre guillemets."),
    "propos_tiers": _("Les mots de quelqu’un d’autre, entre guillemets."),
    "document": _("Ce qu’un document remis dit, avec sa date."),
    "analyse_pro": _("Votre lecture de la situation : elle partira signée et datée."),
    "hypothese": _("Ce que vous envisagez sans en être sûr·e : elle restera présentée comme telle."),
    "rumeur": _("Vous pouvez la noter pour mémoire. Elle ne pourra jamais être communiquée."),
}


class ItemForm(forms.Form):
    """One piece of information: what it says, what kind of statement it is, where it comes from."""

    label = PlainTextField(
        label=_("Titre court"),
        help_text=_("Quelques mots qui disent le sujet, sans nommer personne : « Absences du mardi après-midi »."),
        most=120,
        error_messages={"required": _("Donnez un titre court à cette information.")},
    )
    text = PlainTextField(
        label=_("Ce que vous écrivez"),
        help_text=_("Une information par fiche : elle se communiquera seule. Elle ne se modifie plus ensuite."),
        most=TEXT_MOST,
        lines=6,
        error_messages={"required": _("Écrivez l’information (au moins une phrase).")},
    )
    category = forms.ChoiceField(
        label=_("De quoi parle-t-elle ?"),
        error_messages={
            "required": _("Choisissez de quoi parle cette information."),
            "invalid_choice": _("Choisissez dans la liste de quoi parle cette information."),
        },
    )
    nature = forms.ChoiceField(
        label=_("Quelle sorte de propos est-ce ?"),
        error_messages={
            "required": _("Choisissez quelle sorte de propos vous écrivez."),
            "invalid_choice": _("Choisissez dans la liste quelle sorte de propos vous écrivez."),
        },
    )
    provenance = forms.ChoiceField(
        label=_("D’où la tenez-vous ?"),
        choices=[("", _("Choisir…")), *Item.Provenance.choices],
        error_messages={
            "required": _("Choisissez d’où vous tenez cette information."),
            "invalid_choice": _("Choisissez dans la liste d’où vous tenez cette information."),
        },
    )
    provenance_detail = PlainTextField(
        label=_("Précision"),
        help_text=_("Par exemple : entretien à domicile, certificat du 3 octobre, appel de l’école."),
        most=200,
        required=False,
    )
    origin = forms.ChoiceField(
        label=_("Dans quel cadre l’avez-vous apprise ?"),
        choices=Item.Origin.choices,
        required=False,
        help_text=_(
            "Ce qui vient d’une information préoccupante ou d’un contrôle est réservé à ce pour quoi on l’a recueilli."
        ),
    )
    third_parties = PlainLinesField(
        label=_("Autres personnes dont elle parle"),
        help_text=_("Une par ligne. Elles sont protégées aussi : laissez vide si elle ne parle de personne d’autre."),
        most=120,
        required=False,
    )
    observed_on = day_field(_("Date des faits ou du propos"), required=_("Indiquez de quand date cette information."))

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = vocabulary()
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choisir…")),
            *(
                (
                    wording.worded(family),
                    [(one.code, wording.worded(one)) for one in words.categories.values() if one.family == family.code],
                )
                for family in words.families.values()
            ),
        ]
        self.fields["nature"].choices = [(one.code, wording.worded(one)) for one in words.natures.values()]  # type: ignore[attr-defined]

    def clean_observed_on(self) -> date:
        day: date = self.cleaned_data["observed_on"]
        if day > clock.day_of(clock.now()):
            raise forms.ValidationError(gettext("Cette date est dans l’avenir : écrivez de quand datent les faits."))
        if day < OLDEST_BIRTH:
            raise forms.ValidationError(gettext("Cette date est antérieure à 1900 : vérifiez l’année."))
        return day


class AssignForm(forms.Form):
    """Let a colleague of the same institution follow the case."""

    membership = forms.ChoiceField(
        label=_("Qui ?"),
        error_messages={
            "required": _("Choisissez une collègue ou un collègue."),
            "invalid_choice": _("Choisissez dans la liste : cette personne ne travaille plus dans votre service."),
        },
    )
    kind = forms.ChoiceField(
        label=_("En quelle qualité ?"), choices=Assignment.Kind.choices, initial=Assignment.Kind.COLLEAGUE
    )
    reason = PlainTextField(
        label=_("Pourquoi ?"),
        help_text=_("Une phrase. Le journal la garde."),
        most=300,
        error_messages={"required": _("Indiquez pourquoi cette personne doit suivre la situation.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, colleagues: list[Membership], following: set[UUID], **options: Any) -> None:
        """`colleagues`: everybody of the institution. Those of `following` are not offered, yet accepted: a form sent
        twice, or by two people, names who has just come to follow, and the act answers that she already does.
        """
        super().__init__(*args, **options)
        self.by_id = {str(one.pk): one for one in colleagues}
        names = {key: f"{one.professional.full_name}, {one.job_title}" for key, one in self.by_id.items()}
        field = self.fields["membership"]  # to the stubs a plain field, without choices of its own
        field.choices = list(names.items())  # type: ignore[attr-defined]
        offered = [(key, name) for key, name in names.items() if self.by_id[key].pk not in following]
        field.widget.choices = [("", gettext("Choisir…")), *offered]

    def chosen(self) -> Membership:
        """The colleague chosen in a valid form."""
        return self.by_id[self.cleaned_data["membership"]]


class EndForm(forms.Form):
    """End somebody's following of the case."""

    reason = PlainTextField(
        label=_("Pourquoi ?"),
        most=300,
        error_messages={"required": _("Indiquez pourquoi ce suivi se termine (au moins une phrase).")},
    )

    use_required_attribute = False
