"""Who takes an agreement back, and how it was said: asked by the page and by the API alike."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, Representative
from consent.models import Form
from consent.speakers import HERSELF, speakers_for
from partners import clock
from partners.fields import PlainTextField


class WithdrawalForm(forms.Form):
    """Who says it, and how; nothing else is asked, no reason least of all."""

    speaker = forms.ChoiceField(
        label=gettext_lazy("Qui le retire ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites qui retire l’accord."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, qui retire l’accord."),
        },
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Comment l’a-t-elle dit ?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites comment la personne a retiré son accord."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, comment la personne a retiré son accord."),
        },
    )
    own_words = PlainTextField(
        label=gettext_lazy("Ses propres mots"),
        help_text=gettext_lazy("Seulement si elle souhaite les dire."),
        most=600,
        lines=2,
        required=False,
    )

    def __init__(self, data: Any, *, speakers: Sequence[tuple[str, str]], givers: Collection[str]) -> None:
        super().__init__(data)
        # Where one person gave what is taken back, it is hers to take back: nothing more is asked of her than of giving.
        self._giver = next(iter(givers)) if len(givers) == 1 else ""
        if len(speakers) > 1:
            self.fields["speaker"].choices = speakers  # type: ignore[attr-defined]
            self.fields["speaker"].required = not self._giver
            self.fields["speaker"].initial = self._giver
        else:
            del self.fields["speaker"]
            self._giver = speakers[0][0] if speakers else HERSELF

    @property
    def said_by(self) -> str:
        """The code of who takes it back."""
        return str(self.cleaned_data.get("speaker") or self._giver)


def code_of(one: Representative | None) -> str:
    """How a form names who speaks."""
    return str(one.pk) if one else HERSELF


def takers(case: Case, givers: Sequence[Representative | None]) -> dict[str, tuple[str, Representative | None]]:
    """Those who may take it back: whoever gave it, and those who decide today, each once. The code, the label, who it is."""
    found: dict[str, tuple[str, Representative | None]] = {}
    for one in givers:
        found[code_of(one)] = (str(one) if one else _("La personne elle-même"), one)
    for speaker in speakers_for(case.person, clock.now()).people:
        found.setdefault(speaker.code, (str(speaker.representative or speaker.label), speaker.representative))
    return found
