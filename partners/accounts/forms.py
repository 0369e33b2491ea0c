"""What people type to sign in, and about their password."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Professional

from . import passwords, waiting

ADDRESS_ERRORS = {
    "required": gettext_lazy("Indiquez votre adresse e-mail professionnelle."),
    "invalid": gettext_lazy("Écrivez l’adresse e-mail en entier, par exemple prenom.nom@service.fr."),
}


def address_field(**more: Any) -> forms.EmailField:
    """An e-mail address, in lower case once it is clean."""
    return forms.EmailField(
        label=gettext_lazy("Adresse e-mail professionnelle"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages=ADDRESS_ERRORS,
        **more,
    )


def password_field(label: Any, *, required: Any, new: bool = False) -> forms.CharField:
    """A password, kept as it is typed or pasted; a new one says its rule."""
    return forms.CharField(
        label=label,
        help_text=passwords.RULE if new else "",
        strip=False,
        max_length=passwords.MOST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        error_messages={"required": required},
    )


class SignInForm(allauth_forms.LoginForm):
    """An e-mail address and a password. One sentence for every failure: it never says which of the two was wrong."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = address_field()
        self.fields["password"] = password_field(
            gettext_lazy("Mot de passe"), required=gettext_lazy("Indiquez votre mot de passe.")
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"]).lower()


class TwiceMixin:
    """A new password, typed twice, and checked against the rule and her own name."""

    fields: dict[str, forms.Field]

    def ask_twice(self, user: Professional | None) -> None:
        """Put the house's two fields in the place of allauth's."""
        self.whose = user
        self.fields["password1"] = password_field(
            gettext_lazy("Nouveau mot de passe"), required=gettext_lazy("Choisissez un mot de passe."), new=True
        )
        self.fields["password2"] = password_field(
            gettext_lazy("Le même, encore une fois"), required=gettext_lazy("Écrivez-le une deuxième fois."), new=True
        )
        self.fields["password2"].help_text = ""

    def clean_password1(self) -> str:
        written: str = self.cleaned_data["password1"]  # type: ignore[attr-defined]
        validate_password(written, self.whose)
        return written

    def clean_password2(self) -> str:
        given: dict[str, str] = self.cleaned_data  # type: ignore[attr-defined]
        if "password1" in given and given["password1"] != given["password2"]:
            raise forms.ValidationError(_("Les deux ne sont pas les mêmes : écrivez-les de nouveau."))
        return given["password2"]


class ChangePasswordForm(TwiceMixin, allauth_forms.ChangePasswordForm):
    """The password of today, and the one of tomorrow."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"] = password_field(
            gettext_lazy("Mot de passe d’aujourd’hui"), required=gettext_lazy("Indiquez votre mot de passe.")
        )
        self.ask_twice(self.user)
        self.order_fields(["oldpassword", "password1", "password2"])

    def clean_oldpassword(self) -> str:
        """Whoever found the page open does not guess her password there."""
        given: str = self.cleaned_data["oldpassword"]
        admitted = waiting.admit_own(self.user)
        if not self.user.check_password(given):
            raise get_adapter().validation_error("enter_current_password")
        waiting.forgive(admitted)
        return given


class NewPasswordForm(TwiceMixin, allauth_forms.ResetPasswordKeyForm):
    """The new password, by the link of a letter."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask_twice(self.user)


class AskResetForm(forms.Form):
    """The address to which the letter would go."""

    use_required_attribute = False
    email = address_field()

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def whose(self) -> Professional | None:
        """Who has this address, a password here, and an open account: one look-up, whatever it finds."""
        found = Professional.objects.filter(email=self.cleaned_data["email"], is_active=True).first()
        return found if found is not None and found.has_usable_password() else None
