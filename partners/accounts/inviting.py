"""Invite somebody to take a post: a letter with a link that serves once, within seven days, and that may be taken back.

Whoever invites is never told whether the address was known: she sees a letter that left, then a colleague who accepted.
Acts are functions; where an invitation stands is computed from them.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Institution, Invitation, InvitationEnd, Membership
from partners.tending import TENDING, DirectoryError, NotTended, TooLate, held, open_at, tends

from .posts import Post, may_give, refuse_what_she_may_not_give

GOOD_FOR = timedelta(days=7)
SECRET_BYTES = 32
MOST_A_DAY = 100
"""Letters that one institution sends in a day: beyond, somebody plays with other people's mailboxes."""

WAITING, ACCEPTED, WITHDRAWN, EXPIRED, VOID = "waiting", "accepted", "withdrawn", "expired", "void"


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def state_of(invitation: Invitation, at: datetime) -> str:
    """Where it stands at this instant.

    Void: whoever invited no longer tends the directory, or may no longer give what it gives, the institution closed, or another
    was sent since (to its first people).
    """
    end = InvitationEnd.objects.filter(invitation=invitation).first()
    if end is not None:
        return end.kind
    if invitation.expires_at <= at:
        return EXPIRED
    if not open_at(invitation.institution, at):
        return VOID
    if invitation.invited_by is None or is_first(invitation):
        return WAITING if _still_first(invitation) else VOID
    if not tends(invitation.invited_by, invitation.institution_id):
        return VOID
    return VOID if set(invitation.functions) - set(may_give(invitation.invited_by)) else WAITING


def _still_first(invitation: Invitation) -> bool:
    """Whether nothing sent since takes its place, and whoever sent it from another institution still tends or protects hers.

    To that address; or, of those from another institution, a newer opening to whatever address: nothing else takes back a letter
    to a mistaken one. The two of one opening are of one instant.
    """
    by, since = invitation.invited_by, Q(email=invitation.email)
    if by is not None:
        since |= Q(invited_by__isnull=False) & ~Q(invited_by__institution=invitation.institution_id)
    vouches = by is None or tends(by, by.institution_id, functions=(*TENDING, Function.DPO))
    newer = Invitation.objects.filter(since, institution=invitation.institution, invited_at__gt=invitation.invited_at)
    return vouches and not newer.exists()


def is_first(invitation: Invitation) -> bool:
    """Whether it is to one of an institution's first people: by the first start, or by two persons of the one that added it."""
    return invitation.invited_by is None or invitation.invited_by.institution_id != invitation.institution_id


def agreed_by_two(invitation: Invitation) -> bool:
    """Whether its functions were agreed before it left: of first people, or of one of them who has not come, invited again."""
    if is_first(invitation):
        return True
    earlier = Invitation.objects.filter(
        institution=invitation.institution_id,
        email=invitation.email,
        functions=invitation.functions,
        invited_at__lt=invitation.invited_at,
    )
    first = [one for one in earlier.select_related("invited_by") if is_first(one)]
    came = InvitationEnd.objects.filter(
        kind=InvitationEnd.Kind.ACCEPTED,
        invitation__institution=invitation.institution_id,
        invitation__email=invitation.email,
    )
    return bool(first) and not came.exists()


def waiting_for(institution: Institution, email: str, at: datetime) -> Invitation | None:
    """The invitation to this institution that this address may still accept, if there is one."""
    found = Invitation.objects.filter(institution=institution, email=email, expires_at__gt=at).exclude(
        pk__in=InvitationEnd.objects.values("invitation")
    )
    return next(
        (one for one in found.select_related("institution", "invited_by") if state_of(one, at) == WAITING), None
    )


