"""« La police m’appelle », « Je décide de ne pas communiquer », « Noter une pression »: pages that keep, and send nothing."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.doors import case_or_404
from cases.models import Case, Involvement
from partners import clock
from partners.acting import acting
from partners.models import Function, Membership
from sharing.asking import answering
from sharing.asking.answering import NotAsked
from sharing.asking.standing import state_of, turn_of
from sharing.keeping import calls, pressures, withheld
from sharing.keeping.forms import CallForm, PressureForm, WithholdForm
from sharing.models import Call, Disclosure, Draft, InformationRequest, NotShared, PressureNote, RequestAct
from sharing.service import CaseNotOpen

SHOWN = 20
AROUND_SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """What to answer, step by step; then the note of it. For who protects data, counts and nothing else."""
    by = acting(request)
    at = clock.now()
    mine = Case.objects.visible_to(by).filter(closed_on=None).select_related("person").order_by("-reference")
    form = CallForm(
        request.POST if request.method == "POST" else None,
        cases=mine,
        at=at,
        initial={"case": request.GET.get("situation", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            noted = calls.log_call(by=by, **form.cleaned_data)
        except calls.CallError as error:
            form.add_error(None, str(error))
        else:
            return redirect("sharing:call_noted", pk=noted.pk)
    protects = by.has_function(Function.DPO)
    context = {
        "form": form,
        "calls": Call.objects.visible_to(by).select_related("case", "by__professional")[:SHOWN],
        "counts": calls.counts_of(by.institution_id, at) if protects else [],
        "answering": calls.who_answers(by),
    }
    return render(request, "sharing/keeping/call.html", context, status=422 if form.errors else 200)


@require_safe
def call_noted(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One note, and the path that it opens: the emergency page, the direction, or nothing more to say."""
    by = acting(request)
    noted = get_object_or_404(
        Call.objects.visible_to(by).select_related("case__person", "by__professional", "by__institution"), pk=pk
    )
    follows = noted.case is not None and Case.objects.visible_to(by).filter(pk=noted.case.pk).exists()
    urgent = (
        f"{reverse('sharing:urgency', args=[noted.case.reference])}?appel={noted.pk}" if noted.case and follows else ""
    )
    context = {
        "call": noted,
        "follows": follows,
        "urgency_url": urgent,
        "peril": noted.answer == Call.Answer.PERIL,
        "written": noted.kind == Call.Kind.REQUISITION,
        "answering": calls.who_answers(by),
    }
    return render(request, "sharing/keeping/call_noted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withhold(request: HttpRequest, ref: str) -> HttpResponse:
    """Decide not to share: from the situation, from a draft, or from a request received, which it answers."""
    by = acting(request)
    case = case_or_404(request, ref)
    draft, asked = _draft(request, case, by), _request(request, case, by)
    form = WithholdForm(
        request.POST if request.method == "POST" else None,
        around=_around(case, by, draft, asked),
        initial=_initial(draft, asked),
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = withheld.withhold(case=case, draft=draft, request=asked, by=by, **form.cleaned_data)
        except (CaseNotOpen, NotAsked) as error:
            raise Http404 from error
        except withheld.WithholdingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _decided(kept))
            return redirect("sharing:case", ref=ref)
    waits = asked is not None and bool(turn_of(state_of(asked)))
    context = {"case": case, "form": form, "draft": draft, "asked": asked, "answers": waits}
    return render(request, "sharing/keeping/withhold.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def pressure(request: HttpRequest) -> HttpResponse:
    """Write down a pressure, and read again those that one noted: for their author alone."""
    by = acting(request)
    at = clock.now()
    mine = list(Case.objects.visible_to(by).select_related("person").order_by("-reference"))
    form = PressureForm(
        request.POST if request.method == "POST" else None,
        cases=[one for one in mine if one.closed_on is None],
        at=at,
        initial={"case": request.GET.get("situation", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            pressures.note_pressure(by=by, **form.cleaned_data)
        except CaseNotOpen as error:
            raise Http404 from error
        except pressures.PressureError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est noté, pour vous seul·e."))
            return redirect("sharing:pressure")
    context = {
        "form": form,
        "notes": PressureNote.objects.visible_to(by).select_related("case"),
        "followed": {one.pk for one in mine},
    }
    return render(request, "sharing/keeping/pressure.html", context, status=422 if form.errors else 200)


def _decided(kept: NotShared) -> str:
    """What was just decided; where it came from a request, whether it answered it or somebody was first."""
    if kept.request is None:
        return _("C’est décidé et gardé : rien n’est communiqué, et personne ne vous relancera.")
    said = RequestAct.objects.filter(request=kept.request, kind=RequestAct.Kind.DECLINED, by=kept.by, at=kept.at)
    if said.exists():
        return _(
            "C’est décidé et gardé. « Non » est répondu à la demande %(ref)s : qui demande ne lit que ce non, jamais la raison."
        ) % {"ref": kept.request.reference}
    return _("C’est décidé et gardé. La demande %(ref)s avait déjà sa réponse : rien n’y est ajouté.") % {
        "ref": kept.request.reference
    }


def _named(request: HttpRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(name) or request.GET.get(name) or "")
    except ValueError:
        return None


def _draft(request: HttpRequest, case: Case, by: Membership) -> Draft | None:
    """The draft that is given up, where it is hers and of this case."""
    pk = _named(request, "brouillon")
    waiting = Draft.objects.visible_to(by).filter(case=case, sent_at=None, discarded_at=None)
    return (
        waiting.select_related("recipient__professional", "recipient__institution").filter(pk=pk).first()
        if pk
        else None
    )


def _request(request: HttpRequest, case: Case, by: Membership) -> InformationRequest | None:
    """The request that she received about the person of this situation."""
    pk = _named(request, "demande")
    if pk is None:
        return None
    try:
        asked = answering.received(request_id=pk, by=by)
    except NotAsked:
        return None
    return asked if withheld.case_of(asked, by) == case else None


def _initial(draft: Draft | None, asked: InformationRequest | None) -> dict[str, Any]:
    if draft is not None:
        return {"recipient": str(draft.recipient_id or ""), "purpose": draft.purpose}
    return {"recipient": str(asked.asker_id), "purpose": asked.purpose} if asked is not None else {}


def _around(case: Case, by: Membership, draft: Draft | None, asked: InformationRequest | None) -> list[Membership]:
    """Whom one may have thought of: who works with her, who was told before, and whom the draft or the request names."""
    working = Involvement.objects.filter(case=case, membership=OuterRef("pk"), ends_at=None)
    told = Disclosure.objects.filter(case=case, recipient=OuterRef("pk"))
    named = [one for one in (draft.recipient_id if draft else None, asked.asker_id if asked else None) if one]
    return list(
        Membership.objects.visible_to(by)
        .filter(Q(Exists(working)) | Q(Exists(told)) | Q(pk__in=named))
        .select_related("professional", "institution")
        .order_by("institution__name", "professional__last_name", "pk")[:AROUND_SHOWN]
    )
