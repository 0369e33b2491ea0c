"""« La police m’appelle » and « Je décide de ne pas communiquer »: two pages that keep, and send nothing."""

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
from sharing.keeping import calls, withheld
from sharing.keeping.forms import CallForm, WithholdForm
from sharing.models import Call, Disclosure, Draft, InformationRequest
from sharing.service import CaseNotOpen

SHOWN = 20
AROUND_SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """What to answer, step by step; then the note of it. For who protects data, counts and nothing else."""
    by = acting(request)
    at = clock.now()
    mine = Case.objects.visible_to(by).filter(closed_on=None).select_related("person").order_by("-reference")
    form = CallForm(request.POST or None, cases=mine, at=at, initial={"case": request.GET.get("situation", "")})
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
    """Decide not to share: from the situation, from a draft, or from a request received."""
    by = acting(request)
    case = case_or_404(request, ref)
    draft, asked = _draft(request, case, by), _request(request, by)
    form = WithholdForm(request.POST or None, around=_around(case, by, draft, asked), initial=_initial(draft, asked))
    if request.method == "POST" and form.is_valid():
        try:
            withheld.withhold(case=case, draft=draft, request=asked, by=by, **form.cleaned_data)
        except CaseNotOpen as error:
            raise Http404 from error
        except withheld.WithholdingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("C’est décidé et gardé : rien n’est communiqué, et personne ne vous relancera.")
            )
            return redirect("sharing:case", ref=ref)
    context = {"case": case, "form": form, "draft": draft, "asked": asked}
    return render(request, "sharing/keeping/withhold.html", context, status=422 if form.errors else 200)


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


def _request(request: HttpRequest, by: Membership) -> InformationRequest | None:
    """The request that she received and will not answer with this."""
    pk = _named(request, "demande")
    received = InformationRequest.objects.received_by(by).select_related("asker__professional", "asker__institution")
    return received.filter(pk=pk).first() if pk else None


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
