"""Succession: propose that one's institution close and another succeed it; the successor accepts, or refuses."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from . import clock, succeeding
from .acting import acting, function_required
from .directory import open_institutions
from .fields import PlainTextField
from .models import Institution, Membership, Succession, SuccessionAnswer
from .settings_forms import FromADay
from .tending import SENTENCE_MOST, DirectoryError, NotTended, SamePerson, TooLate, tends


class SuccessionForm(FromADay):
    """Who succeeds, from which day, why."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("Quelle institution succède à la vôtre ?"),
        queryset=Institution.objects.none(),
        error_messages={
            "required": gettext_lazy("Choisissez l’institution qui succède à la vôtre."),
            "invalid_choice": gettext_lazy("Choisissez une institution dans la liste."),
        },
    )
    field_order = ("successor", "wanted_on", "why")

    def __init__(self, *args: Any, today: date, others: Any, **options: Any) -> None:
        super().__init__(*args, today=today, **options)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        self.fields["wanted_on"].label = _("Fermée à partir de quel jour ?")
        self.fields["wanted_on"].help_text = _("À minuit, heure de Paris. Jamais avant que l’autre ait accepté.")
        self.fields["why"].help_text = _("Une phrase : l’institution qui succède la lira, et elle reste.")


class SuccessionAnswerForm(forms.Form):
    """Yes or no, in a sentence."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[("accept", gettext_lazy("Nous acceptons de succéder")), ("refuse", gettext_lazy("Nous refusons"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous acceptez ou si vous refusez."),
            "invalid_choice": gettext_lazy("Dites si vous acceptez ou si vous refusez."),
        },
    )
    sentence = PlainTextField(
        label=gettext_lazy("En une phrase, pourquoi ?"),
        most=SENTENCE_MOST,
        column=SENTENCE_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : elle reste avec la succession.")},
    )
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*succeeding.MAY)
def succession_new(request: HttpRequest) -> HttpResponse:
    """Propose; nothing changes until the successor accepts."""
    by = acting(request)
    form = SuccessionForm(
        request.POST if request.method == "POST" else None,
        today=clock.day_of(clock.now()),
        others=open_institutions().exclude(pk=by.institution_id),
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = succeeding.propose(
                successor=asked["successor"], why=asked["why"], wanted_on=asked["wanted_on"], by=by
            )
        except NotTended as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est proposé. Rien ne change tant que l’autre institution n’a pas accepté."))
            return redirect("partners:succession", made.pk)
    return render(request, "partners/succession_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def succession(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who closes, who succeeds, what it changes and what it does not; the successor answers here."""
    by = acting(request)
    found = Succession.objects.visible_to(by).select_related(
        "closing", "successor", "proposed_by__professional", "proposed_by__institution"
    )
    one = get_object_or_404(found, pk=pk)
    may_answer = tends(by, one.successor_id, functions=succeeding.MAY)
    form = SuccessionAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_answer:
            raise Http404
        if form.is_valid():
            answered = _answer(request, one, form, by)
            if answered is not None:
                return answered
    answer = SuccessionAnswer.objects.filter(succession=one).select_related("answered_by__professional").first()
    return render(
        request,
        "partners/succession.html",
        {
            "one": one,
            "answer": answer,
            "state": succeeding.state_at(one, answer, clock.now()),
            "form": form if answer is None and may_answer and one.proposer_id != by.professional_id else None,
        },
        status=422 if form.errors else 200,
    )


def _answer(request: HttpRequest, one: Succession, form: SuccessionAnswerForm, by: Membership) -> HttpResponse | None:
    accepted = form.cleaned_data["answer"] == "accept"
    try:
        succeeding.answer(succession=one, accepted=accepted, sentence=form.cleaned_data["sentence"], by=by)
    except NotTended as error:
        raise Http404 from error
    except SamePerson:
        form.add_error(None, _("Vous l’avez proposé : c’est à une autre personne de répondre."))
        return None
    except DirectoryError as error:
        form.add_error(None, str(error))
        return None
    except TooLate:
        messages.error(request, _("Quelqu’un a répondu avant vous : sa réponse tient."))
    else:
        messages.success(request, _("C’est accepté.") if accepted else _("C’est refusé : rien ne change."))
    return redirect("partners:succession", one.pk)
