"""Mission sheets: read one, say that one has read it, write, validate or ask for changes; « À valider »."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import clock, registering, registration_words, sheet_words, sheets
from .acting import acting, function_required
from .agreement_words import to_sign
from .directory import open_institutions
from .models import (
    FactorLoss,
    Function,
    Institution,
    Membership,
    MissionSheet,
    ProConnectAnswer,
    ProConnectRequest,
    SheetAnswer,
    SheetReading,
)
from .sheet_forms import OURS, THEIRS, AnswerForm, SheetForm
from .succession_words import to_answer
from .tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate, tends

OUT_OF_DATE = "stale"


@require_safe
@function_required(*TENDING, Function.DPO)
def to_validate(request: HttpRequest) -> HttpResponse:
    """What waits for her institution: sheets, signatures, a succession, identities; then its own sheets to read again.

    Who protects the data without tending the directory finds here what waits for a second person, and nothing else.
    """
    by = acting(request)
    now = clock.now()
    tending = by.has_function(*TENDING)
    turn, again = sheet_words.to_tend(by, now) if tending else ([], [])
    identities = ProConnectRequest.objects.visible_to(by)
    hers = ProConnectAnswer.objects.filter(answerer=by.professional_id).values("request")
    context = {
        "sheets": turn,
        "again": again,
        "agreements": to_sign(by, now) if tending else [],
        "successions": to_answer(by) if tending else [],
        "changes": [(one, registration_words.asked(one)) for one in registering.for_her(by)],
        "losses": list(
            FactorLoss.objects.visible_to(by).waiting().exclude(reporter=by.professional_id).select_related("loser")
        ),
        "identities": list(identities.waiting()) if settings.PROCONNECT else [],
        "recognised": list(identities.to_confirm().exclude(pk__in=hers)) if settings.PROCONNECT else [],
    }
    return render(request, "partners/to_validate.html", {**context, "nothing": not any(context.values())})


def _sheet_or_404(by: Membership, pk: UUID) -> MissionSheet:
    return get_object_or_404(sheet_words.with_writer(MissionSheet.objects.visible_to(by)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version and those before it; whoever may answers here."""
    by = acting(request)
    one = _sheet_or_404(by, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    may_answer = tends(by, sheets.other_side(one))
    if request.method == "POST":
        if not may_answer:
            raise Http404
        if form.is_valid():
            answer = _answer(request, one, form, by)
            if answer is not None:
                return answer
    pair = sheet_words.with_writer(MissionSheet.objects.visible_to(by).filter(about=one.about, partner=one.partner))
    every = sheets.versions(pair)
    version = next(each for each in every if each.sheet.pk == one.pk)
    line = sheet_words.lines([each.sheet for each in every], by, clock.now())[0]
    hers = one.writer_id == by.professional_id
    return render(
        request,
        "partners/sheet.html",
        {
            "version": version,
            "line": line,
            "every": every,
            "other": one.partner if line.ours else one.about,
            "form": form if version.state == "waiting" and may_answer and not hers else None,
            "hers": hers and version.state == "waiting",
            "may_read": one.partner_id == by.institution_id and version.answer is not None and version.answer.validated,
            "read": SheetReading.objects.filter(sheet=one, reader=by.professional_id).first(),
        },
        status=422 if form.errors else 200,
    )


def _answer(request: HttpRequest, one: MissionSheet, form: AnswerForm, by: Membership) -> HttpResponse | None:
    validated = form.cleaned_data["answer"] == "validate"
    try:
        answer = sheets.answer(sheet=one, validated=validated, sentence=form.cleaned_data["sentence"], by=by)
    except NotTended as error:
        raise Http404 from error
    except SamePerson:
        form.add_error(None, _("Vous avez écrit cette fiche : c’est à une autre personne d’y répondre."))
        return None
    except DirectoryError as error:
        form.add_error("sentence", str(error))
        return None
    except TooLate:
        messages.error(request, _("Cette page n’était plus à jour : votre réponse n’a pas été enregistrée. Relisez."))
    else:
        messages.success(request, _said(answer))
    return redirect("partners:sheet", one.pk)


def _said(answer: SheetAnswer) -> str:
    if answer.validated:
        return _("C’est validé : vos deux institutions se connaissent par cette fiche.")
    return _("C’est transmis : l’autre institution écrira une nouvelle version.")


@require_POST
def sheet_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« J’ai lu cette fiche »: once, before one's first voluntary disclosure to that institution."""
    by = acting(request)
    one = _sheet_or_404(by, pk)
    try:
        sheets.acknowledge(sheet=one, by=by)
    except NotTended as error:
        raise Http404 from error
    except TooLate:
        messages.error(request, _("Cette fiche n’est pas encore validée : il n’y a rien à déclarer."))
    else:
        messages.success(request, _("C’est noté : vous avez lu cette fiche."))
    return redirect("partners:sheet", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def sheet_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the sheet of a partner, or one's own for it: a new version, pre-filled with the last one."""
    by = acting(request)
    other = get_object_or_404(open_institutions().exclude(pk=by.institution_id), pk=pk)
    whose = OURS if request.GET.get("fiche") == "la-notre" else THEIRS
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        own=by.institution.name,
        other=other.name,
        initial={"whose": whose, **_last(by, other, ours=whose == OURS)},
    )
    if request.method == "POST" and form.is_valid():
        ours = form.cleaned_data["whose"] == OURS
        about, partner = (by.institution, other) if ours else (other, by.institution)
        try:
            written = sheets.write(about=about, partner=partner, contents=form.contents(), by=by)
        except NotTended as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est écrit. La fiche compte une fois validée par l’autre institution."))
            return redirect("partners:sheet", written.pk)
    return render(
        request, "partners/sheet_write.html", {"form": form, "other": other}, status=422 if form.errors else 200
    )


def _last(by: Membership, other: Institution, *, ours: bool) -> dict[str, str]:
    """The last version; of her own institution, failing that, what it last wrote for another partner."""
    about, partner = (by.institution_id, other.pk) if ours else (other.pk, by.institution_id)
    found = MissionSheet.objects.visible_to(by).filter(about=about)
    last = found.filter(partner=partner).first()
    if last is None and ours:
        last = found.order_by("-written_at").first()
    return {name: getattr(last, name) for name in sheets.NAMES} if last is not None else {}
