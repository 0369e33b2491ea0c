"""What is asked to invite somebody, to say what was seen of a proof, to change functions, to end a post."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import confirming
from partners.fields import PlainTextField
from partners.models import Function, Membership, SecrecyStatus
from partners.tending import SENTENCE_MOST
from partners.vocabulary import vocabulary
from partners.wording import worded

from .posts import JOB_MOST, NAME_MOST, PROOF_MOST, TITLE_MOST, Post, may_give

STATUSES = [(one.value, one.label) for one in SecrecyStatus]


def role_choices() -> list[tuple[str, str]]:
    """Those who may have an account, by their label."""
    found = [(one.code, worded(one)) for one in vocabulary().roles.values() if one.bound in SecrecyStatus.values]
    return sorted(found, key=lambda one: one[1])


def _name(label: Any, missing: Any, autocomplete: str) -> PlainTextField:
    return PlainTextField(
        label=label,
        most=NAME_MOST,
        widget=forms.TextInput(attrs={"maxlength": NAME_MOST, "autocomplete": autocomplete}),
        error_messages={"required": missing},
    )


def _title() -> PlainTextField:
    return PlainTextField(
        label=gettext_lazy("Civilité"), most=TITLE_MOST, required=False, help_text=gettext_lazy("Mme, M., Dr.")
    )


class InviteForm(forms.Form):
    """Who, as what, bound by what, to do what."""

    email = forms.EmailField(
        label=gettext_lazy("Son adresse e-mail professionnelle"),
        help_text=gettext_lazy("La sienne, et non une boîte partagée : c’est elle qui recevra le lien."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Écrivez son adresse e-mail professionnelle."),
            "invalid": gettext_lazy("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr."),
        },
    )
    title = _title()
    first_name = _name(gettext_lazy("Prénom"), gettext_lazy("Écrivez son prénom."), "off")
    last_name = _name(gettext_lazy("Nom"), gettext_lazy("Écrivez son nom."), "off")
    role = forms.ChoiceField(
        label=gettext_lazy("Profession ou mission"),
        help_text=gettext_lazy("Elle dit ce que la loi permet de lui communiquer."),
        error_messages={
            "required": gettext_lazy("Choisissez sa profession ou sa mission."),
            "invalid_choice": gettext_lazy("Choisissez sa profession ou sa mission dans la liste."),
        },
    )
    job_title = PlainTextField(
        label=gettext_lazy("Intitulé du poste"),
        help_text=gettext_lazy("Comme l’annuaire le dira, par exemple : assistante sociale de secteur."),
        most=JOB_MOST,
        error_messages={"required": gettext_lazy("Écrivez l’intitulé de son poste.")},
    )
    secrecy_status = forms.ChoiceField(
        label=gettext_lazy("Ce qui la lie au secret"),
        help_text=gettext_lazy("Laissez tel quel si sa profession le dit. Quelqu’un d’autre en verra la preuve."),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choisissez dans la liste ce qui la lie au secret.")},
    )
    secrecy_proof = PlainTextField(
        label=gettext_lazy("Sur quel texte ou quel acte"),
        help_text=gettext_lazy("Par exemple : CASF L411-3, lettre de mission du 3 mars."),
        most=PROOF_MOST,
        required=False,
    )
    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qu’elle fait dans Tact, outre son métier"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choisissez ses fonctions dans la liste.")},
    )
    receives_for_service = forms.BooleanField(
        label=gettext_lazy("Elle reçoit aussi ce qui est adressé à tout le service"), required=False
    )

    use_required_attribute = False

    def __init__(self, *args: Any, by: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", _("Choisissez")), *role_choices()]  # type: ignore[attr-defined]
        self.fields["secrecy_status"].choices = [("", _("Ce que dit sa profession")), *STATUSES]  # type: ignore[attr-defined]
        given = [(one, str(Function(one).label).capitalize()) for one in may_give(by)]
        if given:
            self.fields["functions"].choices = given  # type: ignore[attr-defined]
        else:
            del self.fields["functions"]

    def post(self) -> Post:
        """What was described, in a valid form."""
        told = {**self.cleaned_data, "functions": tuple(self.cleaned_data.get("functions", ()))}
        return Post(**told)


class SecrecyForm(forms.Form):
    """What was seen of a proof, and what it proves."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Ce que vous avez vu prouve-t-il ce statut ?"),
        choices=[
            ("proven", gettext_lazy("Oui : je l’ai vu de mes yeux")),
            ("refused", gettext_lazy("Non : ce statut n’est pas prouvé")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si ce que vous avez vu prouve ce statut."),
            "invalid_choice": gettext_lazy("Dites si ce que vous avez vu prouve ce statut."),
        },
    )
    status = forms.ChoiceField(label=gettext_lazy("Statut"), choices=STATUSES)
    proof = PlainTextField(
        label=gettext_lazy("Sur quel texte ou quel acte il repose"),
        help_text=gettext_lazy("Par exemple : CASF L411-3, arrêté de nomination."),
        most=PROOF_MOST,
        required=False,
    )
    seen = PlainTextField(
        label=gettext_lazy("Ce que vous avez vu"),
        help_text=gettext_lazy("Par exemple : carte professionnelle, arrêté du 3 mars. Ne gardez aucune copie."),
        most=PROOF_MOST,
        error_messages={"required": gettext_lazy("Dites ce que vous avez vu : une carte, un arrêté, un contrat.")},
    )

    use_required_attribute = False


