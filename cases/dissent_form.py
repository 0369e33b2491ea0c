"""Who sees it otherwise, and in what words."""

from django import forms
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField

from .models import DissentNote

MOST = 2_000
VOICES = (
    (DissentNote.Voice.PERSON, gettext_lazy("La personne")),
    (DissentNote.Voice.REPRESENTATIVE, gettext_lazy("Un parent ou un représentant")),
    (DissentNote.Voice.PROFESSIONAL, gettext_lazy("Moi, comme professionnel·le")),
)


class DissentForm(forms.Form):
    """A note of dissent; nothing is chosen beforehand."""

    voice = forms.ChoiceField(
        label=gettext_lazy("Qui voit les choses autrement ?"),
        choices=VOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites qui voit les choses autrement."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste qui voit les choses autrement."),
        },
    )
    text = PlainTextField(
        label=gettext_lazy("Ce qu’elle ou il en dit"),
        help_text=gettext_lazy(
            "Avec ses mots, entre guillemets si ce sont les siens. Cette note ne se modifie plus, et suit l’information partout "
            "où elle sera communiquée."
        ),
        most=MOST,
        lines=5,
        error_messages={"required": gettext_lazy("Écrivez ce que voit autrement la personne qui parle.")},
    )
