"""Who decides of what a colleague leaves, and to whom it may pass."""

from partners.models import Function, Membership
from partners.tending import tends


def may_hand_over(by: Membership, leaver: Membership) -> bool:
    """Whether she decides who takes over from this colleague: she tends their institution, and it is not herself."""
    return leaver.professional_id != by.professional_id and tends(by, leaver.institution_id)


def may_entrust(by: Membership, to: Membership) -> bool:
    """Whether she may choose this colleague: herself only where she leads the team, as for any following (`cases.doors`)."""
    return to.professional_id != by.professional_id or tends(by, to.institution_id, functions=(Function.TEAM_LEAD,))


def stays(to: Membership, leaver: Membership) -> bool:
    """Whether she works, and stays, where the other leaves; her status seen proven, since she will read of somebody."""
    if to.professional_id == leaver.professional_id or to.institution_id != leaver.institution_id:
        return False
    return Membership.objects.in_force().proven().filter(pk=to.pk, ends_at=None).exists()
