"""The short way to something said aloud, for tests: Camille told Mme Lantier about the absences, by telephone."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from partners import clock
from partners.models import Membership
from sharing import gather
from sharing.aloud import acts
from sharing.models import Disclosure
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY


def say(
    territory: Territory,
    *recipients: Membership,
    key: uuid.UUID | None = None,
    said_at: datetime | None = None,
    items: Sequence[Any] | None = None,
    purpose: str = "scolarite",
    late_reason: str = "",
    circumstances: Sequence[str] = (),
) -> list[Disclosure]:
    """Write it down, an hour after it was said unless told otherwise."""
    chosen = items if items is not None else [territory.absences]
    return acts.write_down(
        key=key or uuid.uuid4(),
        case=territory.case,
        recipients=recipients or (territory.lantier,),
        saying=acts.Saying(
            purpose=purpose,
            benefit=BENEFIT,
            chosen=[gather.Chosen(item=one, necessity=NECESSITY) for one in chosen],
            circumstances=circumstances,
            said_at=said_at or clock.now() - timedelta(hours=1),
            how="telephone",
            late_reason=late_reason,
        ),
        by=territory.camille,
    )
