"""The page of a situation: a page of `sharing`, since it shows what was shared."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit import ledger
from cases import rights_shown
from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Case, Involvement, Item
from consent.models import Consent, Withdrawal
from partners import clock
from partners.acting import acting
from partners.vocabulary import vocabulary
from sharing import duty_page, knows
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
    context = {
        "case": case,
        "age": case.person.age_on(clock.day_of(at)),
        "knows": knows.table(all_told, at) if all_told else None,
        "timeline": knows.timeline(all_told, consents, at, table_url="#qui-sait-quoi"),
        "consents": [one for one in consents if not getattr(one, "withdrawn_at", None) and one.valid_until > at],
        "items": items_of(case),
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


def consents_of(case: Case) -> list[Consent]:
    """The agreements that this institution recorded of the person, each with when it was taken back, if it was.

    Towards whom she agreed elsewhere is the secret of who recorded it, even where one sheet of her answers a request.
    """
    withdrawn = Withdrawal.objects.filter(consent=OuterRef("pk")).values("withdrawn_at")[:1]
    return list(
        Consent.objects.filter(person=case.person_id, case__institution=case.institution_id)
        .annotate(withdrawn_at=Subquery(withdrawn))
        .select_related("recipient__professional", "recipient__institution")
    )


def items_of(case: Case) -> list[dict[str, Any]]:
    """The items of the case as cards, without what they say: one opens an item to read it, and it is traced."""
    words = vocabulary()
    shown = []
    for item in Item.objects.filter(case=case).select_related("depositary__professional"):
        category = words.categories.get(item.category)
        nature = words.natures.get(item.nature)
        shown.append(
            {
                "id": str(item.pk),
                "title": item.label,
                "tags": [
                    {
                        "text": _(category.label) if category else item.category,
                        "sensitive": bool(category and category.sensitivity > 2),
                    },
                    _(nature.label) if nature else item.nature,
                ],
                "provenance": _("%(how)s · %(day)s · %(who)s")
                % {
                    "how": item.get_provenance_display(),
                    "day": date_format(item.observed_on, "j F Y"),
                    "who": item.depositary.professional.full_name,
                },
                "url": reverse("cases:item", args=[case.reference, item.pk]),
                "url_label": _("Lire"),
            }
        )
    return shown
