"""The page of the design system: every component in every state, with invented people and services."""

from typing import Any

import yaml
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SPECIMEN = settings.BASE_DIR / "templates" / "demo" / "components.yaml"


class SpecimenForm(forms.Form):
    """One field of each kind. Its words are part of the specimen: invented, in French, not translated."""

    period = forms.DateField(
        label="Jusqu’à quand",
        help_text="Six mois au plus pour un accord oral. Il pourra être renouvelé.",
        error_messages={"required": "Indiquez jusqu’à quand l’accord est donné."},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    language = forms.ChoiceField(
        label="Langue de l’échange",
        required=False,
        choices=[("fr", "Français"), ("ar", "Arabe, avec une interprète"), ("lsf", "Langue des signes")],
    )
    words = forms.CharField(
        label="Ses propres mots",
        help_text="Ce que la personne a dit, entre guillemets, sans reformuler.",
        widget=forms.Textarea(attrs={"rows": 3, "data-max": "600"}),
    )
    mode = forms.ChoiceField(
        label="Comment l’accord a-t-il été donné ?",
        choices=[
            ("ecrit", "Par écrit, signé"),
            ("oral", "À l’oral, en présence"),
            ("telephone", "Par téléphone, à confirmer"),
        ],
        error_messages={"required": "Indiquez comment l’accord a été donné."},
        widget=forms.RadioSelect,
    )
    reread = forms.BooleanField(
        label="La notice a été lue ensemble",
        error_messages={"required": "Lisez la notice ensemble avant d’enregistrer l’accord."},
    )


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Exists in the demonstration and in the tests only."""
    if settings.TACT_ENV not in {"demo", "test"}:
        raise Http404
    return render(request, "demo/components.html", specimen())


def specimen() -> dict[str, Any]:
    """What the page shows: the YAML's shapes are those that each component documents at its top."""
    shown: dict[str, Any] = yaml.safe_load(SPECIMEN.read_text(encoding="utf-8"))
    wrong = {"words": "Elle a dit « oui, mais pas à mon propriétaire »."}
    return {
        **shown,
        "blank_form": SpecimenForm(prefix="blank"),
        "wrong_form": SpecimenForm(wrong),
        "page_obj": Paginator(range(60), 20).page(2),
    }
