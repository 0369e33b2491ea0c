"""From an address to a request, on the side of who asked and on that of who is asked; or the same 404, noted, as for nothing.

Pages and the API come through here.
"""

import uuid
from typing import Any, NoReturn

from django.db.models import QuerySet
from django.http import Http404

from audit import ledger
from partners.models import Membership
from sharing.asking import answering
from sharing.asking.standing import with_state
from sharing.models import InformationRequest

RECEIVED, SENT = "received", "sent"
PEOPLE = ("asked__professional", "asked__institution", "asker__professional", "asker__institution", "about")


def sides(by: Membership) -> dict[str, QuerySet[Any]]:
    """Those to answer and those she sent, each with its state."""
    return {
        RECEIVED: with_state(InformationRequest.objects.received_by(by)),
        SENT: with_state(InformationRequest.objects.sent_by(by)),
    }


def hers(pk: uuid.UUID, by: Membership) -> Any:
    """The request that she sent, with who is who; None where she sent none by this id."""
    return sides(by)[SENT].select_related(*PEOPLE, "case", "person").filter(pk=pk).first()


def addressed(pk: uuid.UUID, by: Membership) -> Any:
    """The request that she may answer, with who is who; None where none is addressed to her by this id."""
    return sides(by)[RECEIVED].select_related(*PEOPLE, "person").filter(pk=pk).first()


def open_or_404(pk: uuid.UUID, by: Membership) -> Any:
    """What is asked of her, shown and traced. Raises Http404, noted, where it was not asked of her."""
    try:
        answering.open_request(request_id=pk, by=by)
    except answering.NotAsked:
        refuse(pk, by)
    return addressed(pk, by)


def refuse(pk: uuid.UUID, by: Membership) -> NoReturn:
    """The same 404, the attempt noted with the same work, whether or not it exists (abuse 1, 29)."""
    existing = InformationRequest.objects.filter(pk=pk).values_list("case", flat=True).first()
    note(by, pk, existing, "request.opened", granted=False)
    raise Http404


def note(by: Membership, pk: uuid.UUID, case: uuid.UUID | None, action: str, *, granted: bool) -> None:
    """Note in the access log that she read this request, or was refused it."""
    ledger.note_access(
        action=action,
        object_type="request",
        object_ref=str(pk),
        granted=granted,
        professional=by.professional_id,
        membership=by.pk,
        case=case,
    )
