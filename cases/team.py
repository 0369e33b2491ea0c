"""Who follows which case: seen and decided by its referents and by the team leads, through `cases.access` alone."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import clock
from partners.acting import acting, function_required
from partners.models import Function, Membership

from . import access, doors, followers, linking_shown
from .forms import AssignForm, EndForm
from .models import Assignment, Case

A_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest, reference: str) -> HttpResponse:
    """Who follows, since when, decided by whom; whoever may decide adds a colleague here."""
    by = acting(request)
    case = doors.followed_case_or_404(request, reference)
    may = doors.may_assign(by, case)
    everyone = list(followers.of_case(case))
    following = {one.membership_id for one in everyone if one.ends_at is None}
    form = AssignForm(request.POST or None, colleagues=colleagues(case), following=following)
    if request.method == "POST":
        if not may:
            raise doors.refused(request, "case.assignment_refused", "case", reference)
        if form.is_valid():
            return redirect_after_assigning(request, case, form, by)
    return render(
        request,
        "cases/assignments.html",
        page_context(case, by, everyone, may, form),
        status=422 if form.errors else 200,
    )


def page_context(
    case: Case, by: Membership, everyone: list[Assignment], may: bool, form: AssignForm
) -> dict[str, object]:
    mine = any(one.membership_id == by.pk and one.ends_at is None for one in everyone)
    return {
        "case": case,
        "mine": mine,
        "may": may,
        "lead": by.has_function(Function.TEAM_LEAD),
        "current": [one for one in everyone if one.ends_at is None],
        "past": [one for one in everyone if one.ends_at is not None],
        "form": form,
        "end_form": EndForm(auto_id=False),
        "why": followers.why_access(case, by)
        or _("Vous encadrez l’équipe de ce service : vous voyez qui suit la situation, pas ce qu’elle contient."),
    }


def colleagues(case: Case) -> list[Membership]:
    """Those at work in the case's institution."""
    return list(
        Membership.objects.in_force()
        .filter(institution=case.institution_id)
        .select_related("professional")
        .order_by("professional__last_name", "professional__first_name")
    )


def redirect_after_assigning(request: HttpRequest, case: Case, form: AssignForm, by: Membership) -> HttpResponse:
    who = form.chosen()
    try:
        access.assign(
            case=case,
            membership=who,
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            by=by,
        )
    except access.AlreadyAssigned:
        messages.info(request, _("%(name)s suit déjà cette situation.") % {"name": who.professional.full_name})
    except access.SecrecyNotProven:
        messages.error(
            request,
            _(
                "%(name)s ne peut pas encore suivre de situation : personne n’a vérifié ce qui l’engage au secret. "
                "Qui encadre l’équipe ou tient l’annuaire peut le faire."
            )
            % {"name": who.professional.full_name},
        )
    else:
        messages.success(request, _("%(name)s suit désormais cette situation.") % {"name": who.professional.full_name})
    return redirect("cases:assignments", case.reference)


@require_POST
def end_assignment(request: HttpRequest, reference: str, pk: UUID) -> HttpResponse:
    """End somebody's following, or one's own; the case closes to her at the next request."""
    by = acting(request)
    case = doors.followed_case_or_404(request, reference)
    one = followers.of_case(case).filter(pk=pk).first()
    if one is None or not (doors.may_assign(by, case) or one.membership_id == by.pk):
        raise doors.refused(request, "case.assignment_refused", "case", reference)
    form = EndForm(request.POST)
    if form.is_valid():
        end_one(request, one, form.cleaned_data["reason"], by)
    else:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    still = doors.followable_by(by).filter(pk=case.pk).exists()
    return redirect("cases:assignments", reference) if still else redirect("cases:list")


def end_one(request: HttpRequest, one: Assignment, reason: str, by: Membership) -> None:
    try:
        access.end_assignment(assignment=one, reason=reason, by=by)
    except access.LastToFollow:
        messages.error(
            request, _("Personne d’autre ne suit cette situation : confiez-la d’abord à une ou un collègue.")
        )
    else:
        messages.success(
            request,
            _("%(name)s ne suit plus la situation %(reference)s.")
            % {"name": one.membership.professional.full_name, "reference": one.case.reference},
        )


@function_required(Function.TEAM_LEAD)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """The open cases of one's institution: reference, referent, since when. No name of a person, no content."""
    by = acting(request)
    at_work = Membership.objects.in_force()
    in_force = Assignment.objects.in_force().filter(case=OuterRef("pk"), membership__in=at_work)
    found = (
        doors.followable_by(by)
        .filter(institution=by.institution_id, closed_on__isnull=True)
        .annotate(followed=Exists(in_force))
        .order_by("followed", "opened_on", "reference")
    )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    referents = followers.referents(one.pk for one in page)
    gone = followers.gone(referents)
    today = clock.day_of(clock.now())
    return render(
        request,
        "cases/team.html",
        {
            "page_obj": page,
            "rows": [team_row(one, referents.get(one.pk, []), gone, today) for one in page],
            "institution": by.institution,
            "same_person": linking_shown.to_decide(by) + linking_shown.holding(by),
        },
    )


def team_row(case: Case, referents: list[Assignment], gone: set[UUID], today: date) -> dict[str, object]:
    """A line of the team's list; the age of an assignment is in days."""
    return {
        "reference": case.reference,
        "opened_on": case.opened_on,
        "referents": [
            {
                "name": one.membership.professional.full_name,
                # She left: what she followed is to be handed over (sharing.leaving).
                "gone": one.membership_id if one.membership_id in gone else None,
                "since": one.starts_at,
                "days": (today - clock.day_of(one.starts_at)).days,
                "overdue": one.review_due_on is not None and one.review_due_on < today,
            }
            for one in referents
        ],
    }
