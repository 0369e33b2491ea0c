"""Lists of disclosures, split by where they stand: the tabs, their counts, one page of rows."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from sharing import states
from sharing.models import Disclosure

A_PAGE = 20
PARAMETER = "etat"
# The states that one tab shows together.
TOGETHER = {states.ENDED: states.OVER}


def tabbed(
    request: HttpRequest,
    disclosures: QuerySet[Disclosure],
    labels: Mapping[str, tuple[str, Any]],
    *,
    keep: str = "",
) -> dict[str, Any]:
    """The context of a list with tabs. `labels`: for each tab, its word in the address and its label, the first by default.

    A tab called "" holds them all, and that of what is over also what was returned or recalled. `keep`: what the address of
    each tab keeps (« equipe& »).
    """
    closed = states.shut(disclosures)
    many = states.counts(disclosures, closed)
    total = sum(many.values())
    many |= {tab: sum(many[state] for state in TOGETHER.get(tab, (tab,))) for tab in labels if tab}
    many[""] = total
    by_word = {word: state for state, (word, _label) in labels.items()}
    asked = request.GET.get(PARAMETER, "")
    current = by_word.get(asked, next(iter(labels)))
    rows = states.with_state(disclosures, closed)
    if current:
        rows = rows.filter(state__in=TOGETHER.get(current, (current,)))
    page = Paginator(rows.order_by("-released_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return {
        "tabs": [
            {"url": f"?{keep}{PARAMETER}={word}", "label": label, "count": many[state], "current": state == current}
            for state, (word, label) in labels.items()
        ],
        "current": current,
        "any": many[""] > 0,
        "page_obj": page,
        "query": f"{keep}{PARAMETER}={labels[current][0]}&",
    }
