"""What the DPO says of an incident: what was done, in her words."""

from django import forms
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from sharing.models import IncidentAct

MOST = 2_000
SAID = (
    (IncidentAct.Kind.NOTED, gettext_lazy("Je note où j’en suis")),
    (IncidentAct.Kind.PERSON_TOLD, gettext_lazy("La personne est informée")),
    (IncidentAct.Kind.AUTHORITY_TOLD, gettext_lazy("La CNIL est notifiée")),
    (IncidentAct.Kind.CLOSED, gettext_lazy("Je clos l’incident")),
)


class ActForm(forms.Form):
    """One thing that was done, and how."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Qu’avez-vous fait ?"),
        choices=SAID,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez ce que vous avez fait."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste ce que vous avez fait."),
        },
    )
    text = PlainTextField(
        label=gettext_lazy("En quelques mots"),
        help_text=gettext_lazy(
            "Qui, quand, comment, sous quelle référence. Pour clore : pourquoi, et ce qui a été dit à la personne. Ce texte ne "
            "s’efface pas : sans détail de la situation."
        ),
        most=MOST,
        lines=4,
        error_messages={"required": gettext_lazy("Dites en quelques mots ce qui a été fait, ou pourquoi.")},
    )
