"""What is asked of somebody who makes a token: its name, for which service, what it may, until when, from where."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import confirming
from partners.fields import PlainLinesField, PlainTextField
from partners.models import Membership
from sharing.api.scopes import EXPLAINED, Scope
from sharing.api.tokens import NETWORKS_MOST, TokenError, networks_of
from sharing.models.tokens import LONGEST

USUAL = timedelta(days=90)


class TokenForm(forms.Form):
    """Nothing is chosen beforehand but the end: a token may what was ticked, and nothing else."""

    name = PlainTextField(
        label=gettext_lazy("À quoi ce jeton servira-t-il ?"),
        help_text=gettext_lazy("Le nom du logiciel, pour le reconnaître dans la liste. Aucun nom de personne."),
        most=80,
        error_messages={"required": gettext_lazy("Donnez un nom à ce jeton, par exemple celui du logiciel.")},
    )
    membership = forms.ChoiceField(
        label=gettext_lazy("Pour quel service agira-t-il ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez pour quel service ce jeton agit."),
            "invalid_choice": gettext_lazy(
                "Choisissez un service dans la liste : ce rattachement n’est plus en vigueur."
            ),
        },
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Que permettra-t-il ?"),
        choices=Scope.choices,
        error_messages={"required": gettext_lazy("Choisissez au moins une chose que ce jeton permet.")},
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Jusqu’à quel jour ?"),
        help_text=gettext_lazy("Un an au plus. Un jeton court se remplace plus vite s’il se perd."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Dites jusqu’à quel jour ce jeton sert."),
            "invalid": gettext_lazy("Écrivez un jour, par exemple 31/12/2026."),
        },
    )
    networks = PlainLinesField(
        label=gettext_lazy("Depuis quels réseaux ?"),
        help_text=gettext_lazy(
            "Une adresse ou un réseau par ligne, par exemple 192.0.2.0/24. Présenté d’ailleurs, le jeton est refusé et vous êtes "
            "averti·e. Vide : de partout."
        ),
        most=49,
        many=NETWORKS_MOST,
        required=False,
    )
    calls_a_day = forms.IntegerField(
        label=gettext_lazy("Combien d’appels par jour, au plus ?"),
        min_value=1,
        error_messages={
            "required": gettext_lazy("Dites combien d’appels ce jeton peut faire en un jour."),
            "min_value": gettext_lazy("Un appel par jour au moins."),
        },
    )
    password = confirming.field()

    use_required_attribute = False

    def __init__(self, *args: Any, memberships: list[Membership], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_id = {str(one.pk): one for one in memberships}
        self.today = today
        for_whom: Any = self.fields["membership"]
        for_whom.choices = [(pk, f"{one.institution.name} · {one.job_title}") for pk, one in self.by_id.items()]
        if len(memberships) == 1:
            for_whom.initial = str(memberships[0].pk)
        most: Any = self.fields["calls_a_day"]
        most.initial = most.max_value = settings.API_CALLS_A_DAY
        most.widget.attrs |= {"max": settings.API_CALLS_A_DAY, "inputmode": "numeric"}
        self.fields["expires_on"].initial = today + USUAL

    def clean_membership(self) -> Membership:
        return self.by_id[self.cleaned_data["membership"]]

    def clean_expires_on(self) -> date:
        until: date = self.cleaned_data["expires_on"]
        if not self.today <= until < self.today + LONGEST:
            raise forms.ValidationError(_("Choisissez un jour entre aujourd’hui et dans un an."))
        return until

    def clean_networks(self) -> list[str]:
        try:
            return networks_of(self.cleaned_data["networks"])
        except TokenError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_calls_a_day(self) -> int:
        many: int = self.cleaned_data["calls_a_day"]
        if many > settings.API_CALLS_A_DAY:
            raise forms.ValidationError(_("%(most)d appels par jour au plus.") % {"most": settings.API_CALLS_A_DAY})
        return many

    def scope_lines(self) -> list[dict[str, Any]]:
        """Each thing that may be ticked, with what it lets a program do."""
        ticked = set(self["scopes"].value() or [])
        return [
            {"value": one.value, "label": one.label, "hint": EXPLAINED[one], "checked": one.value in ticked}
            for one in Scope
        ]
