"""The caseload, an item, an identity: each page shows only what she who acts may open, and openings are noted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partners import clock, wording
from partners.acting import acting
from partners.search import Normalised, normalised
from partners.session import inside
from partners.text import plain
from partners.vocabulary import vocabulary

from . import dissent, doors, followers, opening, rights_shown, standing
from .evaluative import Judgement, judgements
from .forms import NATURE_LINES, ItemForm
from .models import Assignment, Case, ItemContent

A_PAGE = 25
FOUND_MOST = 100
QUERY_MOST = 80
REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the caseload."""

    url: str
    reference: str
    name: str
    age: str
    domain: str
    since: datetime
    mine: str
    others: list[str]
    review_on: date | None
    review: str
    """`overdue`, `soon` or empty."""


def case_url(case: Case) -> str:
    """The page of a case, which belongs to the app above."""
    return reverse("sharing:case", args=[case.reference])


def age_of(case: Case, today: date) -> str:
    """« 9 ans »."""
    years = case.person.age_on(today)
    return ngettext("%(n)d an", "%(n)d ans", years) % {"n": years}


@require_http_methods(["GET", "HEAD", "POST"])
def caseload(request: HttpRequest) -> HttpResponse:
    """One's own cases. What is searched is posted: a name never stands in an address."""
    by = acting(request)
    closed = request.GET.get("etat") == "closes"
    query = plain(request.POST.get("q", ""))[:QUERY_MOST]
    found = followers.caseload_of(by, closed=closed)
    if query:
        text = Concat("case__reference", Value(" "), "case__person__first_name", Value(" "), "case__person__last_name")
        found = found.annotate(text=Normalised(text))
        for word in normalised(query).split():
            found = found.filter(text__contains=word)
    page = Paginator(found, FOUND_MOST if query else A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "cases/list.html",
        {
            "page_obj": page,
            "rows": rows_of(list(page)),
            "q": query,
            "closed": closed,
            "query": "etat=closes&" if closed else "",
        },
    )


def rows_of(assignments: list[Assignment]) -> list[CaseRow]:
    """The lines of these assignments; one statement more, for the referents, whatever their number."""
    today = clock.day_of(clock.now())
    referents = followers.referents(one.case_id for one in assignments)
    return [
        CaseRow(
            url=case_url(one.case),
            reference=one.case.reference,
            name=one.case.person.short_name,
            age=age_of(one.case, today),
            domain=wording.domain(one.case.domain),
            since=one.starts_at,
            mine=one.get_kind_display(),
            others=[
                other.membership.professional.full_name
                for other in referents.get(one.case_id, [])
                if other.membership_id != one.membership_id
            ],
            review_on=one.review_due_on,
            review=review_state(one.review_due_on, today),
        )
        for one in assignments
    ]


def review_state(day: date | None, today: date) -> str:
    if day is None or day > today + REVIEW_SOON:
        return ""
    return "overdue" if day < today else "soon"


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down one piece of information. Judging words in a fact are shown once, then kept if she wants them."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="item.new_opened")
    back = inside(request, request.GET.get("next"), otherwise=case_url(case))
    form = ItemForm(request.POST if request.method == "POST" else None)
    judging: list[Judgement] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if typed["nature"] == "fait_constate" and request.POST.get("keep") != "yes":
            judging = judgements(f"{typed['label']}\n{typed['text']}")
        if not judging:
            item = opening.write_once(case=case, by=by, at=clock.now(), **typed)
            messages.success(
                request, _("« %(label)s » est enregistré. Rien n’a été communiqué.") % {"label": item.label}
            )
            return redirect(request.get_full_path() if request.POST.get("then") == "another" else back)
    return render(
        request,
        "cases/item_new.html",
        {
            "case": case,
            "case_age": age_of(case, clock.day_of(clock.now())),
            "case_url": case_url(case),
            "back": back,
            "form": form,
            "natures": nature_choices(form),
            "judging": [each.word for each in judging],
            "instead": list(dict.fromkeys(_(each.ask) for each in judging)),
        },
        status=422 if request.method == "POST" and not judging else 200,
    )


def nature_choices(form: ItemForm) -> dict[str, object]:
    """The natures as cards, each with its line (templates/components/choice_cards.html)."""
    chosen = form["nature"].value()
    errors = form["nature"].errors
    return {
        "name": "nature",
        "legend": form["nature"].label,
        "error": errors[0] if errors else "",
        "two_columns": True,
        "groups": [
            {
                "choices": [
                    {
                        "value": one.code,
                        "label": wording.worded(one),
                        "hint": NATURE_LINES[one.code],
                        "checked": one.code == chosen,
                    }
                    for one in vocabulary().natures.values()
                ]
            }
        ],
    }


@require_safe
def item(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """What an item says, where it comes from, who answers for it. The opening is noted."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="item.opened")
    one = doors.item_or_404(request, case, pk)
    doors.note(request, "item.opened", "item", str(one.pk), granted=True, case=case.pk)
    category = vocabulary().categories.get(one.category)
    nature = vocabulary().natures.get(one.nature)
    return render(
        request,
        "cases/item.html",
        {
            "case": case,
            "case_age": age_of(case, clock.day_of(clock.now())),
            "case_url": case_url(case),
            "item": one,
            "text": get_object_or_404(ItemContent, item=one).text,
            "category": wording.category(one.category),
            "nature": wording.nature(one.nature),
            "sensitive": category is not None and category.sensitivity == 3,
            "shareable": nature is not None and nature.shareable,
            "own": one.depositary_id == by.pk,
            "dissents": [dissent.shown(note) for note in dissent.on_items([one.pk]).get(one.pk, [])],
            **rights_shown.of_item(one, by, clock.now()),
            "why": followers.why_access(case, by),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole identity, on a click that is noted (a POST: no address, no history reveals it)."""
    by = acting(request)
    case = doors.case_or_404(request, reference, action="identity.page_opened")
    revealed = request.method == "POST"
    context: dict[str, object] = {
        "case": case,
        "case_age": age_of(case, clock.day_of(clock.now())),
        "case_url": case_url(case),
        "revealed": revealed,
        "why": followers.why_access(case, by),
    }
    if revealed:
        doors.note(request, "identity.revealed", "person", str(case.person_id), granted=True, case=case.pk)
        context["person"] = case.person
        around = standing.around(case.person, clock.now())
        context["stands"] = around.stands
        context["representatives"] = [one for one in around.representatives if one.in_force]
    return render(request, "cases/identity.html", context)
