"""What set-up asks of Dolibarr: its address and the API key of a user."""

from __future__ import annotations

from collections.abc import Mapping

from jalon.connectors.contract import Account, Setting, SourceError, UnreachableError
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.client import Answer, Client
from jalon.connectors.transport.policy import Policy

EXAMPLE = "https://erp.acme.fr"
SETTINGS = (
    Setting(name="url", label="Address of your Dolibarr", example=EXAMPLE),
    Setting(
        name="key",
        label="API key of the user",
        help="Their card → API key, once the module “Web services API REST” is on.",
        secret=True,
    ),
)
_UNAVAILABLE = 503
_REFUSED = "Dolibarr does not understand the question (HTTP 503)."


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that bears the account's key, at the root of the API."""
    key = account.setting("key")

    def keys(renew: bool) -> Mapping[str, str]:  # noqa: FBT001 - the client's shape
        return {} if renew else {"DOLAPIKEY": key}

    root = cleaned(account.setting("url"), example=EXAMPLE)
    root = root.removesuffix("/api/index.php") + "/api/index.php"
    return Client(root, vendor="Dolibarr", keys=keys, judge=_judge, policy=policy)


def _judge(answer: Answer) -> SourceError | None:
    """Return a fault for a 503: Dolibarr answers so to a filter it cannot read, too."""
    return UnreachableError(_REFUSED) if answer.status == _UNAVAILABLE else None
