"""What is asked of who gives an opinion, concludes afterwards, or opens what was not given to her to read."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from partners.models import Membership
from sharing.models import Conclusion, Opinion

MOST = 600
Kind = Opinion.Kind
PLAIN_WORDS = gettext_lazy("En mots simples : la personne qui a écrit la demande lira cette phrase.")


class OpinionForm(forms.Form):
    """An opinion: favourable, less, wait, no; why, and what would be left out."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Votre avis"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez un avis.")},
    )
    leave_out = forms.MultipleChoiceField(
        label=gettext_lazy("Pour « réduire » : à laisser de côté"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=PLAIN_WORDS,
        most=MOST,
        lines=3,
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], suspended: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [
            (Kind.FAVOURABLE, gettext_lazy("Avis favorable : son auteur reste libre de communiquer ou non")),
            (Kind.REDUCE, gettext_lazy("Réduire : laisser de côté une partie")),
            (Kind.SUSPEND, gettext_lazy("Suspendre : attendre, à reprendre ensuite")),
            (Kind.UNFAVOURABLE, gettext_lazy("Avis défavorable : ne pas communiquer cela")),
        ]
        hidden = {Kind.SUSPEND} if suspended else set()
        if len(items) < 2:
            hidden.add(Kind.REDUCE)
            del self.fields["leave_out"]
        else:
            self.fields["leave_out"].choices = list(items)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [one for one in offered if one[0] not in hidden]  # type: ignore[attr-defined]

    def items_out(self) -> list[uuid.UUID]:
        """The items ticked."""
        return [uuid.UUID(one) for one in self.cleaned_data.get("leave_out", [])]


class TransferForm(forms.Form):
    """To whom it is handed on, and why."""

    to = forms.ChoiceField(
        label=gettext_lazy("À qui ?"),
        error_messages={"required": gettext_lazy("Choisissez à qui la transmettre.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("Pourquoi vous ne pouvez pas donner cet avis"),
        most=MOST,
        lines=2,
        error_messages={"required": gettext_lazy("Dites pourquoi vous ne pouvez pas donner cet avis.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, people: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(one.pk): one for one in people}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.professional.full_name}, {one.job_title}") for pk, one in self.people.items()
        ]

    def chosen(self) -> Membership:
        """To whom."""
        return self.people[self.cleaned_data["to"]]


class ConclusionForm(forms.Form):
    """What is concluded afterwards, always with its reason."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Votre conclusion"),
        widget=forms.RadioSelect,
        choices=[
            (Conclusion.Kind.JUSTIFIED, gettext_lazy("Justifié")),
            (Conclusion.Kind.UNJUSTIFIED, gettext_lazy("Non justifié : un incident s’ouvre")),
            (Conclusion.Kind.TO_INVESTIGATE, gettext_lazy("À instruire : un incident s’ouvre pour le DPO")),
        ],
        error_messages={"required": gettext_lazy("Choisissez une conclusion.")},
    )
    reason = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("En une phrase, sans nom ni détail de la situation."),
        most=MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : c’est votre conclusion.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class UnsealForm(forms.Form):
    """Why what surrounds a communication does not suffice."""

    why = PlainTextField(
        label=gettext_lazy("Pourquoi faut-il lire le contenu ?"),
        help_text=gettext_lazy("Une phrase : elle sera lue par l’auteur de la communication et par le DPO."),
        most=MOST,
        lines=2,
        error_messages={
            "required": gettext_lazy("Dites en une phrase pourquoi ce qui entoure la communication ne suffit pas.")
        },
    )
