"""« Ce que disent les textes »: the rulebook, open to every signed-in professional. It knows texts, never persons."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners import clock
from partners.text import plain
from sharing import reading_the_law as reading


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every text by theme, with what was searched; an unknown role or theme shows every text."""
    query = plain(request.GET.get("q", ""))[: reading.QUERY_MOST]
    role, theme = _known(request, "role", reading.roles()), _known(request, "theme", reading.themes())
    whole = reading.shelf(clock.day_of(clock.now()))
    shown = reading.found(whole, query=query, role=role, theme=theme)
    return render(
        request,
        "sharing/rules.html",
        {
            "themes": shown,
            "q": query,
            "role": role,
            "filtered": bool(query or role or theme),
            "roles": reading.roles(),
            "count": sum(len(theme.texts) for theme in shown),
            "overdue": reading.overdue(whole),
            "under_any_text": reading.norms(),
        },
    )


def _known(request: HttpRequest, name: str, words: dict[str, str]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in words else ""


@require_safe
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One text; 404 for one that the rulebook does not have."""
    text = reading.text(code, clock.day_of(clock.now()))
    if text is None:
        raise Http404
    return render(request, "sharing/rule.html", {"text": text, "theme": reading.themes()[text.theme]})
