"""Add an institution to the directory, correct what it says of one, say who comes first to it; answer what a colleague asks."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import cards, clock, confirming, registering
from .accounts import letters, opening, people
from .accounts.people_forms import SecondForm
from .acting import acting, function_required
from .directory import open_institutions
from .models import Institution, InstitutionAnswer, InstitutionChange, Membership
from .registration_forms import AddForm, CardForm, OpeningForm
from .registration_words import lines_of, posts_told
from .tending import DirectoryError, NotTended, SamePerson, TooLate


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*registering.MAY)
def institution_new(request: HttpRequest) -> HttpResponse:
    """An institution that Tact does not know: proposed here, in the directory once a second person accepts."""
    by = acting(request)
    form = AddForm(request.POST if request.method == "POST" else None)
    near: list[Institution] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            row = registering.propose(card=form.card(), why=told["why"], other=told["other"], by=by)
        except NotTended as error:
            raise Http404 from error
        except cards.Resembling as error:
            near = error.found
            form.add_error("other", str(error))
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("C’est proposé. Elle entre dans l’annuaire quand une deuxième personne accepte.")
            )
            return redirect("partners:institution_change", row.pk)
    return render(
        request,
        "partners/registration/new.html",
        {"form": form, "near": near},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*registering.MAY)
def institution_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the directory says of one's own institution, or of one that one's own added: corrected, or said to be right still."""
    by = acting(request)
    one = _correctable_or_404(by, pk)
    initial = {name: getattr(one, name) for name in cards.FIELDS} | {"siret": one.siret_written}
    form = CardForm(request.POST if request.method == "POST" else None, initial=initial)
    near: list[Institution] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            row = registering.correct(institution=one, card=form.card(), why=told["why"], other=told["other"], by=by)
        except NotTended as error:
            raise Http404 from error
        except cards.Resembling as error:
            near = error.found
            form.add_error("other", str(error))
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said_of(row))
            if row.needs_second:
                return redirect("partners:institution_change", row.pk)
            return redirect("partners:institution", pk)
    return render(
        request,
        "partners/registration/correct.html",
        {"form": form, "near": near, "institution": one, "own": one.pk == by.institution_id},
        status=422 if form.errors else 200,
    )


def _correctable_or_404(by: Membership, pk: UUID) -> Institution:
    one = get_object_or_404(open_institutions(), pk=pk)
    if not registering.may_correct(by, one):
        raise Http404
    return one


def _said_of(row: InstitutionChange) -> str:
    if row.needs_second:
        return _("C’est proposé. Rien ne change avant qu’une deuxième personne accepte.")
    if row.after:
        return _("C’est corrigé.")
    return _("C’est noté : cette fiche a été relue aujourd’hui.")


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*registering.MAY)
def institution_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who comes first to an institution that one's own added, as long as nobody tends it."""
    by = acting(request)
    one = get_object_or_404(open_institutions(), pk=pk)
    if not registering.may_open(by, one):
        raise Http404
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = registering.propose_opening(
                institution=one, people=form.people(), why=form.cleaned_data["why"], by=by
            )
        except NotTended as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est proposé. Les invitations partent quand une deuxième personne accepte."))
            return redirect("partners:institution_change", row.pk)
    return render(
        request,
        "partners/registration/open.html",
        {"form": form, "institution": one},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*people.SEEING)
def institution_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a colleague asks of the directory, why, whose turn it is; the second person answers here."""
    by = acting(request)
    found = InstitutionChange.objects.visible_to(by).select_related(
        "institution", "house", "proposed_by__professional", "proposed_by__institution"
    )
    change = get_object_or_404(found, pk=pk)
    now = clock.now()
    answered = InstitutionAnswer.objects.filter(change=change).select_related("answerer", "institution").first()
    waiting = InstitutionChange.objects.visible_to(by).waiting().filter(pk=pk).exists()
    seconds = list(registering.second_persons(change).select_related("professional")) if waiting else []
    may_answer = by.pk in {one.pk for one in seconds}
    if request.method == "POST" and not may_answer:
        raise Http404
    form = SecondForm(request.POST if request.method == "POST" else None)
    asks = confirming.asked(request, now)
    if request.method == "POST" and form.is_valid():
        wrong = confirming.refused(request, form.cleaned_data["password"], now) if asks is not None else None
        if wrong is not None:
            form.add_error("password", wrong)
        else:
            answer = _answer(request, change, form, by)
            if answer is not None:
                return answer
    opens = change.kind == InstitutionChange.Kind.OPEN
    about = answered.institution if answered is not None and answered.institution is not None else change.institution
    return render(
        request,
        "partners/registration/change.html",
        {
            "change": change,
            "about": about,
            "lines": [] if opens else lines_of(change),
            "posts": posts_told(change) if opens else [],
            "invitations": opening.invitations_to(about, now) if opens and answered and about else [],
            "near": cards.resembling(change.after["name"], but=change.institution_id)
            if waiting and "name" in change.after
            else [],
            "answered": answered,
            "waiting": waiting,
            "seconds": seconds,
            "form": form if may_answer else None,
            "asks": asks,
        },
        status=422 if form.errors else 200,
    )


def _answer(request: HttpRequest, change: InstitutionChange, form: SecondForm, by: Membership) -> HttpResponse | None:
    accepted = form.cleaned_data["answer"] == "accept"
    try:
        row, sent = registering.answer(change=change, accepted=accepted, sentence=form.cleaned_data["sentence"], by=by)
    except (NotTended, SamePerson) as error:
        raise Http404 from error
    except DirectoryError as error:
        form.add_error(None, str(error))
        return None
    except TooLate:
        messages.error(request, _("Ce changement n’est plus à décider : rien n’a été enregistré. Relisez."))
        return redirect("partners:institution_change", change.pk)
    if not row.accepted:
        messages.success(request, _("C’est refusé : rien n’a changé."))
    elif not sent:
        messages.success(request, _("C’est accepté : l’annuaire le dit dès maintenant."))
    else:
        lost = [one for one, secret in sent if not letters.send_invitation(one, secret)]
        if lost:
            messages.error(
                request,
                _("C’est accepté, mais une lettre n’est pas partie : proposez de nouveau les premières personnes."),
            )
        else:
            messages.success(
                request, _("C’est accepté : les invitations sont parties. Leur lien sert une fois, sept jours.")
            )
    return redirect("partners:institution_change", change.pk)
