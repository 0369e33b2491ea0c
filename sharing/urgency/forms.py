"""What is asked of somebody who sounds the alarm, on one page: as little as it takes to decide, and nothing twice."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Item
from partners import clock, confirming, wording
from partners.clock import PARIS
from partners.fields import PlainTextField
from partners.models import Membership
from partners.text import graphemes
from partners.vocabulary import vocabulary
from sharing.models import Delivery
from sharing.urgency.acts import NATURES, Alarm
from sharing.urgency.dangers import BY_CODE, CRITERIA, signs_missing

HAPPENING_LEAST, HAPPENING_MOST = 20, 2000
LOCAL = "%Y-%m-%dT%H:%M"
EARLIEST = datetime(2000, 1, 1, tzinfo=PARIS)


def choosable(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field of the form its choices."""
    form.fields[name].choices = list(choices)  # type: ignore[attr-defined]


def open_categories() -> list[tuple[str, str]]:
    """The categories that may be said, in the order of the rulebook."""
    return [(code, wording.category(code)) for code, one in vocabulary().categories.items() if not one.blocked]


class MomentField(forms.DateTimeField):
    """An instant as people say it: a day and an hour in Paris."""

    def __init__(self, *, label: Any, required_text: Any, **options: Any) -> None:
        super().__init__(
            label=label,
            input_formats=[LOCAL, "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
            widget=forms.DateTimeInput(format=LOCAL, attrs={"type": "datetime-local"}),
            error_messages={
                "required": required_text,
                "invalid": gettext_lazy("Écrivez le jour et l’heure ainsi : 21/11/2026 14:32."),
            },
            **options,
        )

    def clean(self, value: Any) -> Any:
        """The instant. Before `EARLIEST` a year was mistyped, and what PostgreSQL keeps of the first ones is never read again."""
        moment = super().clean(value)
        if moment is not None and moment < EARLIEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def now_in_paris(at: datetime) -> datetime:
    """The instant as a field of the browser shows it, to the minute."""
    return at.astimezone(PARIS).replace(second=0, microsecond=0, tzinfo=None)


class AlarmForm(forms.Form):
    """The danger and its signs, what happens, where, to whom; the password only where it may be asked."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    call = forms.UUIDField(widget=forms.HiddenInput, required=False)
    danger = forms.ChoiceField(
        error_messages={
            "required": gettext_lazy("Dites de quel danger il s’agit."),
            "invalid_choice": gettext_lazy("Choisissez un danger de la liste."),
        }
    )
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Danger, risque, ou inconfort ? Cochez ce que vous constatez."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy(
                "Cochez au moins un signe. S’il n’y en a aucun, c’est un risque ou un inconfort : il y a le temps d’en parler."
            )
        },
    )
    happening = PlainTextField(
        label=gettext_lazy("Que se passe-t-il ?"),
        help_text=gettext_lazy(
            "Ce que vous avez vu ou entendu, en quelques phrases. Rien de plus que ce qui permet de protéger."
        ),
        most=HAPPENING_MOST,
        lines=5,
        error_messages={"required": gettext_lazy("Écrivez ce qui se passe, en quelques phrases.")},
    )
    nature = forms.ChoiceField(
        label=gettext_lazy("Quelle sorte de propos est-ce ?"),
        error_messages={"required": gettext_lazy("Dites s’il s’agit d’un fait, de paroles, ou d’une hypothèse.")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("De quoi cela parle-t-il surtout ?"),
        error_messages={"required": gettext_lazy("Choisissez de quoi cela parle surtout.")},
    )
    place = PlainTextField(
        label=gettext_lazy("Où intervenir ?"),
        help_text=gettext_lazy("Une adresse, un lieu, un numéro où la joindre."),
        most=300,
        required=False,
    )
    known = forms.MultipleChoiceField(
        label=gettext_lazy("Ce que vous savez déjà, et qu’il leur faut"),
        help_text=gettext_lazy("Le moins possible : une case cochée, une information qui part."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    recipient = forms.UUIDField(error_messages={"required": gettext_lazy("Dites à qui : choisissez un destinataire.")})
    password = confirming.field(
        gettext_lazy(
            "Votre dernière preuve date de plus de cinq minutes. Rien n’est demandé pour un péril grave et imminent."
        )
    )

    use_required_attribute = False

    def __init__(
        self, *args: Any, dangers: Iterable[str], items: Iterable[Item], by: Membership, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.by = by
        choosable(self, "criteria", [(code, wording.worded(sign)) for code, sign in CRITERIA.items()])
        natures = vocabulary().natures
        choosable(self, "danger", [(code, wording.worded(BY_CODE[code])) for code in dangers])
        choosable(self, "nature", [("", _("Choisir…")), *((code, wording.worded(natures[code])) for code in NATURES)])
        choosable(self, "category", [("", _("Choisir…")), *open_categories()])
        self.items = {str(one.pk): one for one in items}
        choosable(
            self, "known", [(pk, f"{one.label} ({wording.category(one.category)})") for pk, one in self.items.items()]
        )

    def clean_happening(self) -> str:
        text: str = self.cleaned_data["happening"]
        if graphemes(text) < HAPPENING_LEAST:
            raise ValidationError(
                _("Dites ce qui se passe en %(least)d caractères au moins.") % {"least": HAPPENING_LEAST}
            )
        return text

    def clean(self) -> dict[str, Any]:
        """A danger whose signs are not there would be refused by every text: said at once, beside them, before anything is kept."""
        typed = super().clean() or {}
        danger = BY_CODE.get(typed.get("danger", ""))
        if danger is not None and "criteria" in typed:
            missing = [wording.worded(CRITERIA[sign]) for sign in signs_missing(danger, typed["criteria"])]
            if missing:
                quoted = ", ".join(_("« %(sign)s »") % {"sign": sign} for sign in missing)
                self.add_error(
                    "criteria",
                    _(
                        "Pour ce danger, un texte demande aussi : %(signs)s. Cochez-le si c’est ce que vous constatez ; sinon, "
                        "choisissez un autre danger. Pour une vie en jeu, appelez d’abord."
                    )
                    % {"signs": quoted},
                )
        return typed

    def clean_recipient(self) -> Membership:
        """Somebody at work whom the directory shows. Whether a text lets her receive it is the rules' to say."""
        found = (
            Membership.objects.visible_to(self.by)
            .exclude(professional=self.by.professional_id)
            .select_related("professional", "institution")
            .filter(pk=self.cleaned_data["recipient"])
            .first()
        )
        if found is None:
            raise ValidationError(_("Choisissez un destinataire de la liste."))
        return found

    def alarm(self) -> Alarm:
        """What was typed, once valid."""
        typed = self.cleaned_data
        return Alarm(
            danger=BY_CODE[typed["danger"]],
            criteria=tuple(typed["criteria"]),
            happening=typed["happening"],
            category=typed["category"],
            nature=typed["nature"],
            place=typed["place"],
            known=[uuid.UUID(one) for one in typed["known"]],
        )


class ReceivedForm(forms.Form):
    """Who received it, how, when: as it was told."""

    received_by = PlainTextField(
        label=gettext_lazy("Qui l’a reçu ?"),
        help_text=gettext_lazy("Un nom ou une fonction : « le permanencier du 17 », « le greffe du parquet »."),
        most=160,
        error_messages={"required": gettext_lazy("Dites qui l’a reçu : un nom, ou une fonction.")},
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Comment ?"),
        choices=Delivery.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Dites comment cela a été remis.")},
    )
    received_at = MomentField(
        label=gettext_lazy("Quand ?"), required_text=gettext_lazy("Dites quel jour et à quelle heure.")
    )

    use_required_attribute = False

    def __init__(self, *args: Any, at: datetime | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["received_at"].initial = now_in_paris(at or clock.now())
