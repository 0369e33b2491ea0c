"""« Contrôle »: the queue, one review at a time, and what its author does: submit, leave out as advised."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import ledger
from cases.doors import case_or_404
from partners import clock
from partners.acting import acting, function_required
from partners.models import Function, Membership
from partners.text import plain
from sharing import composing, panel, previewed, service
from sharing.compose_page import label_of
from sharing.models import DraftItem, Opinion, Review
from sharing.panel import words as verdict_words
from sharing.reviewing import item_page, opinions, queue, submission, words
from sharing.reviewing.forms import MOST, OpinionForm, TransferForm
from sharing.reviewing.standing import EDITED, Standing, standing_of
from sharing.reviewing.tabs import tabs
from sharing.reviewing.who import transferable_to

CONTROLLING = (Function.REVIEWER, Function.DPO)
OPINION, TRANSFER = "avis", "transmettre"


@require_safe
@function_required(*CONTROLLING)
def review_queue(request: HttpRequest) -> HttpResponse:
    """Emergencies on top, then the oldest; the address keeps the filters. Nothing is done in bulk."""
    by, at = acting(request), clock.now()
    filters = queue.Filters.read(request.GET)
    page, lines = queue.page(by, filters, request.GET.get("page"), at)
    return render(
        request,
        "sharing/reviewing/queue.html",
        {
            "tabs": tabs(by, "queue"),
            "filters": filters,
            "reasons": queue.reasons(),
            "ages": queue.AGES,
            "page_obj": page,
            "query": filters.query,
            "lines": lines,
            "last": None if lines else queue.last_examined(by),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One review: read, then answer. A POST gives the opinion that its form says; what cannot be is said, nothing is lost."""
    by = acting(request)
    try:
        found = opinions.find(review_id=pk, by=by)
    except opinions.NotHers:
        case = Review.objects.filter(pk=pk).values_list("case", flat=True).first()
        _note(by, pk, case, "review.opened", granted=False)
        raise Http404 from None
    standing = standing_of(found)
    posted = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(found, standing, by, posted, request.POST)
    if posted:
        answer = _answer(request, found, forms.get(posted), posted, by)
        if answer is not None:
            return answer
    reads = item_page.may_read(standing, by)
    _note(by, pk, found.case_id, "review.opened" if reads else "review.seen", granted=True)
    wrong = forms.get(posted)
    return render(
        request,
        "sharing/reviewing/review.html",
        item_page.context(review=found, standing=standing, by=by, at=clock.now())
        | {"opinion": forms.get(OPINION), "transfer": forms.get(TRANSFER), "form": wrong, "tabs": tabs(by, "queue")},
        status=422 if wrong is not None and wrong.errors else 200,
    )


