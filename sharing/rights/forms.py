"""What is asked of whoever writes down a request of hers, answers it, limits, lifts, or disagrees. Nothing is ticked beforehand."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.dissent_form import MOST
from cases.forms import day_field
from cases.models import Case, Limitation, Representative, RepresentativeAct
from partners import clock
from partners.clock import day_of
from partners.fields import PlainTextField

HERSELF = "herself"
OVER = (RepresentativeAct.Move.ENDED, RepresentativeAct.Move.WITHDRAWN)


def askers(case: Case) -> dict[str, tuple[str, Representative | None]]:
    """Who may ask: the person herself, always; and those who represent or assist her today."""
    ended = RepresentativeAct.objects.filter(representative=OuterRef("pk"), move__in=OVER)
    beside = Representative.objects.filter(~Exists(ended), person=case.person_id)
    found: dict[str, tuple[str, Representative | None]] = {HERSELF: (_("La personne elle-même"), None)}
    for one in beside:
        name = f"{one.title} {one.first_name} {one.last_name}".strip()
        found[str(one.pk)] = (f"{name} ({one.get_kind_display()})", one)
    return found


class AskedForm(forms.Form):
    """Who asks, of those who may."""

    asker = forms.ChoiceField(
        label=gettext_lazy("Qui le demande ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites qui le demande."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste qui le demande."),
        },
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.askers = askers(case)
        self.fields["asker"].choices = [(code, label) for code, (label, _one) in self.askers.items()]  # type: ignore[attr-defined]

    @property
    def asked_by(self) -> Representative | None:
        """The representative who asks; None where it is the person."""
        return self.askers[self.cleaned_data["asker"]][1]


class RectifyForm(AskedForm):
    """What is wrong, in her words."""

    text = PlainTextField(
        label=gettext_lazy("Ce qui est à corriger, avec ses mots"),
        help_text=gettext_lazy(
            "Ce qui est inexact, et ce qu’il faudrait lire à la place. Entre guillemets si ce sont ses mots."
        ),
        most=MOST,
        lines=5,
        error_messages={"required": gettext_lazy("Écrivez ce que la personne demande de corriger.")},
    )


class AnswerForm(forms.Form):
    """What is done of it: the correction, or why not."""

    ACCEPT, REFUSE = "accept", "refuse"

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[
            (ACCEPT, gettext_lazy("Je rectifie : une annotation accompagne l’information")),
            (REFUSE, gettext_lazy("Je ne rectifie pas, et je dis pourquoi")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous rectifiez ou non."),
            "invalid_choice": gettext_lazy("Choisissez l’une des deux réponses."),
        },
    )
    text = PlainTextField(
        label=gettext_lazy("L’annotation, ou le motif du refus"),
        help_text=gettext_lazy(
            "Si vous rectifiez : ce qu’il faut lire, tel que les destinataires le verront. Sinon : vos raisons, que la "
            "personne recevra."
        ),
        most=MOST,
        lines=5,
        error_messages={"required": gettext_lazy("Écrivez l’annotation, ou les raisons de votre refus.")},
    )


class LimitForm(AskedForm):
    """Why the sharing stops."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Pourquoi ?"),
        choices=Limitation.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites pourquoi le partage est limité."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste pourquoi le partage est limité."),
        },
    )
    text = PlainTextField(
        label=gettext_lazy("Ses mots"),
        help_text=gettext_lazy("Ce qui a été dit, sans reformuler."),
        most=MOST,
        lines=3,
        required=False,
    )


class LiftForm(forms.Form):
    """Why it is lifted, and when she was told: before."""

    person_told_on = day_field(
        gettext_lazy("Quel jour la personne en a-t-elle été prévenue ?"),
        required=gettext_lazy("Dites quel jour la personne a été prévenue : la limitation se lève après."),
    )
    reason = PlainTextField(
        label=gettext_lazy("Pourquoi la lever ?"),
        most=300,
        lines=2,
        column=300,
        error_messages={"required": gettext_lazy("Écrivez pourquoi la limitation est levée.")},
    )

    def __init__(self, *args: Any, limited_at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limited_at = limited_at

    def clean_person_told_on(self) -> date:
        """Neither in the days to come, nor before it began."""
        told: date = self.cleaned_data["person_told_on"]
        if told > day_of(clock.now()):
            raise forms.ValidationError(_("Ce jour n’est pas encore venu : prévenez d’abord la personne."))
        if told < day_of(self.limited_at):
            raise forms.ValidationError(_("La limitation n’existait pas encore ce jour-là : vérifiez la date."))
        return told


class DisagreeForm(forms.Form):
    """How whoever received it sees it."""

    text = PlainTextField(
        label=gettext_lazy("Comment voyez-vous les choses ?"),
        help_text=gettext_lazy("Ce que vous avez constaté ou compris vous-même. Cette note ne se modifie plus."),
        most=MOST,
        lines=5,
        error_messages={"required": gettext_lazy("Écrivez comment vous voyez les choses.")},
    )
