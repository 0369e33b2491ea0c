"""What ProConnect is told to be, from the environment: off unless its three variables are set (docs/proconnect.md)."""

from django.core.exceptions import ImproperlyConfigured

from config.env import Environment
from partners.accounts.proconnect.described import (
    ALGORITHMS,
    LEVELS_ASKED,
    WELL_KNOWN,
    ProConnect,
    may_be_reached,
)

NAMES = ("TACT_PROCONNECT_DISCOVERY_URL", "TACT_PROCONNECT_CLIENT_ID", "TACT_PROCONNECT_CLIENT_SECRET")


def proconnect_from(env: Environment, *, production: bool) -> ProConnect | None:
    """The provider that the environment describes; None where it describes none.

    Raises ImproperlyConfigured where only a part is set, or where an address is not what it should be.
    """
    values = [
        env.text("TACT_PROCONNECT_DISCOVERY_URL", ""),
        env.text("TACT_PROCONNECT_CLIENT_ID", ""),
        env.text("TACT_PROCONNECT_CLIENT_SECRET", ""),
    ]
    if not any(values):
        return None
    missing = [name for name, value in zip(NAMES, values, strict=True) if not value]
    if missing:
        raise ImproperlyConfigured(
            f"ProConnect is half configured: set {', '.join(missing)}, or none of {', '.join(NAMES)}."
        )
    discovery_url, client_id, client_secret = values
    if not discovery_url.endswith(WELL_KNOWN):
        raise ImproperlyConfigured(f"{NAMES[0]} is {discovery_url!r}. It should end with {WELL_KNOWN}.")
    if not may_be_reached(discovery_url, loopback=not production):
        raise ImproperlyConfigured(f"{NAMES[0]} is {discovery_url!r}. It should begin with https://.")
    return ProConnect(
        discovery_url=discovery_url,
        client_id=client_id,
        client_secret=client_secret,
        algorithm=env.choice("TACT_PROCONNECT_ALGORITHM", ALGORITHMS, ALGORITHMS[0]),
        levels=tuple(env.words("TACT_PROCONNECT_LEVELS", LEVELS_ASKED)),
        pkce=env.flag("TACT_PROCONNECT_PKCE", True),
        loopback=not production,
    )
