"""The directory: who is who, bound by what, linked by which agreements. It knows institutions, never persons."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from . import clock, registering, settings_words, sheet_words, wording
from .accounts import people
from .acting import acting
from .agreement_words import AgreementLine, agreement_lines
from .models import (
    Agreement,
    AgreementParty,
    Forum,
    ForumMember,
    Function,
    Institution,
    Membership,
    Reached,
    SuccessionAnswer,
)
from .models.narrowings import GOVERNING
from .search import Normalised, normalised
from .succeeding import succession_of
from .tending import TENDING
from .text import plain

A_PAGE = 20
SHEET_MONTHS = 12
SHEET_DAYS = 365
QUERY_MOST = 80


@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """Institutions at work, by name, with what was searched; agreements with one's own are marked."""
    by = acting(request)
    query = plain(request.GET.get("q", ""))[:QUERY_MOST]
    page = Paginator(with_members(searched(open_institutions(), query), by), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "partners/directory.html",
        {
            "page_obj": page,
            "q": query,
            "query": f"{urlencode({'q': query})}&" if query else "",
            "by": by,
            "governs": by.has_function(*GOVERNING),
            "tends": by.has_function(*TENDING),
            "sees_members": by.has_function(*people.SEEING),
            "sees_tokens": by.has_function(*registering.SECONDS),
            "adds": by.has_function(*registering.MAY),
        },
    )


def searched(found: QuerySet[Institution], query: str) -> QuerySet[Institution]:
    """Those of which the name, kind, city or territory holds each word that is looked for, whatever the accents."""
    if not (wanted := normalised(query).split()):
        return found
    text = Concat("name", Value(" "), "kind", Value(" "), "city", Value(" "), "territory")
    found = found.annotate(text=Normalised(text))
    for word in wanted:
        found = found.filter(text__contains=word)
    return found


def open_institutions() -> QuerySet[Institution]:
    at_work = Q(closed_at__isnull=True) | Q(closed_at__gt=Now())
    return Institution.objects.filter(at_work).order_by(Normalised("name"), "pk")


def open_or_succeeded() -> QuerySet[Institution]:
    """Those at work, and those that another succeeded: the past keeps leading to them."""
    succeeded = Exists(SuccessionAnswer.objects.filter(succession__closing=OuterRef("pk"), accepted=True))
    return Institution.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=Now()) | succeeded)


def with_members(found: QuerySet[Institution], by: Membership) -> QuerySet[Institution]:
    """How many people work there, and whether an agreement links it to one's own institution today."""
    today = clock.day_of(clock.now())
    place = AgreementParty.objects.filter(agreement=OuterRef("pk"))
    current = (
        Agreement.objects.filter(starts_on__lte=today, ends_on__gte=today, suspended_at__isnull=True)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=Now()))
        .filter(~Exists(place.filter(signed_on__isnull=True)), Exists(place.filter(institution=by.institution_id)))
        .values("pk")
    )
    linked = AgreementParty.objects.filter(institution=OuterRef("pk"), agreement__in=current)
    members = (
        Membership.objects.in_force()
        .filter(institution=OuterRef("pk"))
        .order_by()
        .values("institution")
        .annotate(many=Count("pk"))
        .values("many")
    )
    return found.annotate(members=Coalesce(members, 0), linked=Exists(linked))


@require_safe
def institution(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A partner's sheet: mission, people with what binds them, agreements with one's own institution."""
    by = acting(request)
    one = get_object_or_404(open_or_succeeded(), pk=pk)
    now = clock.now()
    today = clock.day_of(now)
    members = (
        Membership.objects.visible_to(by)
        .filter(institution=one)
        .select_related("professional")
        .order_by("professional__last_name", "professional__first_name", "pk")
    )
    corrects = one.closed_at is None and by.has_function(*registering.MAY) and registering.may_correct(by, one)
    return render(
        request,
        "partners/institution.html",
        {
            "institution": one,
            "own": one.pk == by.institution_id,
            "by": by,
            "people": [person_line(member) for member in members],
            "agreements": agreements_between(by, one, now),
            "sheets": sheet_words.between(by, one, now),
            "tends": by.has_function(*TENDING),
            "closes": one.pk == by.institution_id and by.has_function(Function.DIRECTORY_ADMIN),
            "corrects": corrects,
            "opens": corrects and one.pk != by.institution_id,
            "addition": registering.addition_of(one) if one.verified_on is None else None,
            "succession": succession_of(one) if one.closed_at is not None else None,
            "forums": forums_of(by, one, now),
            "narrowings": settings_words.standing_at(one, by, now),
            "place": settings_words.key_of(one) if one.pk == by.institution_id and by.has_function(*GOVERNING) else "",
            "stale": one.verified_on is None or one.verified_on < today - timedelta(days=SHEET_DAYS),
            "months": SHEET_MONTHS,
        },
    )


def person_line(member: Membership) -> dict[str, object]:
    """What the sheet says of somebody: her work, what binds her and its proof, what it allows."""
    who = member.professional
    proven = member.proven_status == member.secrecy_status
    return {
        "name": f"{who.title} {who.full_name}".strip(),
        "initials": f"{who.first_name[:1]}{who.last_name[:1]}",
        "job": member.job_title,
        "secrecy": member.get_secrecy_status_display(),
        "bound": member.is_bound,
        "proof": member.secrecy_proof,
        "proven": proven,
        "verified_on": member.secrecy_verified_on,
        "allows": wording.allows(member),
        "functions": [str(Function(code).label) for code in member.functions if code in Function.values],
        "for_service": member.receives_for_service,
        "without_account": member.get_reached_by_display() if member.reached_by != Reached.IN_APP else "",
    }


def agreements_between(by: Membership, other: Institution, at: datetime) -> list[AgreementLine]:
    """The agreements to which both are parties, those in force first, versions replaced left out; two statements."""
    if other.pk == by.institution_id:
        return []
    both = Agreement.objects.visible_to(by).between(by.institution_id, other.pk)
    found = agreement_lines(both.followed().order_by("-ends_on", "number", "-version"), at)
    return sorted((line for line in found if line.state != "replaced"), key=lambda line: not line.in_force)


def forums_of(by: Membership, one: Institution, at: datetime) -> QuerySet[Forum]:
    """The forums that it holds, or in which its members sit."""
    sitting = ForumMember.objects.sitting_at(at).filter(forum=OuterRef("pk"), membership__institution=one)
    return Forum.objects.visible_to(by).open().filter(Q(institution=one) | Exists(sitting))
