"""The page that asks which act, towards whom and for what, before the person is asked anything."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import finding, wording
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary

from . import choosing
from .acts import acts_for, name_of
from .asking import Asked, agreed_purposes
from .speakers import Speakers


def question(request: HttpRequest, asked: Asked, by: Membership, speakers: Speakers, at: datetime) -> HttpResponse:
    """Which act, towards whom, for what: a form that changes nothing, hence a GET."""
    words = plain(request.GET.get("q", ""))[: finding.QUERY_MOST]
    found = choosing.recipients(case=asked.case, by=by, words=words, at=at)
    sent = "go" in request.GET
    errors = {
        "act": "" if asked.act else _("Dites ce que vous enregistrez : accord, refus, opposition ou information."),
        "recipient": "" if asked.recipient else _("Dites à qui : choisissez un professionnel."),
        "purpose": "" if asked.purpose else _("Dites pour quoi faire : choisissez une finalité."),
    }
    wrong = {name: text for name, text in errors.items() if text and sent}
    chosen = {asked.recipient.pk} if asked.recipient else set()
    context = {
        "case": asked.case,
        "q": words,
        "asked": asked,
        "kept": {"categories": ",".join(asked.categories), "next": asked.back},
        "acts": _cards("act", _("Qu’enregistrez-vous ?"), [{"choices": _act_choices(asked, speakers)}], wrong),
        "recipients": _cards("recipient", _("À qui ?"), groups_of(found, chosen, asked.recipient), wrong),
        "none_found": bool(words) and not found,
        "more": any(one.more for one in found),
        "shown": finding.SHOWN,
        "purposes": purposes(by, asked.recipient, asked.purpose),
        "purpose_error": wrong.get("purpose", ""),
        "errors": [{"text": text, "target": name} for name, text in wrong.items()],
        "back_url": asked.back or reverse("consent:list", args=[asked.case.reference]),
    }
    return render(request, "consent/question.html", context, status=422 if wrong else 200)


def _cards(name: str, legend: str, groups: list[dict[str, Any]], wrong: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "legend": legend,
        "legend_hidden": True,
        "error": wrong.get(name, ""),
        "groups": groups,
    }


def _act_choices(asked: Asked, speakers: Speakers) -> list[dict[str, Any]]:
    return [
        {"value": one.code, "label": one.label, "hint": one.hint, "checked": one is asked.act}
        for one in acts_for(minor=speakers.minor)
    ]


def groups_of(found: list[choosing.Found], chosen: set[Any], *kept: Membership | None) -> list[dict[str, Any]]:
    """What was found, as groups of choices; whoever was chosen already stands first, found or not."""
    shown = {one.pk for group in found for one in group.people}
    missing = [one for one in kept if one is not None and one.pk not in shown]
    first = [choosing.Found(label=_("Déjà choisi"), people=missing)] if missing else []
    return [
        {"label": group.label, "choices": [_recipient_choice(one, one.pk in chosen) for one in group.people]}
        for group in [*first, *found]
    ]


def _recipient_choice(one: Membership, checked: bool) -> dict[str, Any]:
    return {
        "value": str(one.pk),
        "label": f"{name_of(one)}, {one.job_title}",
        "hint": one.institution.name,
        "checked": checked,
    }


def purposes(by: Membership, recipient: Membership | None, chosen: str) -> list[dict[str, Any]]:
    """The purposes as groups of a list: those of the agreements first, then every domain."""
    words = vocabulary()
    usual = agreed_purposes(by, recipient)
    groups = [(_("Prévues par vos conventions"), usual)] if usual else []
    for domain in words.domains.values():
        codes = [code for code, one in words.purposes.items() if one.domain == domain.code and code not in usual]
        groups.append((wording.worded(domain), codes))
    return [
        {
            "label": label,
            "options": [{"value": code, "label": wording.purpose(code), "selected": code == chosen} for code in codes],
        }
        for label, codes in groups
        if codes
    ]
