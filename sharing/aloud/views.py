"""« Dit de vive voix »: the page that writes it down, and the one that says what to do next."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Case as When
from django.db.models import Exists, IntegerField, OuterRef, Q, Value
from django.db.models import When as Branch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.doors import case_or_404
from cases.models import Case, Involvement
from cases.offered import offered
from partners import clock, finding, wording
from partners.acting import acting
from partners.ids import ids_among
from partners.models import AgreementParty, Membership, Reached
from partners.text import plain
from sharing import duty_page, panel, reading, service
from sharing import facts as f
from sharing.aloud import acts
from sharing.aloud.forms import SayingForm
from sharing.incidents.acts import answering, open_incident
from sharing.models import Disclosure, Incident
from sharing.outcome import ALLOW
from sharing.sheet import sheet
from sharing.urgency import page

SEARCH = "search"
SEVERAL = frozenset({"recipients", "items", "circumstances"})
SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
def aloud(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down what was said by telephone or in a meeting. What is wrong is said, and nothing typed is lost."""
    by = acting(request)
    case = case_or_404(request, ref)
    at = clock.now()
    searching = request.POST.get("action") == SEARCH
    words = plain(request.POST.get("q", ""))[: finding.QUERY_MOST]
    ticked = ids_among(request.POST.getlist("recipients"))
    form = SayingForm(
        request.POST if request.method == "POST" and not searching else None,
        items=offered(case, always=ids_among(request.POST.getlist("items"))),
        around=who_heard(case, by, words=words if searching else "", ticked=ticked),
        at=at,
        born_on=case.person.birth_date,
        initial=_typed(request) if searching else {"key": uuid.uuid4()},
    )
    if form.is_bound and form.is_valid():
        try:
            written = acts.write_down(
                key=form.cleaned_data["key"], case=case, recipients=form.heard_by(), saying=form.saying(), by=by
            )
        except service.CaseNotOpen as error:
            raise Http404 from error
        except acts.SayingError as error:
            form.add_error(None, str(error))
        else:
            return redirect("sharing:aloud_done", ref=ref, pk=written[0].pk)
    status = 422 if form.errors else 200
    context = {"case": case, "form": form, "errors": page.errors_of(form), "search": words}
    return render(request, "sharing/aloud/aloud.html", context, status=status)


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.getlist(name) if name in SEVERAL else request.POST[name] for name in request.POST}


def who_heard(case: Case, by: Membership, *, words: str, ticked: list[uuid.UUID]) -> list[Membership]:
    """Whom one may have spoken to: those ticked, who works with the person or was told before, colleagues, the linked ones.

    Words typed search the whole directory; those ticked stay.
    """
    working = Involvement.objects.filter(case=case, membership=OuterRef("pk"), ends_at=None)
    told = Disclosure.objects.filter(case=case, recipient=OuterRef("pk"))
    ours = AgreementParty.objects.filter(institution=by.institution_id).values("agreement")
    linked = AgreementParty.objects.filter(agreement__in=ours, institution=OuterRef("institution"))
    near = Q(Exists(working)) | Q(Exists(told)) | Q(Exists(linked)) | ~Q(reached_by=Reached.IN_APP)
    found = finding.professionals(by=by, words=words).values("pk") if words else None
    return list(
        Membership.objects.visible_to(by)
        .exclude(professional=by.professional_id)
        .filter(Q(pk__in=ticked) | (Q(pk__in=found) if found is not None else near | Q(institution=by.institution_id)))
        .select_related("professional", "institution")
        .annotate(
            rank=When(
                Branch(pk__in=ticked, then=Value(0)),
                Branch(Exists(working) | Exists(told), then=Value(1)),
                Branch(institution=by.institution_id, then=Value(2)),
                Branch(institution__city=by.institution.city, then=Value(3)),
                default=Value(4),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "institution__name", "professional__last_name", "pk")[:SHOWN]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def aloud_done(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """What was said and what it calls for; a POST tells who protects data, where it should not have been said."""
    by = acting(request)
    case = case_or_404(request, ref)
    disclosure = get_object_or_404(
        Disclosure.objects.sent_from(by)
        .filter(case=case, said_at__isnull=False)
        .select_related(
            "case__person",
            "case__institution",
            "record__edition",
            "author__professional",
            "author__institution",
            "recipient__professional",
            "recipient__institution",
        ),
        pk=pk,
    )
    founded = disclosure.record.verdict == ALLOW
    if request.method == "POST" and not founded:
        opened = open_incident(
            kind=Incident.Kind.SAID_WITHOUT_GROUND,
            institution=disclosure.author.institution,
            disclosure=disclosure,
            case=case,
            by=by,
        )
        messages.success(
            request,
            _("C’est signalé sous la référence %(ref)s : la personne qui protège les données en est avertie.")
            % {"ref": opened.reference},
        )
        return redirect("sharing:aloud_done", ref=ref, pk=pk)
    return render(request, "sharing/aloud/done.html", _context(disclosure, case, by))


def _context(disclosure: Disclosure, case: Case, by: Membership) -> dict[str, Any]:
    record = disclosure.record
    items = reading.with_content(disclosure)
    labels = {str(one.row.item_id): one.row.label for one in items}
    facts = f.Facts.from_plain(record.facts)
    decision = service.explained(facts)
    together = (
        Disclosure.objects.sent_from(by)
        .filter(case=case, said_at=disclosure.said_at, author=disclosure.author_id)
        .exclude(pk=disclosure.pk)
        .select_related("record")
    )
    return {
        "case": case,
        "disclosure": disclosure,
        "verdict": record.verdict,
        "founded": record.verdict == ALLOW,
        "say": decision.say,
        "findings": panel.findings(decision.findings, labels),
        "ways": [{"label": way.label, "detail": way.detail} for way in decision.paths],
        "reading": sheet(disclosure, items),
        "purpose": wording.purpose(disclosure.purpose),
        "duties": duty_page.of_record(record, by, clock.now()),
        "together": together,
        "incident": Incident.objects.filter(disclosure=disclosure, kind=Incident.Kind.SAID_WITHOUT_GROUND).first(),
        "told": [one.professional.full_name for one in answering(disclosure.author.institution_id)],
        "rules_label": panel.stored_rules(record),
    }
