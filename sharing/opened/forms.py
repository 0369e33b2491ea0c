"""What the page may be narrowed to: a period, one person, what was refused; and for whom the paper is made."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.clock import end_of, start_of

EVERYDAY, EASY = "everyday", "falc"
HERSELF, CHILD, PARENTS = "herself", "child", "parents"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class OpenedForm(forms.Form):
    """A period in Paris, its two days included; one of those who appear; what was granted or refused."""

    since = _day(_("Du"))
    until = _day(_("Au"))
    who = forms.ChoiceField(label=_("Qui"), required=False)
    access = forms.ChoiceField(
        label=_("Accès"),
        required=False,
        choices=[("", _("Tous")), ("yes", _("Ouverts")), ("no", _("Refusés"))],
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        who: Any = self.fields["who"]
        who.choices = [("", _("Tout le monde")), *people]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("Le dernier jour vient avant le premier : échangez-les."))
        return cleaned

    def condition(self) -> Q:
        """Everything asked for, together. Only once the form is valid."""
        asked, found = self.cleaned_data, Q()
        if since := asked["since"]:
            found &= Q(at__gte=start_of(max(since, date(1970, 1, 2))))
        if until := asked["until"]:
            found &= Q(at__lt=end_of(until))
        if asked["who"]:
            found &= Q(membership_ref=asked["who"])
        if asked["access"]:
            found &= Q(granted=asked["access"] == "yes")
        return found


class PaperForm(forms.Form):
    """For whom the paper is, and in which words; of a minor, her own or her parents'."""

    whom = forms.ChoiceField(label=_("À qui le remettez-vous ?"), widget=forms.RadioSelect)
    version = forms.ChoiceField(
        label=_("Avec quels mots ?"),
        choices=[(EVERYDAY, _("Les mots de tous les jours")), (EASY, _("Facile à lire"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        whom: Any = self.fields["whom"]
        if not minor:
            del self.fields["whom"]
            return
        whom.choices = [(CHILD, _("À l’enfant")), (PARENTS, _("À ses parents"))]
        del self.fields["version"]

    @property
    def audience(self) -> str:
        """For whom. Only once the form is valid."""
        return str(self.cleaned_data.get("whom") or HERSELF)

    @property
    def easy(self) -> bool:
        """Whether in easy words; a child's always are. Only once the form is valid."""
        return self.cleaned_data.get("version") == EASY
