"""Sign and send one event to an address, as Standard Webhooks has it.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over
`<webhook-id>.<webhook-timestamp>.<body>` with the address's secret: whoever receives
checks it, and refuses a moment too old, so that a message cannot be sent again by
somebody else.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from jalon.connectors.contract import SourceError
from jalon.connectors.transport.address import AddressRefusedError
from jalon.connectors.transport.outward import posted

PREFIX = "whsec_"
GONE = 410


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a message: `permanent` where trying again cannot help."""

    status: int | None
    reason: str = ""
    permanent: bool = False

    @property
    def arrived(self) -> bool:
        """Return whether it was accepted."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


def new_secret() -> str:
    """Return a secret to sign with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message: str, at: int, body: bytes) -> str:
    """Return the signature of a message."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{at}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def send(
    url: str,
    event: Mapping[str, object],
    *,
    secret: str,
    at: datetime.datetime,
) -> Sent:
    """Send an event, its `id` the message's; say what came of it."""
    body = json.dumps(event, ensure_ascii=False, sort_keys=True).encode()
    message, moment = str(event["id"]), int(at.timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Jalon",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, message=message, at=moment, body=body),
    }
    try:
        status = posted(url, body, headers)
    except AddressRefusedError:
        return Sent(None, "private", permanent=True)
    except SourceError:
        return Sent(None, "silent")
    return Sent(status, permanent=status == GONE)
