"""How long something lasted, as one says it."""

from datetime import UTC, datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

SAID_IN_SECONDS = 120
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""From which a duration is counted, since months differ; what waits for its seal should never reach one."""


def in_words(seconds: float) -> str:
    """« 45 s », then « 2 heures, 5 minutes », in the reader's language; the second unit where there is one, no third."""
    if seconds < SAID_IN_SECONDS:
        return _("%(count)s s") % {"count": round(seconds)}
    return timesince(SOME_DAY, SOME_DAY + timedelta(seconds=seconds))
