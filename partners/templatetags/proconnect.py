"""ProConnect on pages that are about something else: the sign-in page and « Mon compte »."""

from typing import Any

from django import template
from django.conf import settings

from partners.accounts.proconnect import linking

register = template.Library()


@register.simple_tag
def proconnect_enabled() -> bool:
    """Whether one may enter by ProConnect here."""
    return settings.PROCONNECT is not None


@register.inclusion_tag("partners/proconnect_links.html", takes_context=True)
def proconnect_links(context: dict[str, Any]) -> dict[str, Any]:
    """The identities that enter the account of whoever is signed in; one statement."""
    request = context["request"]
    told = {"links": linking.links_of(request.user), "enabled": settings.PROCONNECT is not None}
    return {**told, "request": request, "csrf_token": context.get("csrf_token")}
