"""The person takes her agreement back: one page, one button, and the receipt that is given to her."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases.doors import case_or_404
from cases.followers import why_access
from consent.history import last_day_of
from consent.models import Consent, Form, Withdrawal
from partners import clock, wording
from partners.acting import acting
from partners.dates import day
from partners.fields import PlainTextField
from sharing import withdrawal
from sharing.models import Draft
from sharing.sheet import called


class WithdrawalForm(forms.Form):
    """How she said it; nothing else is asked of her, no reason least of all."""

    form = forms.ChoiceField(
        label=_("Comment l’a-t-elle dit ?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dites comment la personne a retiré son accord."),
            "invalid_choice": _("Choisissez, dans la liste, comment la personne a retiré son accord."),
        },
    )
    own_words = PlainTextField(
        label=_("Ses propres mots"),
        help_text=_("Seulement si elle souhaite les dire."),
        most=600,
        lines=2,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """What was communicated under this agreement, and the button that takes it back. Twice is once."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    consent = (
        Consent.objects.visible_to(by)
        .filter(case=case, pk=pk)
        .select_related("recipient__professional", "recipient__institution", "given_by", "person")
        .first()
    )
    if consent is None:
        raise Http404
    if Withdrawal.objects.filter(consent=consent).exists():
        return redirect("consent:receipt", ref=ref, pk=pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdrawal.withdraw(
            consent=consent, form=form.cleaned_data["form"], own_words=form.cleaned_data["own_words"], by=by
        )
        return redirect("consent:receipt", ref=ref, pk=pk)
    waiting = Draft.objects.visible_to(by).filter(
        case=case, recipient=consent.recipient_id, purpose=consent.purpose, sent_at=None, discarded_at=None
    )
    context: dict[str, Any] = {
        "case": case,
        "consent": consent,
        "form": form,
        "who": called(consent.recipient),
        "purpose": wording.purpose(consent.purpose),
        "categories": [wording.category(code) for code in consent.categories],
        "until": last_day_of(consent),
        "over": consent.valid_until <= clock.now(),
        "told": [_told(one) for one in withdrawal.concerned(consent)],
        "drafts": waiting.count(),
        "why": why_access(case, by),
    }
    return render(request, "sharing/withdrawal.html", context, status=422 if form.errors else 200)


def _told(one: Any) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "pk": one.pk,
        "sent": day(one.released_at),
        "read": day(one.opened_at) if one.opened_at else "",
    }
