"""The one way from an address to a row: visible, or the same 404 as what does not exist; refusals are noted."""

import re
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest

from audit import ledger
from partners.acting import acting
from partners.models import Function, Membership

from .models import Assignment, Case, CaseQuerySet, Item


class Reference:
    """A case's reference in an address: « 2026-0143 »."""

    regex = "[0-9]{4}-[0-9]{4,9}"
    written = re.compile(regex, re.ASCII)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def note(request: HttpRequest, action: str, kind: str, ref: str, *, granted: bool, case: UUID | None = None) -> None:
    """Note in the access log that she who acts opened this, or was refused it."""
    by = acting(request)
    ledger.note_access(
        action=action,
        object_type=kind,
        object_ref=ref,
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )


def refused(request: HttpRequest, action: str, kind: str, ref: str) -> Http404:
    """The refusal of a case's address, noted with the same work whether or not the case exists (abuse 1, 29).

    What is no reference, where it was typed rather than read in an address, is not repeated: it may name somebody.
    """
    ref = ref if kind != "case" or Reference.written.fullmatch(ref) else ""
    existing = Case.objects.filter(reference=ref).values_list("pk", flat=True).first()
    note(request, action, kind, ref, granted=False, case=existing)
    return Http404()


def case_or_404(request: HttpRequest, reference: str, *, action: str = "case.opened") -> Case:
    """The case of this reference, if she who acts may open it, with its person. Raises Http404, noted, otherwise."""
    typed = reference if Reference.written.fullmatch(reference) else ""
    case = (
        Case.objects.visible_to(acting(request)).filter(reference=typed).select_related("person", "institution").first()
    )
    if case is None:
        raise refused(request, action, "case", reference)
    return case


def item_or_404(request: HttpRequest, case: Case, pk: UUID, *, action: str = "item.opened") -> Item:
    """The item of this very case (an id is bound to its parent). Raises Http404, noted, otherwise."""
    item = (
        Item.objects.visible_to(acting(request))
        .filter(case=case, pk=pk)
        .select_related("depositary__professional", "depositary__institution")
        .first()
    )
    if item is None:
        note(request, action, "item", str(pk), granted=False, case=case.pk)
        raise Http404
    return item


def followable_by(acting: Membership) -> CaseQuerySet:
    """The cases whose followers this membership may see: those it follows; for a team lead, those of her institution.

    It opens no content: a team lead assigns without reading.
    """
    followed = Case.objects.visible_to(acting)
    if not acting.has_function(Function.TEAM_LEAD):
        return followed
    in_force = Membership.objects.in_force().filter(pk=acting.pk)
    return Case.objects.filter(Q(pk__in=followed.values("pk")) | Q(institution=acting.institution_id), Exists(in_force))


def followed_case_or_404(request: HttpRequest, reference: str) -> Case:
    """The case whose followers may be seen. Raises Http404, noted, otherwise."""
    case = (
        followable_by(acting(request))
        .filter(reference=reference, closed_on__isnull=True)
        .select_related("institution")
        .first()
    )
    if case is None:
        raise refused(request, "case.assignments_opened", "case", reference)
    return case


def may_assign(acting: Membership, case: Case) -> bool:
    """Who decides who follows: the referents of the case, and the team leads of its institution."""
    if acting.has_function(Function.TEAM_LEAD) and acting.institution_id == case.institution_id:
        return True
    mine = Assignment.objects.in_force().filter(case=OuterRef("pk"), membership=acting, kind=Assignment.Kind.REFERENT)
    return Case.objects.visible_to(acting).filter(Exists(mine), pk=case.pk).exists()
