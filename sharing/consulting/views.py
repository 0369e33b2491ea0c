"""The pages of a consultation without the name: the list, to ask, to read, to answer."""

import uuid
from typing import Any, NoReturn

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import ledger
from cases.doors import case_or_404
from cases.models import Case
from partners import clock
from partners.acting import acting
from partners.clock import day_of
from partners.graph import NotFromHere
from partners.models import Membership
from partners.text import plain
from sharing.consulting import acts, checking, page, standing
from sharing.consulting.forms import NOT_NAMES, AdviceForm, AskForm, band_of
from sharing.consulting.recognisable import Mark, certain, doubtful
from sharing.models import Consultation

A_PAGE = 20
DECLARE, ADVISE, CLOSE = "declarer", "conseiller", "clore"
CASE_PARAMETER = "situation"


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Those she asked and those she is asked, with whose turn it is."""
    by = acting(request)
    rows = Consultation.objects.visible_to(by).select_related("author__professional", "author__institution")
    listed = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "sharing/consulting/list.html",
        {
            "rows": page.rows(list(listed), by, clock.now()),
            "page_obj": listed,
            "query": "",
            "caseload": Case.objects.visible_to(by).exists(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask without naming, from one of her situations. What would let the person be recognised is shown; nothing typed is lost."""
    by = acting(request)
    case = case_or_404(request, request.GET.get(CASE_PARAMETER, ""))
    age = case.person.age_on(day_of(clock.now()))
    search = plain(request.POST.get("q", ""))[: page.QUERY_MOST]
    form = AskForm(
        request.POST if request.method == "POST" else None,
        initial={"domain": case.domain, "age_band": band_of(age)},
    )
    chosen = page.chosen(request.POST.getlist("participant"), by)
    found: tuple[Mark, ...] = ()
    wrong: list[dict[str, str]] = []
    if request.method == "POST" and request.POST.get("action") == "send":
        if form.is_valid():
            found = checking.marks_of_author(_text(form), case)
            wrong = _asked(request, case=case, by=by, form=form, chosen=chosen, found=found)
            if not wrong and not found_stops(found, request):
                return redirect("sharing:consultations")
        elif not chosen:
            wrong = [page.nobody_asked()]
    elif request.method == "POST":
        form = _unbound(form, request)
    stopped = bool(wrong or found_stops(found, request) or (form.is_bound and form.errors))
    context = {
        "case": case,
        "form": form,
        "found": page.offered(by=by, search=search, chosen=chosen, case=case),
        "chosen": chosen,
        "search": search,
        "certain": page.said_marks(certain(found)),
        "doubtful": page.said_marks(doubtful(found)),
        "not_names": NOT_NAMES,
        "wrong": wrong,
    }
    return render(request, "sharing/consulting/ask.html", context, status=422 if stopped else 200)


def found_stops(found: tuple[Mark, ...], request: HttpRequest) -> bool:
    """Whether these marks keep the text from being shown to anybody."""
    return bool(certain(found)) or (bool(doubtful(found)) and request.POST.get(NOT_NAMES) != "yes")


def _text(form: AskForm) -> str:
    return f"{form.cleaned_data['situation']}\n\n{form.cleaned_data['question']}"


def _unbound(form: AskForm, request: HttpRequest) -> AskForm:
    """What is typed, kept without being judged: one is still looking for somebody to ask."""
    return AskForm(initial={name: request.POST.get(name, "") for name in form.fields})


