"""An invitation accepted by ProConnect: a new account that its identity enters, and that has no password here (docs/adr/0044).

The letter proves the address, ProConnect who she is and where she works: the establishment is that which invites.
An address that has an account already is never given to an identity: its owner enters first, and links it herself.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners import clock
from partners.accounts import joining
from partners.models import Invitation, Membership, Professional
from partners.tending import DirectoryError

from . import linking
from .identity import Identity


class AnotherEstablishment(Exception):
    """ProConnect says that she works elsewhere than where she is invited, or says nothing of it."""


def from_its_house(identity: Identity, invitation: Invitation) -> bool:
    """Whether the identity comes from the establishment that invites; unknown is no."""
    return bool(identity.siret) and identity.siret == invitation.institution.siret


def is_for(invitation: Invitation, identity: Identity, professional: Professional) -> bool:
    """Whether it was sent to the account that this identity enters, by the establishment that it comes from."""
    return invitation.email == professional.email and from_its_house(identity, invitation)


@transaction.atomic
def accept(*, digest: str, identity: Identity, by: joining.NewAccount, at: datetime | None = None) -> Membership:
    """Take the post with a new account, and link the identity to it: both, or nothing.

    Raises joining.NotUsable, joining.NotHers where the address has an account, AnotherEstablishment, DirectoryError where the
    identity is somebody's already.
    """
    invitation = joining.found_by_digest(digest, at or clock.now())
    if not from_its_house(identity, invitation):
        raise AnotherEstablishment
    if linking.linked(identity) is not None:
        raise DirectoryError(_("Cette identité ProConnect est déjà reliée à un autre compte."))
    membership = joining.accept_by_digest(digest=digest, by=by, at=at)
    linking.link(identity=identity, by=membership, at=at)
    return membership
