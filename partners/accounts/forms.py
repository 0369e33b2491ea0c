"""What people type to sign in."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(allauth_forms.LoginForm):
    """An e-mail address and a password. One sentence for every failure: it never says which of the two was wrong."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = forms.EmailField(
            label=_("Adresse e-mail professionnelle"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
            error_messages={
                "required": _("Indiquez votre adresse e-mail professionnelle."),
                "invalid": _("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr."),
            },
        )
        self.fields["password"] = forms.CharField(
            label=_("Mot de passe"),
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Indiquez votre mot de passe.")},
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).lower()
