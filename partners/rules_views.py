"""The page of an agreement and the page of a forum: their rules, and what is narrowed there, open to every professional."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from . import clock, forums, narrowing, settings_words, wording
from .acting import acting
from .agreement_words import agreement_line, history_of, moves_of, title_of
from .models import Agreement, AgreementParty, Forum, ForumMember


@require_safe
def agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its parties and their signatures, what it lets pass, and what is narrowed."""
    by = acting(request)
    one = get_object_or_404(Agreement.objects.visible_to(by).followed(), pk=pk)
    now = clock.now()
    parties = list(
        AgreementParty.objects.filter(agreement=one).select_related("institution").order_by("institution__name")
    )
    waiting = [party.institution.name for party in parties if party.signed_on is None]
    line = agreement_line(one, waiting, now)
    latest = Agreement.objects.visible_to(by).filter(number=one.number).order_by("version").last()
    return render(
        request,
        "partners/agreement_page.html",
        {
            "line": line,
            "title": title_of(one),
            "parties": parties,
            "moves": moves_of(line, by),
            "history": history_of(one),
            "latest": latest if latest is not None and latest.pk != one.pk else None,
            "narrowings": settings_words.standing_at(one, by, now),
            "place": settings_words.key_of(one) if narrowing.may_govern(by, one) else "",
        },
    )


@require_safe
def forum(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its rules, who sits there and what binds them, and what is narrowed."""
    by = acting(request)
    one = get_object_or_404(Forum.objects.visible_to(by).select_related("institution"), pk=pk)
    now = clock.now()
    members = members_of(one, now)
    return render(
        request,
        "partners/forum.html",
        {
            "forum": one,
            "open": one.open_at(now),
            "closed_on": clock.day_of(one.closed_at) if one.closed_at is not None else None,
            "purposes": [wording.purpose(code) for code in one.purposes],
            "families": wording.by_family(one.categories),
            "signed": one.rules_signed_at(now),
            "members": members,
            "unbound": any(not line["bound"] for line in members),
            "narrowings": settings_words.standing_at(one, by, now),
            "place": settings_words.key_of(one) if narrowing.may_govern(by, one) else "",
        },
    )


def members_of(one: Forum, at: datetime) -> list[dict[str, object]]:
    """Who sits there now: her work, and the text or the status that binds her; one statement."""
    found = (
        ForumMember.objects.sitting_at(at)
        .filter(forum=one)
        .annotate(unbound=Exists(forums.unbound_at(at).filter(pk=OuterRef("pk"))))
        .select_related("membership__professional", "membership__institution")
        .order_by("membership__professional__last_name", "membership__professional__first_name", "pk")
    )
    return [
        {
            "name": f"{who.professional.title} {who.professional.full_name}".strip(),
            "initials": f"{who.professional.first_name[:1]}{who.professional.last_name[:1]}",
            "job": who.job_title,
            "institution": who.institution,
            "secrecy": who.get_secrecy_status_display(),
            "bound_by": place.bound_by,
            "bound": not place.unbound,
        }
        for place in found
        for who in [place.membership]
    ]
