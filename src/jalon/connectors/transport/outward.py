"""Send a message to an address somebody typed, if it may be called: once, no wandering.

The address is judged as a source's is, at the very connection; redirections are not
followed, the answer is not read beyond its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpcore
import httpx

from jalon.connectors.contract import UnreachableError
from jalon.connectors.transport.address import (
    AddressRefusedError,
    GuardedNetwork,
    callable_at,
    cleaned,
)

SECONDS = 5.0
EXAMPLE = "https://hooks.example.com/jalon"
PORTS = {"http": 80, "https": 443}
_WITH_KEY = "An address holds no user or password. Expected e.g. {example}."
_SILENT = "{host} does not answer."


def judged(url: str) -> str:
    """Return an address that may be called.

    Raises:
        AddressRefusedError: If it is none, holds a password, or is private.
    """
    given = url.strip()
    cleaned(given, example=EXAMPLE)
    given = given if "://" in given else f"https://{given}"
    found = urlsplit(given)
    if found.username is not None or found.password is not None:
        raise AddressRefusedError(_WITH_KEY, example=EXAMPLE)
    callable_at(str(found.hostname), found.port or PORTS[found.scheme])
    return given


def posted(url: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Send it and return the status of the answer.

    Raises:
        UnreachableError: If nobody answers.
        AddressRefusedError: If the address must not be called from here.
    """
    host = str(urlsplit(url).hostname)
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=httpx.create_ssl_context(trust_env=False),
                network_backend=GuardedNetwork(),
            ) as pool,
            pool.stream(
                "POST",
                url,
                headers=[(name, value) for name, value in headers.items()],
                content=content,
                extensions={
                    "timeout": dict.fromkeys(
                        ("connect", "read", "write", "pool"), SECONDS
                    )
                },
            ) as answer,
        ):
            return int(answer.status)
    except (
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        OSError,
    ) as error:
        raise UnreachableError(_SILENT, host=host) from error
