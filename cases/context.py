"""The frame of every page, told whether she who acts follows cases."""

from typing import Any

from django.http import HttpRequest

from partners import context
from partners.models import Function, Membership
from partners.vocabulary import vocabulary

from .models import Assignment

# Whose work is to follow people: their caseload is shown while it is still empty.
FOLLOWING_GROUPS = frozenset({"professionnel_action_sociale", "mission_ase"})


def frame(request: HttpRequest) -> dict[str, Any]:
    """`partners.context.frame`, with the caseload of who follows cases or is there to."""
    return context.frame(request, caseload=has_caseload)


def has_caseload(membership: Membership) -> bool:
    """Whether « Mes situations » has its place in her menu; at most one statement."""
    role = vocabulary().roles.get(membership.role)
    if membership.has_function(Function.TEAM_LEAD) or (role is not None and role.groups & FOLLOWING_GROUPS):
        return True
    return Assignment.objects.in_force().filter(membership=membership).exists()
