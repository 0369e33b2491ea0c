"""Open a situation, in two steps that work without JavaScript: who it is about, then what it is about."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import ledger
from partners import clock
from partners.acting import acting
from partners.models import Function, Membership

from . import access, files, opening
from .forms import IdentityForm, RepresentativeForm, SituationForm
from .models import Case, Person
from .views import case_url

ANSWERS = {"same": True, "other": False}


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Identity, then the one exact match if there is one (never a list), then the situation. Nothing typed is lost."""
    by = acting(request)
    if by.awaits_proof:
        return unproven_page(request)
    if request.method != "POST":
        return identity_page(request, IdentityForm())
    if "back" in request.POST:
        return identity_page(
            request, IdentityForm(initial={name: request.POST.get(name, "") for name in IdentityForm.base_fields})
        )
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return identity_page(request, form)
    who = opening.Identity(**form.cleaned_data)
    same = ANSWERS.get(request.POST.get("answer", ""))
    match = files.exact_match(first_name=who.first_name, last_name=who.last_name, birth_date=who.birth_date, by=by)
    if match is not None and same is not False and (same is None or match.open_case is not None):
        return match_page(request, form, match)
    return situation_page(request, form, who, match if same else None, same)


def unproven_page(request: HttpRequest) -> HttpResponse:
    """No case before somebody else saw the proof of her secrecy: said, with whom to show it to."""
    return render(request, "cases/create_unproven.html", status=200 if request.method != "POST" else 409)


def identity_page(request: HttpRequest, form: IdentityForm) -> HttpResponse:
    return render(
        request, "cases/create_identity.html", {"form": form, "steps": steps(1)}, status=422 if form.errors else 200
    )


def match_page(request: HttpRequest, form: IdentityForm, match: files.Match) -> HttpResponse:
    """Say that the service knows this very person; where a case is open, say whom to ask, and open nothing."""
    by = acting(request)
    ledger.note_access(
        action="person.matched",
        object_type="person",
        object_ref=str(match.person.pk),
        granted=True,
        professional=by.professional_id,
        membership=by.pk,
    )
    mine = match.open_case is not None and Case.objects.visible_to(by).filter(pk=match.open_case.pk).exists()
    return render(
        request,
        "cases/create_match.html",
        {
            "form": form,
            "steps": steps(1),
            "open": match.open_case is not None,
            "mine_url": case_url(match.open_case) if mine and match.open_case else "",
            "lead": by.has_function(Function.TEAM_LEAD),
            "leads": [] if mine else leads(by),
        },
    )


def leads(by: Membership) -> list[str]:
    """The team leads of one's own institution: whom to ask for an assignment."""
    found = Membership.objects.in_force().filter(
        institution=by.institution_id, functions__contains=[Function.TEAM_LEAD]
    )
    return [one.professional.full_name for one in found.select_related("professional")]


def situation_page(
    request: HttpRequest, identity: IdentityForm, who: opening.Identity, match: files.Match | None, same: bool | None
) -> HttpResponse:
    """The second step: shown, or read where it was filled in; a minor's parents, an adult's measure."""
    now = clock.now()
    minor = Person(birth_date=who.birth_date).is_minor_at(now)
    filled = request.POST if request.POST.get("step") == "situation" else None
    situation = SituationForm(filled, minor=minor or match is not None, initial={"key": uuid.uuid4()})
    people = [
        RepresentativeForm(filled, prefix=f"rep{number}", minor=minor)
        for number in range(1, (3 if minor else 2) if match is None else 1)
    ]
    if filled is not None and all([situation.is_valid(), *(one.is_valid() for one in people)]):
        answer = open_from(situation, people, who, same, acting(request))
        if answer.case is not None:
            messages.success(request, answer.sentence)
            return redirect(case_url(answer.case))
        situation.add_error(None, answer.sentence)
    return render(
        request,
        "cases/create_situation.html",
        {
            "identity": identity,
            "form": situation,
            "people": people,
            "minor": minor,
            "known": match is not None,
            "answer": request.POST.get("answer", ""),
            "who": who,
            "errors": [
                {"text": error, "target": field.id_for_label}
                for one in people
                for field in one
                for error in field.errors
            ],
            "steps": steps(2),
        },
        status=422 if filled is not None else 200,
    )


class Answer:
    """What came of the last step: the case to show, or a sentence that says what to do."""

    def __init__(self, sentence: str, case: Case | None = None) -> None:
        self.sentence, self.case = sentence, case


def open_from(
    situation: SituationForm, people: list[RepresentativeForm], who: opening.Identity, same: bool | None, by: Membership
) -> Answer:
    """Open the case; a second press of the button leads to the case that the first one opened."""
    typed: dict[str, Any] = {"measure": "", **situation.cleaned_data}
    try:
        case = opening.open_situation(
            identity=who,
            same=same,
            representatives=[one for person in people if (one := person.representative())],
            by=by,
            at=clock.now(),
            **typed,
        )
    except access.SecrecyNotProven:
        return Answer(_("Ce qui vous engage au secret n’est plus vérifié : faites-le vérifier, puis reprenez."))
    except (opening.AlreadyOpen, opening.Known, IntegrityError) as error:
        made = error.case if isinstance(error, opening.AlreadyOpen) else None
        if made is not None and Case.objects.visible_to(by).filter(pk=made.pk).exists():
            return Answer(_("Cette situation est déjà ouverte : la voici."), made)
        return Answer(
            _(
                "Une situation vient d’être ouverte dans votre service pour cette personne : revenez à l’étape 1 pour la retrouver."
            )
        )
    return Answer(_("Situation %(reference)s ouverte. Vous la suivez.") % {"reference": case.reference}, case)


def steps(now: int) -> list[dict[str, str]]:
    """Where one is (templates/components/journey.html)."""
    labels = [_("Qui ?"), _("La situation")]
    return [
        {"label": label, "state": "done" if number < now else "now" if number == now else "next"}
        for number, label in enumerate(labels, start=1)
    ]
