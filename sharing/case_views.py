"""The page of a situation: a page of `sharing`, since it shows what was shared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audit import ledger
from cases import rights_shown
from cases.doors import case_or_404
from cases.followers import why_access
from cases.item_list import cards
from cases.models import Involvement, Item
from cases.offered import offered
from partners import clock
from partners.acting import acting
from sharing import duty_page, knows
from sharing.chronology.drawing import timeline
from sharing.chronology.events import against, consents_of
from sharing.keeping import kept
from sharing.models import DecisionRecord, Disclosure, Draft
from sharing.outcome import ALLOW
from sharing.reviewing import unsealing

SHOWN = 8


@require_GET
def case_page(request: HttpRequest, ref: str) -> HttpResponse:
    """One situation: who knows what, the chronology, agreements, items, what is to be done, and why one may see it."""
    by = acting(request)
    case = case_or_404(request, ref, action="case.read")
    at = clock.now()
    ledger.note_access(
        action="case.read",
        object_type="case",
        object_ref=str(case.pk),
        granted=True,
        professional=by.professional_id,
        membership=by.pk,
        case=case.pk,
    )
    all_told = knows.told(case)
    consents = consents_of(case)
    no = against(case)
    known = offered(case).select_related("depositary__professional", "case")[:SHOWN]
    context = {
        "case": case,
        "age": case.person.age_on(clock.day_of(at)),
        "knows": knows.table(all_told, at) if all_told else None,
        "timeline": timeline(
            all_told, consents, no, at, table_url=reverse("sharing:chronology", args=[case.reference]) + "#tableau"
        ),
        "consents": [one for one in consents if not one.stopped_at and one.valid_until > at],
        "items": cards(known),
        "items_in_all": Item.objects.filter(case=case).count(),
        "drafts": Draft.objects.visible_to(by)
        .filter(case=case, sent_at=None, discarded_at=None)
        .exclude(purpose="", recipient=None, benefit="")
        .select_related("recipient__professional", "recipient__institution")[:SHOWN],
        "refused": DecisionRecord.objects.filter(case=case)
        .exclude(verdict=ALLOW)
        # What was said aloud without ground was said: it stands with what was communicated.
        .exclude(pk__in=Disclosure.objects.filter(case=case).values("record"))
        .select_related("recipient__institution")[:3],
        "duties": duty_page.of_case(case, by, at),
        "involvements": Involvement.objects.filter(case=case, ends_at=None).select_related(
            "membership__professional", "membership__institution"
        ),
        "unsealings": unsealing.of_case(case)[:SHOWN],
        "why": why_access(case, by),
        **rights_shown.of_case(case, by, at),
        **kept.of_case(case, by),
    }
    return render(request, "sharing/case.html", context)
