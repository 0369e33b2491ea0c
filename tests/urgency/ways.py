"""The short way to an alarm, for tests: Camille sees a child in peril and calls for help."""

import uuid
from collections.abc import Sequence
from typing import Any

from partners.models import Membership
from sharing import service
from sharing.urgency import acts
from sharing.urgency.dangers import BY_CODE
from tests.personas import Territory

HAPPENING = "Milo a des marques de coups au cou et dit qu’il sera frappé ce soir."
PERIL = ("grave", "imminent", "seen")


def alarm(danger: str = "peril", criteria: Sequence[str] = PERIL, **told: Any) -> acts.Alarm:
    """What she says: the child is in peril, unless said otherwise."""
    told = {"happening": HAPPENING, "category": "violences", "nature": "fait_constate"} | told
    return acts.Alarm(danger=BY_CODE[danger], criteria=tuple(criteria), **told)


def sound(
    territory: Territory,
    recipient: Membership,
    *,
    key: uuid.UUID | None = None,
    by: Membership | None = None,
    **told: Any,
) -> service.Shared:
    """Sound it, once."""
    call = told.pop("call", None)
    return acts.sound(
        key=key or uuid.uuid4(),
        case=territory.case,
        recipient=recipient,
        alarm=alarm(**told),
        call=call,
        by=by or territory.camille,
    )


def typed(recipient: Membership, *, key: uuid.UUID | None = None, **changed: Any) -> dict[str, Any]:
    """What the page posts."""
    return {
        "key": str(key or uuid.uuid4()),
        "danger": "peril",
        "criteria": list(PERIL),
        "happening": HAPPENING,
        "category": "violences",
        "nature": "fait_constate",
        "recipient": str(recipient.pk),
        "action": "send",
    } | changed
