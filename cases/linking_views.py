"""The pages of « même personne »: from a case, what is proposed and undone; for who decides, the two identities, traced."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.acting import acting
from partners.models import Membership

from . import doors, files, followers, linking, linking_shown
from .linking_forms import AnswerForm, EndForm, ProposeForm
from .models import Case, Person, PersonLink, PersonLinkAnswer, PersonLinkEnd
from .views import case_url

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def same_person(request: HttpRequest, reference: str) -> HttpResponse:
    """The links of the sheet of this case, and the form that proposes one. Nothing is told of the other sheet."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="link.page_opened")
    namesakes = len(files.namesakes(case.person, institution=case.institution_id))
    form = ProposeForm(request.POST if request.method == "POST" else None, namesake=namesakes == 1)
    if form.is_bound and form.is_valid():
        try:
            link = _propose(case, form, by)
        except linking.NotHers as error:
            raise doors.refused(request, "link.page_opened", "case", reference) from error
        except linking.LinkError as error:
            form.refuse(error)
        else:
            turn = linking_shown.whose_turn(link, linking.answerers(case.institution_id))
            # The same sentence whether or not the reference that was typed leads anywhere.
            messages.success(request, _("Votre demande est transmise. D’ici la réponse, rien ne change.") + " " + turn)
            return redirect("cases:same_person", reference)
    context = _context(case, by) | {
        "form": form,
        "namesakes": namesakes,
        "links": linking_shown.of_case(case, by),
        "joined": linking_shown.joined(case, by, clock.now()),
    }
    return render(request, "cases/same_person.html", context, status=422 if form.errors else 200)


def _propose(case: Case, form: ProposeForm, by: Membership) -> PersonLink:
    typed = form.cleaned_data
    if form.by_reference:
        return linking.propose_by_reference(
            first=case.person, reference=typed["reference"], reason=typed["reason"], by=by
        )
    return linking.propose_namesake(case=case, reason=typed["reason"], by=by)


def _context(case: Case, by: Membership) -> dict[str, Any]:
    return {"case": case, "case_url": case_url(case), "why": followers.why_access(case, by)}


@require_http_methods(METHODS)
def end_link(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """Undo a link of this case's sheet, or take a proposal back, with the reason."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="link.page_opened")
    shown = next((one for one in linking_shown.of_case(case, by) if one.pk == pk), None)
    link = PersonLink.objects.visible_to(by).filter(pk=pk).select_related("by").first()
    if shown is None or link is None or not shown.may_end:
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            linking.end_link(link=link, reason=form.cleaned_data["reason"], by=by)
        except linking.AlreadySettled:
            messages.info(request, _("Quelqu’un d’autre vient d’y répondre ou d’y mettre fin."))
            return redirect("cases:same_person", reference)
        except linking.NotHers as error:
            raise Http404 from error
        except linking.LinkError as error:
            form.refuse(error)
        else:
            messages.success(request, _("C’est défait : chaque fiche est de nouveau seule."))
            return redirect("cases:same_person", reference)
    context = _context(case, by) | {"form": form, "shown": shown}
    return render(request, "cases/link_end.html", context, status=422 if form.errors else 200)


@require_http_methods(METHODS)
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One link, for who decides in its institution: who asks and why; the two identities on a click that is noted; the answer."""
    by = acting(request)
    found = PersonLink.objects.visible_to(by).filter(pk=pk).select_related("by__professional").first()
    if found is None or not linking.supervises(found, by):
        doors.note(request, "link.opened", "link", str(pk), granted=False)
        raise Http404
    answer = PersonLinkAnswer.objects.filter(link=found).select_related("by__professional").first()
    end = PersonLinkEnd.objects.filter(link=found).select_related("by__professional").first()
    waits, may = answer is None and end is None, linking.may_answer(found, by)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {
        "answer_form": AnswerForm(
            request.POST if act == "answer" else None, leads_nowhere=found.second_id is None, prefix="answer"
        ),
        "end_form": EndForm(request.POST if act == "end" else None, prefix="end"),
    }
    if request.method == "POST" and act not in ("show", "answer", "end"):
        act = "unknown"
    if act in ("show", "answer") and not may:
        raise Http404
    if act in ("answer", "end") and (done := _settle(request, found, act, forms, by)):
        return done
    wrong = act == "unknown" or any(form.errors for form in forms.values())
    context = forms | {
        "link": found,
        "answer": answer,
        "end": end,
        "waits": waits,
        "may": may,
        "leads_nowhere": found.second_id is None,
        "revealed": act in ("show", "answer") and waits,
        "turn": linking_shown.whose_turn(found, linking.answerers(found.institution_id)),
        "sheets": _sheets(request, found, shown=act in ("show", "answer") and waits and found.second_id is not None),
        "wrong": act == "unknown",
    }
    return render(request, "cases/link.html", context, status=422 if wrong else 200)


def _settle(
    request: HttpRequest, found: PersonLink, act: str, forms: dict[str, Any], by: Membership
) -> HttpResponse | None:
    """Record the answer or the end that was typed; None where something is wrong, which the form then says."""
    form = forms["answer_form" if act == "answer" else "end_form"]
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        if act == "answer":
            linking.answer_link(
                link=found, approved=typed["decision"] == AnswerForm.APPROVE, reason=typed["reason"], by=by
            )
            messages.success(request, _("Votre réponse est enregistrée."))
        else:
            linking.end_link(link=found, reason=typed["reason"], by=by)
            messages.success(request, _("C’est défait : chaque fiche est de nouveau seule."))
    except linking.AlreadySettled:
        messages.info(request, _("Quelqu’un d’autre vient d’y répondre ou d’y mettre fin."))
    except linking.NotHers as error:
        raise Http404 from error
    except linking.LinkError as error:
        form.refuse(error)
        return None
    return redirect("cases:link", found.pk)


def _sheets(request: HttpRequest, found: PersonLink, *, shown: bool) -> list[dict[str, Any]]:
    """The two sheets: references and since when; who the persons are only where they are `shown`, and it is noted."""
    ends = [one for one in (found.first_id, found.second_id) if one]
    people = Person.objects.in_bulk(ends)
    cases: dict[UUID, list[Case]] = {}
    for case in Case.objects.filter(institution=found.institution_id, person__in=ends).order_by("-opened_on"):
        cases.setdefault(case.person_id, []).append(case)
    if shown:
        for person in ends:
            first = cases[person][0].pk if cases.get(person) else None
            doors.note(request, "identity.revealed", "person", str(person), granted=True, case=first)
    return [{"person": people[one] if shown else None, "cases": cases.get(one, [])} for one in ends]
