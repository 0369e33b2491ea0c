"""The question that goes with a proof: from which head, kept earlier, it must lead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Checkpoint


class EarlierHeadForm(forms.Form):
    """Which head of the log, kept from an earlier day, the proof must lead from; none is asked where it is left empty."""

    since = forms.IntegerField(
        label=_("Nombre d’entrées de la tête gardée"),
        help_text=_("Il est écrit dans le dossier que vous avez gardé : LISEZ-MOI.html, « Nombre d’entrées »."),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_since(self) -> Checkpoint | None:
        """The head that was published at this size. Raises ValidationError where none was."""
        size = self.cleaned_data["since"]
        if size is None:
            return None
        head = Checkpoint.objects.filter(size=size).first()
        if head is None:
            raise forms.ValidationError(
                _(
                    "Le journal n’a publié aucune tête de ce nombre d’entrées. Vérifiez le nombre ; s’il est bien celui d’un"
                    " dossier que vous avez gardé, gardez ce dossier et prévenez la protection des données : le journal a pu"
                    " être réécrit."
                ),
                code="unknown",
            )
        return head
