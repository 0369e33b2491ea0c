"""The guided visit of three minutes: begun, taken up, left. A cookie holds which one is this browser's, and nothing else of it."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from config import demo_accounts
from partners import session

COOKIE, SALT = "visite", "demo.visit"
COOKIE_SECONDS = 24 * 3600
PAUSED = "pause"


def mine(request: HttpRequest) -> tuple[uuid.UUID | None, bool]:
    """The case of this browser's visit, if any, and whether the visit was left for a while."""
    written = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_SECONDS)
    case, _dot, state = str(written).partition(".")
    try:
        return uuid.UUID(case), state == PAUSED
    except ValueError:
        return None, False


def remember(response: HttpResponse, case: uuid.UUID, *, paused: bool = False) -> HttpResponse:
    """Write the cookie."""
    response.set_signed_cookie(
        COOKIE,
        f"{case}.{PAUSED}" if paused else str(case),
        salt=SALT,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest) -> HttpResponse:
    """The six steps on one page (GET); begin, go on or leave (POST). 404 outside the demonstration."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        act = {"begin": _begin, "continue": _continue, "leave": _leave}.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        return act(request)
    from sharing.demo.visit_steps import steps

    names = {account.email: account.name for account in demo_accounts.accounts()}
    listed = [{"title": one.title, "name": names[one.email], "sees": one.sees} for one in steps()]
    return render(request, "demo/visit.html", {"steps": listed})


def _begin(request: HttpRequest) -> HttpResponse:
    """A child of this visit's own; the one before it, begun in this browser, is followed by nobody any more."""
    from sharing.demo import visit as way

    try:
        people = way.cast()
    except way.NotLoaded as error:
        raise Http404 from error
    before, _paused = mine(request)
    earlier = way.read(before) if before else None
    if earlier is not None:
        way.close(case=earlier.case, people=people)
    return _go(request, way.begin(people=people).pk)


def _continue(request: HttpRequest) -> HttpResponse:
    case, _paused = mine(request)
    return _go(request, case) if case else redirect("demo_visit")


def _go(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """Become the person of the step to do, on the page where it is done."""
    from sharing.demo import visit as way
    from sharing.demo.visit_steps import steps

    try:
        people = way.cast()
    except way.NotLoaded as error:
        raise Http404 from error
    found = way.read(case)
    if found is None:
        return _forget(redirect("demo_visit"))
    if found.draft is None:  # given up on the way: she writes it again
        way.compose(case=found.case, people=people)
        found = way.read(case) or found
    all_six = steps(found)
    step = all_six[min(found.done, len(all_six) - 1)]
    who = people.of(step.email)
    demo_accounts.become(request, who.professional, who)
    response = redirect(step.spots[0].address if step.spots else settings.LOGIN_REDIRECT_URL)
    session.remember(response)
    return remember(response, case)


def _leave(request: HttpRequest) -> HttpResponse:
    """Put the visit aside, on the page where one is; once it is over, forget it."""
    case, _paused = mine(request)
    response = redirect(session.inside(request, request.POST.get("next")))
    if case is None or "over" in request.POST:
        return _forget(response)
    return remember(response, case, paused=True)


def _forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