def recorded(
    *, institution: Institution, post: Post, by: Membership | None, at: datetime, why: str = ""
) -> tuple[Invitation, str]:
    """The row with its entry, and the secret that only its letter will carry. For acts, which hold the institution."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = Invitation(
        institution=institution,
        email=post.email,
        title=post.title,
        first_name=post.first_name,
        last_name=post.last_name,
        role=post.role,
        job_title=post.job_title,
        secrecy_status=post.secrecy_status,
        secrecy_proof=post.secrecy_proof,
        functions=list(post.functions),
        receives_for_service=post.receives_for_service,
        digest=digest_of(secret),
        invited_by=by,
        inviter_id=by.professional_id if by is not None else None,
        invited_at=at,
        expires_at=at + GOOD_FOR,
    )
    entry: dict[str, Any] = {
        "action": "invitation.sent",
        "at": at,
        "actor": by.pk if by is not None else None,
        "refs": {"invitation": row.pk, "institution": institution.pk},
        "codes": {"role": post.role, "secrecy": post.secrecy_status, "functions": list(post.functions)},
        "personal": {
            "email": post.email,
            "name": row.full_name,
            "job_title": post.job_title,
            **({"why": why} if why else {}),
        },
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row, secret


@transaction.atomic
def invite(*, post: Post, by: Membership, at: datetime | None = None) -> tuple[Invitation, str]:
    """Invite somebody to one's own institution; the secret is for the letter (`letters.send_invitation`), never for a page.

    The functions that take two persons are given once a second one agrees, after she accepted. Raises NotTended, DirectoryError.
    """
    house = held(by.institution_id)
    at = at or clock.now()
    if not tends(by, house.pk):
        raise NotTended
    post = post.checked()
    refuse_what_she_may_not_give(by, set(post.functions))
    if Membership.objects.in_force().filter(institution=house, professional__email=post.email).exists():
        raise DirectoryError(_("Cette adresse est déjà celle d’une personne de votre institution."))
    if waiting_for(house, post.email, at) is not None:
        raise DirectoryError(_("Une invitation attend déjà à cette adresse : retirez-la, ou envoyez-la de nouveau."))
    refuse_too_many(house, at)
    return recorded(institution=house, post=post, by=by, at=at)


def refuse_too_many(house: Institution, at: datetime) -> None:
    """Raise DirectoryError where an institution sent its letters of the day."""
    if Invitation.objects.filter(institution=house, invited_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise DirectoryError(
            _("Votre institution a envoyé %(most)d invitations en un jour : reprenez demain.") % {"most": MOST_A_DAY}
        )


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Membership, at: datetime | None = None) -> InvitationEnd:
    """Take an invitation back: its link opens nothing any more. Twice changes nothing. Raises NotTended, TooLate once accepted."""
    held(invitation.institution_id)
    if not tends(by, invitation.institution_id):
        raise NotTended
    refuse_what_she_may_not_give(by, set(invitation.functions))
    earlier = InvitationEnd.objects.filter(invitation=invitation).first()
    if earlier is not None:
        if earlier.kind == InvitationEnd.Kind.WITHDRAWN:
            return earlier
        raise TooLate
    at = at or clock.now()
    row = InvitationEnd(
        invitation=invitation,
        kind=InvitationEnd.Kind.WITHDRAWN,
        membership=by,
        professional_id=by.professional_id,
        at=at,
    )
    entry: dict[str, Any] = {
        "action": "invitation.withdrawn",
        "at": at,
        "actor": by.pk,
        "refs": {"invitation": invitation.pk, "institution": invitation.institution_id},
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


@transaction.atomic
def send_again(*, invitation: Invitation, by: Membership, at: datetime | None = None) -> tuple[Invitation, str]:
    """The same invitation under a new link, for seven more days; the earlier link dies.

    Raises NotTended, TooLate once accepted, DirectoryError.
    """
    house = held(invitation.institution_id)
    if not tends(by, house.pk):
        raise NotTended
    at = at or clock.now()
    if InvitationEnd.objects.filter(invitation=invitation, kind=InvitationEnd.Kind.ACCEPTED).exists():
        raise TooLate
    refuse_what_she_may_not_give(by, set(invitation.functions))
    other = waiting_for(house, invitation.email, at)
    if other is not None and other.pk != invitation.pk:
        raise TooLate
    refuse_too_many(house, at)
    withdraw(invitation=invitation, by=by, at=at)
    return recorded(institution=house, post=post_of(invitation), by=by, at=at)


def post_of(invitation: Invitation) -> Post:
    """What was described."""
    return Post(
        email=invitation.email,
        title=invitation.title,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        role=invitation.role,
        job_title=invitation.job_title,
        secrecy_status=invitation.secrecy_status,
        secrecy_proof=invitation.secrecy_proof,
        functions=tuple(invitation.functions),
        receives_for_service=invitation.receives_for_service,
    )
