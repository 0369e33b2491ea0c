"""The pages of the person's word: collect it, read it again, and the receipt of a withdrawal."""

import uuid
from itertools import product
from typing import Any

from django.contrib import messages
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Case
from partners import clock, wording
from partners.acting import acting
from partners.models import Membership

from . import notices
from .acts import Act, Said, acts_for, said_to, text_of
from .asking import Asked, asked_by
from .forms import WordForm
from .history import lines
from .models import Consent, Form, Invalidation, Withdrawal
from .question_page import question
from .registry import Scope, ScopeError
from .speakers import Speakers, speakers_for
from .telephoning import known_numbers

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
        return question(request, asked, by, speakers, at)
    act, recipient = asked.act, asked.recipient
    if act is None or recipient is None:
        raise Http404
    options: dict[str, Any] = {"speakers": speakers, "today": clock.day_of(at), "asked": asked.categories}
    form = act.form(request.POST if request.method == "POST" else None, **options)
    if request.method == "POST" and form.is_valid():
        scope = Scope(case=case, recipient=recipient, purpose=asked.purpose, categories=form.cleaned_data["categories"])
        try:
            said = said_to(
                act=act,
                form=form,
                scope=scope,
                minor=speakers.minor,
                by=by,
                at=at,
                style=asked.style,
                language=asked.language,
            )
        except ScopeError as error:
            form.add_error(None, str(error))
        else:
            messages.add_message(request, constants.DEFAULT_LEVELS[said.level.upper()], said.text)
            return redirect(_after(form, said, asked, ref))
    context = _answer_context(case, asked, act, recipient, form, by, speakers)
    return render(request, "consent/new.html", context, status=422 if form.errors else 200)


def _text(act: Act, asked: Asked, speakers: Speakers, form: str = "") -> str:
    """The code of the text that is read with her, or to her on the telephone; "" where there is none."""
    if not act.notice:
        return ""
    return text_of(act.notice, minor=speakers.minor, form=form, style=asked.style, language=asked.language)


def _after(form: WordForm, said: Said, asked: Asked, ref: str) -> str:
    """Where one came from; what was signed is joined first."""
    if asked.back:
        return asked.back
    if said.sitting and form.cleaned_data.get("form") == Form.WRITTEN:
        return reverse("consent:paper", args=[ref, said.sitting])
    return reverse("consent:list", args=[ref])


def _answer_context(
    case: Case, asked: Asked, act: Act, recipient: Membership, form: WordForm, by: Membership, speakers: Speakers
) -> dict[str, Any]:
    text, script = _text(act, asked, speakers), _text(act, asked, speakers, Form.TELEPHONE)
    around: dict[str, Any] = {"by": by, "recipients": [recipient], "purposes": [asked.purpose]}
    return {
        "case": case,
        "act": act,
        "form": form,
        "notice": notices.filled(text, **around) if text else None,
        "notice_language": notices.language_of(text),
        "script": notices.filled(script, **around) if script else None,
        "versions": _versions(act, asked, speakers),
        "speakers": speakers,
        "numbers": known_numbers(speakers),
        "recipient": line_of(recipient),
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


def _versions(act: Act, asked: Asked, speakers: Speakers) -> list[dict[str, str]]:
    """The other ways of saying the same: what is read is what is kept, so one chooses before reading."""
    if not act.notice:
        return []
    found = []
    for style, language in product(notices.Style, notices.Language):
        code = text_of(act.notice, minor=speakers.minor, style=style, language=language)
        if code != _text(act, asked, speakers):
            label = f"{style.label}, {str(language.label).lower()}"
            found.append({"label": label, "url": asked.url(style=style.value, language=language.value)})
    return found


def line_of(one: Membership) -> dict[str, str]:
    """A recipient as the page introduces her: name, work, house, what binds her to secrecy."""
    who = one.professional
    return {
        "name": f"{who.title} {who.full_name}".strip(),
        "initials": f"{who.first_name[:1]}{who.last_name[:1]}",
        "title": one.job_title,
        "institution": one.institution.name,
        "secrecy": str(one.get_secrecy_status_display()).capitalize(),
    }


@require_safe
def words(request: HttpRequest, ref: str) -> HttpResponse:
    """Her words on this case: what holds, what ended, what she refused, what she was told."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    found = lines(case, by, clock.now())
    context = {
        "case": case,
        "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "withdrawable": any(line.withdrawable for line in found),
        "why": why_access(case, by),
    }
    return render(request, "consent/list.html", context)


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
        .filter(~Exists(Invalidation.objects.filter(withdrawal=OuterRef("pk"))), consent=pk)
        .first()
    )
    if withdrawal is None:
        raise Http404
    consent = withdrawal.consent
    context = {
        "case": case,
        "withdrawal": withdrawal,
        "consent": consent,
        "recipient": line_of(consent.recipient),
        "purpose": wording.purpose(consent.purpose),
        "categories": [wording.category(code) for code in consent.categories],
    }
    return render(request, "consent/receipt.html", context)
