"""The pages of the person's word: collect it, read it again, and the receipt of a withdrawal."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Case
from partners import clock, finding, wording
from partners.acting import acting
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary

from . import notices
from .acts import Act, acts_for, name_of
from .asking import Asked, agreed_purposes, asked_by
from .forms import WordForm
from .history import lines
from .models import Consent, Withdrawal
from .registry import Scope, ScopeError
from .speakers import Speakers, speakers_for

A_PAGE = 25


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, ref: str) -> HttpResponse:
    """Collect the person's word: first the question (act, recipient, purpose), then what she says of it."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    at = clock.now()
    speakers = speakers_for(case.person, at)
    asked = asked_by(request, case, by, minor=speakers.minor)
    if not asked.complete or "modifier" in request.GET:
        return _question(request, asked, by, speakers)
    act, recipient = asked.act, asked.recipient
    if act is None or recipient is None:
        raise Http404
    options: dict[str, Any] = {"speakers": speakers, "today": clock.day_of(at), "asked": asked.categories}
    form = act.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        scope = Scope(case=case, recipient=recipient, purpose=asked.purpose, categories=form.cleaned_data["categories"])
        try:
            said = act.record(form, scope, by, at)
        except ScopeError as error:
            form.add_error(None, str(error))
        else:
            messages.add_message(request, constants.DEFAULT_LEVELS[said.level.upper()], said.text)
            return redirect(asked.back or reverse("consent:list", args=[ref]))
    context = _answer_context(case, asked, act, recipient, form, by, speakers)
    return render(request, "consent/new.html", context, status=422 if form.errors else 200)


def _answer_context(
    case: Case, asked: Asked, act: Act, recipient: Membership, form: WordForm, by: Membership, speakers: Speakers
) -> dict[str, Any]:
    notice = None
    if act.notice:
        notice = notices.filled(act.notice, by=by, recipients=[recipient], purposes=[asked.purpose])
    return {
        "case": case,
        "act": act,
        "form": form,
        "notice": notice,
        "speakers": speakers,
        "recipient": _line(recipient),
        "purpose": wording.purpose(asked.purpose),
        "others": [
            {"label": one.label, "hint": one.hint, "url": asked.url(act=one.code)}
            for one in acts_for(minor=speakers.minor)
            if one is not act
        ],
        "why": why_access(case, by),
        "change_url": f"{asked.url()}&modifier=1",
        "back_url": asked.back or reverse("consent:list", args=[case.reference]),
    }


def _line(one: Membership) -> dict[str, str]:
    who = one.professional
    return {
        "name": f"{who.title} {who.full_name}".strip(),
        "initials": f"{who.first_name[:1]}{who.last_name[:1]}",
        "title": one.job_title,
        "institution": one.institution.name,
        "secrecy": str(one.get_secrecy_status_display()).capitalize(),
    }


def _question(request: HttpRequest, asked: Asked, by: Membership, speakers: Speakers) -> HttpResponse:
    """Which act, towards whom, for what: a form that changes nothing, hence a GET."""
    words = plain(request.GET.get("q", ""))[: finding.QUERY_MOST]
    found = list(finding.professionals(by=by, words=words)[: finding.SHOWN])
    if asked.recipient is not None and asked.recipient not in found:
        found = [asked.recipient, *found]
    sent = "go" in request.GET
    errors = {
        "act": "" if asked.act else _("Dites ce que vous enregistrez : accord, refus, opposition ou information."),
        "recipient": "" if asked.recipient else _("Dites à qui : choisissez un professionnel."),
        "purpose": "" if asked.purpose else _("Dites pour quoi faire : choisissez une finalité."),
    }
    wrong = {name: text for name, text in errors.items() if text and sent}
    context = {
        "case": asked.case,
        "q": words,
        "asked": asked,
        "kept": {"categories": ",".join(asked.categories), "next": asked.back},
        "acts": _cards("act", _("Qu’enregistrez-vous ?"), _act_choices(asked, speakers), wrong),
        "recipients": _cards("recipient", _("À qui ?"), [_recipient_choice(one, asked) for one in found], wrong),
        "none_found": bool(words) and not found,
        "purposes": _purposes(asked, by),
        "purpose_error": wrong.get("purpose", ""),
        "errors": [{"text": text, "target": name} for name, text in wrong.items()],
        "back_url": asked.back or reverse("consent:list", args=[asked.case.reference]),
    }
    return render(request, "consent/question.html", context, status=422 if wrong else 200)


def _cards(name: str, legend: str, choices: list[dict[str, Any]], wrong: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "legend": legend,
        "legend_hidden": True,
        "error": wrong.get(name, ""),
        "groups": [{"choices": choices}],
    }


def _act_choices(asked: Asked, speakers: Speakers) -> list[dict[str, Any]]:
    return [
        {"value": one.code, "label": one.label, "hint": one.hint, "checked": one is asked.act}
        for one in acts_for(minor=speakers.minor)
    ]


def _recipient_choice(one: Membership, asked: Asked) -> dict[str, Any]:
    return {
        "value": str(one.pk),
        "label": f"{name_of(one)}, {one.job_title}",
        "hint": one.institution.name,
        "checked": asked.recipient is not None and one.pk == asked.recipient.pk,
    }


def _purposes(asked: Asked, by: Membership) -> list[dict[str, Any]]:
    """The purposes as groups of a list: those of the agreements first, then every domain."""
    words = vocabulary()
    usual = agreed_purposes(by, asked.recipient)
    groups = [(_("Prévues par vos conventions"), usual)] if usual else []
    for domain in words.domains.values():
        codes = [code for code, one in words.purposes.items() if one.domain == domain.code and code not in usual]
        groups.append((wording.worded(domain), codes))
    return [
        {
            "label": label,
            "options": [
                {"value": code, "label": wording.purpose(code), "selected": code == asked.purpose} for code in codes
            ],
        }
        for label, codes in groups
        if codes
    ]


@require_safe
def words(request: HttpRequest, ref: str) -> HttpResponse:
    """Her words on this case: what holds, what ended, what she refused, what she was told."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    page = Paginator(lines(case, by, clock.now()), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "consent/list.html", {"case": case, "page_obj": page, "why": why_access(case, by)})


@require_safe
def receipt(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The receipt of a withdrawal: printed, and given to the person."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    withdrawal = (
        Withdrawal.objects.filter(consent__in=Consent.objects.visible_to(by).filter(case=case))
        .select_related(
            "consent__recipient__professional",
            "consent__recipient__institution",
            "consent__given_by",
            "recorded_by__professional",
            "recorded_by__institution",
        )
        .filter(consent=pk)
        .first()
    )
    if withdrawal is None:
        raise Http404
    consent = withdrawal.consent
    context = {
        "case": case,
        "withdrawal": withdrawal,
        "consent": consent,
        "recipient": _line(consent.recipient),
        "purpose": wording.purpose(consent.purpose),
        "categories": [wording.category(code) for code in consent.categories],
    }
    return render(request, "consent/receipt.html", context)
