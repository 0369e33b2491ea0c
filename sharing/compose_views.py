"""The way of a disclosure: compose, live verdict, check, send, done. Every look-up goes through `visible_to`."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import alarms
from cases.doors import case_or_404
from partners import clock
from partners.acting import acting
from partners.ids import ids_among
from partners.models import Membership
from partners.outcome import tells_outcome, told_at
from partners.text import plain
from sharing import composing, duty_page, outbox, panel, previewed, second_look, service
from sharing.asking import page as answered
from sharing.compose_page import compose_context, reading_of, stays_of
from sharing.facts import Facts
from sharing.helping.gathering import known_items
from sharing.helping.page import advice_url, help_with, her_word_url
from sharing.helping.wording import TO_ADVICE, TO_HER_WORDS
from sharing.models import DisclosedItem, Disclosure, Draft
from sharing.outcome import Decision
from sharing.proofs import page as proof_page
from sharing.reviewing import author
from sharing.service import IncompleteDraft, Outcome

TOMORROW = "tomorrow"


def _draft(request: HttpRequest, ref: str, pk: uuid.UUID) -> tuple[Membership, Draft]:
    """The draft in its case, for its author who may still open it; anything else is the same 404."""
    by = acting(request)
    case = case_or_404(request, ref)
    return by, get_object_or_404(composing.drafts_of(case, by=by), pk=pk)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, ref: str) -> HttpResponse:
    """Begin a communication (POST), or find those that were begun (GET)."""
    by = acting(request)
    case = case_or_404(request, ref)
    if request.method == "POST":
        draft = composing.start(case=case, by=by)
        return redirect("sharing:compose", ref=ref, pk=draft.pk)
    drafts = composing.drafts_of(case, by=by).filter(sent_at=None)
    return render(request, "sharing/start.html", {"case": case, "drafts": drafts[:20]})


@require_http_methods(["GET", "POST"])
def compose(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The two columns: the form, and what may be. A POST keeps what is typed, then does what its button says."""
    by, draft = _draft(request, ref, pk)
    if draft.sent_at is not None:
        return redirect("sharing:done", ref=ref, pk=pk)
    gaps: list[composing.Gap] = []
    form = composing.ComposeForm(initial={"benefit": draft.benefit})
    if request.method == "POST":
        form = composing.keep(draft=draft, posted=request.POST, by=by, at=clock.now())
        if panel.LEAVE_OUT in request.POST:
            composing.leave_out(draft=draft, refs=ids_among(request.POST[panel.LEAVE_OUT].split(",")))
            return redirect("sharing:compose", ref=ref, pk=pk)
        if request.POST.get("action") == "add":
            return redirect(
                f"{reverse('cases:item_new', args=[ref])}?{urlencode({'next': reverse('sharing:compose', args=[ref, pk])})}"
            )
        if request.POST.get("action") == TO_HER_WORDS and draft.purpose and draft.recipient_id:
            return redirect(her_word_url(draft))
        if request.POST.get("action") == TO_ADVICE:
            return redirect(advice_url(draft))
        if request.POST.get("action") == "check":
            gaps = composing.gaps(draft, composing.rows_of(draft))
            if not gaps and form.is_valid():
                return redirect("sharing:check", ref=ref, pk=pk)
    search = plain(request.POST.get("q", request.GET.get("q", "")))[:80]
    wanted = plain(request.POST.get("pq", ""))[:80]
    items_search = plain(request.POST.get("iq", ""))[:80]
    role, _slash, purpose = plain(request.POST.get("role", request.GET.get("role", "")))[:120].partition("/")
    if request.method == "POST" and purpose:
        composing.aim_at(draft=draft, purpose=purpose)
    facts, decision = _previewed(draft, by)
    context = compose_context(
        draft=draft,
        by=by,
        facts=facts,
        decision=decision,
        form=form,
        gaps=gaps,
        search=search,
        role=role,
        purpose_search=wanted,
        items_search=items_search,
    ) | {"opinion_line": author.on_compose(draft, clock.now()), "answering": answered.on_draft(draft)}
    context["suspended"] = alarms.sharing_suspended()
    return render(request, "sharing/compose.html", context, status=422 if gaps else 200)


def _previewed(draft: Draft, by: Membership) -> tuple[Facts | None, Decision | None]:
    try:
        return service.preview(draft=draft, by=by)
    except IncompleteDraft:
        return None, None


