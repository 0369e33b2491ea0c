"""Who follows a case, and the sentence that says why a page is open to whoever reads it."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.models import Membership

from .models import Assignment, AssignmentQuerySet, Case


def of_case(case: Case) -> AssignmentQuerySet:
    """The assignments of a case, those in force and those that ended, the latest first, with who is who."""
    return Assignment.objects.filter(case=case).select_related("membership__professional", "assigned_by__professional")


def caseload_of(acting: Membership, *, closed: bool = False) -> AssignmentQuerySet:
    """What she follows, the latest first: her assignments in force on the cases that she may open, with the person of each."""
    mine = Assignment.objects.in_force().filter(membership=acting, case__in=Case.objects.visible_to(acting))
    return mine.filter(case__closed_on__isnull=not closed).select_related("case__person").order_by("-starts_at", "pk")


def referents(cases: Iterable[UUID]) -> dict[UUID, list[Assignment]]:
    """The referents in force of these cases; one statement."""
    found: dict[UUID, list[Assignment]] = {}
    in_force = Assignment.objects.in_force().filter(case__in=list(cases), kind=Assignment.Kind.REFERENT)
    for one in in_force.select_related("membership__professional").order_by("starts_at"):
        found.setdefault(one.case_id, []).append(one)
    return found


def gone(referents: dict[UUID, list[Assignment]]) -> set[UUID]:
    """The memberships, of these, that are in force no more; one statement."""
    listed = {one.membership_id for several in referents.values() for one in several}
    return listed - set(Membership.objects.in_force().filter(pk__in=listed).values_list("pk", flat=True))


def why_access(case: Case, acting: Membership) -> str:
    """« Vous suivez cette situation … depuis le …, attribuée par …. À réexaminer le …. » Empty for who does not follow."""
    mine = of_case(case).filter(membership=acting, ends_at__isnull=True).first()
    if mine is None:
        return ""
    words = {
        "kind": mine.get_kind_display(),
        "since": date_format(mine.starts_at, "j F Y"),
        "by": mine.assigned_by.professional.full_name,
    }
    if mine.assigned_by_id == acting.pk:
        sentence = _("Vous suivez cette situation (%(kind)s) depuis le %(since)s : vous l’avez ouverte.") % words
    else:
        sentence = _("Vous suivez cette situation (%(kind)s) depuis le %(since)s, attribuée par %(by)s.") % words
    if mine.review_due_on:
        sentence += " " + _("À réexaminer le %(day)s.") % {"day": date_format(mine.review_due_on, "j F Y")}
    return sentence
