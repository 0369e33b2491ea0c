"""What is known in a situation, as a list of titles, a page at a time; one opens an item to read it, and it is traced."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.acting import acting
from partners.text import plain
from partners.vocabulary import vocabulary

from . import rights_shown
from .doors import case_or_404
from .followers import why_access
from .models import Item
from .offered import matching

A_PAGE = 25
QUERY_MOST = 80
FOUND_MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def items(request: HttpRequest, reference: str) -> HttpResponse:
    """Every item of one situation, the newest first. What is searched is posted: it never stands in an address."""
    by = acting(request)
    case = case_or_404(request, reference, action="case.items_searched")
    words = plain(request.POST.get("q", ""))[:QUERY_MOST]
    found = matching(Item.objects.visible_to(by).filter(case=case), words).select_related(
        "depositary__professional", "case"
    )
    page = Paginator(found, FOUND_MOST if words else A_PAGE).get_page(request.GET.get("page"))
    context = {"case": case, "page_obj": page, "cards": cards(page), "q": words, "why": why_access(case, by)}
    return render(request, "cases/items.html", context)


def cards(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Items as cards, without what they say; each comes with its case and its depositary's professional."""
    words = vocabulary()
    every = list(items)
    marks = rights_shown.marks_of(every)
    shown = []
    for item in every:
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
                    *marks[item.pk],
                ],
                "provenance": _("%(how)s · %(day)s · %(who)s")
                % {
                    "how": item.get_provenance_display(),
                    "day": date_format(item.observed_on, "j F Y"),
                    "who": item.depositary.professional.full_name,
                },
                "url": reverse("cases:item", args=[item.case.reference, item.pk]),
                "url_label": _("Lire"),
            }
        )
    return shown
