"""How much a token may ask: so many calls a minute, so many a day, counted in the access log, where each of them is noted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from audit.models import Access
from partners.clock import day_of, end_of, start_of
from sharing.models import ApiToken

OBJECT = "api_token"
USED = "api_token.used"
NOBODYS = "unknown"
"""What the access log has in the place of a token that does not exist."""
MINUTE = timedelta(minutes=1)
REFUSALS_A_MINUTE = 300
"""Beyond, calls without a known token are answered without being noted: nobody fills the log from outside."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was asked before this call, and until when it would have to wait."""

    in_a_minute: int
    in_a_day: int
    first_of_the_minute_at: datetime | None

    def wait(self, *, a_minute: int, a_day: int, at: datetime) -> float:
        """Seconds to wait: until midnight in Paris, until the first call of the minute is a minute old; 0: this one may pass."""
        if self.in_a_day >= a_day:
            return (end_of(day_of(at)) - at).total_seconds()
        if self.in_a_minute >= a_minute:
            return max(1.0, ((self.first_of_the_minute_at or at) + MINUTE - at).total_seconds())
        return 0.0


def spent(token: ApiToken | None, at: datetime) -> Spent:
    """The calls already noted, as far as a limit needs them; one statement, the same for a token that does not exist.

    The newest lines alone are read, as many as the limit: whoever called all month long makes no call of today slower.
    """
    most = REFUSALS_A_MINUTE if token is None else max(token.calls_a_day, settings.API_CALLS_A_MINUTE)
    lately, today = Q(at__gt=at - MINUTE), Q(at__gte=start_of(day_of(at)))
    ref = str(token.pk) if token else NOBODYS
    # From the first of a month: PostgreSQL looks into no other partition, and every line that it meets there is wanted.
    month = (at - timedelta(days=1)).astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    noted = Access.objects.filter(object_ref=ref, object_type=OBJECT, at__gte=month).order_by("-id")[: most + 1]
    counted = noted.aggregate(
        minute=Count("id", filter=lately), day=Count("id", filter=today), first=Min("at", filter=lately)
    )
    return Spent(counted["minute"], counted["day"], counted["first"])


def wait_of(token: ApiToken | None, at: datetime) -> float:
    """Seconds that this caller has to wait before being heard; 0: now. More than a minute: the day's calls are all spent."""
    found = spent(token, at)
    if token is None:
        return found.wait(a_minute=REFUSALS_A_MINUTE, a_day=found.in_a_day + 1, at=at)
    return found.wait(a_minute=settings.API_CALLS_A_MINUTE, a_day=token.calls_a_day, at=at)
