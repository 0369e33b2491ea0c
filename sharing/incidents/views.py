"""The pages of who answers for the protection of data: incidents with their clock, and one incident, what is done of it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from audit import ledger
from cases.models import Case
from partners import clock
from partners.acting import acting
from partners.dates import instant
from partners.models import Membership
from sharing.incidents import acts, page, volume
from sharing.incidents.forms import ActForm
from sharing.models import Incident, IncidentAct, answers_for_her_institution
from sharing.reviewing.tabs import tabs
from sharing.stopping.anomalies import of_institution

SAID = {
    IncidentAct.Kind.NOTED: gettext_lazy("C’est noté."),
    IncidentAct.Kind.AUTHORITY_TOLD: gettext_lazy("C’est noté : la CNIL est notifiée."),
    IncidentAct.Kind.PERSON_TOLD: gettext_lazy("C’est noté : la personne est informée."),
    IncidentAct.Kind.CLOSED: gettext_lazy("L’incident est clos. Il reste dans la liste, avec ce qui en a été dit."),
}


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Those of one's institution, the most urgent first; unusual volumes of reading beside them."""
    by = acting(request)
    if not answers_for_her_institution(by, *acts.ANSWERING):
        raise Http404
    at = clock.now()
    to_follow, closed = page.rows(by, at)
    context = {
        "tabs": tabs(by, "incidents"),
        "to_follow": to_follow,
        "closed": closed,
        "volumes": volume.unusual(institution=by.institution_id, at=at),
        "anomalies": of_institution(by),
    }
    return render(request, "sharing/incidents/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One incident. A POST says what was done; a text that is missing is asked for, and nothing typed is lost."""
    by = acting(request)
    try:
        found = acts.find(incident_id=pk, by=by)
    except acts.NotHers:
        case = Incident.objects.filter(pk=pk).values_list("case", flat=True).first()
        _note(by, pk, case, granted=False)
        raise Http404 from None
    form = ActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid() and (answer := _acted(request, found, form, by)) is not None:
            return answer
        form = form if form.is_bound else ActForm({})
    _note(by, pk, found.case_id, granted=True)
    return render(
        request, "sharing/incidents/incident.html", _context(found, form, by), status=422 if form.errors else 200
    )


def _acted(request: HttpRequest, found: Incident, form: ActForm, by: Membership) -> HttpResponse | None:
    kind = form.cleaned_data["kind"]
    try:
        acts.add_act(incident_id=found.pk, kind=kind, text=form.cleaned_data["text"], by=by)
    except acts.ActError as error:
        form.add_error("text", str(error))
        return None
    except acts.NotFromHere:
        messages.warning(request, _("Cet incident est déjà clos : quelqu’un l’a fait avant vous."))
    else:
        messages.success(request, SAID[IncidentAct.Kind(kind)])
    return redirect("sharing:incident", pk=found.pk)


def _note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, *, granted: bool) -> None:
    ledger.note_access(
        action="incident.read",
        object_type="incident",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


def _context(found: Incident, form: ActForm, by: Membership) -> dict[str, object]:
    at = clock.now()
    done = page.acts_of(found)
    kinds = {one["kind"] for one in done}
    closed, notified = IncidentAct.Kind.CLOSED in kinds, IncidentAct.Kind.AUTHORITY_TOLD in kinds
    about = page.about(found.disclosure) if found.disclosure is not None else None
    why = _("Vous répondez de la protection des données (%(institution)s).") % {"institution": by.institution.name}
    return {
        "incident": found,
        "what": Incident.Kind(found.kind).label,
        "chip": page.chip(found, closed=closed, notified=notified, at=at),
        "due": instant(found.due_at),
        "opened": instant(found.opened_at),
        "about": about,
        "questions": page.questions(about),
        "acts": done,
        "closed": closed,
        "notified": notified,
        "person_told": IncidentAct.Kind.PERSON_TOLD in kinds,
        "may_open": found.case is not None and Case.objects.visible_to(by).filter(pk=found.case.pk).exists(),
        "form": form,
        "why": why,
    }
