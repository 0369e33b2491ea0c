"""What every answer carries, whatever page it is: privacy headers, and one line in the log."""

import time
from collections.abc import Callable
from http import HTTPStatus

import structlog
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import metrics
from config.errors import note_commits
from config.logs import route_name
from sharing.api import errors as problems

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("tact.request")

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PrivatePagesMiddleware:
    """Nothing Tact answers is kept by a browser, a proxy or a search engine (static files never come this far)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in PRIVATE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class RequestLineMiddleware:
    """One line a request: method, route's name, status, milliseconds. No path, no address, no account."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took = round((time.perf_counter() - began) * 1000, 1)
        route = route_name(request)
        if route not in {"healthz", "readyz", "metrics"}:
            log.info("answered", method=request.method, route=route, status=response.status_code, ms=took)
            metrics.count(route=route, method=request.method or "", status=response.status_code, seconds=took / 1000)
        return response


class OutcomeMiddleware:
    """Notes what was committed before this request: a page of last resort knows what it may say of the rest."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note_commits(request)
        return self.get_response(request)


class ProgramsInClearMiddleware:
    """A program that calls over plain http is refused, never led to https: its token would leave in clear at each call, unseen.

    That refusal, and the way to https that a page is shown, are made before the other headers are: they carry them all the same,
    or a browser and every proxy would keep where somebody wanted to go.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure():
            return self.get_response(request)
        if request.path.startswith(problems.DOORS):
            return made_private(problems.in_clear())
        answer = self.get_response(request)
        return made_private(answer) if answer.status_code == HTTPStatus.MOVED_PERMANENTLY else answer


def made_private(answer: HttpResponse) -> HttpResponse:
    """What is answered before the middleware that says so of every page."""
    every = {
        **PRIVATE_HEADERS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Content-Security-Policy": build_policy(),
    }
    for name, value in every.items():
        answer.headers.setdefault(name, value)
    return answer
