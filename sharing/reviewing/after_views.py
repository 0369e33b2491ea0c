"""What is examined afterwards: the list, one communication by what surrounds it, and its content for a reason said aloud."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import ledger
from partners import clock, wording
from partners.acting import acting, function_required
from partners.dates import instant
from partners.models import Function, Membership
from sharing import panel, reading
from sharing.duty_page import due_exactly, due_in_words
from sharing.models import DisclosedItem, Disclosure
from sharing.reviewing import concluding, unsealing, words
from sharing.reviewing.examined import Examined, to_conclude
from sharing.reviewing.forms import ConclusionForm, UnsealForm
from sharing.reviewing.tabs import tabs
from sharing.sheet import sheet, watermark

CONTROLLING = (Function.REVIEWER, Function.DPO)


@require_safe
@function_required(*CONTROLLING)
def examinations(request: HttpRequest) -> HttpResponse:
    """What waits for a conclusion: the most pressing first, what was drawn last. References only, no name of anybody helped."""
    by, at = acting(request), clock.now()
    lines = [_line(one, at) for one in to_conclude(by)]
    return render(request, "sharing/reviewing/examinations.html", {"tabs": tabs(by, "examinations"), "lines": lines})


def _line(one: Examined, at: datetime) -> dict[str, Any]:
    late = one.due_at is not None and one.due_at <= at
    return {
        "disclosure": one.disclosure,
        "purpose": wording.purpose(one.disclosure.purpose),
        "kind": "ended" if one.drawn else "overdue" if late else "pending",
        "chip": _("tirée au sort") if one.drawn else due_in_words(one.due_at, at),
    }


def _found(by: Membership, pk: uuid.UUID, action: str) -> Examined:
    """What she may conclude on, noted either way. Raises Http404."""
    try:
        found = concluding.find(disclosure_id=pk, by=by)
    except concluding.NotHers:
        case = Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first()
        _note(by, pk, case, action, granted=False)
        raise Http404 from None
    return found


def _note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, action: str, *, granted: bool) -> None:
    ledger.note_access(
        action=action,
        object_type="disclosure",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def examination(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One communication, by what surrounds it. A POST concludes; what cannot be is said, and nothing typed is lost."""
    by = acting(request)
    found = _found(by, pk, "examination.opened")
    form = ConclusionForm(request.POST if request.method == "POST" else None, initial={"seen": len(found.conclusions)})
    if request.method == "POST" and form.is_valid():
        answer = _conclude(request, pk, form, by)
        if answer is not None:
            return answer
    _note(by, pk, found.disclosure.case_id, "examination.opened", granted=True)
    return render(
        request, "sharing/reviewing/examination.html", _context(found, by, form), status=422 if form.errors else 200
    )


def _conclude(request: HttpRequest, pk: uuid.UUID, form: ConclusionForm, by: Membership) -> HttpResponse | None:
    typed = form.cleaned_data
    try:
        concluding.conclude(disclosure_id=pk, kind=typed["kind"], reason=typed["reason"], seen=typed["seen"], by=by)
    except concluding.NotHers:
        raise Http404 from None
    except concluding.ConclusionError as error:
        form.add_error("reason", str(error))
        return None
    except concluding.AlreadyConcluded as first:
        context = _context(first.examined, by, None) | {"already": True}
        return render(request, "sharing/reviewing/examination.html", context, status=409)
    messages.success(request, _("Conclusion enregistrée, avec votre nom et l’heure."))
    # The list is for who gives opinions or protects data; she who answers without them comes from her duties.
    return redirect("sharing:examinations" if by.has_function(*CONTROLLING) else "sharing:duties")


def _context(found: Examined, by: Membership, form: ConclusionForm | None) -> dict[str, Any]:
    disclosure, at = found.disclosure, clock.now()
    carried = DisclosedItem.objects.filter(disclosure=disclosure).order_by("pk").values_list("category", "nature")
    opened = unsealing.standing(record=disclosure.record_id, by=by, at=at)
    told = unsealing.told_with(found, by)
    return {
        "examined": found,
        "disclosure": disclosure,
        "line": _line(found, at),
        "exactly": due_exactly(found.due_at) if found.due_at and found.waits else "",
        "categories": [category for category, _nature in carried],
        "natures": sorted({nature for _category, nature in carried}),
        "findings": panel.findings(words.findings_of(disclosure.record), {}),
        "conclusions": [
            {
                "kind": one.get_kind_display(),
                "who": f"{one.by.professional.full_name}, {one.by.job_title}",
                "at": instant(one.at),
                "reason": one.reason,
            }
            for one in found.conclusions
        ],
        "form": form if found.waits else None,
        "opened": opened,
        "unseal": UnsealForm() if by.is_bound and opened is None and found.waits else None,
        "told": [f"{one.professional.full_name}, {one.job_title}" for one in told],
        "why": _why(found, by),
        "listed": by.has_function(*CONTROLLING),
        "tabs": tabs(by, "examinations"),
    }


def _why(found: Examined, by: Membership) -> str:
    opened = unsealing.standing(record=found.disclosure.record_id, by=by, at=clock.now())
    if opened is not None:
        return _("Vous avez ouvert ce contenu le %(at)s, en disant pourquoi ; cela se referme le %(end)s.") % {
            "at": instant(opened.at),
            "end": instant(opened.ends_at),
        }
    if found.drawn:
        return _(
            "Cette communication a été tirée au sort : deux sur cent sont examinées. Vous en voyez les circonstances, pas le "
            "contenu."
        )
    return _(
        "Cette communication est partie sans attendre d’avis : quelqu’un d’autre que son auteur l’examine. Vous en voyez les "
        "circonstances, pas le contenu."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unsealed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What it says, for four hours, once the reason was said (POST); before and after that, nothing is here."""
    by = acting(request)
    found = _found(by, pk, "content.seen")
    if request.method == "POST":
        return _unseal(request, found, by)
    disclosure = found.disclosure
    opened = unsealing.standing(record=disclosure.record_id, by=by, at=clock.now())
    _note(by, pk, disclosure.case_id, "content.seen", granted=opened is not None)
    if opened is None:
        raise Http404
    return render(
        request,
        "sharing/reviewing/unsealed.html",
        {
            "disclosure": disclosure,
            "opened": opened,
            "reading": sheet(
                disclosure,
                reading.with_content(disclosure),
                watermark=watermark(disclosure, by, clock.now()),
            ),
            "why": _why(found, by),
        },
    )


def _unseal(request: HttpRequest, found: Examined, by: Membership) -> HttpResponse:
    form = UnsealForm(request.POST)
    pk = found.disclosure.pk
    if form.is_valid():
        try:
            opened = unsealing.unseal(disclosure_id=pk, reason=form.cleaned_data["why"], by=by)
        except (concluding.NotHers, unsealing.NotBound):
            raise Http404 from None
        except unsealing.UnsealingError as error:
            form.add_error("why", str(error))
        else:
            if not opened.told:
                messages.warning(
                    request, _("Il n’y a personne d’autre à prévenir : l’ouverture est inscrite au journal.")
                )
            return redirect("sharing:unsealed", pk=pk)
    context = _context(found, by, ConclusionForm(initial={"seen": len(found.conclusions)}))
    context |= {"unseal": form, "form_errors": form}
    return render(request, "sharing/reviewing/examination.html", context, status=422)
