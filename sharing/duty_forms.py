"""What is asked of somebody who does what she owes: how and when it was done, why it waits, what was wrong."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms import ISO_DAY, REEXAMINATIONS, full_date
from partners.fields import PlainTextField

MOST = 600
WITHOUT_CONTENT = gettext_lazy("En peu de mots, sans nom ni détail de la situation.")


class DischargeForm(forms.Form):
    """How it was done, and on which day."""

    how = PlainTextField(
        label="",
        help_text=WITHOUT_CONTENT,
        most=MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites en quelques mots comment cela a été fait.")},
    )
    done_on = forms.DateField(
        label=gettext_lazy("Quel jour ?"),
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Dites quel jour cela a été fait."),
            "invalid": gettext_lazy("Écrivez la date ainsi : 21/11/2026."),
        },
    )

    def __init__(self, *args: Any, ask: str, today: date, since: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.since = today, since
        self.fields["how"].label = ask
        self.fields["done_on"].initial = today
        self.fields["done_on"].widget.attrs |= {"min": since.isoformat(), "max": today.isoformat()}

    def clean_done_on(self) -> date:
        day: date = self.cleaned_data["done_on"]
        if day > self.today:
            raise ValidationError(_("Le jour où cela a été fait ne peut pas être dans l’avenir."))
        if day < self.since:
            raise ValidationError(_("Le jour où cela a été fait ne peut pas précéder la communication."))
        return day


class PostponeForm(forms.Form):
    """Why she is still not told, and when that is looked at again."""

    reason = PlainTextField(
        label="",
        help_text=gettext_lazy(
            "Par exemple : pression sur l’enfant, disparition d’une preuve, départ précipité. Parlez-en à un collègue."
        ),
        most=MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites quel risque précis l’information ferait encore courir.")},
    )
    decided_with = PlainTextField(
        label=gettext_lazy("Décidé avec qui ?"),
        help_text=gettext_lazy("Un nom ou une fonction : on ne diffère pas seul une information."),
        most=120,
        error_messages={"required": gettext_lazy("Dites avec qui c’est décidé : un nom ou une fonction.")},
    )
    again_in = forms.TypedChoiceField(
        label=gettext_lazy("Quand réexaminer ?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites quand vous réexaminerez : sous 15 jours au plus."),
            "invalid_choice": gettext_lazy("Choisissez une date dans la liste : sous 15 jours au plus."),
        },
    )

    def __init__(self, *args: Any, ask: str, today: date, with_a_colleague: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        if not with_a_colleague:
            del self.fields["decided_with"]
        self.fields["reason"].label = ask
        self.fields["again_in"].choices = [  # type: ignore[attr-defined]
            (days, _("Dans %(days)d jours, le %(day)s") % {"days": days, "day": full_date(self._on(days))})
            for days in REEXAMINATIONS
        ]

    def _on(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def until(self) -> date:
        """The last day of the report."""
        return self._on(self.cleaned_data["again_in"])


class ReopenForm(forms.Form):
    """What was wrong with what was held for done."""

    why = PlainTextField(
        label=gettext_lazy("Qu’est-ce qui n’allait pas ?"),
        help_text=WITHOUT_CONTENT,
        most=MOST,
        lines=2,
        error_messages={"required": gettext_lazy("Dites en quelques mots ce qui n’allait pas.")},
    )
