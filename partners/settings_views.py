"""« Réglages »: what is narrowed where one tends the directory or protects data; propose, decide, lift."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import clock, narrowing, wording
from .acting import acting, function_required
from .models import Agreement, AgreementParty, Forum, Institution, Membership, Narrowing
from .models.narrowings import GOVERNING
from .narrowing import AlreadyDecided, NarrowingError, NotGoverned, Place, Proposal, SameEyes
from .settings_forms import DecideForm, LiftForm, NarrowingForm
from .settings_words import Standing, standings

A_PAGE = 20
IN_ORDER = {"current": 0, "to_come": 1}


def places_of(by: Membership) -> list[Place]:
    """What she may narrow: her institution, its agreements, the forums that it holds."""
    party = AgreementParty.objects.filter(agreement=OuterRef("pk"), institution=by.institution_id)
    return [
        by.institution,
        *Agreement.objects.visible_to(by).filter(Exists(party)).order_by("number"),
        *Forum.objects.visible_to(by).open().filter(institution=by.institution_id),
    ]


def with_place(by: Membership) -> Any:
    """The narrowings that she governs, with what a sentence needs of them."""
    return (
        Narrowing.objects.governed_by(by)
        .select_related("institution", "agreement", "forum", "proposed_by__professional", "proposed_by__institution")
        .order_by("-proposed_at")
    )


@require_safe
@function_required(*GOVERNING)
def settings_list(request: HttpRequest) -> HttpResponse:
    """What waits for somebody first, then what is in force and to come, then what is over."""
    by = acting(request)
    lines = standings(with_place(by), clock.now())
    waiting = [one for one in lines if one.waits]
    mine = [one for one in waiting if one.proposal.proposer_id == by.professional_id]
    over = [one for one in lines if one.state in {"refused", "lifted"}]
    return render(
        request,
        "partners/settings.html",
        {
            "to_decide": [one for one in waiting if one not in mine],
            "mine": mine,
            "standing": sorted((one for one in lines if one.stands), key=lambda one: IN_ORDER[one.state]),
            "page_obj": Paginator(over, A_PAGE).get_page(request.GET.get("page")),
            "any": bool(lines),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*GOVERNING)
def narrowing_new(request: HttpRequest) -> HttpResponse:
    """Propose; nothing changes until another person approves."""
    by = acting(request)
    form = NarrowingForm(
        request.POST if request.method == "POST" else None,
        places=places_of(by),
        today=clock.day_of(clock.now()),
        initial={"where": request.GET.get("lieu", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposed = narrowing.propose(
                place=form.place(),
                takes=form.takes(),
                why=form.cleaned_data["why"],
                wanted_on=form.cleaned_data["wanted_on"],
                by=by,
            )
        except NotGoverned as error:
            raise Http404 from error
        except NarrowingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("C’est proposé. Rien ne change tant qu’une autre personne ne l’a pas approuvé.")
            )
            return redirect("partners:narrowing", proposed.pk)
    return render(request, "partners/narrowing_new.html", {"form": form}, status=422 if form.errors else 200)


def _line_or_404(by: Membership, pk: UUID) -> Standing:
    return standings([get_object_or_404(with_place(by), pk=pk)], clock.now())[0]


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*GOVERNING)
def narrowing_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Exactly what changes, who proposed it and why; whoever else may, decides here."""
    by = acting(request)
    line = _line_or_404(by, pk)
    proposal = line.proposal
    form = DecideForm(request.POST if request.method == "POST" else None, initial={"of": proposal.pk})
    if request.method == "POST" and form.is_valid():
        if not line.waits or form.cleaned_data["of"] != proposal.pk:
            messages.error(
                request, _("Cette page n’était plus à jour : rien n’a été enregistré. Relisez avant de décider.")
            )
            return redirect("partners:narrowing", pk)
        answer = _decide(request, proposal, form, by)
        if answer is not None:
            return answer
    deciders = narrowing.deciders_of(proposal).select_related("professional", "institution") if line.waits else ()
    return render(
        request,
        "partners/narrowing.html",
        {
            "line": line,
            "proposal": proposal,
            "about_lift": proposal is line.lift,
            "form": form if any(one.pk == by.pk for one in deciders) else None,
            "hers": proposal.proposer_id == by.professional_id,
            "deciders": deciders,
            "remaining": _remaining(line),
            "late": line.waits and proposal.wanted_on < clock.day_of(line.at),
            "may_lift": line.stands and line.lifted_at is None and not line.lift_waits,
        },
        status=422 if form.errors else 200,
    )


def _decide(request: HttpRequest, proposal: Proposal, form: DecideForm, by: Membership) -> HttpResponse | None:
    approved = form.cleaned_data["answer"] == "approve"
    try:
        decision = narrowing.decide(proposal=proposal, approved=approved, sentence=form.cleaned_data["sentence"], by=by)
    except NotGoverned as error:
        raise Http404 from error
    except SameEyes:
        form.add_error(None, _("Vous l’avez proposé : c’est à une autre personne de décider."))
        return None
    except NarrowingError as error:
        form.add_error(None, str(error))
        return None
    except AlreadyDecided:
        messages.error(
            request, _("Quelqu’un a décidé avant vous : sa décision tient, la vôtre n’a pas été enregistrée.")
        )
    else:
        said = _("C’est approuvé.") if decision.approved else _("C’est refusé : rien ne change.")
        messages.success(request, said)
    return redirect("partners:narrowing", narrowing.of(proposal).pk)


def _remaining(line: Standing) -> list[tuple[str, list[str]]]:
    """What an agreement or a forum lets through all the same, by family; an institution has no list of its own."""
    place = narrowing.place_of(line.narrowing)
    if isinstance(place, Institution):
        return []
    return wording.by_family([code for code in place.categories if code not in line.narrowing.categories])


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*GOVERNING)
def narrowing_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose that a narrowing end; it stands until another person approves."""
    by = acting(request)
    line = _line_or_404(by, pk)
    if not line.stands or line.lifted_at is not None or line.lift_waits:
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None, today=clock.day_of(clock.now()))
    if request.method == "POST" and form.is_valid():
        try:
            narrowing.propose_lift(
                narrowing=line.narrowing,
                why=form.cleaned_data["why"],
                wanted_on=form.cleaned_data["wanted_on"],
                by=by,
            )
        except NotGoverned as error:
            raise Http404 from error
        except NarrowingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("La levée est proposée. Le réglage tient tant qu’une autre personne ne l’a pas approuvée.")
            )
            return redirect("partners:narrowing", pk)
    return render(
        request, "partners/narrowing_lift.html", {"line": line, "form": form}, status=422 if form.errors else 200
    )
