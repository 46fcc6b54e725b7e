"""Where a request comes from: the address of the client, and the network that it belongs to."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"
# One subscriber commonly has a whole /64, and neighbours in a /24 commonly belong together.
PREFIX_OF_VERSION = {4: 24, 6: 64}


def client_address(request: HttpRequest) -> str:
    """Return the address of the client.

    Behind a proxy it is the last one in X-Forwarded-For, which the proxy itself has written; what stands before it may be
    invented by the client. Without a proxy the header is ignored.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or peer
    return peer


def client_network(request: HttpRequest) -> str:
    """Return the first address of the client's network: a /24 of IPv4, a /64 of IPv6."""
    return network_of(client_address(request))


def network_of(address: str) -> str:
    """Return the first address of the network of an address; all that is no address counts as one network."""
    try:
        parsed = ip_address(_without_port(address))
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address):
        # The zone of a link-local address is no part of it; ::ffff:192.0.2.1 is an IPv4 client on a socket for both.
        parsed = parsed.ipv4_mapped or IPv6Address(int(parsed))
    return str(ip_network((parsed, PREFIX_OF_VERSION[parsed.version]), strict=False).network_address)


def _without_port(address: str) -> str:
    """Return "192.0.2.1" of "192.0.2.1:4711" and "2001:db8::1" of "[2001:db8::1]:4711": some proxies write the port."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
