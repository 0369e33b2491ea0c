"""What a referent chooses before she hands proofs over."""

from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.earlier_head import EarlierHeadForm


class HandOverForm(EarlierHeadForm):
    """With the reasons or not, from an earlier head or not. Which communications: `chosen_in`."""

    reasons = forms.BooleanField(
        label=_("Joindre les noms et les motifs écrits"),
        help_text=_(
            "Pourquoi chaque information était nécessaire, dans les mots de qui a écrit. Relisez-les d’abord : ils peuvent parler"
            " d’autres personnes (RGPD, article 15, paragraphe 4). Sans eux, la preuve tient tout autant."
        ),
        required=False,
    )
    field_order = ("reasons", "since")


def chosen_in(request: HttpRequest) -> set[UUID] | None:
    """The communications that the address names; None where it asks nothing yet. What is no id is ignored."""
    if "choix" not in request.GET:
        return None
    return {one for one in map(_id, request.GET.getlist("c")) if one is not None}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
