"""The words that go with what comes back. A return or a recall requires none: neither may ever be held up by a form."""

from django import forms
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from sharing.returning.acts import LONGEST


class SendBackForm(forms.Form):
    """An optional word to the sender."""

    reason = PlainTextField(
        label=gettext_lazy("Un mot pour l’expéditeur"),
        help_text=gettext_lazy(
            "Par exemple : je ne travaille plus dans ce service ; je ne connais pas cette personne."
        ),
        most=LONGEST,
        lines=2,
        required=False,
    )


class RecallForm(forms.Form):
    """Why it is recalled, and whether it reached somebody for whom it was not."""

    reason = PlainTextField(
        label=gettext_lazy("Pourquoi la rappeler ?"),
        help_text=gettext_lazy("Ce motif reste dans votre institution : le destinataire ne le voit pas."),
        most=LONGEST,
        lines=3,
        required=False,
    )
    wrong_recipient = forms.BooleanField(
        label=gettext_lazy("Elle est arrivée chez quelqu’un à qui elle n’était pas destinée"),
        help_text=gettext_lazy("Un incident s’ouvre alors, et la protection des données est prévenue."),
        required=False,
    )


class QuestionForm(forms.Form):
    """What is not understood, or why it is still needed."""

    question = PlainTextField(
        label=gettext_lazy("Votre question"),
        help_text=gettext_lazy(
            "Dites quelle décision dépend de la réponse. Ne nommez pas la personne : la référence suffit."
        ),
        most=LONGEST,
        lines=4,
        error_messages={
            "required": gettext_lazy("Écrivez ce que vous avez besoin de savoir, et pour quelle décision.")
        },
    )