def _note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, action: str, *, granted: bool) -> None:
    ledger.note_access(
        action=action,
        object_type="review",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


def _forms(found: Review, standing: Standing, by: Membership, posted: str, typed: Any) -> dict[str, Any]:
    """The forms of the page while an opinion is awaited, each under the word of its button."""
    if not standing.waits:
        return {}
    rows = DraftItem.objects.filter(draft=found.draft_id).select_related("item").order_by("pk")
    items = [
        (str(one.item_id), one.item.label if by.is_bound else label_of("categories", one.item.category)) for one in rows
    ]
    seen = {"seen": len(standing.opinions)}
    given: dict[str, Any] = {
        OPINION: OpinionForm(
            typed if posted == OPINION else None,
            items=items,
            suspended=standing.state == "suspended",
            initial=seen,
            auto_id=f"{OPINION}_%s",
        )
    }
    people = transferable_to(found, by)
    if people:
        given[TRANSFER] = TransferForm(
            typed if posted == TRANSFER else None, people=people, initial=seen, auto_id=f"{TRANSFER}_%s"
        )
    return given


def _answer(request: HttpRequest, found: Review, form: Any, posted: str, by: Membership) -> HttpResponse | None:
    """Give it: the answer, or None where the page is shown again with what is wrong."""
    if form is None:  # answered, changed or sent since this page was read
        return _not_recorded(request, found, by)
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        given = opinions.give(
            review_id=found.pk,
            kind=Opinion.Kind.TRANSFER if posted == TRANSFER else typed["kind"],
            seen=typed["seen"],
            reason=typed["reason"],
            leave_out=form.items_out() if posted == OPINION else (),
            to=form.chosen() if posted == TRANSFER else None,
            by=by,
        )
    except opinions.NotHers:
        raise Http404 from None
    except opinions.OpinionError as error:
        form.add_error(None, str(error))
        return None
    except (opinions.AlreadyAnswered, opinions.Lapsed):
        return _not_recorded(request, found, by)
    except opinions.NoLongerPossible as closed:
        return _no_longer_possible(request, found, closed, by)
    messages.success(request, _said(given))
    return redirect("sharing:control")


def _said(given: Opinion) -> str:
    if given.kind == Opinion.Kind.FAVOURABLE:
        return _("Avis favorable enregistré. Rien n’est parti : son auteur décide.")
    if given.transferred_to is not None:
        return _("Demande transmise à %(who)s.") % {"who": given.transferred_to.professional.full_name}
    return _("Avis enregistré : %(what)s. Son auteur en est averti.") % {"what": given.get_kind_display()}


def _not_recorded(request: HttpRequest, found: Review, by: Membership) -> HttpResponse:
    """409: somebody was first, and here is what was said; or its author changed it. Nothing was recorded."""
    try:
        fresh = opinions.find(review_id=found.pk, by=by)
    except opinions.NotHers:
        raise Http404 from None
    standing = standing_of(fresh)
    return render(
        request,
        "sharing/reviewing/not_recorded.html",
        {"review": fresh, "lapsed": standing.state == EDITED, "opinions": words.told(standing.opinions)},
        status=409,
    )


def _no_longer_possible(
    request: HttpRequest, found: Review, closed: opinions.NoLongerPossible, by: Membership
) -> HttpResponse:
    """409: it could not leave today, and here is why. Nothing was recorded."""
    decision = closed.decision
    shown = None
    if closed.facts is not None and decision is not None:
        rows = composing.rows_of(found.draft)
        labels = {str(row.item_id): row.item.label for row in rows} if by.is_bound else {}
        shown = {
            "word": verdict_words()[decision.verdict],
            "findings": panel.findings(decision.findings, labels),
        }
    return render(
        request, "sharing/reviewing/not_recorded.html", {"review": found, "closed": True, "now": shown}, status=409
    )


@require_POST
def ask_opinion(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The author submits what she saw; or leaves out what the opinion advises to leave out."""
    by = acting(request)
    case_or_404(request, ref)
    try:
        if request.POST.get("action") == "leave_out":
            if submission.leave_out_as_advised(draft_id=pk, by=by):
                messages.success(request, _("C’est laissé de côté. Relisez : ce contenu n’est plus le même."))
            return redirect("sharing:check", ref=ref, pk=pk)
        asked = plain(request.POST.get("asked", ""))[:MOST]
        given = submission.submit(
            draft_id=pk, previewed=previewed.seen(request.POST.get(previewed.FIELD, "")), asked=asked, by=by
        )
    except service.CaseNotOpen as error:
        raise Http404 from error
    except service.IncompleteDraft:
        return redirect("sharing:compose", ref=ref, pk=pk)
    except submission.NobodyToAsk:
        messages.error(request, _("Personne d’autre, dans votre institution, ne donne d’avis : rien n’a été demandé."))
        return redirect("sharing:check", ref=ref, pk=pk)
    except submission.AnsweredByTheInstitution:
        messages.error(request, _("C’est l’institution qui répond à une réquisition : rien n’a été demandé."))
        return redirect("sharing:check", ref=ref, pk=pk)
    if given.review is not None:
        messages.success(request, _("Votre demande d’avis est envoyée. Rien n’a été communiqué."))
    elif given.facts is None:
        return redirect("sharing:done", ref=ref, pk=pk)
    else:
        messages.warning(request, _("La situation a changé depuis votre vérification : rien n’a été demandé. Relisez."))
    return redirect("sharing:check", ref=ref, pk=pk)
