"""An identity of ProConnect that waits, before whoever tends the directory: « yes, it is her », or « nobody here ».

Where it takes two persons, the second one answers on the same page.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from partners import clock, confirming
from partners.acting import acting, function_required
from partners.fields import PlainTextField
from partners.models import Membership, ProConnectAnswer, ProConnectRequest, Professional
from partners.models.proconnect import SECOND_PERSONS
from partners.siret import spaced
from partners.tending import SENTENCE_MOST, DirectoryError, NotTended, SamePerson, TooLate

from . import recognising
from .views import where_enabled


class AnswerForm(forms.Form):
    """Yes or no; of whom, where nobody knows yet; and that it was checked otherwise than by this page."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[("yes", gettext_lazy("Oui, c’est bien cette personne")), ("no", gettext_lazy("Non"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous reconnaissez cette personne."),
            "invalid_choice": gettext_lazy("Dites si vous reconnaissez cette personne."),
        },
    )
    professional = forms.ModelChoiceField(
        label=gettext_lazy("De qui s’agit-il ?"),
        queryset=Professional.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choisissez"),
        error_messages={"invalid_choice": gettext_lazy("Choisissez quelqu’un dans la liste.")},
    )
    checked = forms.BooleanField(
        label=gettext_lazy(
            "Je l’ai vérifié auprès de cette personne, de vive voix ou par un moyen que je connais déjà"
        ),
        required=False,
    )
    password = confirming.field()
    use_required_attribute = False

    def __init__(self, *args: Any, asked: ProConnectRequest, by: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues = Membership.objects.in_force().filter(institution=by.institution_id)
        if asked.professional_id is None:
            everybody = Professional.objects.filter(pk__in=colleagues.values("professional")).exclude(
                pk=by.professional_id
            )
            self.fields["professional"].queryset = everybody  # type: ignore[attr-defined]
        else:
            del self.fields["professional"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("answer") == "yes":
            if "professional" in self.fields and not told.get("professional") and not self.errors.get("professional"):
                self.add_error("professional", _("Choisissez de qui il s’agit."))
            if not told.get("checked"):
                self.add_error(
                    "checked", _("Vérifiez d’abord auprès de la personne : un nom et une adresse ne prouvent rien.")
                )
        return told


class ConfirmForm(forms.Form):
    """The second person's yes or no, and that it was checked otherwise than by this page."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Votre réponse"),
        choices=[("yes", gettext_lazy("Oui, c’est bien elle ou lui")), ("no", gettext_lazy("Non"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites si vous reconnaissez cette personne."),
            "invalid_choice": gettext_lazy("Dites si vous reconnaissez cette personne."),
        },
    )
    checked = forms.BooleanField(
        label=gettext_lazy(
            "Je l’ai vérifié moi aussi auprès de cette personne, de vive voix ou par un moyen que je connais déjà"
        ),
        required=False,
    )
    sentence = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Obligatoire si vous répondez non."),
        most=SENTENCE_MOST,
        required=False,
    )
    password = confirming.field()
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("answer") == "yes" and not told.get("checked"):
            self.add_error(
                "checked", _("Vérifiez d’abord auprès de la personne : un nom et une adresse ne prouvent rien.")
            )
        return told


@where_enabled
@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*SECOND_PERSONS)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What ProConnect says of her, from where, and the answer; then the second person's, where it takes two."""
    at, by = clock.now(), acting(request)
    found = ProConnectRequest.objects.visible_to(by).select_related("professional")
    first = ProConnectAnswer.objects.filter(request__in=found.to_confirm(), request=pk).select_related(
        "request", "professional", "answered_by__professional"
    )
    if (recognised := first.first()) is not None:
        return _confirming(request, recognised, by, at)
    asked = get_object_or_404(found.waiting(), pk=pk)
    herself = asked.professional_id == by.professional_id
    asks = confirming.asked(request, at)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=asked, by=by)
    if request.method == "POST" and not herself and form.is_valid() and _proved(request, form, at, asks):
        try:
            return _answered(request, asked, form, by)
        except (DirectoryError, SamePerson) as error:
            form.add_error(None, str(error) or _("Une autre personne doit répondre pour vous."))
    told = {
        "asked": asked,
        "who": asked.professional,
        "siret": spaced(asked.siret),
        "form": form,
        "herself": herself,
        "asks": asks,
    }
    return render(
        request,
        "partners/proconnect_request.html",
        told,
        status=422 if form.errors or request.method == "POST" else 200,
    )


def _confirming(request: HttpRequest, answer: ProConnectAnswer, by: Membership, at: datetime) -> HttpResponse:
    """The second person answers; whoever else may see the page reads whose turn it is."""
    seconds = recognising.second_persons(answer).select_related("professional")
    mine = seconds.filter(pk=by.pk).exists()
    if request.method == "POST" and not mine:
        raise Http404
    asks = confirming.asked(request, at)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _proved(request, form, at, asks):
        confirmed = form.cleaned_data["answer"] == "yes"
        try:
            recognising.confirm(answer=answer, confirmed=confirmed, sentence=form.cleaned_data["sentence"], by=by)
        except (NotTended, SamePerson) as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error("sentence" if not confirmed else None, str(error))
        except TooLate:
            messages.error(request, _("Cette demande n’est plus à décider : rien n’a été enregistré."))
            return redirect("partners:to_validate")
        else:
            messages.success(request, _entered() if confirmed else _left_out())
            return redirect("partners:to_validate")
    told = {
        "asked": answer.request,
        "who": answer.professional,
        "answer": answer,
        "seconds": list(seconds),
        "mine": mine,
        "siret": spaced(answer.request.siret),
        "form": form,
        "asks": asks,
    }
    return render(
        request,
        "partners/proconnect_request.html",
        told,
        status=422 if form.errors or request.method == "POST" else 200,
    )


def _entered() -> str:
    return _("C’est fait : cette identité ProConnect entre désormais dans Tact.")


def _left_out() -> str:
    return _("C’est noté : cette identité ProConnect n’entre pas.")


def _proved(request: HttpRequest, form: forms.Form, at: datetime, asks: confirming.Ways | None) -> bool:
    """Whether whoever lets somebody in is still who signed in; what is wrong is written on the form."""
    wrong = confirming.refused(request, form.cleaned_data["password"], at) if asks else None
    if wrong:
        form.add_error("password", wrong)
    return wrong is None


def _answered(request: HttpRequest, asked: ProConnectRequest, form: AnswerForm, by: Membership) -> HttpResponse:
    approved = form.cleaned_data["answer"] == "yes"
    chosen = form.cleaned_data.get("professional") if approved else None
    try:
        made = recognising.answer(request=asked, approved=approved, professional=chosen, by=by)
    except NotTended as error:
        raise Http404 from error
    except TooLate:
        messages.error(request, _("Quelqu’un a répondu avant vous : sa réponse tient."))
    else:
        if made.needs_second:
            messages.success(
                request, _("C’est noté. Cette identité n’entre pas avant qu’une deuxième personne l’ait reconnue.")
            )
        else:
            messages.success(request, _entered() if approved else _left_out())
    return redirect("partners:to_validate")
