"""The page of one conversation about several recipients: whom, for what, then what she says of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.doors import case_or_404
from cases.followers import why_access
from cases.models import Case
from partners import clock, finding
from partners.acting import acting
from partners.models import Membership
from partners.templatetags.rulebook import joined
from partners.text import plain
from partners.vocabulary import vocabulary

from . import choosing, notices, sitting
from .acts import ACTS, AGREEMENT, name_of, text_of
from .collected import ScopeError
from .grid import Column, GridForm
from .models import Consent, Form, PersonsWord
from .question_page import groups_of, purposes
from .speakers import Speakers, speakers_for
from .telephoning import known_numbers

TO, FOR = "to", "for"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address says: the recipients, in their order, and a purpose for each, "" where it is not known yet."""

    case: Case
    recipients: tuple[Membership, ...]
    purposes: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether there are as many recipients as a conversation may have."""
        return sitting.FEWEST <= len(self.recipients) <= sitting.MOST

    @property
    def complete(self) -> bool:
        """Whether she can now be asked."""
        return self.enough and all(self.purposes)

    @property
    def url(self) -> str:
        """The page with what is known."""
        known = [(TO, str(one.pk)) for one in self.recipients] + [(FOR, one) for one in self.purposes if one]
        return f"{reverse('consent:grid', args=[self.case.reference])}?{urlencode(known)}"


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, ref: str) -> HttpResponse:
    """One conversation, several recipients. The first two steps change nothing, hence are a GET."""
    by = acting(request)
    case = case_or_404(request, ref, action="consent.opened")
    at = clock.now()
    wanted = _wanted(request, case, by)
    if "modifier" in request.GET or not wanted.enough or not {FOR, "go"} & request.GET.keys():
        return _whom(request, wanted, by)
    if not wanted.complete:
        return _what_for(request, wanted, by)
    speakers = speakers_for(case.person, at)
    columns = [
        Column(number=number, recipient=one, purpose=purpose)
        for number, (one, purpose) in enumerate(zip(wanted.recipients, wanted.purposes, strict=True))
    ]
    form = GridForm(
        request.POST if request.method == "POST" else None, speakers=speakers, today=clock.day_of(at), columns=columns
    )
    if request.method == "POST" and form.is_valid():
        how = form.cleaned_data["form"]
        notice = notices.current(text_of(notices.AGREEMENT, minor=speakers.minor, form=how))
        try:
            rows = sitting.record(case=case, answers=form.answers(), notice=notice, by=by, **form.word())
        except ScopeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _recorded(rows, columns))
            if how == Form.WRITTEN:
                return redirect("consent:paper", ref=ref, sitting=rows[0].sitting)
            return redirect("consent:list", ref=ref)
    context = _context(wanted, form, speakers, by)
    return render(request, "consent/grid.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, case: Case, by: Membership) -> Wanted:
    """Read the address; nothing of it is trusted: each part is looked up, or left out."""
    asked = []
    for value in dict.fromkeys(request.GET.getlist(TO)):
        try:
            asked.append(uuid.UUID(value))
        except ValueError:
            continue
    known = {one.pk: one for one in finding.professionals(by=by).filter(pk__in=asked[: 2 * sitting.MOST])}
    recipients = tuple(known[pk] for pk in asked if pk in known)
    said = [one if one in vocabulary().purposes else "" for one in request.GET.getlist(FOR)]
    aligned = len(recipients) == len(asked)  # else one does not know whose purpose it is
    purposes_said = [said[i] if aligned and i < len(said) else "" for i in range(len(recipients))]
    return Wanted(case, recipients, tuple(purposes_said))


def _whom(request: HttpRequest, wanted: Wanted, by: Membership) -> HttpResponse:
    words = plain(request.GET.get("q", ""))[: finding.QUERY_MOST]
    found = choosing.recipients(case=wanted.case, by=by, words=words, at=clock.now())
    wrong = "" if wanted.enough or "go" not in request.GET else _("Choisissez de deux à huit professionnels.")
    chosen = {one.pk for one in wanted.recipients}
    context = {
        "case": wanted.case,
        "q": words,
        "groups": groups_of(found, chosen, *wanted.recipients),
        "none_found": bool(words) and not found,
        "more": any(one.more for one in found),
        "shown": finding.SHOWN,
        "wrong": wrong,
        "errors": [{"text": wrong, "target": "to"}] if wrong else [],
    }
    return render(request, "consent/grid_recipients.html", context, status=422 if wrong else 200)


def _what_for(request: HttpRequest, wanted: Wanted, by: Membership) -> HttpResponse:
    """One purpose for each; what was not said yet is only wrong once it was asked."""
    sent = FOR in request.GET
    lines = []
    for number, (one, purpose) in enumerate(zip(wanted.recipients, wanted.purposes, strict=True)):
        wrong = _("Dites pour quoi faire, pour %(who)s.") % {"who": name_of(one)} if sent and not purpose else ""
        lines.append(
            {
                "id": f"for-{number}",
                "recipient": one,
                "name": f"{name_of(one)}, {one.job_title}",
                "institution": one.institution.name,
                "purposes": purposes(by, one, purpose),
                "wrong": wrong,
            }
        )
    errors = [{"text": line["wrong"], "target": line["id"]} for line in lines if line["wrong"]]
    context = {
        "case": wanted.case,
        "lines": lines,
        "errors": errors,
        "change_url": f"{wanted.url}&modifier=1",
    }
    return render(request, "consent/grid_purposes.html", context, status=422 if errors else 200)


def _context(wanted: Wanted, form: GridForm, speakers: Speakers, by: Membership) -> dict[str, Any]:
    around: dict[str, Any] = {"by": by, "recipients": wanted.recipients, "purposes": wanted.purposes}
    text = text_of(notices.AGREEMENT, minor=speakers.minor)
    script = text_of(notices.AGREEMENT, minor=speakers.minor, form=Form.TELEPHONE)
    return {
        "case": wanted.case,
        "form": form,
        "speakers": speakers,
        "notice": notices.filled(text, **around),
        "notice_language": notices.language_of(text),
        "script": notices.filled(script, **around),
        "numbers": known_numbers(speakers),
        "attest": ACTS[AGREEMENT].attest,
        "why": why_access(wanted.case, by),
        "change_url": f"{wanted.url}&modifier=1",
    }


def _recorded(rows: Sequence[PersonsWord], columns: Sequence[Column]) -> str:
    """Whom she said yes to, whom no; and of whom nothing is recorded."""
    yes = [name_of(row.recipient) for row in rows if isinstance(row, Consent)]
    no = [name_of(row.recipient) for row in rows if not isinstance(row, Consent)]
    answered = {row.recipient_id for row in rows}
    rest = [one.name for one in columns if one.recipient.pk not in answered]
    said = [
        _("Accord enregistré pour %(who)s.") % {"who": joined(yes)} if yes else "",
        _("Refus enregistré pour %(who)s.") % {"who": joined(no)} if no else "",
        _("Rien n’est enregistré pour %(who)s.") % {"who": joined(rest)} if rest else "",
    ]
    return " ".join(one for one in said if one)
