"""What was recorded in error, and what she opposes: each one page and one button, after what is already known."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Case
from consent import invalidating, registry
from consent.models import Consent, Form, Objection, Withdrawal
from consent.speakers import speakers_for
from partners import clock, wording
from partners.acting import acting
from partners.dates import instant
from partners.fields import PlainTextField
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.models import DisclosedItem
from sharing.sheet import called
from sharing.stopping import concerned, errors, known
from sharing.withdrawal_views import closing


class ErrorForm(forms.Form):
    """What was wrong: never about the person."""

    note = PlainTextField(
        label=gettext_lazy("Quelle était l’erreur ?"),
        help_text=gettext_lazy("Par exemple : mauvaise personne, mauvais destinataire, jamais dit."),
        most=invalidating.LONGEST,
        lines=2,
        error_messages={"required": gettext_lazy("Dites en quelques mots quelle était l’erreur.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def recorded_in_error(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Say that one of her words was recorded in error: by whoever recorded it, or her team lead; a 404 for anybody else."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    word = invalidating.find(case=case, pk=pk, by=by)
    if word is None or not invalidating.may_invalidate(word, by):
        raise Http404
    if invalidating.invalidation_of(word) is not None:
        messages.info(request, _("C’est déjà noté : cette ligne ne compte plus."))
        return redirect("consent:list", ref=ref)
    form = ErrorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        errors.invalidate(word=word, note=form.cleaned_data["note"], by=by)
        messages.success(request, _("C’est noté. La ligne reste, avec sa raison, et ne compte plus."))
        return redirect("consent:list", ref=ref)
    scope = word.consent if isinstance(word, Withdrawal) else word
    context = {
        "case": case,
        "form": form,
        "what": _what(word),
        "recipient": scope.recipient,
        "purpose": wording.purpose(scope.purpose),
        "categories": [wording.category(code) for code in scope.categories],
        "recorded_by": invalidating.recorded_by(word),
        "at": instant(word.withdrawn_at if isinstance(word, Withdrawal) else word.recorded_at),
        "follows": _follows(word),
        "told": known.known(errors.left_on(word), closing=concerned.CLOSED_BY_HER_WORD),
        "why": why_access(case, by),
    }
    return render(request, "sharing/stopping/error.html", context, status=422 if form.errors else 200)


def _what(word: invalidating.Recorded) -> str:
    return {
        "consent": _("Un accord"),
        "refusal": _("Un refus"),
        "objection": _("Une opposition"),
        "information": _("Une information préalable"),
        "withdrawal": _("Un retrait"),
    }[invalidating.kind_of(word)]


def _follows(word: invalidating.Recorded) -> str:
    if isinstance(word, Consent):
        return _(
            "Ce qui était parti sur cet accord ne pourra plus être lu ; ses destinataires sont prévenus. Qui l’avait "
            "envoyé et la protection des données le voient."
        )
    if isinstance(word, Withdrawal):
        return _(
            "L’accord compte de nouveau jusqu’à son terme. Rien n’est renvoyé : ce qui était parti est décidé à nouveau à "
            "chaque lecture."
        )
    return _("Cette parole ne compte plus. Rien n’est renvoyé ni rouvert par là : chaque lecture décide à nouveau.")


class ObjectionForm(forms.Form):
    """Who opposes, what, and how it was said."""

    speaker = forms.ChoiceField(
        label=gettext_lazy("Qui s’y oppose ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites qui s’y oppose."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, qui s’y oppose."),
        },
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Quelles informations ?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choisissez au moins une sorte d’information."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, les sortes d’information."),
        },
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Comment l’a-t-elle dit ?"),
        choices=[(one.value, one.label) for one in (Form.IN_PERSON, Form.WRITTEN)],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites comment la personne l’a dit."),
            "invalid_choice": gettext_lazy("Choisissez, dans la liste, comment la personne l’a dit."),
        },
    )
    own_words = PlainTextField(
        label=gettext_lazy("Ses propres mots"),
        help_text=gettext_lazy("Seulement si elle souhaite les dire."),
        most=600,
        lines=2,
        required=False,
    )

    def __init__(self, data: Any, *, people: list[tuple[str, str]], categories: list[str]) -> None:
        super().__init__(data)
        self.fields["speaker"].choices = people  # type: ignore[attr-defined]
        self.fields["categories"].choices = [(code, wording.category(code)) for code in categories]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, ref: str, recipient: uuid.UUID, purpose: str) -> HttpResponse:
    """What this recipient already knows for this purpose, what an objection closes and does not, and the button."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    to = _known_recipient(case, recipient, purpose)
    left = list(
        concerned.disclosures(
            concerned.Scope(case=case, recipient=to, purpose=purpose, categories=list(vocabulary().categories))
        )
    )
    spoken_of = sorted(set(DisclosedItem.objects.filter(disclosure__in=left).values_list("category", flat=True)))
    speakers = speakers_for(case.person, clock.now()).people
    form = ObjectionForm(
        request.POST if request.method == "POST" else None,
        people=[(one.code, one.label) for one in speakers],
        categories=spoken_of or list(vocabulary().categories),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        scope = registry.Scope(case=case, recipient=to, purpose=purpose, categories=said["categories"])
        try:
            objection = registry.object_to(
                scope=scope,
                given_by=next(one.representative for one in speakers if one.code == said["speaker"]),
                collected_on=clock.day_of(clock.now()),
                form=said["form"],
                own_words=said["own_words"],
                by=by,
            )
        except registry.ScopeError as error:
            form.add_error(None, str(error))
        else:
            return redirect("sharing:objected", ref=ref, pk=objection.pk)
    about = concerned.Scope(case=case, recipient=to, purpose=purpose, categories=spoken_of)
    context = {
        "case": case,
        "form": form,
        "recipient": to,
        "who": called(to),
        "purpose": wording.purpose(purpose),
        "told": known.known(left, closing=concerned.CLOSED_BY_OBJECTION),
        "closing": closing(about, by),
        "why": why_access(case, by),
    }
    return render(request, "sharing/stopping/objection.html", context, status=422 if form.errors else 200)


def _known_recipient(case: Case, recipient: uuid.UUID, purpose: str) -> Membership:
    """Somebody of the directory, for a purpose of the rulebook. Raises Http404."""
    found = Membership.objects.select_related("professional", "institution").filter(pk=recipient).first()
    if found is None or purpose not in vocabulary().purposes:
        raise Http404
    return found


@require_safe
def objected(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The receipt of an objection: printed, and given to the person."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    objection = (
        Objection.objects.visible_to(by)
        .filter(case=case, pk=pk)
        .select_related("recipient__professional", "recipient__institution")
        .select_related("collected_by__professional", "collected_by__institution")
        .first()
    )
    if objection is None:
        raise Http404
    context = {
        "case": case,
        "objection": objection,
        "purpose": wording.purpose(objection.purpose),
        "categories": [wording.category(code) for code in objection.categories],
    }
    return render(request, "sharing/stopping/objected.html", context)
