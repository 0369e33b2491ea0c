"""« Mon compte »: who I am here, what proves it, what is open, and the way to each part."""

from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partners import session
from partners.acting import acting_not_required, in_force_of
from partners.models import Professional

from . import factors, sessions


@acting_not_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who she is, her posts in force, and each part of her account, with where it stands."""
    professional = cast(Professional, request.user)
    here = sessions.open_of(request, professional)
    context: dict[str, Any] = {
        "professional": professional,
        "posts": in_force_of(professional.pk),
        "has_factor": factors.has_one(professional),
        "has_password": professional.has_usable_password(),
        "open_sessions": len(here),
        "tokens_url": _where("sharing:tokens"),
    }
    return render(request, "account/overview.html", context)


@acting_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_sessions(request: HttpRequest) -> HttpResponse:
    """Hers that are open: end one, or all but this one."""
    professional = cast(Professional, request.user)
    if request.method == "POST":
        return _end(request, professional)
    return render(request, "usersessions/list.html", {"sessions": sessions.open_of(request, professional)})


def _end(request: HttpRequest, professional: Professional) -> HttpResponse:
    """End what was chosen; one that is not hers, or ended meanwhile, is answered alike."""
    chosen = request.POST.get("session", "")
    if chosen == "others":
        ended = sessions.end_others(professional, here=request.session.session_key)
    else:
        ended = int(chosen.isdecimal() and len(chosen) < 19 and _end_one(request, professional, int(chosen)))
    if ended:
        session.note("session.revoked", professional.pk, granted=True)
        told = ngettext("%(count)s session est fermée.", "%(count)s sessions sont fermées.", ended) % {"count": ended}
        messages.success(request, told)
    else:
        messages.info(request, _("Il n’y avait rien à fermer : ces sessions étaient déjà terminées."))
    return redirect("usersessions_list")


def _end_one(request: HttpRequest, professional: Professional, pk: int) -> bool:
    """One of hers, never the one she is in: « Se déconnecter » is for that."""
    here = UserSession.objects.filter(pk=pk, session_key=request.session.session_key).exists()
    return not here and sessions.end(professional, pk)


def _where(door: str) -> str:
    """The address of a part, or nothing where this installation has not got it."""
    try:
        return reverse(door)
    except NoReverseMatch:
        return ""
