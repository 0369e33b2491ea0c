"""What people type to sign in, and to say for whom they act."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from .models import Membership


class SignInForm(AuthenticationForm):
    """An e-mail address and a password. One sentence for every failure: it never says which of the two was wrong."""

    username = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": _("Indiquez votre adresse e-mail professionnelle."),
            "invalid": _("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr."),
        },
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Indiquez votre mot de passe.")},
    )
    wrong = _("Adresse ou mot de passe incorrect. Vérifiez les deux, puis réessayez.")
    error_messages = {"invalid_login": wrong, "inactive": wrong}

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ActAsForm(forms.Form):
    """One of one's own memberships in force."""

    membership = forms.ChoiceField(
        error_messages={
            "required": _("Choisissez pour quel service vous agissez."),
            "invalid_choice": _("Choisissez un service dans la liste : ce rattachement n’est plus en vigueur."),
        }
    )

    def __init__(self, *args: Any, memberships: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership"].choices = [(str(one.pk), str(one.institution)) for one in memberships]  # type: ignore[attr-defined]
        self.by_id = {str(one.pk): one for one in memberships}

    def chosen(self) -> Membership:
        """The membership chosen in a valid form."""
        return self.by_id[self.cleaned_data["membership"]]
