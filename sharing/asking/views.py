"""The requests of a professional: those to answer, those she sent; one request, on the side of each; what is answered."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import clock
from partners.acting import acting
from partners.graph import NotFromHere
from partners.models import Membership
from sharing.asking import acts, answering, awaited, page, panel
from sharing.asking.doors import PEOPLE, RECEIVED, SENT, addressed, hers, note, open_or_404, refuse, sides
from sharing.asking.forms import REASON_MOST, UnnamedForm
from sharing.asking.new_views import new_url
from sharing.asking.standing import OPEN, OUTCOMES, STOPPED, with_state
from sharing.compose_page import about
from sharing.keeping import withheld
from sharing.models import InformationRequest, RequestAct

A_PAGE = 20
PARAMETER = "etat"
WITHDRAWN, TRANSFERRED = RequestAct.Kind.WITHDRAWN.value, RequestAct.Kind.TRANSFERRED.value
ENDED = (*OUTCOMES, WITHDRAWN, TRANSFERRED)
# Each tab: its word in the address, its label, which side, which states.
TABS: tuple[tuple[str, Any, str, tuple[str, ...]], ...] = (
    ("a-repondre", gettext_lazy("À répondre"), RECEIVED, OPEN),
    ("en-attente", gettext_lazy("Envoyées, en attente"), SENT, OPEN),
    ("reponses", gettext_lazy("Réponses reçues"), SENT, OUTCOMES),
    ("repondues", gettext_lazy("Reçues, terminées"), RECEIVED, ENDED),
    ("arretees", gettext_lazy("Arrêtées, retirées ou reprises"), SENT, (STOPPED, WITHDRAWN, TRANSFERRED)),
)


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Those received and sent, by where they stand and whose turn it is. Two statements to count, two for a page of rows."""
    by = acting(request)
    both = sides(by)
    many = {
        side: dict(found.order_by().values_list("state").annotate(many=Count("pk"))) for side, found in both.items()
    }
    counts = {word: sum(many[side].get(state, 0) for state in states) for word, _label, side, states in TABS}
    default = next((word for word in ("a-repondre", "en-attente", "reponses") if counts[word]), "a-repondre")
    current = request.GET.get(PARAMETER, "")
    current = current if current in counts else default
    side, states = next((side, states) for word, _label, side, states in TABS if word == current)
    rows = both[side].filter(state__in=states).select_related(*PEOPLE)
    pressing = [F("needed_on").asc(nulls_last=True), "sent_at"] if states == OPEN else ["-moved_at", "-pk"]
    found = Paginator(rows.order_by(*pressing), A_PAGE).get_page(request.GET.get("page"))
    at = clock.now()
    context = {
        "tabs": [
            {"url": f"?{PARAMETER}={word}", "label": label, "count": counts[word], "current": word == current}
            for word, label, _side, _states in TABS
        ],
        "current": current,
        "any": any(counts.values()),
        "page_obj": found,
        "query": f"{PARAMETER}={current}&",
        "rows": [page.row(one, by, at) for one in found],
    }
    return render(request, "sharing/asking/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The asker's own: what she asked, whose turn it is, the outcome. The one asked: a cover; POST: what is asked, traced."""
    by = acting(request)
    if request.method == "POST":
        return _shown(request, pk, by)
    mine = hers(pk, by)
    if mine is not None:
        return _of_the_asker(request, mine, by)
    theirs = addressed(pk, by)
    if theirs is not None:
        return render(request, "sharing/asking/cover.html", _cover(theirs, by))
    if not _mine_elsewhere(request, pk, by):
        refuse(pk, by)
    messages.info(request, _("Cette demande vous concerne à un autre titre : choisissez-le pour la lire."))
    return redirect(f"{reverse('partners:act_as')}?{urlencode({'next': request.path})}")


def _mine_elsewhere(request: HttpRequest, pk: uuid.UUID, by: Membership) -> bool:
    others = [one for one in getattr(request, "memberships", []) if one.pk != by.pk]
    return any(InformationRequest.objects.visible_to(one).filter(pk=pk).exists() for one in others)


def _of_the_asker(request: HttpRequest, one: Any, by: Membership) -> HttpResponse:
    note(by, one.pk, one.case_id, "request.read", granted=True)
    readable = page.content_open_to(one, by)
    at = clock.now()
    here = one.case.reference if one.case is not None and readable else ""
    again = new_url(here, reprise=str(one.pk)) if here else ""
    context: dict[str, Any] = {
        "one": one,
        "chip": page.chip(one.state),
        "turn": page.turn(one, by, at),
        "term": page.term(one, at),
        "asked": one.asked,
        "case": one.case if here else None,
        "readable": readable,
        "lines": page.asked_for(
            one, person=one.person.short_name if one.person and page.names_her(one, by, at) else ""
        ),
        "outcome": page.outcome(one, by, readable=readable),
        "open": one.state in OPEN,
        "over": one.state in {STOPPED, RequestAct.Kind.CLOSED},
        "why": _(
            "Vous avez fait cette demande. Ce qu’elle est devenue reste à vous, même si vous ne suivez plus la situation."
        ),
        "again": again,
    }
    if one.state == STOPPED:
        context["panel"] = page.stopped_because(one, by, back=again, case=here)
        context["stopped"] = panel.why(one.stopped, one.purpose)
    return render(request, "sharing/asking/asker.html", context)


def _cover(one: Any, by: Membership) -> dict[str, Any]:
    at = clock.now()
    if one.asked_id == by.pk:
        why = _("Cette demande vous est adressée, en tant que %(job)s, %(institution)s.")
    else:
        why = _("Cette demande est adressée à votre service, %(institution)s, où vous travaillez comme %(job)s.")
    return {
        "one": one,
        "asker": one.asker,
        "chip": page.chip(one.state),
        "turn": page.turn(one, by, at),
        "term": page.term(one, at),
        "open": one.state in OPEN,
        "outcome": page.outcome(one, by, readable=False),
        "why": why % {"job": by.job_title.lower(), "institution": by.institution.name},
    }


def _shown(
    request: HttpRequest, pk: uuid.UUID, by: Membership, form: UnnamedForm | None = None, error: str = ""
) -> HttpResponse:
    """What is asked and about whom, with the answers; `form` and `error` come back from an answer that could not be given."""
    one = open_or_404(pk, by)
    context = _cover(one, by) | {
        "lines": page.asked_for(one, person=about(one.person) if one.person else ""),
        "form": form or UnnamedForm(),
        "error": error,
        "reason_most": REASON_MOST,
        "precision": one.about_id is not None,
        "her_case": answering.case_for(one, by) is not None,
        "elsewhere": one.about_id is None and one.asker.institution_id != by.institution_id,
        "left": page.left(one) if one.state in OPEN and not awaited.asker_follows(one) else "",
        "withheld_in": withheld.case_of(one, by),
        "outcome": page.outcome(one, by, readable=True),
    }
    return render(request, "sharing/asking/opened.html", context, status=422 if form is not None or error else 200)


@require_POST
def request_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One click: « non », « voyez avec la personne », « voici, sans le nom ». The second to press is told who was first."""
    by = acting(request)
    kind = request.POST.get("kind", "")
    try:
        if kind == "non":
            answering.decline(request_id=pk, by=by, reason=request.POST.get("reason", "")[:REASON_MOST])
        elif kind == "elle":
            answering.send_to_her(request_id=pk, by=by)
        elif kind == "sans-nom":
            form = UnnamedForm(request.POST)
            if not form.is_valid():
                return _shown(request, pk, by, form)
            try:
                answering.answer_without_name(request_id=pk, text=form.cleaned_data["text"], by=by)
            except answering.Recognisable as found:
                marks = ", ".join(_("« %(word)s »") % {"word": word} for word in found.marks)
                form.add_error(
                    "text", _("Ce texte permet de reconnaître la personne : retirez %(marks)s.") % {"marks": marks}
                )
                return _shown(request, pk, by, form)
        else:
            return _shown(request, pk, by, error=_("Choisissez l’une des réponses."))
    except answering.NotAsked:
        refuse(pk, by)
    except answering.AlreadyNamed:
        return _shown(request, pk, by, error=_("Choisissez l’une des réponses."))
    except NotFromHere:
        return _too_late(request, pk, by)
    messages.success(request, _("Votre réponse est donnée. Qui a demandé en est averti."))
    return redirect("sharing:request", pk=pk)


def _too_late(request: HttpRequest, pk: uuid.UUID, by: Membership) -> HttpResponse:
    one = with_state(InformationRequest.objects.visible_to(by)).select_related(*PEOPLE).get(pk=pk)
    context = {"one": one, "chip": page.chip(one.state), "outcome": page.outcome(one, by, readable=False)}
    return render(request, "sharing/asking/too_late.html", context, status=409)


@require_POST
def request_compose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin the communication that answers: in her own case for this person, opened if need be."""
    by = acting(request)
    try:
        draft = answering.begin_answer(request_id=pk, by=by)
    except answering.NotAsked:
        refuse(pk, by)
    except NotFromHere:
        return _too_late(request, pk, by)
    except answering.AskerLeft:
        return _shown(request, pk, by, error=page.left(answering.received(request_id=pk, by=by)))
    except answering.FollowedByColleagues:
        sentence = _(
            "Votre service suit déjà cette personne, et vous ne suivez pas sa situation : demandez à la suivre, "
            "ou laissez répondre qui la suit."
        )
        return _shown(request, pk, by, error=sentence)
    except answering.NoCaseOfHers:
        return _shown(
            request,
            pk,
            by,
            error=_("Vous ne suivez plus la situation dont il s’agit : vous ne pouvez rien en communiquer."),
        )
    return redirect("sharing:compose", ref=draft.case.reference, pk=draft.pk)


@require_POST
def request_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The asker takes her request back, while nobody has answered."""
    by = acting(request)
    try:
        acts.withdraw_request(request_id=pk, by=by)
    except acts.NotHers:
        refuse(pk, by)
    except NotFromHere:
        return _too_late(request, pk, by)
    messages.success(request, _("Votre demande est retirée. Qui l’avait reçue en est averti."))
    return redirect("sharing:request", pk=pk)


@require_POST
def request_seen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The asker has read the outcome."""
    by = acting(request)
    try:
        acts.note_seen(request_id=pk, by=by)
    except acts.NotHers:
        refuse(pk, by)
    return redirect("sharing:requests")