@require_POST
def verdict(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The panel alone, after keeping what is typed. Always 200: htmx shows no other answer (traps.md, "Pages")."""
    by, draft = _draft(request, ref, pk)
    form = composing.keep(draft=draft, posted=request.POST, by=by, at=clock.now())
    facts, decision = _previewed(draft, by)
    context = compose_context(
        draft=draft,
        by=by,
        facts=facts,
        decision=decision,
        form=form,
        gaps=[],
        search="",
        role="",
        items_search=plain(request.POST.get("iq", ""))[:80],
        light=True,
    )
    return render(request, "sharing/verdict.html", context)


@require_POST
def discard(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Give a draft up: it stays, dated, and shows no more."""
    by, draft = _draft(request, ref, pk)
    composing.give_up(draft=draft, by=by, at=clock.now())
    return redirect("sharing:case", ref=ref)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Read it as the recipient will, then send. What is sent is exactly what was seen here, or nothing is."""
    by, draft = _draft(request, ref, pk)
    if request.method == "POST":
        return _read_again(request, by, draft) if request.POST.get("action") == TOMORROW else _send(request, by, draft)
    if draft.sent_at is not None:
        return redirect("sharing:done", ref=ref, pk=pk)
    rows = composing.rows_of(draft)
    if composing.gaps(draft, rows):
        return redirect("sharing:compose", ref=ref, pk=pk)
    facts, decision = service.preview(draft=draft, by=by)
    labels = {str(row.item_id): row.item.label for row in rows}
    known = known_items(draft)
    helped = help_with(draft=draft, by=by, known=known, rows=rows, decision=decision, at=facts.at)
    context = {
        "case": draft.case,
        "draft": draft,
        "answering": answered.on_draft(draft),
        "decision": decision,
        "panel": panel.panel(draft=draft, facts=facts, decision=decision, labels=labels),
        "token": previewed.token(draft, facts, decision),
        "who": composing.recipient_short(draft.recipient) if draft.recipient else "",
        "reading": reading_of(draft=draft, by=by, rows=rows, decision=decision),
        "stays": stays_of(draft=draft, rows=rows),
        "suspended": alarms.sharing_suspended(),
        **helped.before_sending(decision),
        **author.on_check(draft=draft, decision=decision, rows=rows, by=by, at=clock.now()),
    }
    return render(request, "sharing/check.html", context)


def _read_again(request: HttpRequest, by: Membership, draft: Draft) -> HttpResponse:
    """« Relire demain »: the draft is kept, and says from when its author wants to see it again."""
    until = second_look.put_off(draft=draft, by=by, at=clock.now())
    if until is None:
        return redirect("sharing:done", ref=draft.case.reference, pk=draft.pk)
    messages.success(
        request,
        _("Rien n’a été communiqué. Votre brouillon est gardé, à relire à partir du %(at)s.")
        % {"at": date_format(timezone.localtime(until), "j F Y, H:i")},
    )
    return redirect("sharing:case", ref=draft.case.reference)


def _send(request: HttpRequest, by: Membership, draft: Draft) -> HttpResponse:
    ref = draft.case.reference
    told_at(request, reverse("sharing:whether_left", args=[ref, draft.pk]))
    try:
        shared = service.share(
            draft_id=draft.pk, previewed=previewed.seen(request.POST.get(previewed.FIELD, "")), by=by
        )
    except service.CaseNotOpen as error:
        raise Http404 from error
    except IncompleteDraft:
        return redirect("sharing:compose", ref=ref, pk=draft.pk)
    if shared.outcome is Outcome.RELEASED:
        return redirect("sharing:done", ref=ref, pk=draft.pk)
    if shared.facts is None:
        raise Http404
    labels = {str(row.item_id): row.item.label for row in composing.rows_of(draft)}
    decision = service.explained(shared.facts)
    context = {
        "case": draft.case,
        "draft": draft,
        "answering": answered.on_draft(draft),
        "changed": shared.outcome is Outcome.CHANGED,
        "awaiting": shared.outcome is Outcome.AWAITING,
        "suspended": shared.outcome is Outcome.SUSPENDED,
        "panel": panel.panel(draft=draft, facts=shared.facts, decision=decision, labels=labels),
    }
    return render(request, "sharing/not_sent.html", context, status=409)


@tells_outcome
@require_GET
def done(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The confirmation that stays: reference, hour, to whom, what follows, a line to copy in one's own software."""
    by = acting(request)
    case = case_or_404(request, ref)
    disclosure = get_object_or_404(
        Disclosure.objects.sent_from(by)
        .filter(case=case, author=by)
        .select_related("record__edition", "recipient__professional", "recipient__institution"),
        draft=pk,
    )
    return render(
        request,
        "sharing/done.html",
        {
            "case": case,
            "disclosure": disclosure,
            "who": composing.recipient_short(disclosure.recipient),
            "items": list(DisclosedItem.objects.filter(disclosure=disclosure).values_list("label", flat=True)),
            "duties": duty_page.of_record(disclosure.record, by, clock.now()),
            "rules_label": panel.stored_rules(disclosure.record),
            "delayed": outbox.delayed(),
            "proof": proof_page.of_one(disclosure, reverse("sharing:sent_proof", args=[disclosure.pk])),
        },
    )
