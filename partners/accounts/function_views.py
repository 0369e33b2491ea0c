"""Change what somebody does in Tact, and answer as the second person; identity is asked again (partners.confirming)."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock, confirming
from partners.acting import acting, function_required
from partners.models import FunctionAnswer, FunctionChange, Membership
from partners.tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate

from . import changing, people
from .people_forms import FunctionsForm, SecondForm
from .people_views import member_or_404
from .posts import named


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def member_functions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what she does from now on; three functions wait for a second person."""
    by = acting(request)
    one = member_or_404(by, pk)
    now = clock.now()
    if one.professional_id == by.professional_id or not one.in_force_at(now):
        raise Http404
    form = FunctionsForm(
        request.POST if request.method == "POST" else None,
        by=by,
        membership=one,
        initial={"functions": one.functions},
    )
    asks = confirming.asked(request, now)
    if request.method == "POST" and form.is_valid() and _confirmed(request, form, asks, now):
        answer = _propose(request, one, form, by)
        if answer is not None:
            return answer
    return render(
        request,
        "partners/people/functions.html",
        {"form": form, "member": one, "asks": asks, "kept": named(form.kept)},
        status=422 if form.errors else 200,
    )


def _confirmed(request: HttpRequest, form: forms.Form, asks: confirming.Ways | None, at: datetime) -> bool:
    """Whether she is known to hold the keyboard still, or proves it now."""
    wrong = confirming.refused(request, form.cleaned_data["password"], at) if asks is not None else None
    if wrong is not None:
        form.add_error("password", wrong)
    return wrong is None


def _propose(request: HttpRequest, one: Membership, form: FunctionsForm, by: Membership) -> HttpResponse | None:
    try:
        change = changing.propose(membership=one, functions=form.wanted(), why=form.cleaned_data["why"], by=by)
    except (NotTended, SamePerson, TooLate) as error:
        raise Http404 from error
    except DirectoryError as error:
        form.add_error("functions", str(error))
        return None
    if change.needs_second:
        messages.success(request, _("C’est proposé. Rien ne change avant qu’une deuxième personne accepte."))
        return redirect("partners:function_change", change.pk)
    messages.success(request, _("C’est changé, dès sa prochaine page."))
    return redirect("partners:member", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*people.SEEING)
def function_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A change that takes two persons: what it gives and takes away, why, whose turn it is; the second person answers here."""
    by = acting(request)
    found = FunctionChange.objects.visible_to(by).select_related(
        "membership__professional", "membership__institution", "proposed_by__professional"
    )
    change = get_object_or_404(found, pk=pk)
    now = clock.now()
    answered = FunctionAnswer.objects.filter(change=change).select_related("answerer").first()
    waiting = FunctionChange.objects.visible_to(by).waiting().filter(pk=pk).exists()
    seconds = list(changing.second_persons(change).select_related("professional")) if waiting else []
    may_answer = by.pk in {one.pk for one in seconds}
    if request.method == "POST" and not may_answer:
        raise Http404
    form = SecondForm(request.POST if request.method == "POST" else None)
    asks = confirming.asked(request, now)
    if request.method == "POST" and form.is_valid() and _confirmed(request, form, asks, now):
        answer = _answer(request, change, form, by)
        if answer is not None:
            return answer
    return render(
        request,
        "partners/people/function_change.html",
        {
            "change": change,
            "given": named(set(change.after) - set(change.before)),
            "taken": named(set(change.before) - set(change.after)),
            "answered": answered,
            "waiting": waiting,
            "seconds": seconds,
            "form": form if may_answer else None,
            "asks": asks,
        },
        status=422 if form.errors else 200,
    )


def _answer(request: HttpRequest, change: FunctionChange, form: SecondForm, by: Membership) -> HttpResponse | None:
    accepted = form.cleaned_data["answer"] == "accept"
    try:
        changing.answer(change=change, accepted=accepted, sentence=form.cleaned_data["sentence"], by=by)
    except (NotTended, SamePerson) as error:
        raise Http404 from error
    except DirectoryError as error:
        form.add_error(None, str(error))
        return None
    except TooLate:
        messages.error(request, _("Ce changement n’est plus à décider : rien n’a été enregistré. Relisez."))
    else:
        done = _("C’est accepté : le changement compte dès sa prochaine page.")
        messages.success(request, done if accepted else _("C’est refusé : rien n’a changé."))
    return redirect("partners:function_change", change.pk)
