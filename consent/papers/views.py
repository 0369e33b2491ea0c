"""The papers of the person's word, as files to print: what is read before she answers, and what she is given afterwards."""

import uuid

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cases.doors import case_or_404, note
from cases.models import Case
from consent import notices, sitting
from consent.asking import asked_by, recipient_of
from consent.grid_views import FOR, TO
from consent.models import Consent, Invalidation, Objection, Withdrawal
from consent.notices import Audience, Style
from consent.speakers import speakers_for
from partners import clock
from partners.acting import acting
from partners.models import Membership
from partners.vocabulary import vocabulary

from . import notice as notices_on_paper
from . import press, receipts

WITHOUT_THE_NAME = "sans_nom"
VERSION = "version"
"""Which text: in everyday words, easy to read, for the child."""
OF_MEMBERSHIPS = ("professional", "institution")


def _around(*memberships: str) -> list[str]:
    return [f"{one}__{part}" for one in memberships for part in OF_MEMBERSHIPS]


def _opened(request: HttpRequest, case: Case, kind: str, ref: str) -> None:
    note(request, "paper.printed", kind, ref, granted=True, case=case.pk)


def _several(request: HttpRequest, by: Membership) -> list[tuple[Membership | None, str]]:
    """The recipients of one conversation, each with its purpose, as the address of the grid says them."""
    known = vocabulary().purposes
    purposes = [one if one in known else "" for one in request.GET.getlist(FOR)]
    recipients = [recipient_of(one, by) for one in request.GET.getlist(TO)[: sitting.MOST]]
    purposes += [""] * (len(recipients) - len(purposes))
    return [(one, purpose) for one, purpose in zip(recipients, purposes, strict=False) if one]


@require_safe
def notice(request: HttpRequest, ref: str) -> HttpResponse:
    """The notice to hand over, for what the page's address asks; lines to write by hand for what it does not say."""
    by = acting(request)
    case = case_or_404(request, ref, action="paper.printed")
    at = clock.now()
    minor = speakers_for(case.person, at).minor
    asked = asked_by(request, case, by, minor=minor)
    wanted = request.GET.get(VERSION, "")
    grown = Audience.PARENTS if minor else Audience.ADULT
    paper = notices_on_paper.paper(
        case=case,
        asked=notices_on_paper.Asked(
            act=(asked.act.notice if asked.act else "") or notices.AGREEMENT,
            audience=Audience.CHILD if minor and wanted == Audience.CHILD else grown,
            style=Style.FALC if wanted == Style.FALC else asked.style,
            language=asked.language,
            scopes=_several(request, by) or [(asked.recipient, asked.purpose)],
            categories=asked.categories,
            named=WITHOUT_THE_NAME not in request.GET,
        ),
        by=by,
        at=at,
    )
    _opened(request, case, "case", ref)
    return press.answer(request, paper, f"notice-{case.reference}")


@require_safe
def withdrawn(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The receipt of the agreement `pk`, taken back; a withdrawal recorded in error has none."""
    by = acting(request)
    case = case_or_404(request, ref, action="paper.printed")
    one = (
        Withdrawal.objects.filter(consent__in=Consent.objects.visible_to(by).filter(case=case))
        .select_related("consent__given_by", *_around("consent__recipient", "recorded_by"))
        .filter(~Exists(Invalidation.objects.filter(withdrawal=OuterRef("pk"))), consent=pk)
        .first()
    )
    if one is None:
        note(request, "paper.printed", "consent", str(pk), granted=False, case=case.pk)
        raise Http404
    _opened(request, case, "consent", str(pk))
    return press.answer(request, receipts.of_withdrawal(case=case, withdrawal=one), f"recepisse-{case.reference}")


@require_safe
def objected(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The receipt of the objection `pk`; one recorded in error has none."""
    by = acting(request)
    case = case_or_404(request, ref, action="paper.printed")
    one = (
        Objection.objects.visible_to(by)
        .filter(~Exists(Invalidation.objects.filter(objection=OuterRef("pk"))), case=case, pk=pk)
        .select_related("given_by", *_around("recipient", "collected_by"))
        .first()
    )
    if one is None:
        note(request, "paper.printed", "objection", str(pk), granted=False, case=case.pk)
        raise Http404
    _opened(request, case, "objection", str(pk))
    return press.answer(request, receipts.of_objection(case=case, objection=one), f"recepisse-{case.reference}")
