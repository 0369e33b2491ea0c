"""The way of a request: the form with its live verdict, what the partner will read, the sending. Nothing typed is lost."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.doors import case_or_404
from cases.models import Case
from partners import clock, wording
from partners.acting import acting
from partners.models import Membership
from sharing import previewed, service
from sharing.asking import acts, insisting, offering, panel
from sharing.asking.acts import Asking
from sharing.asking.deciding import Wish, fingerprint
from sharing.asking.forms import CARRIED, DECLARED, RequestForm, Typed, taken_up, typed_in
from sharing.composing import recipient_short
from sharing.models import InformationRequest
from sharing.outcome import DENY

A_PAGE = 20
ON_THE_PAGE = ("purpose", "id_decision_at_stake", "id_own_role", "recipient", "id_categories", "id_needed_on")


@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """GET: choose a situation, then a blank page, or one taken up. POST: keep what is typed, then do what its button says."""
    by = acting(request)
    if request.method != "POST":
        return _blank(request, by) if request.GET.get("situation") else _which_case(request, by)
    case = case_or_404(request, request.POST.get("situation", ""))
    typed = typed_in(request.POST, case=case, by=by, today=clock.day_of(clock.now()))
    action = request.POST.get("action", "")
    if action == "check":
        gaps = typed.gaps()
        if gaps or typed.wish is None or not typed.form.is_valid():
            return render(request, "sharing/asking/new.html", _context(typed, by, gaps), status=422)
        return _check(request, by, typed, typed.wish)
    if action == "send" and typed.wish is not None and typed.form.is_valid():
        return _send(request, by, typed, typed.wish)
    return render(request, "sharing/asking/new.html", _context(typed, by, [], fresh=action != "send"))


def _which_case(request: HttpRequest, by: Membership) -> HttpResponse:
    """A request is about somebody: of which situation?"""
    mine = (
        Case.objects.visible_to(by).filter(closed_on=None).select_related("person").order_by("-opened_on", "-reference")
    )
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/asking/which_case.html", {"page_obj": page})


def _blank(request: HttpRequest, by: Membership) -> HttpResponse:
    case = case_or_404(request, request.GET["situation"])
    row = None
    if taken := request.GET.get("reprise", ""):
        try:
            row = InformationRequest.objects.sent_by(by).filter(pk=uuid.UUID(taken), case=case).first()
        except ValueError:
            row = None
    typed = taken_up(row, case=case, by=by, today=clock.day_of(clock.now()))
    return render(request, "sharing/asking/new.html", _context(typed, by, [], fresh=True))


@require_POST
def request_verdict(request: HttpRequest) -> HttpResponse:
    """The panel alone. Always 200: htmx shows no other answer (traps.md, "Pages")."""
    by = acting(request)
    case = case_or_404(request, request.POST.get("situation", ""))
    typed = typed_in(request.POST, case=case, by=by, today=clock.day_of(clock.now()))
    return render(request, "sharing/asking/verdict.html", _panel_context(typed, by))


def _panel_context(typed: Typed, by: Membership) -> dict[str, Any]:
    at = clock.now()
    many = insisting.lately(person=typed.case.person_id, asker=by, at=at)
    context: dict[str, Any] = {
        "case": typed.case,
        "declared": ",".join(typed.circumstances),
        "lately": many if many >= insisting.MANY else 0,
    }
    wish = typed.wish
    if wish is None:
        texts = (typed.given.get("decision_at_stake", ""), typed.given.get("own_role", ""))
        stopped = acts.refused_at_once(purpose=typed.purpose, texts=texts)
        missing = [gap.text for gap in typed.gaps()]
        shown = panel.refused(stopped, purpose=typed.purpose, at=at) if stopped else panel.incomplete(missing, at)
        return context | {"panel": shown}
    facts, decision, stopped = acts.preview(wish=wish, by=by)
    return context | {"panel": panel.live(wish=wish, facts=facts, decision=decision, stopped=stopped)}


def _context(typed: Typed, by: Membership, gaps: list[Any], *, fresh: bool = False) -> dict[str, Any]:
    """Everything the form shows; `fresh` leaves the form's own errors unsaid: nothing was asked to be checked yet."""
    wrong = {gap.target: gap.text for gap in gaps}
    return _panel_context(typed, by) | {
        "typed": typed,
        "form": RequestForm(initial=typed.given, today=typed.form.today) if fresh else typed.form,
        "errors": _in_page_order(typed, gaps, fresh=fresh),
        "purposes": offering.purpose_choices(typed, by, wrong.get("purpose", "")),
        "partners": offering.partner_choices(typed, by, wrong.get("recipient", "")),
        "families": offering.families(typed),
        "families_error": wrong.get("id_categories", ""),
    }


