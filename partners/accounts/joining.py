"""Accept an invitation: with a new account, or with one's own. Whoever has the letter alone knows which of the two it is.

With a new account that one enters by ProConnect: proconnect/joining.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from audit import ledger
from partners import clock
from partners.models import Invitation, InvitationEnd, Membership, Professional
from partners.tending import held

from . import changing, inviting
from .posts import BY_TWO, in_order


class NotUsable(Exception):
    """No invitation that may still be accepted has this secret; it is never said which of the reasons it is."""


class NotHers(Exception):
    """The invitation's address is that of another account, or of one that must first sign in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Who she is, as she says it herself, and the password that she chose (checked by the form); None: she enters by ProConnect."""

    title: str
    first_name: str
    last_name: str
    password: str | None


def found(secret: str, at: datetime) -> Invitation:
    """The invitation that this secret still opens. Raises NotUsable."""
    return found_by_digest(inviting.digest_of(secret), at)


def found_by_digest(digest: str, at: datetime) -> Invitation:
    """The same, by what is kept of its secret. Raises NotUsable."""
    one = Invitation.objects.filter(digest=digest).select_related("institution", "invited_by__professional").first()
    if one is None or inviting.state_of(one, at) != inviting.WAITING:
        raise NotUsable
    return one


def known(invitation: Invitation) -> Professional | None:
    """The account of the invited address, where there is one."""
    return Professional.objects.filter(email=invitation.email).first()


def accept(*, secret: str, by: Professional | NewAccount, at: datetime | None = None) -> Membership:
    """Take the post that this secret opens (`accept_by_digest`)."""
    return accept_by_digest(digest=inviting.digest_of(secret), by=by, at=at)


@transaction.atomic
def accept_by_digest(*, digest: str, by: Professional | NewAccount, at: datetime | None = None) -> Membership:
    """Take the post: a membership from now on, whose secrecy is still to be proven to somebody else.

    With a new account for an address that has none; with her own, signed in, for one that has. The functions that take two
    persons wait for the second. The link serves once: of two who press at once, one is answered NotUsable. Raises NotHers.
    """
    invitation = found_by_digest(digest, at or clock.now())
    held(invitation.institution_id)
    at = at or clock.now()
    invitation = found_by_digest(digest, at)
    who = _opened(invitation, by) if isinstance(by, NewAccount) else by
    if who.email != invitation.email or not who.is_active:
        raise NotHers
    given, second = set(invitation.functions), set(invitation.functions) & BY_TWO
    if inviting.agreed_by_two(invitation):
        second = set()
    given -= second
    membership = Membership.objects.create(
        professional=who,
        institution_id=invitation.institution_id,
        role=invitation.role,
        job_title=invitation.job_title,
        secrecy_status=invitation.secrecy_status,
        secrecy_proof=invitation.secrecy_proof,
        functions=list(in_order(given)),
        receives_for_service=invitation.receives_for_service,
        starts_at=at,
    )
    row = InvitationEnd(
        invitation=invitation,
        kind=InvitationEnd.Kind.ACCEPTED,
        membership=membership,
        professional=who,
        at=at,
    )
    entry: dict[str, Any] = {
        "action": "invitation.accepted",
        "at": at,
        "actor": membership.pk,
        "refs": {
            "invitation": invitation.pk,
            "membership": membership.pk,
            "institution": invitation.institution_id,
        },
        "codes": {
            "role": membership.role,
            "secrecy": membership.secrecy_status,
            "functions": list(membership.functions),
        },
        "personal": {"professional": who.full_name},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    if invitation.invited_by is not None and second:
        changing.recorded(
            membership=membership,
            after=in_order(given | second),
            why=changing.asked_with_the_invitation(),
            by=invitation.invited_by,
            at=at,
        )
    return membership


def _opened(invitation: Invitation, by: NewAccount) -> Professional:
    """A new account for the invited address. Raises NotHers where it has one, be it since a moment ago."""
    if known(invitation) is not None:
        raise NotHers
    try:
        with transaction.atomic():
            return Professional.objects.create_user(
                invitation.email,
                by.password,
                title=by.title,
                first_name=by.first_name,
                last_name=by.last_name,
            )
    except IntegrityError as error:
        raise NotHers from error
