"""Addresses that programs know beforehand: whom to tell of a flaw, where to change a password, what not to index."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

VALID_FOR = timedelta(days=180)
"""RFC 9116 recommends less than a year."""
CHANGED_AT = "/compte/mot-de-passe/"
NO_ROBOT = "User-agent: *\nDisallow: /\n"


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a flaw, until when this is known to be true. 404 where a production names nobody.

    The day is that of whoever answers, moved by `VALID_FOR`: what a running house says of itself is true as it says it.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(midnight + VALID_FOR).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        f"Policy: {settings.SITE_URL}{reverse('legal')}#faille",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def change_password(request: HttpRequest) -> HttpResponseRedirect:
    """Where password managers lead to change one's password (W3C, « A Well-Known URL for Changing Passwords »)."""
    return HttpResponseRedirect(CHANGED_AT)


@login_not_required
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse(NO_ROBOT, content_type="text/plain; charset=utf-8")
