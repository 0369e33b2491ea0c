"""What is asked of somebody whom the police calls, of somebody who decides not to share, of somebody under pressure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case
from partners import wording
from partners.fields import PlainTextField
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.keeping.withheld import REASONS
from sharing.models import Call
from sharing.urgency.forms import MomentField, choosable, now_in_paris


class CallForm(forms.Form):
    """Who, when, from which number, what was asked, what was answered."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Qu’était-ce ?"),
        choices=Call.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites si c’était un appel, une visite ou un écrit.")},
    )
    called_at = MomentField(
        label=gettext_lazy("Quand ?"), required_text=gettext_lazy("Dites quel jour et à quelle heure.")
    )
    caller = PlainTextField(
        label=gettext_lazy("Qui ?"),
        help_text=gettext_lazy("Le nom et la fonction, tels que la personne s’est annoncée."),
        most=160,
        error_messages={
            "required": gettext_lazy("Dites qui a appelé ou s’est présenté, tel que la personne s’est annoncée.")
        },
    )
    service = PlainTextField(
        label=gettext_lazy("De quel service ?"),
        help_text=gettext_lazy("Commissariat, brigade, cabinet du juge…"),
        most=160,
        required=False,
    )
    number = PlainTextField(label=gettext_lazy("Depuis quel numéro ?"), most=40, required=False)
    asked = PlainTextField(
        label=gettext_lazy("Que demandait-on ?"),
        help_text=gettext_lazy("La question, sans la réponse que vous connaissez."),
        most=600,
        lines=3,
        error_messages={"required": gettext_lazy("Dites en quelques mots ce qui était demandé.")},
    )
    called_back = forms.BooleanField(
        label=gettext_lazy("J’ai rappelé par le numéro officiel (le 17, ou le standard du service)"), required=False
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Qu’avez-vous répondu ?"),
        choices=Call.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites ce que vous avez répondu.")},
    )
    case = forms.ChoiceField(
        label=gettext_lazy("À propos d’une situation que vous suivez ?"),
        help_text=gettext_lazy("L’appel sera noté dans cette situation. Laissez vide si vous ne savez pas."),
        required=False,
    )
    note = PlainTextField(
        label=gettext_lazy("Autre chose à garder"),
        help_text=gettext_lazy(
            "Article et signataire d’une réquisition, réserves lors d’une perquisition. Aucun contenu."
        ),
        most=600,
        lines=2,
        required=False,
    )

    use_required_attribute = False

    def __init__(self, *args: Any, cases: Iterable[Case], at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = {one.reference: one for one in cases}
        choosable(
            self,
            "case",
            [
                ("", _("Aucune, ou je ne sais pas")),
                *((ref, f"{ref} · {one.person.short_name}") for ref, one in self.cases.items()),
            ],
        )
        self.fields["called_at"].initial = now_in_paris(at)

    def clean_case(self) -> Case | None:
        return self.cases.get(self.cleaned_data["case"])


class WithholdForm(forms.Form):
    """Why one decides not to share: a short list, and one sentence."""

    code = forms.ChoiceField(
        label=gettext_lazy("Pourquoi ?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez une raison dans la liste.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("En une phrase"),
        help_text=gettext_lazy("Elle reste dans la situation, avec votre nom. Elle n’est jamais envoyée."),
        most=600,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi en une phrase : elle reste dans la situation.")},
    )
    recipient = forms.ChoiceField(
        label=gettext_lazy("À qui vous envisagiez de le dire"),
        help_text=gettext_lazy("Si c’était à quelqu’un en particulier."),
        required=False,
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Pour quoi faire"), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, around: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.around = {str(one.pk): one for one in around}
        choosable(
            self,
            "recipient",
            [
                ("", _("Personne en particulier")),
                *((pk, f"{one.professional.full_name} · {one.institution.name}") for pk, one in self.around.items()),
            ],
        )
        purposes = [(code, wording.worded(one)) for code, one in vocabulary().purposes.items()]
        choosable(self, "purpose", [("", _("Aucune en particulier")), *purposes])

    def clean_recipient(self) -> Membership | None:
        return self.around.get(self.cleaned_data["recipient"])


class PressureForm(forms.Form):
    """Who asked what, and when; about which situation, if one."""

    who = PlainTextField(
        label=gettext_lazy("Qui a fait pression ?"),
        help_text=gettext_lazy("Sa fonction suffit : chef de service, direction, élu…"),
        most=160,
        error_messages={"required": gettext_lazy("Dites qui a fait pression : sa fonction suffit.")},
    )
    asked = PlainTextField(
        label=gettext_lazy("Que vous demandait-on ?"),
        help_text=gettext_lazy("Dire, envoyer, retirer, se taire… Rien de ce que la personne vous a confié."),
        most=600,
        lines=3,
        error_messages={"required": gettext_lazy("Dites en quelques mots ce qui vous était demandé.")},
    )
    happened_at = MomentField(
        label=gettext_lazy("Quand ?"), required_text=gettext_lazy("Dites quel jour et à quelle heure.")
    )
    case = forms.ChoiceField(label=gettext_lazy("À propos d’une situation que vous suivez ?"), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, cases: Iterable[Case], at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = {one.reference: one for one in cases}
        about = ((ref, f"{ref} · {one.person.short_name}") for ref, one in self.cases.items())
        choosable(self, "case", [("", _("Aucune en particulier")), *about])
        self.fields["happened_at"].initial = now_in_paris(at)

    def clean_case(self) -> Case | None:
        return self.cases.get(self.cleaned_data["case"])
