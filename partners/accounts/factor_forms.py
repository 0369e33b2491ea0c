"""What is typed about a second factor: a code, the name of a key, what a browser answers for a key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.fields import PlainTextField

from .factor_acts import NAME_MOST

CREDENTIAL_MOST = 20_000
"""Characters that a browser may answer for a key: a large attestation is a few thousand."""


def code_field(label: Any, **options: Any) -> forms.CharField:
    """A code, typed or pasted with its spaces."""
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autocapitalize": "off",
            }
        ),
        error_messages={"required": _("Écrivez le code.")},
        **options,
    )


def name_field() -> PlainTextField:
    """The name that she gives a key."""
    return PlainTextField(
        label=_("Nom de cette clé"),
        help_text=_("Pour la reconnaître : « téléphone », « clé du bureau »…"),
        most=NAME_MOST,
        error_messages={"required": _("Donnez un nom à cette clé.")},
    )


class CodeForm(forms.Form):
    """At sign-in: a code of the application, or a recovery code."""

    code = code_field(_("Code à six chiffres de votre application, ou code de secours"))
    use_required_attribute = False


class NewApplicationForm(forms.Form):
    """The code that a new application shows, which proves that it was well set."""

    code = code_field(_("Code à six chiffres que l’application affiche maintenant"))
    use_required_attribute = False


class CredentialForm(forms.Form):
    """What the browser answers for a key; its page's script fills it."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=CREDENTIAL_MOST)


class NewKeyForm(forms.Form):
    """The name of a new key, whether it signs in alone, and what the browser answered."""

    name = name_field()
    alone = forms.BooleanField(
        label=_(
            "Me connecter avec cette clé seule, sans mot de passe : elle demandera votre doigt, votre visage ou son code."
        ),
        required=False,
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=CREDENTIAL_MOST)
    use_required_attribute = False


class KeyNameForm(forms.Form):
    """Another name for a key."""

    name = name_field()
    use_required_attribute = False
