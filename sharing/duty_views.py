"""« Ce que je dois faire »: every duty that falls to whoever acts, and a page for each to do it, put it off or take it up again."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import ledger
from cases.models import Case
from partners import clock, wording
from partners.acting import acting
from partners.clock import PARIS, day_of
from partners.models import Membership
from sharing import discharge, duty_page
from sharing.duty_forms import DischargeForm, PostponeForm, ReopenForm
from sharing.models import Duty
from sharing.owing import REEXAMINATION, Owed

DISCHARGE, POSTPONE, END, REOPEN = "fait", "reporter", "plus-fondee", "reprendre"


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Late, due within a week, later, done lately: references only, no name."""
    found = duty_page.of_membership(acting(request), clock.now())
    sections = [
        {"title": _("En retard"), "lines": found["late"], "name": "late"},
        {"title": _("D’ici sept jours"), "lines": found["soon"], "name": "soon"},
        {"title": _("Plus tard"), "lines": found["later"], "name": "later"},
        {"title": _("Fait ces trente derniers jours"), "lines": found["done"], "name": "done"},
    ]
    return render(request, "sharing/duties.html", {"sections": [one for one in sections if one["lines"]]})


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One duty. A POST does what its button says; what cannot be recorded is said, and nothing typed is lost."""
    by = acting(request)
    try:
        owed = discharge.find(duty_id=pk, by=by)
    except discharge.NotOwed:
        _note(by, pk, Duty.objects.filter(pk=pk).values_list("record__case", flat=True).first(), granted=False)
        raise Http404 from None
    posted = request.POST.get("act", DISCHARGE) if request.method == "POST" else ""
    given = _forms(owed, posted, request.POST)
    if posted and (answer := _done(request, owed, posted, given.get(posted), by)) is not None:
        return answer
    _note(by, pk, owed.duty.record.case_id, granted=True)
    wrong = given.get(posted)
    status = 422 if wrong is not None and wrong.errors else 200
    return render(request, "sharing/duty.html", _context(owed, by, given, wrong), status=status)


def _note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, *, granted: bool) -> None:
    ledger.note_access(
        action="duty.opened",
        object_type="duty",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


def _forms(owed: Owed, posted: str, typed: Any) -> dict[str, Any]:
    """The forms of the page, each under the word of its button; the one that was posted holds what was typed."""
    at = clock.now()
    today = day_of(at)

    def form(word: str, make: Callable[..., forms.Form], **options: Any) -> forms.Form:
        return make(typed if posted == word else None, auto_id=f"{word}_%s", **options)

    if owed.done_at is not None:
        return {REOPEN: form(REOPEN, ReopenForm)} if owed.done_by != "communication" else {}
    found: dict[str, Any] = {}
    if owed.duty.code in discharge.MAY_WAIT:
        reexamined = owed.duty.code == REEXAMINATION
        ask = owed.word.ask if reexamined else _("Quel risque précis l’informer maintenant ferait-il courir ?")
        with_a_colleague = discharge.said_in_her_file(owed, at)
        found = {POSTPONE: form(POSTPONE, PostponeForm, ask=ask, today=today, with_a_colleague=with_a_colleague)}
        if not owed.hastened and (reexamined or any(step.until for step in owed.steps)):
            found[END] = form(END, forms.Form)
    if discharge.may_declare(owed, at):
        since = day_of(owed.duty.record.decided_at)
        found[DISCHARGE] = form(DISCHARGE, DischargeForm, ask=owed.word.ask, today=today, since=since)
    return found


def _done(request: HttpRequest, owed: Owed, posted: str, form: Any, by: Membership) -> HttpResponse | None:
    """Do it: the answer to give, or None where the page is shown again with what is wrong."""
    pk = owed.duty.pk
    if form is None:  # somebody else did it meanwhile, or nothing of the kind is done here
        _say_who_was_first(request, owed)
        return redirect("sharing:duty", pk=pk)
    if not form.is_valid():
        return None
    try:
        said = _act(owed, posted, form, by)
    except discharge.AlreadyDone as first:
        _say_who_was_first(request, first.owed)
        return redirect("sharing:duty", pk=pk)
    except discharge.DeclarationError as error:
        form.add_error(None, str(error))
        return None
    except discharge.NotOwed:
        raise Http404 from None
    messages.success(request, said)
    return redirect("sharing:duty", pk=pk) if posted != DISCHARGE else redirect("sharing:duties")


def _act(owed: Owed, posted: str, form: Any, by: Membership) -> str:
    pk, typed = owed.duty.pk, form.cleaned_data
    if posted == POSTPONE:
        until = form.until()
        discharge.postpone(
            duty_id=pk, reason=typed["reason"], decided_with=typed.get("decided_with", ""), until=until, by=by
        )
        return _("Report enregistré, avec sa raison. À réexaminer au plus tard le %(day)s.") % {
            "day": date_format(until, "j F Y")
        }
    if posted == END:
        discharge.end_exception(duty_id=pk, by=by)
        return _("C’est noté : rien ne justifie plus d’attendre. Informez la personne aujourd’hui.")
    if posted == REOPEN:
        discharge.reopen(duty_id=pk, why=typed["why"], by=by)
        return _("C’est à refaire : la date d’origine s’applique à nouveau.")
    discharge.discharge(duty_id=pk, how=typed["how"], done_on=typed["done_on"], by=by)
    return _("C’est fait, et enregistré : %(what)s.") % {"what": owed.word.label}


def _say_who_was_first(request: HttpRequest, owed: Owed) -> None:
    if owed.done_at is None:
        messages.warning(request, _("Cela ne se fait pas ainsi. Voici ce qui reste à faire."))
        return
    when = date_format(owed.done_at.astimezone(PARIS), "j F Y, H:i")
    declared = next((step for step in reversed(owed.steps) if step.kind == "discharged"), None)
    if owed.done_by or declared is None:
        said = _("C’est déjà fait, depuis le %(at)s. Rien n’a été ajouté.") % {"at": when}
    else:
        said = _("C’est déjà fait : %(who)s l’a déclaré le %(at)s. Rien n’a été ajouté.") % {
            "who": declared.who,
            "at": when,
        }
    messages.info(request, said)


def _context(owed: Owed, by: Membership, given: dict[str, Any], wrong: Any) -> dict[str, Any]:
    at, record = clock.now(), owed.duty.record
    may_open = Case.objects.visible_to(by).filter(pk=record.case_id).exists()
    acts = [] if owed.done_at else duty_page.acts_of(owed, at, may_open=may_open)
    asks_the_file = bool({"information", "exception", "objection"} & set(owed.word.done_by))
    return {
        "owed": owed,
        "line": duty_page.line(owed, at, mine=True),
        "record": record,
        "for_recipient": owed.duty.owed_by == "recipient",
        "purpose": wording.purpose(record.purpose),
        "may_open": may_open,
        "acts": acts,
        "examines": "conclusion" in owed.word.done_by,
        "hand_over": asks_the_file and not may_open and owed.done_at is None and owed.duty.owed_by == "author",
        "discharge": given.get(DISCHARGE),
        "postpone": given.get(POSTPONE),
        "end": given.get(END),
        "reopen": given.get(REOPEN),
        "form": wrong,
        "chain": duty_page.chain(owed, may_open=may_open),
        "why_reviewed": _why_reviewed(owed),
        "why": duty_page.why_owed(owed, by),
    }


def _why_reviewed(owed: Owed) -> str:
    """Why it is reviewed after the event: the circumstances, never the content."""
    if owed.duty.code != "review_after":
        return ""
    if Duty.objects.filter(record=owed.duty.record, code="justify_information_exception").exists():
        return _("La personne, ou qui la représente, n’avait pas été informée avant.")
    return _("Ce texte permet de communiquer sans attendre d’avis ; il demande qu’un autre l’examine ensuite.")
