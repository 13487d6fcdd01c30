"""Which addresses may be called: public ones, and private ones that were allowed.

An address that a person types must not reach the machines behind the server: loopback,
private, link-local and reserved ranges are refused, after the name is resolved and at
the very connection, so that a name that changes its answer opens nothing.
`JALON_PRIVATE_HOSTS` allows names and networks: "crm.internal, 10.1.0.0/16".
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpcore

from jalon.connectors.contract import SourceError, UnreachableError

ALLOWED = "JALON_PRIVATE_HOSTS"
_BAD = "{url} is no address of a server. Expected e.g. {example}"
_PRIVATE = (
    "{host} is inside a private network. If this is your CRM, whoever runs Jalon "
    "allows it: JALON_PRIVATE_HOSTS={host}"
)
_NAMELESS = "{host} is unknown: check the address."


class AddressRefusedError(SourceError):
    """The address given is none, or must not be called from here."""

    permanent = True


def cleaned(url: str, *, example: str) -> str:
    """Return the root of an address, without its last slash, user or question.

    Raises:
        AddressRefusedError: If it is not one of http or https. A key in it is not told.
    """
    given = url.strip()
    given = given if "://" in given else f"https://{given}"
    try:
        found = urlsplit(given)
        port = f":{found.port}" if found.port else ""
    except ValueError as error:
        raise AddressRefusedError(_BAD, url="–", example=example) from error
    if found.scheme not in {"http", "https"} or not found.hostname:
        raise AddressRefusedError(_BAD, url=found.hostname or "–", example=example)
    host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
    return f"{found.scheme}://{host}{port}{found.path.rstrip('/')}"


def is_public(address: str) -> bool:
    """Return whether an IP address is of the internet at large."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return is_public(str(found.ipv4_mapped))
    return found.is_global and not found.is_multicast


def is_allowed(host: str, address: str, allowed: Iterable[str]) -> bool:
    """Return whether a host, or the network of its address, was allowed by name."""
    found = ip_address(address.partition("%")[0])
    return any(
        one.casefold() == host.casefold() or _holds(one, found) for one in allowed
    )


def allowed_here() -> tuple[str, ...]:
    """Return the private hosts and networks allowed by whoever runs Jalon."""
    words = os.environ.get(ALLOWED, "").split(",")
    return tuple(word.strip() for word in words if word.strip())


def callable_at(host: str, port: int) -> str:
    """Return the IP address of a host, if it may be called.

    Raises:
        UnreachableError: If the name is unknown.
        AddressRefusedError: If one of its addresses is private and not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(_NAMELESS, host=host) from error
    addresses = [str(one[4][0]) for one in found]
    allowed = allowed_here()
    for one in addresses:
        if not is_public(one) and not is_allowed(host, one, allowed):
            raise AddressRefusedError(_PRIVATE, host=host)
    return addresses[0]


class GuardedNetwork(httpcore.SyncBackend):
    """Connections that are made to the very address that was judged."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host, unless its address must not be called."""
        address = callable_at(host, port)
        return super().connect_tcp(
            address, port, timeout, local_address, socket_options
        )


def _holds(network: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False
