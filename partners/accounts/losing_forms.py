"""What is asked of who reports a loss, and of who answers it."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners import confirming
from partners.confirming import Ways
from partners.fields import PlainTextField
from partners.models import FactorLoss, Membership, Professional
from partners.tending import SENTENCE_MOST


class ConfirmedForm(forms.Form):
    """A form that may ask who holds the keyboard."""

    password = confirming.field()
    use_required_attribute = False

    def is_confirmed(self, request: HttpRequest, asks: Ways | None, at: datetime) -> bool:
        """Whether nothing is asked, or she proves it; what is wrong is said by its field, and nothing typed is lost."""
        wrong = confirming.refused(request, self.cleaned_data["password"], at) if asks else None
        if wrong:
            self.add_error("password", wrong)
        return wrong is None


class LossForm(ConfirmedForm):
    """Whose second factor is lost, how she was recognised, what is lost."""

    who = forms.ChoiceField(
        label=_("Qui a perdu son second facteur ?"),
        error_messages={
            "required": _("Choisissez la personne."),
            "invalid_choice": _(
                "Choisissez une personne de la liste : celles de votre institution qui ont un second facteur."
            ),
        },
    )
    recognised = forms.ChoiceField(
        label=_("Comment l’avez-vous reconnue ?"),
        help_text=_(
            "Un appel ou un e-mail reçu ne suffit pas : rappelez-la à un numéro que le service connaissait déjà."
        ),
        choices=FactorLoss.Recognised.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment vous l’avez reconnue.")},
    )
    why = PlainTextField(
        label=_("Qu’est-ce qui est perdu ?"),
        help_text=_("Une phrase : « téléphone volé », « téléphone changé sans reprendre l’application »…"),
        most=SENTENCE_MOST,
        error_messages={"required": _("Dites ce qui est perdu, en une phrase.")},
    )

    def __init__(self, *args: Any, colleagues: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_id = {str(one.professional_id): one.professional for one in colleagues}
        labels = [(str(one.professional_id), f"{one.professional.full_name}, {one.job_title}") for one in colleagues]
        self.fields["who"].choices = [("", _("Choisir…")), *labels]  # type: ignore[attr-defined]
        self.order_fields(["who", "recognised", "why", "password"])

    def loser(self) -> Professional:
        """Whom a valid form names."""
        return self.by_id[self.cleaned_data["who"]]


class LossAnswerForm(ConfirmedForm):
    """Removed, or refused in a sentence."""

    REMOVE, REFUSE = "remove", "refuse"
    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=[
            (REMOVE, _("Je l’ai reconnue moi aussi, ou je connais celui ou celle qui l’a reconnue : retirer")),
            (REFUSE, _("Ne rien retirer")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    sentence = PlainTextField(
        label=_("Pourquoi"),
        help_text=_("Obligatoire si vous ne retirez rien."),
        most=SENTENCE_MOST,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["answer", "sentence", "password"])
