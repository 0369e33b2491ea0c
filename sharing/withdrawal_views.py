"""The person takes back one agreement, or all: one page, one button, and the receipt that is given to her."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Representative
from consent import invalidating, registry
from consent.history import last_day_of
from consent.models import Consent
from partners import clock, wording
from partners.acting import acting
from partners.models import Membership
from sharing import withdrawal
from sharing.sheet import called
from sharing.stopping import concerned, known
from sharing.withdrawal_form import WithdrawalForm, code_of, takers


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Who already knows what, what closes, and the button that takes an agreement back. Twice is once."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    consent = (
        Consent.objects.visible_to(by)
        .filter(case=case, pk=pk)
        .select_related("case", "recipient__professional", "recipient__institution", "given_by", "person")
        .first()
    )
    if consent is None:
        raise Http404
    if registry.withdrawal_of(consent) is not None:
        return redirect("consent:receipt", ref=ref, pk=pk)
    if invalidating.invalidation_of(consent) is not None:
        messages.info(
            request, _("Cet accord a été enregistré par erreur : il ne compte plus, il n’y a rien à retirer.")
        )
        return redirect("consent:list", ref=ref)
    people = takers(case, [consent.given_by])
    form = WithdrawalForm(
        request.POST if request.method == "POST" else None,
        speakers=[(code, one[0]) for code, one in people.items()],
        givers={code_of(consent.given_by)},
    )
    if request.method == "POST" and form.is_valid():
        return _taken_back(request, consent, form, people, by)
    at = clock.now()
    scope = concerned.Scope.of(consent)
    context: dict[str, Any] = {
        "case": case,
        "consent": consent,
        "form": form,
        "who": called(consent.recipient),
        "purpose": wording.purpose(consent.purpose),
        "categories": [wording.category(code) for code in consent.categories],
        "until": last_day_of(consent),
        "over": consent.valid_until <= at,
        "told": known.known(concerned.disclosures(scope), closing=concerned.CLOSED_BY_HER_WORD),
        "closing": closing(scope, by),
        "all": withdrawal.in_force(case, by, at).count(),
        "why": why_access(case, by),
    }
    return render(request, "sharing/withdrawal.html", context, status=422 if form.errors else 200)


def closing(scope: concerned.Scope, by: Membership) -> dict[str, Any]:
    """What is being prepared and can no longer leave as it is: drafts, what they answer, opinions that are awaited."""
    drafts = list(concerned.drafts(scope))
    return {
        "drafts": len(drafts),
        "mine": [one for one in drafts if one.author_id == by.pk],
        "answers": sum(1 for one in drafts if one.answers_id),
        "reviews": concerned.reviews(scope).values("draft").distinct().count(),
    }


def _taken_back(
    request: HttpRequest,
    consent: Consent,
    form: WithdrawalForm,
    people: dict[str, tuple[str, Representative | None]],
    by: Membership,
) -> HttpResponse:
    said = form.cleaned_data
    label, who = people[form.said_by]
    try:
        withdrawal.withdraw(consent=consent, form=said["form"], own_words=said["own_words"], given_by=who, by=by)
    except withdrawal.NotWhoGave:
        messages.info(
            request,
            _(
                "%(who)s n’avait pas donné cet accord : sa parole est un refus, à enregistrer ici. Le désaccord arrête ce qui "
                "partirait, et se discute avec un cadre."
            )
            % {"who": label},
        )
        query = {
            "act": "refusal",
            "recipient": consent.recipient_id,
            "purpose": consent.purpose,
            "categories": ",".join(consent.categories),
        }
        return redirect(f"{reverse('consent:new', args=[consent.case.reference])}?{urlencode(query)}")
    return redirect("consent:receipt", ref=consent.case.reference, pk=consent.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_all(request: HttpRequest, ref: str) -> HttpResponse:
    """« Tout retirer » : every agreement in force in one's institution, listed one by one, and one button."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    at = clock.now()
    standing = list(withdrawal.in_force(case, by, at))
    people = takers(case, [one.given_by for one in standing])
    form = WithdrawalForm(
        request.POST if request.method == "POST" else None,
        speakers=[(code, one[0]) for code, one in people.items()],
        givers={code_of(one.given_by) for one in standing},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = withdrawal.withdraw_all(
            case=case, form=said["form"], own_words=said["own_words"], given_by=people[form.said_by][1], by=by
        )
        text = ngettext(
            "Un accord retiré, son récépissé est ci-dessous.",
            "%(n)d accords retirés, leurs récépissés sont ci-dessous.",
            len(done),
        ) % {"n": len(done)}
        messages.success(request, text if done else _("Aucun accord de cette personne n’était encore en vigueur."))
        return redirect("consent:list", ref=ref)
    lines = [
        {
            "consent": one,
            "who": called(one.recipient),
            "purpose": wording.purpose(one.purpose),
            "categories": [wording.category(code) for code in one.categories],
            "until": last_day_of(one),
            "told": known.known(concerned.disclosures(concerned.Scope.of(one)), closing=concerned.CLOSED_BY_HER_WORD),
            "closing": closing(concerned.Scope.of(one), by),
        }
        for one in standing
    ]
    context = {
        "case": case,
        "form": form,
        "lines": lines,
        "back_url": reverse("consent:list", args=[ref]),
        "why": why_access(case, by),
    }
    return render(request, "sharing/stopping/withdraw_all.html", context, status=422 if form.errors else 200)
