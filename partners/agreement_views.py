"""Agreements: draft, revise, sign for one's own institution, suspend, resume, end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from . import agreeing, clock
from .acting import acting, function_required
from .agreement_forms import DraftForm, EndForm, RevisionForm, WhyForm
from .agreement_words import MOVES, agreement_lines, moves_of, title_of
from .directory import open_institutions
from .models import Agreement, AgreementAct, Membership
from .tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate

BY_WORD = {word: move for move, word in MOVES.items() if move != "revise"}


@dataclass(frozen=True, slots=True)
class Doing:
    """One act as its page says it: the heading, what it changes, the button, and what is said once it is done."""

    act: Callable[..., AgreementAct]
    heading: Promise | str
    changes: Promise | str
    button: Promise | str
    done: Promise | str


DOINGS = {
    "sign": Doing(
        agreeing.sign,
        gettext_lazy("Signer pour votre institution"),
        gettext_lazy(
            "Vous signez ce qui est écrit ici, et rien d’autre : une convention signée ne se modifie plus. "
            "Une même personne ne signe que pour une institution."
        ),
        gettext_lazy("Signer cette convention"),
        gettext_lazy("C’est signé pour votre institution."),
    ),
    "suspend": Doing(
        agreeing.suspend,
        gettext_lazy("Suspendre, tout de suite"),
        gettext_lazy(
            "Plus rien de volontaire ne passe, et ce qui est passé n’est plus lu. Les obligations, les signalements, les "
            "réquisitions et les secours restent ouverts. Une autre personne de votre institution pourra la reprendre."
        ),
        gettext_lazy("Suspendre cette convention"),
        gettext_lazy("C’est suspendu, dès maintenant."),
    ),
    "resume": Doing(
        agreeing.resume,
        gettext_lazy("Reprendre"),
        gettext_lazy("Ce que la convention prévoit peut passer de nouveau, aux conditions de la loi."),
        gettext_lazy("Reprendre cette convention"),
        gettext_lazy("C’est repris."),
    ),
    "end": Doing(
        agreeing.end,
        gettext_lazy("Y mettre fin"),
        gettext_lazy(
            "Elle vaut encore jusqu’à la fin du dernier jour, à minuit, heure de Paris. Un brouillon est abandonné tout de "
            "suite. Ce qui est terminé ne se reprend pas : il faudra en signer une nouvelle version."
        ),
        gettext_lazy("Mettre fin à cette convention"),
        gettext_lazy("C’est noté, avec son dernier jour."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement; nothing passes under it until both have signed."""
    by = acting(request)
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        partners=open_institutions().exclude(pk=by.institution_id),
        initial={"partner": _uuid(request.GET.get("avec", "")), "starts_on": clock.day_of(clock.now())},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = agreeing.draft(
                number=asked["number"], kind=asked["kind"], partner=asked["partner"], terms=form.terms(), by=by
            )
        except NotTended as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est rédigé. La convention ne vaut que signée par les deux institutions."))
            return redirect("partners:agreement", made.pk)
    return render(request, "partners/agreement_form.html", {"form": form}, status=422 if form.errors else 200)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line_or_404(by: Membership, pk: UUID, move: str) -> Any:
    """The agreement, where this move is hers to make now; 404 otherwise."""
    one = get_object_or_404(Agreement.objects.visible_to(by).followed(), pk=pk)
    line = agreement_lines([one], clock.now())[0]
    if not agreeing.is_party(by, one, functions=agreeing.MAY_SUSPEND):
        raise Http404
    return line, move in moves_of(line, by)


def _out_of_date(request: HttpRequest, pk: UUID) -> HttpResponse:
    messages.error(request, _("Ce n’est plus possible : l’état de la convention a changé. Rien n’a été enregistré."))
    return redirect("partners:agreement", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def agreement_revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the next version, pre-filled with this one; the former stands until all have signed."""
    by = acting(request)
    line, may = _line_or_404(by, pk, "revise")
    if not may:
        return _out_of_date(request, pk)
    one = line.agreement
    known = {name: getattr(one, name) for name in ("title", "purposes", "categories", "starts_on", "ends_on")}
    form = RevisionForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            made = agreeing.revise(agreement=one, terms=form.terms(), why=form.cleaned_data["why"], by=by)
        except NotTended as error:
            raise Http404 from error
        except TooLate:
            return _out_of_date(request, pk)
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("La révision est rédigée. L’ancienne version tient jusqu’à la dernière signature.")
            )
            return redirect("partners:agreement", made.pk)
    context = {"form": form, "revised": one, "title": title_of(one)}
    return render(request, "partners/agreement_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*agreeing.MAY_SUSPEND)
def agreement_act(request: HttpRequest, pk: UUID, word: str) -> HttpResponse:
    """What it changes, then the act."""
    by = acting(request)
    move = BY_WORD.get(word)
    if move is None:
        raise Http404
    line, may = _line_or_404(by, pk, move)
    if not may:
        return _out_of_date(request, pk)
    doing = DOINGS[move]
    posted = request.POST if request.method == "POST" else None
    form = _form(move, posted)
    if request.method == "POST" and form.is_valid():
        try:
            doing.act(agreement=line.agreement, by=by, **form.cleaned_data)
        except NotTended as error:
            raise Http404 from error
        except TooLate:
            return _out_of_date(request, pk)
        except SamePerson:
            form.add_error(None, _("C’est à une autre personne de le faire, à quelque titre que vous agissiez."))
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(doing.done))
            return redirect("partners:agreement", pk)
    context = {"form": form, "line": line, "doing": doing, "title": title_of(line.agreement)}
    return render(request, "partners/agreement_act.html", context, status=422 if form.errors else 200)


def _form(move: str, posted: Any) -> forms.Form:
    if move == "sign":
        return forms.Form(posted)
    if move == "end":
        return EndForm(posted, today=clock.day_of(clock.now()))
    return WhyForm(posted)
