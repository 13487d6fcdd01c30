"""What set-up asks of Pipedrive: the company's name there and a personal API token."""

from __future__ import annotations

from collections.abc import Mapping

from jalon.connectors.contract import (
    Account,
    LimitReachedError,
    Setting,
    SourceError,
)
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.client import Answer, Client, spent
from jalon.connectors.transport.policy import Policy

EXAMPLE = "https://acme.pipedrive.com"
SETTINGS = (
    Setting(
        name="url",
        label="Address of your Pipedrive",
        example=EXAMPLE,
    ),
    Setting(
        name="key",
        label="API token of an administrator",
        help="Personal preferences → API. Another's token sees only what they see.",
        secret=True,
    ),
)
_LIMITED, _CLOSED = 429, 403


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that bears the account's token, in a header."""
    key = account.setting("key")

    def keys(renew: bool) -> Mapping[str, str]:  # noqa: FBT001 - the client's shape
        return {} if renew else {"x-api-token": key}

    url = cleaned(account.setting("url"), example=EXAMPLE)
    return Client(url, vendor="Pipedrive", keys=keys, judge=_judge, policy=policy)


def _judge(answer: Answer) -> SourceError | None:
    """Return a spent daily budget: insisting on it ends in a page of refusal (403).

    The day's budget is told apart from a burst by how many tokens are left of it.
    """
    html = answer.body.lstrip()[:1] == b"<"
    if answer.status == _CLOSED and html:
        return spent("Pipedrive")
    daily = answer.headers.get("x-daily-requests-left") == "0"
    found: LimitReachedError | None = None
    if answer.status == _LIMITED and daily:
        found = spent("Pipedrive")
    return found
