"""Invite, take an invitation back, send it again. Whoever invites never sees the link: the letter alone carries it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock
from partners.acting import acting, function_required
from partners.models import Function, Invitation, InvitationEnd, Membership
from partners.tending import TENDING, DirectoryError, NotTended, TooLate

from . import inviting, letters, people
from .people_forms import InviteForm


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def invite(request: HttpRequest) -> HttpResponse:
    """Who, as what, bound by what; then a letter leaves. The page is the same whether the address was known or not."""
    by = acting(request)
    now = clock.now()
    form = InviteForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = inviting.invite(post=form.post(), by=by, at=now)
        except NotTended as error:
            raise Http404 from error
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            tell(request, invitation, secret)
            return redirect("partners:invitation_sent", invitation.pk)
    return render(
        request,
        "partners/people/invite.html",
        {"form": form, "institution": by.institution, "admin": by.has_function(Function.DIRECTORY_ADMIN)},
        status=422 if form.errors else 200,
    )


def tell(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    """Send the letter, and say whether it left; it says nothing of the address."""
    if letters.send_invitation(invitation, secret):
        messages.success(request, _("L’invitation est partie. Son lien sert une fois, pendant sept jours."))
    else:
        messages.error(
            request, _("L’invitation est enregistrée, mais l’e-mail n’est pas parti : envoyez-la de nouveau.")
        )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*people.SEEING)
def invitation_sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One invitation: what it proposes, where it stands, whose turn it is; withdraw it, or send it again."""
    by = acting(request)
    found = Invitation.objects.visible_to(by).select_related(
        "institution", "invited_by__professional", "invited_by__institution"
    )
    one = get_object_or_404(found, pk=pk)
    now = clock.now()
    state = inviting.state_of(one, now)
    if request.method == "POST":
        if not by.has_function(*TENDING):
            raise Http404
        return _act(request, one, by)
    end = InvitationEnd.objects.filter(invitation=one).select_related("professional").first()
    return render(
        request,
        "partners/people/invitation_sent.html",
        {
            "invitation": one,
            "reference": letters.reference(one),
            "state": state,
            "end": end,
            "functions": [str(Function(code).label) for code in one.functions],
            "tends": by.has_function(*TENDING),
            "open": state == inviting.WAITING,
            "dead": state in {inviting.EXPIRED, inviting.VOID},
        },
    )


def _act(request: HttpRequest, one: Invitation, by: Membership) -> HttpResponse:
    asked = request.POST.get("action")
    if asked not in {"again", "withdraw"}:
        return redirect("partners:invitation_sent", one.pk)
    try:
        if asked == "again":
            newer, secret = inviting.send_again(invitation=one, by=by)
            tell(request, newer, secret)
            return redirect("partners:invitation_sent", newer.pk)
        inviting.withdraw(invitation=one, by=by)
    except NotTended as error:
        raise Http404 from error
    except DirectoryError as error:
        messages.error(request, str(error))
    except TooLate:
        messages.error(request, _("Cette page n’était plus à jour : rien n’a changé. Relisez où en est l’invitation."))
    else:
        messages.success(request, _("L’invitation est retirée : son lien n’ouvre plus rien."))
    return redirect("partners:invitation_sent", one.pk)