def _in_page_order(typed: Typed, gaps: list[Any], *, fresh: bool) -> list[dict[str, str]]:
    """What is to be completed, the fields of the form and the others, as they stand on the page."""
    form = RequestForm(today=typed.form.today) if fresh else typed.form
    found = [{"text": gap.text, "target": gap.target} for gap in gaps]
    found += [{"text": text, "target": field.id_for_label} for field in form for text in field.errors]
    return sorted(found, key=lambda one: ON_THE_PAGE.index(one["target"]))


def _check(request: HttpRequest, by: Membership, typed: Typed, wish: Wish) -> HttpResponse:
    """Read it as the partner will. What would be stopped is stopped here, and kept with its reason."""
    facts, decision, stopped = acts.preview(wish=wish, by=by)
    if stopped or decision.verdict == DENY:
        return _asked(request, by, typed, wish, fingerprint(wish, facts, decision))
    context = {
        "case": typed.case,
        "wish": wish,
        "who": recipient_short(wish.asked),
        "by": by,
        "purpose": wording.purpose(wish.purpose),
        "categories": [wording.category(code) for code in wish.categories],
        "panel": panel.live(wish=wish, facts=facts, decision=decision, stopped=""),
        "token": previewed.sealed(fingerprint(wish, facts, decision), salt=previewed.REQUEST),
        "carried": _carried(request, typed),
    }
    return render(request, "sharing/asking/check.html", context)


def _carried(request: HttpRequest, typed: Typed) -> list[tuple[str, str]]:
    """What was typed, as hidden fields: nothing is kept anywhere before it is sent."""
    known = {"key": [str(typed.key)], "categories": list(typed.categories), DECLARED: [",".join(typed.circumstances)]}
    return [(name, value) for name in CARRIED for value in known.get(name, request.POST.getlist(name))]


def _send(request: HttpRequest, by: Membership, typed: Typed, wish: Wish) -> HttpResponse:
    seen = previewed.seen(request.POST.get("seen", ""), salt=previewed.REQUEST)
    return _asked(request, by, typed, wish, seen)


def _asked(request: HttpRequest, by: Membership, typed: Typed, wish: Wish, seen: str) -> HttpResponse:
    try:
        asked = acts.ask(key=typed.key, wish=wish, previewed=seen, by=by)
    except service.CaseNotOpen as error:
        raise Http404 from error
    if asked.outcome is Asking.CHANGED and asked.facts is not None:
        shown = panel.live(wish=wish, facts=asked.facts, decision=service.explained(asked.facts), stopped="")
        context = {"case": typed.case, "panel": shown, "carried": _carried(request, typed)}
        return render(request, "sharing/asking/not_sent.html", context, status=409)
    if asked.request is None:
        raise Http404
    if asked.outcome is Asking.SENT:
        messages.success(
            request,
            _("Votre demande %(reference)s est partie. %(who)s reste libre d’y répondre.")
            % {"reference": asked.request.reference, "who": recipient_short(asked.request.asked)},
        )
    return redirect("sharing:request", pk=asked.request.pk)


def new_url(reference: str, **more: str) -> str:
    """The page of a new request on this situation."""
    return f"{reverse('sharing:request_new')}?{urlencode({'situation': reference, **more})}"
