"""Whoever tries passwords waits, longer at each try; nobody is ever locked out by another (docs/adr/0035-sign-in.md).

Tries are counted at three places, each a keyed hash:

* her browser, where this address entered before (a signed cookie says so): nothing that others do is counted there;
* this address from this network, everywhere else: who guesses slows herself down, from her own network;
* this network, whatever the address: who tries many addresses waits too, a minute at most, for colleagues share it.

What is tried at an address from everywhere lengthens the second wait, to half a minute at most.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from partners import clock
from partners.models import Professional, Try

from . import browsers

TOO_SOON = "too_soon"
SALT = "partners.accounts.waiting"
IPV6_NETWORK = 64
"""Bits: what one subscriber is given."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many tries go without waiting, and the longest wait (seconds) that their doubling leads to."""

    free: int
    longest: int

    def wait_after(self, tries: int) -> int:
        """Seconds to wait once there were this many: nothing at first, then twice as long each time."""
        return 0 if tries <= self.free else min(self.longest, 2 ** (tries - self.free))


BROWSER = Pace(free=4, longest=900)
PAIR = Pace(free=4, longest=900)
NETWORK = Pace(free=40, longest=60)
LETTERS = Pace(free=5, longest=300)
EVERYWHERE_FREE, EVERYWHERE_WAIT = 20, 30
FURTHEST = 64
"""Tries after which no wait grows any more, whatever the pace."""
FORGOTTEN_AFTER = timedelta(hours=1)


class TooSoon(ValidationError):
    """The try was not looked at: `seconds` are left to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        sentence = ngettext(
            "Trop d’essais en peu de temps. Attendez %(seconds)s seconde, puis réessayez.",
            "Trop d’essais en peu de temps. Attendez %(seconds)s secondes, puis réessayez.",
            seconds,
        )
        super().__init__(sentence, code=TOO_SOON, params={"seconds": seconds})


@dataclass(frozen=True, slots=True)
class Admitted:
    """A try that is being looked at; `own` is where it alone counts, `shared` where others' count too."""

    own: str
    shared: tuple[str, ...]


def admit(request: HttpRequest, address: str) -> Admitted:
    """Count a try at this address, before it is looked at, whether anybody has it or not. Raises TooSoon."""
    browser = browsers.known(request, address)
    if browser:
        own = key("browser", browser, address)
        count(own, BROWSER)
        return Admitted(own, ())
    network = network_of(request)
    own, everywhere, around = key("pair", address, network), key("everywhere", address), key("network", network)
    busy = count(everywhere, Pace(free=0, longest=0)) > EVERYWHERE_FREE
    count(own, PAIR, least=EVERYWHERE_WAIT if busy else 0)
    count(around, NETWORK)
    return Admitted(own, (everywhere, around))


def admit_own(professional: Professional) -> Admitted:
    """Count a try at one's own password, on a page that only she can reach. Raises TooSoon."""
    own = key("own", str(professional.pk))
    count(own, BROWSER)
    return Admitted(own, ())


def forgive(admitted: Admitted) -> None:
    """The password was right: what was counted for this try is taken back, and one's own place begins anew."""
    Try.objects.filter(key=admitted.own).delete()
    if admitted.shared:
        Try.objects.filter(key__in=admitted.shared).update(tries=Greatest(F("tries") - 1, 0))


def admit_letter(request: HttpRequest) -> None:
    """Count a letter asked for from this network, whoever it is for. Raises TooSoon."""
    count(key("letters", network_of(request)), LETTERS)


def worth_noting(request: HttpRequest) -> bool:
    """Whether a refusal of nobody known is noted: forty from this network, then one a minute. Nobody fills the log from outside."""
    try:
        count(key("noted", network_of(request)), NETWORK)
    except TooSoon:
        return False
    return True


def count(place: str, pace: Pace, *, least: int = 0) -> int:
    """One try more at this place; how many there were within the hour. Raises TooSoon where it comes too soon.

    One statement: tries that come together are counted one after the other, and those that wait are not counted.
    """
    waits = [max(least, pace.wait_after(tries)) for tries in range(1, FURTHEST + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO partners_try AS held (key, tries, last_at, until)
            VALUES (%(key)s, 1, clock_timestamp(), clock_timestamp() + make_interval(secs => %(first)s))
            ON CONFLICT (key) DO UPDATE SET
                tries = CASE WHEN held.last_at < clock_timestamp() - %(forgotten)s::interval THEN 1 ELSE held.tries + 1 END,
                last_at = clock_timestamp(),
                until = clock_timestamp() + make_interval(secs => (%(waits)s::float[])[
                    CASE WHEN held.last_at < clock_timestamp() - %(forgotten)s::interval THEN 1
                         ELSE least(held.tries + 1, %(furthest)s) END
                ])
            WHERE held.until <= clock_timestamp()
            RETURNING tries
            """,
            {
                "key": place,
                "first": waits[0],
                "waits": waits,
                "furthest": FURTHEST,
                "forgotten": f"{FORGOTTEN_AFTER.total_seconds()} seconds",
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise TooSoon(seconds_left(place))
    return int(row[0])


def seconds_left(place: str) -> int:
    """How long to wait at this place; one second at least, since a try was just refused there."""
    found = (
        Try.objects.filter(key=place).annotate(left=F("until") - clock.Instant()).values_list("left", flat=True).first()
    )
    return max(1, math.ceil(found.total_seconds())) if found else 1


def key(*parts: str) -> str:
    """A place's name in the table: nobody reads an address or a network from it."""
    return salted_hmac(SALT, "\n".join(part.lower() for part in parts), algorithm="sha256").hexdigest()


def network_of(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address, the /64 of an IPv6 one; behind the house's own proxy, as it says.

    Where that cannot be read is one network like another.
    """
    written = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        written = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
    try:
        address = ipaddress.ip_address(written.strip())
    except ValueError:
        return "unknown"
    plain = getattr(address, "ipv4_mapped", None) or address
    if isinstance(plain, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((plain, IPV6_NETWORK), strict=False).network_address)
    return str(plain)


def forget() -> None:
    """Drop the counts that no try looks at any more."""
    Try.objects.filter(last_at__lt=clock.now() - Try.KEPT).delete()
