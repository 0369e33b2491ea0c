"""What a colleague who leaves leaves behind: who takes it over, and whose turn it is for what cannot be handed over."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import access
from partners import clock
from partners.acting import acting, function_required
from partners.models import Function, Membership
from partners.tending import TENDING, DirectoryError, NotTended, TooLate
from sharing.leaving import acts, requests
from sharing.leaving.forms import HandoverForm
from sharing.leaving.left import Waiting, followed_by, left_by, waiting_for
from sharing.leaving.may import may_entrust, may_hand_over


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*TENDING)
def relay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that she leaves, on one page; the situations and requests chosen are handed over together, or none is."""
    by = acting(request)
    house = Membership.objects.filter(institution=by.institution_id, ends_at__isnull=False)
    leaver = get_object_or_404(house.select_related("professional", "institution"), pk=pk)
    if not may_hand_over(by, leaver):
        raise Http404
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        followed=followed_by(leaver),
        waiting=waiting_for(leaver),
        colleagues=colleagues_of(leaver, by),
        initial={"why": _("Relais après un départ.")},
    )
    if request.method == "POST" and form.is_valid() and (kept := _hand_over(form, leaver, by)) is not None:
        for one in kept:
            messages.warning(request, _("Reste à confier : demande %(which)s") % {"which": one})
        messages.success(request, _("C’est fait : chacun est prévenu de ce qui lui revient."))
        return redirect("sharing:relay", pk)
    now = clock.now()
    return render(
        request,
        "sharing/leaving/relay.html",
        {
            "leaver": leaver,
            "left": left_by(leaver),
            "form": form,
            "gone": not leaver.in_force_at(now),
            "last_day": clock.last_day(leaver.ends_at) if leaver.ends_at else None,
            "lead": by.has_function(Function.TEAM_LEAD),
        },
        status=422 if form.errors else 200,
    )


def colleagues_of(leaver: Membership, by: Membership) -> list[Membership]:
    """Those of her institution who stay, and to whom a situation may be entrusted by this colleague, by name."""
    found = Membership.objects.in_force().proven().filter(institution=leaver.institution_id, ends_at=None)
    others = (
        found.exclude(professional=leaver.professional_id)
        .select_related("professional")
        .order_by("professional__last_name", "professional__first_name")
    )
    return [one for one in others if may_entrust(by, one)]


def _hand_over_request(waits: Waiting, leaver: Membership, to: Membership | None, by: Membership) -> None:
    if to is None:
        requests.close_request(request_id=waits.request.pk, leaver=leaver, by=by)
    else:
        requests.hand_over_request(request_id=waits.request.pk, leaver=leaver, to=to, by=by)


def _hand_over(form: HandoverForm, leaver: Membership, by: Membership) -> list[str] | None:
    """What stays to be entrusted, each with why; None where what was chosen could not be: then nothing is, and the form says it.

    A request for which nothing was chosen alone does not hold its situation back.
    """
    name, kept = "", list[str]()
    try:
        with transaction.atomic():
            # Situations first: whoever waits for an answer, or gives a precision, follows the situation.
            for field, one, to in form.decided():
                name = field
                acts.hand_over(assignment=one.assignment, to=to, why=form.cleaned_data["why"], by=by)
            for field, waits, to in form.decided_requests():
                name = field
                try:
                    _hand_over_request(waits, leaver, to, by)
                except requests.MayNotTakeOver as error:
                    if not form.by_default(field):
                        raise
                    kept.append(f"{waits.request.reference}. {error}")
    except NotTended as error:
        raise Http404 from error
    except access.LastToFollow:
        form.add_error(
            name,
            _("Personne d’autre ne suit cette situation : confiez-la à quelqu’un, ou demandez à qui encadre l’équipe."),
        )
    except access.SecrecyNotProven:
        form.add_error(name, _("Personne n’a encore vérifié ce qui l’engage au secret : choisissez quelqu’un d’autre."))
    except TooLate:
        form.add_error(name, _("Quelqu’un l’a déjà réglée : relisez cette page."))
    except DirectoryError as error:
        form.add_error(name, str(error))
    return None if form.errors else kept
