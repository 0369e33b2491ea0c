"""What people choose to say for whom they act."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Membership


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
