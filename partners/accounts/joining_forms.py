"""What the invited person says of herself, and the password that she chooses."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from partners.models import Invitation, Professional

from .joining import NewAccount
from .posts import NAME_MOST, TITLE_MOST

PASSWORD_MOST = 200


def _password(label: Any, hint: Any, missing: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=PASSWORD_MOST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": missing},
    )


class NameForm(forms.Form):
    """Her name as she writes it."""

    title = PlainTextField(
        label=gettext_lazy("Civilité"), most=TITLE_MOST, required=False, help_text=gettext_lazy("Mme, M., Dr.")
    )
    first_name = PlainTextField(
        label=gettext_lazy("Prénom"),
        most=NAME_MOST,
        widget=forms.TextInput(attrs={"maxlength": NAME_MOST, "autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Écrivez votre prénom.")},
    )
    last_name = PlainTextField(
        label=gettext_lazy("Nom"),
        most=NAME_MOST,
        widget=forms.TextInput(attrs={"maxlength": NAME_MOST, "autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("Écrivez votre nom.")},
    )

    use_required_attribute = False

    def account(self) -> NewAccount:
        """Who she says she is, in a valid form; she enters by ProConnect."""
        told = self.cleaned_data
        return NewAccount(
            title=told["title"], first_name=told["first_name"], last_name=told["last_name"], password=None
        )


class JoinForm(NameForm):
    """Her name, and a password twice."""

    password = _password(
        gettext_lazy("Mot de passe"),
        gettext_lazy("Douze caractères au moins : une phrase que vous seul·e pourriez dire. Rien d’autre n’est exigé."),
        gettext_lazy("Choisissez un mot de passe."),
    )
    again = _password(
        gettext_lazy("Le même, une seconde fois"), "", gettext_lazy("Écrivez le mot de passe une seconde fois.")
    )

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = invitation.email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password and "again" in cleaned and password != cleaned["again"]:
            self.add_error("again", _("Les deux mots de passe ne sont pas les mêmes."))
        if password:
            told = Professional(
                email=self.email, first_name=cleaned.get("first_name", ""), last_name=cleaned.get("last_name", "")
            )
            try:
                password_validation.validate_password(password, told)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def account(self) -> NewAccount:
        """Who she says she is, in a valid form."""
        return replace(super().account(), password=self.cleaned_data["password"])
