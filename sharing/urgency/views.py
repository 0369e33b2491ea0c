"""The emergency page, its confirmation, the sheet to read aloud or hand over, and the list of those who protect data."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import ledger
from cases.doors import case_or_404
from cases.models import Case
from cases.offered import offered
from partners import clock, confirming, wording
from partners.acting import acting
from partners.ids import ids_among
from partners.models import Membership, Reached
from partners.outcome import tells_outcome, told_at
from partners.text import plain
from sharing import duty_page, outbox, reading, service
from sharing.models import Call, Delivery, Disclosure, DraftItem, Duty, Recalled
from sharing.reviewing.tabs import tabs
from sharing.sheet import sheet
from sharing.urgency import acts, delivering, page, telling
from sharing.urgency.dangers import BY_CODE, open_dangers
from sharing.urgency.forms import AlarmForm, ReceivedForm

ASK_WHOM = "who"
AROUND = (
    "case__person",
    "record__edition",
    "author__professional",
    "author__institution",
    "recipient__professional",
    "recipient__institution",
)


@require_http_methods(["GET", "HEAD", "POST"])
def urgency(request: HttpRequest, ref: str) -> HttpResponse:
    """One page, one send: the danger, its signs, the facts, to whom. What is wrong is said, and nothing typed is lost."""
    by = acting(request)
    case = case_or_404(request, ref)
    at = clock.now()
    dangers = open_dangers(case=case, by=by, at=at)
    call = _call(request, case, by)
    asked = request.POST.get("action") == ASK_WHOM
    form = AlarmForm(
        request.POST if request.method == "POST" and not asked else None,
        dangers=dangers,
        # What she ticked stays on the page, whatever was written since.
        items=offered(case, always=ids_among(request.POST.getlist("known"))),
        by=by,
        initial=_typed(request) if asked else {"key": uuid.uuid4(), "call": call.pk if call else None},
    )
    if not form.is_bound:
        return _show(request, case, by, form, dangers, call, at=at)
    if not form.is_valid() or not _identity(request, form, at):
        return _show(request, case, by, form, dangers, call, at=at, status=422)
    return _sound(request, case, by, form, dangers, call)


def _sound(
    request: HttpRequest, case: Case, by: Membership, form: AlarmForm, dangers: Any, call: Call | None
) -> HttpResponse:
    told_at(request, reverse("sharing:whether_left", args=[case.reference, form.cleaned_data["key"]]))
    try:
        shared = acts.sound(
            key=form.cleaned_data["key"],
            case=case,
            recipient=form.cleaned_data["recipient"],
            alarm=form.alarm(),
            call=call,
            by=by,
        )
    except service.CaseNotOpen as error:
        raise Http404 from error
    if shared.disclosure is not None:
        return redirect("sharing:urgency_done", ref=case.reference, pk=shared.disclosure.draft_id)
    if shared.facts is None:
        raise Http404
    labels = {
        str(item): label
        for item, label in DraftItem.objects.filter(draft=form.cleaned_data["key"]).values_list("item", "item__label")
    }
    return _show(
        request,
        case,
        by,
        form,
        dangers,
        call,
        at=shared.facts.at,
        status=409,
        refused=page.refusal(shared.facts, labels),
    )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed before asking who may receive it, for the form that is shown again."""
    several = {"criteria", "known"}
    return {name: request.POST.getlist(name) if name in several else request.POST[name] for name in request.POST}


def _identity(request: HttpRequest, form: AlarmForm, at: datetime) -> bool:
    """Whether she may go on as she is, or proved who she is (docs/adr/0017-urgency.md); what she typed stays."""
    if _asked(request, form.cleaned_data["danger"], at) is None:
        return True
    wrong = confirming.refused(request, form.cleaned_data["password"], at)
    if wrong:
        form.add_error("password", wrong)
    return wrong is None


def _asked(request: HttpRequest, danger: str, at: datetime) -> confirming.Ways | None:
    """Nothing for a rescue: nothing delays it. Otherwise who she is, where she last proved it more than five minutes ago."""
    rescue = danger in BY_CODE and BY_CODE[danger].is_rescue
    return None if rescue else confirming.asked(request, at, urgent=True)


def _call(request: HttpRequest, case: Case, by: Membership) -> Call | None:
    """The note of the call that brings her here, where there is one and it is not about another case."""
    asked = request.POST.get("call") or request.GET.get("appel") or ""
    try:
        pk = uuid.UUID(asked)
    except ValueError:
        return None
    return Call.objects.visible_to(by).filter(Q(case=case) | Q(case=None), pk=pk).first()


