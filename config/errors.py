"""The page of last resort. It needs neither the database, nor a session, nor a context processor."""

import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import bad_request

from config.postgres.patience import refused_to_write, waited_too_long
from config.public.accessibility import state
from partners import outcome
from sharing.api import errors as problems

RETRY_AFTER_SECONDS = "10"
COMMITS_BEFORE = "commits_before"


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """503 where PostgreSQL is away, makes one wait too long or writes nothing; 500 for any other failure (practice.md, part 12).

    « Rien n’a été communiqué » is only said where no COMMIT was sent: after one, whose answer may be the one that was lost, the
    page says that it is being looked into and leads to where it is known. Called by Django while the exception is being
    handled, whichever layer raised it, a middleware included.
    """
    return _answer(request, sys.exc_info()[1])


@requires_csrf_token
def interrupted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where more was sent than is read; 503 where it is a session that PostgreSQL could not write, which Django
    tells as one that was ended.
    """
    if isinstance(exception, RequestDataTooBig):
        return _page("errors/413.html", 413)
    behind: BaseException | None = exception if isinstance(exception, SessionInterrupted) else None
    while behind is not None and not _is_postgresqls(behind):
        behind = behind.__cause__ or behind.__context__
    return bad_request(request, exception) if behind is None else _answer(request, behind)


def _is_postgresqls(error: BaseException | None) -> bool:
    return isinstance(error, OperationalError | InterfaceError) or refused_to_write(error)


def _answer(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    unreachable = _is_postgresqls(error)
    if request.path.startswith(problems.DOORS):
        return problems.last_resort(RETRY_AFTER_SECONDS if unreachable else "")
    if not unreachable:
        return _page("500.html", 500)
    told_at = outcome.address_of(request)
    if told_at and (request.method != "POST" or _may_be_done(request)):
        response = _page("errors/verifying.html", 503, outcome_at=told_at)
        response["Refresh"] = f"{outcome.LOOKED_AT_AGAIN_SECONDS}; url={told_at}"
    elif request.method == "POST" and _may_be_done(request):
        response = _page("errors/verifying.html", 503, back=_came_from(request))
    else:
        busy = waited_too_long(error)
        response = _page("503.html", 503, posted=request.method == "POST", busy=busy)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def note_commits(request: HttpRequest) -> None:
    """Remember how many COMMITs this connection had sent before this request."""
    setattr(request, COMMITS_BEFORE, _commits_sent())


def _may_be_done(request: HttpRequest) -> bool:
    """Whether a COMMIT was sent since the request came, answered or not."""
    return _commits_sent() > getattr(request, COMMITS_BEFORE, _commits_sent())


def _commits_sent() -> int:
    sent: int = getattr(connection, "commits_sent", 0)
    return sent


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the form stood on, otherwise the first page."""
    before = request.META.get("HTTP_REFERER", "")
    try:
        ours = url_has_allowed_host_and_scheme(before, {request.get_host()})
    except DisallowedHost:
        ours = False
    return urlsplit(before).path or "/" if before and ours else "/"


def _page(template: str, status: int, **context: Any) -> HttpResponse:
    drawn = (
        engines["django"]
        .get_template(template)
        .render({"LANGUAGE_CODE": get_language(), "is_demo": settings.DEMO, "accessibility": state().footer, **context})
    )
    return HttpResponse(drawn, status=status)