def _asked(
    request: HttpRequest,
    *,
    case: Case,
    by: Membership,
    form: AskForm,
    chosen: list[Membership],
    found: tuple[Mark, ...],
) -> list[dict[str, str]]:
    """Ask, or say why not: sentences with the field they are about. Raises Http404 where the case is no longer hers."""
    try:
        consultation = acts.ask(
            case=case,
            participants=chosen,
            domain=form.cleaned_data["domain"],
            age_band=form.cleaned_data["age_band"],
            situation=form.cleaned_data["situation"],
            question=form.cleaned_data["question"],
            marks=found,
            not_names=request.POST.get(NOT_NAMES) == "yes",
            by=by,
        )
    except acts.NotYours as error:
        raise Http404 from error
    except acts.NobodyAsked:
        return [page.nobody_asked()]
    except acts.KnowsHer as known:
        return [page.knows_her(known.who)]
    except acts.Recognisable:
        return []
    messages.success(
        request,
        _("Votre question est posée, sans le nom, sous la référence %(ref)s. Les réponses arriveront ici.")
        % {"ref": consultation.reference},
    )
    return []


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """For its author: who answered what, and the situation it is about. For somebody asked: the question, and her answer."""
    by = acting(request)
    found = (
        Consultation.objects.visible_to(by)
        .filter(pk=pk)
        .select_related("author__professional", "author__institution")
        .first()
    )
    if found is None:
        _refuse(pk, by)
    mine = found.author_id == by.pk
    form = AdviceForm(request.POST if request.POST.get("act") == ADVISE else None)
    marks: tuple[Mark, ...] = ()
    if request.method == "POST":
        answer, marks = _answered(request, found, form, by)
        if answer is not None:
            return answer
    _note(by, pk, granted=True)
    context: dict[str, Any] = {
        "consultation": found,
        "labels": page.labels(found),
        "mine": mine,
        "form": form,
        "certain": page.said_marks(certain(marks)),
    }
    if mine:
        context |= {
            "case": acts.case_of(found, by),
            "participants": page.participants(found),
            "closed": standing.state_of(found) == "closed",
        }
    else:
        state = standing.participation_of(found, by)
        if state in {"asked", "unknown"} and not found.author.in_force_at(clock.now()):
            state = "over"  # whoever asked is gone: nobody waits for the answer
        context |= {"state": state, "advice": page.own_advice(found, by)}
    stopped = bool(form.errors or certain(marks))
    return render(request, "sharing/consulting/one.html", context, status=422 if stopped else 200)


def _answered(
    request: HttpRequest, found: Consultation, form: AdviceForm, by: Membership
) -> tuple[HttpResponse | None, tuple[Mark, ...]]:
    """Do what the button says; the answer to give, or None with the marks that stop an advice."""
    wanted = request.POST.get("act", "")
    try:
        if wanted == DECLARE:
            recognised = request.POST.get("recognised") == "yes"
            acts.declare(consultation_id=found.pk, recognised=recognised, by=by)
            said = (
                _(
                    "C’est noté, et dit à qui vous consulte. La suite, s’il y en a une, sera une communication nominative."
                )
                if recognised
                else _("C’est noté. Vous pouvez donner votre avis.")
            )
        elif wanted == CLOSE:
            acts.close(consultation_id=found.pk, by=by)
            said = _("Consultation close. Les avis reçus restent ici, pour vous.")
        elif wanted == ADVISE:
            if not form.is_valid():
                return None, ()
            marks = checking.marks_of_reader(form.cleaned_data["text"])
            if certain(marks):
                return None, marks
            acts.advise(consultation_id=found.pk, text=form.cleaned_data["text"], marks=marks, by=by)
            said = _("Votre avis est transmis. La décision reste à qui vous consulte.")
        else:
            return None, ()
    except acts.NotYours as error:
        raise Http404 from error
    except NotFromHere:
        messages.warning(request, _("Ce n’est plus possible : voici où en est cette consultation."))
        return redirect("sharing:consultation", pk=found.pk), ()
    messages.success(request, said)
    return redirect("sharing:consultation", pk=found.pk), ()


def _refuse(pk: uuid.UUID, by: Membership) -> NoReturn:
    """The same 404, the attempt noted with the same work, whether or not it exists."""
    _note(by, pk, granted=False)
    raise Http404


def _note(by: Membership, pk: uuid.UUID, *, granted: bool) -> None:
    """No case in it: the access log must not tell of whom a consultation is."""
    ledger.note_access(
        action="consultation.read",
        object_type="consultation",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
    )