def _show(
    request: HttpRequest,
    case: Case,
    by: Membership,
    form: AlarmForm,
    dangers: dict[str, frozenset[str]],
    call: Call | None,
    *,
    at: datetime,
    status: int = 200,
    refused: dict[str, Any] | None = None,
) -> HttpResponse:
    danger = plain(str(form["danger"].value() or ""))
    chosen = str(form["recipient"].value() or "")
    first = {name: str(errors[0]) for name, errors in form.errors.items()}
    if refused is not None:
        refused["recipients"] = page.recipient_choices(dangers, danger=danger, chosen="", by=by, error="")
    context = {
        "case": case,
        "form": form,
        "errors": page.errors_of(form),
        "dangers": page.danger_choices(dangers, danger, first.get("danger", "")),
        "recipients": page.recipient_choices(
            dangers, danger=danger, chosen=_id_or_nothing(chosen), by=by, error=first.get("recipient", "")
        ),
        "asks": _asked(request, danger, at),
        "necessity": acts.necessity(),
        "call": call,
        "refused": refused,
    }
    return render(request, "sharing/urgency/urgency.html", context, status=status)


def _id_or_nothing(value: str) -> str:
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return ""


@tells_outcome
@require_safe
def done(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The confirmation that stays: who examines it before when, what is owed to the person, what is to hand over."""
    by = acting(request)
    case = case_or_404(request, ref)
    disclosure = get_object_or_404(
        Disclosure.objects.sent_from(by).filter(case=case, urgent=True).select_related(*AROUND), draft=pk
    )
    duties = Duty.objects.filter(record=disclosure.record_id)
    return render(
        request,
        "sharing/urgency/done.html",
        {
            "case": case,
            "disclosure": disclosure,
            "in_app": disclosure.channel == Reached.IN_APP,
            "review": duties.filter(code=acts.REVIEW).first(),
            "inform": duties.filter(code__in=["inform_after", "inform_victim"]).first(),
            "duties": duty_page.of_record(disclosure.record, by, clock.now()),
            "received": Delivery.objects.filter(disclosure=disclosure).first(),
            "delayed": outbox.delayed(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sheet to read aloud or to hand over, on paper too; then who received it, and when."""
    by = acting(request)
    disclosure = delivering.handed_over_by(by).select_related(*AROUND).filter(pk=pk).first()
    ledger.note_access(
        action="disclosure.seen_by_sender",
        object_type="disclosure",
        object_ref=str(pk),
        granted=disclosure is not None,
        professional=by.professional_id,
        membership=by.pk,
        case=disclosure.case_id
        if disclosure
        else Disclosure.objects.filter(pk=pk).values_list("case", flat=True).first(),
    )
    if disclosure is None:
        raise Http404
    at = clock.now()
    form = ReceivedForm(request.POST if request.method == "POST" else None, at=at)
    if request.method == "POST" and form.is_valid() and _noted(request, disclosure, form, by):
        return redirect("sharing:handover", pk=pk)
    status = 422 if request.method == "POST" else 200
    # Recalled, it is neither read aloud nor handed over any more; who had received it before is still noted.
    recalled = Recalled.objects.filter(disclosure=disclosure).exists()
    context = {
        "disclosure": disclosure,
        "case": disclosure.case,
        "recalled": recalled,
        "reading": None if recalled else sheet(disclosure, reading.with_content(disclosure)),
        "spoken": disclosure.channel == Reached.SPOKEN,
        "number": disclosure.recipient.institution.phone,
        "deliveries": Delivery.objects.filter(disclosure=disclosure).select_related("by__professional"),
        "form": form,
    }
    return render(request, "sharing/urgency/handover.html", context, status=status)


def _noted(request: HttpRequest, disclosure: Disclosure, form: ReceivedForm, by: Membership) -> bool:
    try:
        delivering.note_received(disclosure_id=disclosure.pk, by=by, **form.cleaned_data)
    except delivering.DeliveryError as error:
        form.add_error(None, str(error))
        return False
    except delivering.NotHandedOver as error:
        raise Http404 from error
    messages.success(request, _("C’est noté : la réception est enregistrée, avec votre nom et l’heure."))
    return True


@require_safe
def urgencies(request: HttpRequest) -> HttpResponse:
    """For who answers for the protection of data: the emergencies of thirty days, in the order of time, and the alarms."""
    by = acting(request)
    at = clock.now()
    if not telling.watches(by):
        raise Http404
    # The window before the oldest one shown counts for its alarm.
    found = list(
        telling.watched_by(by)
        .filter(released_at__gt=at - 2 * telling.WINDOW)
        .select_related("author__professional", "recipient__institution", "record")
        .order_by("-released_at")
    )
    recent = [one for one in found if one.released_at > at - telling.WINDOW]
    return render(
        request,
        "sharing/urgency/urgencies.html",
        {
            "tabs": tabs(by, "urgencies"),
            "rows": [{"disclosure": one, "purpose": wording.purpose(one.purpose)} for one in recent],
            "alarms": [one for one in telling.alarms(found) if one.at > at - telling.WINDOW],
            "quota": telling.QUOTA,
        },
    )
