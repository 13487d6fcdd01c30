"""Names that a library looks up while it sends to an address somebody typed.

Such a library opens its own connections: the only place where all of them pass is the
look-up of names. Inside `only_outward`, private ones that were not allowed
(`JALON_PRIVATE_HOSTS`) are unknown, redirections and mail servers too. The mark is of
the context, which the library's own threads are given.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jalon.connectors.transport.address import allowed_here, is_allowed, is_public

_kept_from: ContextVar[list[str] | None] = ContextVar("_kept_from", default=None)
_looked_up = socket.getaddrinfo


@contextmanager
def only_outward() -> Iterator[list[str]]:
    """Keep this context from private addresses; yield the hosts it was kept from."""
    socket.getaddrinfo = _judged
    refused: list[str] = []
    mark = _kept_from.set(refused)
    try:
        yield refused
    finally:
        _kept_from.reset(mark)


def _judged(host: Any, *how: Any, **more: Any) -> Any:  # noqa: ANN401 - as the library's
    found = _looked_up(host, *how, **more)
    refused = _kept_from.get()
    if refused is None:
        return found
    name, allowed = str(host), allowed_here()
    for one in found:
        address = str(one[4][0])
        if not is_public(address) and not is_allowed(name, address, allowed):
            refused.append(name)
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is private")
    return found