class FunctionsForm(forms.Form):
    """What she does from now on, and why."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qu’elle fait dans Tact, outre son métier"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choisissez ses fonctions dans la liste.")},
    )
    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, qui reste au journal."),
        most=SENTENCE_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : elle reste au journal.")},
    )
    password = confirming.field()

    use_required_attribute = False

    def __init__(self, *args: Any, by: Membership, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = set(may_give(by))
        self.kept = tuple(one for one in membership.functions if one not in offered)
        self.fields["functions"].choices = [  # type: ignore[attr-defined]
            (one, str(Function(one).label).capitalize()) for one in Function.values if one in offered
        ]

    def wanted(self) -> tuple[str, ...]:
        """What she would do, those that are not the asker's to change included."""
        return (*self.kept, *self.cleaned_data["functions"])


class SecondForm(forms.Form):
    """What a second person answers."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[("accept", gettext_lazy("J’accepte ce changement")), ("refuse", gettext_lazy("Je refuse"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous acceptez, ou si vous refusez."),
            "invalid_choice": gettext_lazy("Dites si vous acceptez, ou si vous refusez."),
        },
    )
    sentence = PlainTextField(
        label=gettext_lazy("Pourquoi vous refusez"),
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=2,
        required=False,
    )
    password = confirming.field()

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "refuse" and "sentence" not in self.errors and not cleaned.get("sentence"):
            self.add_error("sentence", _("Dites pourquoi vous refusez, en une phrase."))
        return cleaned


class EndForm(forms.Form):
    """When she leaves, and why."""

    when = forms.ChoiceField(
        label=gettext_lazy("Quand ?"),
        choices=[
            ("now", gettext_lazy("Maintenant : tout se ferme à sa prochaine page")),
            ("day", gettext_lazy("Après un dernier jour")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si c’est maintenant, ou après un dernier jour."),
            "invalid_choice": gettext_lazy("Dites si c’est maintenant, ou après un dernier jour."),
        },
    )
    last_day = forms.DateField(
        label=gettext_lazy("Son dernier jour"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez le jour ainsi : 31/12/2026.")},
    )
    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Par exemple : mutation, fin de contrat. Rien de sa vie privée."),
        most=SENTENCE_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : elle reste au journal.")},
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "day" and "last_day" not in self.errors and cleaned.get("last_day") is None:
            self.add_error("last_day", _("Choisissez son dernier jour."))
        return cleaned

    def day(self) -> date | None:
        """Her last day; None where it is now."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "day" else None
