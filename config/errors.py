"""The page of last resort. It needs neither the database, nor a session, nor a context processor."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import get_language
from django.views.decorators.csrf import requires_csrf_token

RETRY_AFTER_SECONDS = "10"


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """503 when PostgreSQL cannot be reached, 500 for any other failure (practice.md, part 12).

    Called by Django while the exception is being handled, whichever layer raised it, a middleware included.
    """
    unreachable = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if unreachable else 500
    page = (
        engines["django"]
        .get_template(f"{status}.html")
        .render({"LANGUAGE_CODE": get_language(), "is_demo": settings.DEMO})
    )
    response = HttpResponse(page, status=status)
    if unreachable:
        response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
