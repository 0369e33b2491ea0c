"""Where a call comes from, and whether a token may be used from there."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def address_of(request: HttpRequest) -> Address | None:
    """The caller's address; behind the house's own proxy, the one that the proxy wrote last. None where it cannot be read."""
    written = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        written = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
    try:
        return plain(ip_address(written.strip()))
    except ValueError:
        return None


def plain(address: Address) -> Address:
    """An IPv4 address written the IPv6 way is the IPv4 address."""
    return getattr(address, "ipv4_mapped", None) or address


def inside(address: Address | None, networks: Iterable[str]) -> bool:
    """Whether a token limited to these networks may be used from there; what cannot be read is outside."""
    listed = list(networks)
    if not listed:
        return True
    return address is not None and any(address in ip_network(one) for one in listed)
