"""Which professional an identity of ProConnect is: linked by herself, or recognised by whoever tends the directory (abuse 33).

An address is never asked who somebody is: two persons may have had it, and any provider may write it. Acts are functions, each with
its entry; without `at`, an act's instant is the database's, read under its lock.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.accounts import mailing
from partners.models import (
    Membership,
    ProConnectAnswer,
    ProConnectConfirmation,
    ProConnectLink,
    ProConnectRequest,
    Professional,
)
from partners.models.proconnect import KEPT
from partners.tending import DirectoryError, NotTended

from .identity import Identity

WAITING, REFUSED = "waiting", "refused"


class LastWay(Exception):
    """She has no password here, and this identity alone enters her account: another one comes first."""


def linked(identity: Identity) -> ProConnectLink | None:
    """The link in force of this identity: by issuer and subject, and nothing else."""
    found = ProConnectLink.objects.filter(issuer=identity.issuer, subject=identity.subject, ended_at__isnull=True)
    return found.select_related("professional", "made_by").first()


def links_of(professional: Professional) -> list[ProConnectLink]:
    """Her links in force, the oldest first."""
    return list(ProConnectLink.objects.filter(professional=professional, ended_at__isnull=True))


def from_one_of_hers(identity: Identity, professional: Professional) -> bool:
    """Whether she works, by what Tact knows, for the establishment that this identity comes from.

    By the number of one of her institutions, or because whoever tends the directory of one of them said so. Unknown is no.
    """
    if not identity.siret:
        return False
    hers = Membership.objects.in_force().filter(professional=professional)
    if hers.filter(institution__siret=identity.siret).exists():
        return True
    said = ProConnectAnswer.objects.in_effect().filter(
        professional=professional,
        request__issuer=identity.issuer,
        request__subject=identity.subject,
        request__siret=identity.siret,
        answered_by__institution__in=hers.values("institution"),
    )
    return said.exists()


def stands(link: ProConnectLink) -> bool:
    """Whether it may open her account without a second factor of hers: she linked it herself, or two persons recognised it."""
    if link.made_by.professional_id == link.professional_id:
        return True
    said = ProConnectConfirmation.objects.filter(confirmed=True, professional=link.professional_id)
    return said.filter(answer__request__issuer=link.issuer, answer__request__subject=link.subject).exists()


def standing(identity: Identity) -> str:
    """Where the last request of this identity, from this establishment, stands: waiting, refused, or "" where there is none."""
    last = _last_request(identity)
    if last is None:
        return ""
    answer = ProConnectAnswer.objects.filter(request=last).first()
    if answer is None:
        return WAITING
    second = ProConnectConfirmation.objects.filter(answer=answer).first()
    if answer.needs_second and second is None:
        return WAITING
    return "" if answer.approved and (second is None or second.confirmed) else REFUSED


def _last_request(identity: Identity) -> ProConnectRequest | None:
    asked = ProConnectRequest.objects.filter(
        issuer=identity.issuer,
        subject=identity.subject,
        siret=identity.siret,
        asked_at__gt=clock.now() - KEPT,
    )
    return asked.order_by("-asked_at").first()


def ask(identity: Identity, professional: Professional | None, at: datetime) -> str:
    """Put the identity before whoever tends the directory, once in thirty days; where it stands afterwards.

    `professional` is known where she is linked already, and comes from another establishment. Names of older requests are wiped.
    """
    ProConnectRequest.objects.filter(asked_at__lte=at - KEPT).exclude(said_name="", said_email="").update(
        said_name="", said_email=""
    )
    found = standing(identity)
    if found:
        return found
    made = ProConnectRequest.objects.create(
        issuer=identity.issuer,
        subject=identity.subject,
        siret=identity.siret,
        professional=professional,
        said_name=identity.name,
        said_email=identity.email,
        asked_at=at,
    )
    ledger.note_access(
        action="proconnect.requested",
        object_type="proconnect",
        object_ref=str(made.pk),
        granted=False,
        professional=professional.pk if professional else None,
        membership=None,
    )
    return WAITING


def _refs(professional: Professional, by: Membership) -> dict[str, Any]:
    return {"professional": professional.pk, "institution": by.institution_id}


def _link(
    identity: tuple[str, str], professional: Professional, by: Membership, at: datetime, entry: int
) -> ProConnectLink:
    """Raises DirectoryError where the identity is somebody else's meanwhile."""
    made = ProConnectLink(
        issuer=identity[0], subject=identity[1], professional=professional, made_by=by, made_at=at, entry_id=entry
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise DirectoryError(_taken()) from error
    mailing.ask(mailing.Kind.PROCONNECT_ADDED, professional)
    return made


def _taken() -> str:
    return _("Cette identité ProConnect est déjà reliée à un autre compte.")


@transaction.atomic
def link(*, identity: Identity, by: Membership, at: datetime | None = None) -> ProConnectLink:
    """She links this identity to her own account; she is written to. The page asked for her password and her factor first.

    Linked already, nothing is done twice. Raises DirectoryError where it is somebody else's.
    """
    professional = Professional.objects.select_for_update(no_key=True).get(pk=by.professional_id)
    found = linked(identity)
    if found is not None:
        if found.professional_id != professional.pk:
            raise DirectoryError(_taken())
        return found
    at = at or clock.now()
    entry = ledger.record(
        action="proconnect.added", at=at, actor=by.pk, refs=_refs(professional, by), personal={"siret": identity.siret}
    )
    return _link((identity.issuer, identity.subject), professional, by, at, entry)


@transaction.atomic
def end(*, one: ProConnectLink, by: Membership, at: datetime | None = None) -> None:
    """She takes the link away: this identity no longer enters. Ended already, nothing is done.

    Raises NotTended if it is not hers, LastWay where she would have no other way of entering.
    """
    if one.professional_id != by.professional_id:
        raise NotTended
    whose = Professional.objects.select_for_update(no_key=True).get(pk=by.professional_id)
    held = ProConnectLink.objects.select_for_update(no_key=True).get(pk=one.pk)
    if held.ended_at is not None:
        return
    others = ProConnectLink.objects.filter(professional=whose, ended_at__isnull=True).exclude(pk=held.pk)
    if not whose.has_usable_password() and not others.exists():
        raise LastWay
    at = at or clock.now()
    ledger.record(action="proconnect.ended", at=at, actor=by.pk, refs={**_refs(by.professional, by), "link": one.pk})
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    mailing.ask(mailing.Kind.PROCONNECT_ENDED, by.professional)


def link_of(request: ProConnectRequest) -> ProConnectLink | None:
    """The link in force of the identity that asked."""
    found = ProConnectLink.objects.filter(issuer=request.issuer, subject=request.subject, ended_at__isnull=True)
    return found.select_related("made_by").first()


def recognise(request: ProConnectRequest, chosen: Professional, by: Membership, at: datetime, entry: int) -> None:
    """Link the identity, unless it is linked to her already; a request of a known professional links nothing by itself."""
    Professional.objects.select_for_update(no_key=True).get(pk=chosen.pk)
    now = link_of(request)
    if now is not None and now.professional_id != chosen.pk:
        raise DirectoryError(_taken())
    if now is None and request.professional_id is None:
        _link((request.issuer, request.subject), chosen, by, at, entry)
