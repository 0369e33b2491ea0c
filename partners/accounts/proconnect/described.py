"""The provider as the settings describe it. Nothing here reads the environment, the database or the network."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"
# HS256 is left out: whoever held the client's secret could then write tokens, not only ask for them.
ALGORITHMS = ("RS256", "ES256")
# What ProConnect's documentation says stands for two factors, under its names of before and of today.
LEVELS_OF_TWO_FACTORS = (
    "eidas0-mfa",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
)
LEVELS_ASKED = (*reversed(LEVELS_OF_TWO_FACTORS), "eidas1")
"""In order of preference (OpenID Connect Core 1.0, part 3.1.2.1, `acr_values`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProConnect:
    """A provider of identities: where it is found, who Tact is there, which signatures are believed."""

    discovery_url: str
    client_id: str
    client_secret: str
    algorithm: str
    levels: tuple[str, ...]
    pkce: bool
    loopback: bool = False
    """Whether it may be this very machine, in clear: in demonstrations and tests only."""

    @property
    def issuer(self) -> str:
        """The only issuer whose tokens are believed: the discovery address without its ending (OpenID Discovery, part 4.3)."""
        return self.discovery_url.removesuffix(WELL_KNOWN)

    def __repr__(self) -> str:
        return f"ProConnect({self.discovery_url})"


def may_be_reached(url: str, *, loopback: bool) -> bool:
    """Whether an address may be called: https, or this very machine where that is allowed."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return loopback and parts.scheme == "http" and is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether this names the very machine that runs."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
