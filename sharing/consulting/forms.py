"""What is typed to ask without naming, and to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners import wording
from partners.fields import PlainTextField
from partners.vocabulary import vocabulary

SITUATION_MOST, QUESTION_MOST, ADVICE_MOST = 1500, 500, 2000
AGE_BANDS = (
    ("0_5", _("0 à 5 ans")),
    ("6_11", _("6 à 11 ans")),
    ("12_15", _("12 à 15 ans")),
    ("16_20", _("16 à 20 ans")),
    ("21_29", _("21 à 29 ans")),
    ("30_44", _("30 à 44 ans")),
    ("45_59", _("45 à 59 ans")),
    ("60_74", _("60 à 74 ans")),
    ("75_more", _("75 ans et plus")),
)
NOT_NAMES = "not_names"


def band_of(age: int) -> str:
    """The band in which an age, in whole years, falls."""
    for code, _label in AGE_BANDS[:-1]:
        if age <= int(code.split("_")[1]):
            return code
    return AGE_BANDS[-1][0]


class AskForm(forms.Form):
    """The situation without anybody in it, and the professional's own question."""

    domain = forms.ChoiceField(label=_("Domaine"))
    age_band = forms.ChoiceField(label=_("Tranche d’âge de la personne"), choices=AGE_BANDS)
    situation = PlainTextField(
        label=_("La situation, sans personne dedans"),
        help_text=_(
            "Ni nom, ni date, ni lieu, ni âge exact, ni fait rare qui la ferait reconnaître. "
            "« Un parent », « un enfant », « l’école »."
        ),
        most=SITUATION_MOST,
        lines=7,
        error_messages={"required": _("Décrivez la situation en quelques phrases, sans rien qui désigne la personne.")},
    )
    question = PlainTextField(
        label=_("Votre question de professionnel·le"),
        help_text=_("Ce qui vous embarrasse, vous : « Comment reprendre contact après un refus ? »"),
        most=QUESTION_MOST,
        lines=3,
        error_messages={"required": _("Posez votre question : c’est sur elle que portera l’avis.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["domain"].choices = [  # type: ignore[attr-defined]
            (code, wording.worded(one)) for code, one in vocabulary().domains.items()
        ]


class AdviceForm(forms.Form):
    """An advice: to the professional, about her question."""

    text = PlainTextField(
        label=_("Votre avis"),
        help_text=_("Un avis sur la question, sans nom, date ni lieu. La décision reste à qui vous consulte."),
        most=ADVICE_MOST,
        lines=6,
        error_messages={"required": _("Écrivez votre avis, même en une phrase.")},
    )

    use_required_attribute = False
