"""The professionals around the person: who they are, in what capacity, and how that is known.

What is written here is what makes some exchanges lawful (CSP L1110-4 II, CASF L121-6-2). It opens no access by itself.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partners import finding
from partners.acting import acting
from partners.fields import PlainTextField
from partners.models import Membership
from partners.text import plain

from .doors import case_or_404
from .files import end_involvement, record_involvement
from .followers import why_access
from .models import Case, Involvement

KIND_HINTS = {
    Involvement.Kind.CARE: gettext_lazy("Soins ou accompagnement médico-social de la même personne."),
    Involvement.Kind.CARE_TEAM: gettext_lazy("La même équipe, reconnue comme telle par la personne."),
    Involvement.Kind.SOCIAL: gettext_lazy("Action sociale auprès de la même personne."),
    Involvement.Kind.COORDINATOR: gettext_lazy("Désigné pour coordonner les intervenants, et la personne le sait."),
}


class InvolvementForm(forms.Form):
    """Who, in what capacity, and the source: an affirmation without a source founds nothing."""

    membership = forms.UUIDField(
        error_messages={
            "required": gettext_lazy("Choisissez le professionnel dans l’annuaire."),
            "invalid": gettext_lazy("Choisissez le professionnel dans l’annuaire."),
        }
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("À quel titre ?"),
        choices=Involvement.Kind.choices,
        error_messages={
            "required": gettext_lazy("Dites à quel titre ce professionnel intervient."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, à quel titre ce professionnel intervient."),
        },
    )
    source = PlainTextField(
        label=gettext_lazy("Comment le savez-vous ?"),
        help_text=gettext_lazy(
            "Par exemple : dit par la personne le 14 novembre, réunion de synthèse, courrier de la MDPH."
        ),
        most=200,
        error_messages={"required": gettext_lazy("Dites comment vous le savez : une phrase suffit.")},
    )

    def __init__(self, *args: Any, by: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by

    def clean_membership(self) -> Membership:
        found = finding.professionals(by=self.by).filter(pk=self.cleaned_data["membership"]).first()
        if found is None:
            raise forms.ValidationError(_("Choisissez le professionnel dans l’annuaire : celui-ci n’y est plus."))
        return found


@require_http_methods(["GET", "HEAD", "POST"])
def involvements(request: HttpRequest, ref: str) -> HttpResponse:
    """The list, and the form that adds to it; `end` in what is posted ends one of them."""
    by = acting(request)
    case = case_or_404(request, ref, action="involvement.opened")
    if request.method == "POST" and "end" in request.POST:
        return _end(request, case, by)
    form = InvolvementForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.is_valid():
        record_involvement(
            case=case,
            membership=form.cleaned_data["membership"],
            kind=form.cleaned_data["kind"],
            source=form.cleaned_data["source"],
            by=by,
        )
        messages.success(
            request, _("Enregistré. Cela peut rendre un échange possible ; rien n’est communiqué pour autant.")
        )
        return redirect("cases:involvements", ref)
    return render(
        request, "cases/involvements.html", _page(request, case, by, form), status=422 if form.errors else 200
    )


def _end(request: HttpRequest, case: Case, by: Membership) -> HttpResponse:
    try:
        wanted = uuid.UUID(request.POST["end"])
    except ValueError as error:
        raise Http404 from error
    found = Involvement.objects.filter(case=case, pk=wanted).select_related("case").first()
    if found is None:
        raise Http404
    end_involvement(involvement=found, by=by)
    messages.success(request, _("C’est noté : ce professionnel n’intervient plus auprès de la personne."))
    return redirect("cases:involvements", case.reference)


def _page(request: HttpRequest, case: Case, by: Membership, form: InvolvementForm) -> dict[str, Any]:
    known = Involvement.objects.filter(case=case).select_related(
        "membership__professional", "membership__institution", "recorded_by__professional"
    )
    words = plain(request.GET.get("q", ""))[: finding.QUERY_MOST]
    found = list(finding.professionals(by=by, words=words)[: finding.SHOWN])
    chosen = str(form["membership"].value() or "")
    if chosen and chosen not in {str(one.pk) for one in found} and "membership" not in form.errors:
        found = [*finding.professionals(by=by).filter(pk=chosen), *found]
    return {
        "case": case,
        "why": why_access(case, by),
        "form": form,
        "q": words,
        "none_found": bool(words) and not found,
        "current": [one for one in known if one.ends_at is None],
        "ended": [one for one in known if one.ends_at is not None],
        "people": _cards(
            form,
            "membership",
            _("Qui ?"),
            [
                {
                    "value": str(one.pk),
                    "label": f"{one.professional.full_name}, {one.job_title}",
                    "hint": one.institution.name,
                }
                for one in found
            ],
        ),
        "kinds": _cards(
            form,
            "kind",
            _("À quel titre ?"),
            [
                {"value": kind.value, "label": str(kind.label).capitalize(), "hint": KIND_HINTS[kind]}
                for kind in Involvement.Kind
            ],
        ),
        "errors": [
            {"text": text, "target": "id_source" if name == "source" else name}
            for name, texts in form.errors.items()
            for text in texts
        ],
    }


def _cards(form: InvolvementForm, name: str, legend: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    value = str(form[name].value() or "")
    return {
        "name": name,
        "legend": legend,
        "legend_hidden": True,
        "error": " ".join(str(text) for text in form.errors.get(name, [])),
        "groups": [{"choices": [one | {"checked": one["value"] == value} for one in choices]}],
    }
