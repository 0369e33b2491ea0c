"""« Qui l’a reçu, quand »: for those without an account, what was handed over or read aloud is noted as it is told."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Membership, Reached
from partners.text import plain
from sharing.models import Delivery, Disclosure, Recalled

# One calls for help first, and writes it down next.
BEFOREHAND = timedelta(days=1)


class NotHandedOver(Exception):
    """Nothing by that id that this membership hands over: answered like a page that does not exist."""


class DeliveryError(ValueError):
    """What is told cannot be recorded; the message says what to do, in the user's language."""


def handed_over_by(acting: Membership) -> QuerySet[Disclosure]:
    """What left, from the cases that this membership may open, towards somebody without an account; nothing said aloud is in it."""
    return Disclosure.objects.sent_from(acting).exclude(channel=Reached.IN_APP).filter(said_at__isnull=True)


def awaited(acting: Membership) -> QuerySet[Disclosure]:
    """Of these, those that nobody noted as received: they stay in what is to be done, until they are recalled."""
    mine = {"disclosure": OuterRef("pk")}
    return handed_over_by(acting).filter(
        ~Exists(Delivery.objects.filter(**mine)), ~Exists(Recalled.objects.filter(**mine))
    )


@transaction.atomic
def note_received(
    *,
    disclosure_id: uuid.UUID,
    how: str,
    received_by: str,
    received_at: datetime,
    by: Membership,
    at: datetime | None = None,
) -> Delivery:
    """Note who received it, when and how. Noted twice in the same words, it is noted once.

    Raises NotHandedOver, DeliveryError with a sentence for the user.
    """
    disclosure = handed_over_by(by).select_for_update(no_key=True, of=("self",)).filter(pk=disclosure_id).first()
    if disclosure is None:
        raise NotHandedOver
    at = at or clock.now()
    received_by = plain(received_by)
    if not received_by:
        raise DeliveryError(_("Dites qui l’a reçu : un nom, ou une fonction."))
    if received_at > at:
        raise DeliveryError(_("L’heure de réception ne peut pas être dans l’avenir."))
    if received_at < disclosure.released_at - BEFOREHAND:
        raise DeliveryError(_("L’heure de réception est trop ancienne pour cette communication : vérifiez la date."))
    known = Delivery.objects.filter(
        disclosure=disclosure, how=how, received_by=received_by, received_at=received_at
    ).first()
    if known is not None:
        return known
    return write(disclosure=disclosure, how=how, received_by=received_by, received_at=received_at, by=by, at=at)


def write(
    *,
    disclosure: Disclosure,
    how: str,
    received_by: str,
    received_at: datetime,
    by: Membership,
    at: datetime,
    late_reason: str = "",
) -> Delivery:
    """The row with its entry, in the transaction of its act; names and reasons go to the payload."""
    entry = ledger.record(
        action="disclosure.delivered",
        at=at,
        actor=by.pk,
        case=disclosure.case_id,
        refs={"disclosure": disclosure.pk, "recipient": disclosure.recipient_id},
        codes={"how": how, "channel": disclosure.channel, "received_at": received_at.isoformat()},
        personal={"reference": disclosure.reference, "received_by": received_by, "late_reason": late_reason},
    )
    return Delivery.objects.create(
        disclosure=disclosure, how=how, received_by=received_by, received_at=received_at, by=by, at=at, entry_id=entry
    )
