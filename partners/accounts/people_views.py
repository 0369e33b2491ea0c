"""Who works here: the list, one member, and what whoever tends the directory does with her post."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners import clock
from partners.acting import acting, function_required
from partners.models import Function, FunctionChange, Membership
from partners.tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate
from partners.text import plain

from . import changing, leaving, people, proving
from .people_forms import EndForm, SecrecyForm
from .posts import binds

A_PAGE = 25
QUERY_MOST = 80


@require_safe
@function_required(*people.SEEING)
def members(request: HttpRequest) -> HttpResponse:
    """The members of one's own institution, filtered; the invitations and the changes that wait."""
    by = acting(request)
    now = clock.now()
    state = request.GET.get("etat", "")
    state = state if state in people.STATES else ""
    function = request.GET.get("fonction", "")
    words = plain(request.GET.get("q", ""))[:QUERY_MOST]
    found = people.members(by, state=state, function=function, words=words)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    kept = {"q": words, "fonction": function, "etat": state}
    return render(
        request,
        "partners/people/members.html",
        {
            "page_obj": page,
            "lines": people.lines(page.object_list, by, now),
            "query": f"{urlencode({name: one for name, one in kept.items() if one})}&",
            "q": words,
            "state": state,
            "function": function,
            "states": [(code, str(label)) for code, label in people.STATES.items()],
            "functions": [(one.value, str(one.label).capitalize()) for one in Function],
            "changes": people.changes_for(by),
            "invitations": people.invitations(by, now),
            "tends": by.has_function(*TENDING),
            "sees_tokens": by.has_function(*changing.SECONDS),
            "institution": by.institution,
        },
    )


def member_or_404(by: Membership, pk: UUID) -> Membership:
    """A member, or a former one, of her own institution."""
    found = Membership.objects.filter(institution=by.institution_id).select_related("professional", "institution")
    return get_object_or_404(found, pk=pk)


@require_safe
@function_required(*people.SEEING)
def member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One member: what binds her, what she does in Tact, until when; what waits, and for whom."""
    by = acting(request)
    one = member_or_404(by, pk)
    now = clock.now()
    change = FunctionChange.objects.visible_to(by).waiting().filter(membership=one).first()
    at_work = one.in_force_at(now)
    mine = one.professional_id == by.professional_id
    return render(
        request,
        "partners/people/member.html",
        {
            "member": one,
            "line": people.lines([one], by, now)[0],
            "change": change,
            "seconds": list(changing.second_persons(change).select_related("professional")) if change else [],
            "checkers": proving.checkers(one) if one.awaits_proof else [],
            "binds": binds(one.secrecy_status),
            "history": people.history(one),
            "at_work": at_work,
            "mine": mine,
            "may_check": at_work and not mine,
            "may_change": at_work and not mine and change is None and by.has_function(*TENDING),
            "may_end": at_work and leaving.may_end(by, one),
            "hands_over": (one.ends_at is not None) and by.has_function(*TENDING),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*proving.CHECKING)
def member_secrecy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what one saw of a proof; never of one's own."""
    by = acting(request)
    one = member_or_404(by, pk)
    if one.professional_id == by.professional_id or not one.in_force_at(clock.now()):
        raise Http404
    form = SecrecyForm(
        request.POST if request.method == "POST" else None,
        initial={"status": one.secrecy_status, "proof": one.secrecy_proof},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            row = proving.check(
                membership=one,
                status=told["status"],
                proof=told["proof"],
                seen=told["seen"],
                proven=told["answer"] == "proven",
                by=by,
            )
        except (NotTended, SamePerson, TooLate) as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error("proof" if told["seen"] else "seen", str(error))
        else:
            messages.success(request, _said_of(row.proven))
            return redirect("partners:member", pk)
    return render(
        request, "partners/people/secrecy.html", {"form": form, "member": one}, status=422 if form.errors else 200
    )


def _said_of(proven: bool) -> str:
    if proven:
        return _("C’est noté : son statut compte désormais, et une situation peut lui être confiée.")
    return _("C’est noté : son statut ne compte pas, et aucune situation ne lui est ouverte.")


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def member_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a post, at once or after a last day; then comes the page that hands over what she leaves."""
    by = acting(request)
    one = member_or_404(by, pk)
    if not one.in_force_at(clock.now()) or not leaving.may_end(by, one):
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.end(membership=one, last_day=form.day(), why=form.cleaned_data["why"], by=by)
        except (NotTended, SamePerson, TooLate) as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error("last_day" if form.day() else None, str(error))
        else:
            messages.success(request, _("C’est noté. Il reste à confier ce que cette personne suivait."))
            return redirect("sharing:relay", pk)
    return render(
        request, "partners/people/end.html", {"form": form, "member": one}, status=422 if form.errors else 200
    )
