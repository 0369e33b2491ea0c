"""That the trail was put back from a backup: an entry says it, and an alarm suspends ordinary sharing until a DPO has looked.

What was withdrawn, refused or ended since the backup is no longer known: to go on sharing as if nothing had been would be
against somebody's word (abuse 41).
"""

from datetime import datetime

from django.db import transaction

from . import alarms, ledger

ACTION, ALARM = "trail.restored", "trail_restored"


@transaction.atomic
def record(*, taken_at: datetime, size: int, at: datetime) -> None:
    """Record that this trail is the one of a backup taken then, whose last signed head had this size."""
    ledger.record(action=ACTION, at=at, actor=None, codes={"taken_at": taken_at.isoformat(), "size": size})
    alarms.raise_alarm(kind=ALARM, found={"size": size, "taken_at": taken_at.isoformat(timespec="seconds")}, at=at)
