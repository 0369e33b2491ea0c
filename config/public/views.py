"""The pages that say what Tact is, what it keeps and whom to ask; one reads the directory, for those who protect data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.public import accessibility as accessible
from config.public import cookies as baked
from config.public import site_map as mapped
from config.public.identity import published
from partners.directory import open_institutions
from partners.opening import open_to_all


@open_to_all
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration, in the form that the RGAA gives."""
    return render(
        request,
        "public/accessibility.html",
        {"state": accessible.state(), "said": published(), "site": settings.SITE_URL},
    )


@open_to_all
def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes, who hosts, under which licence, and whom to tell of a flaw."""
    contact = settings.SECURITY_CONTACT
    return render(
        request,
        "public/legal.html",
        {"said": published(), "flaw_url": contact, "flaw_contact": contact.removeprefix("mailto:")},
    )


@open_to_all
def privacy(request: HttpRequest) -> HttpResponse:
    """RGPD, articles 13 and 14: what is kept of whom, why, how long, and who protects it in each institution. One statement."""
    contacts = open_institutions().exclude(dpo_contact="").values("name", "dpo_contact")
    return render(
        request,
        "public/privacy.html",
        {"said": published(), "contacts": contacts, "months": settings.ACCESS_LOG_MONTHS},
    )


@open_to_all
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "public/cookies.html", {"cookies": baked.cookies()})


@open_to_all
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page that has an address of its own, as far as the reader may open it; a visitor sees what sign-in would open."""
    membership = getattr(request, "membership", None)
    return render(
        request,
        "public/site_map.html",
        {"sections": mapped.sections(membership), "signed_in": membership is not None},
    )
