"""What set-up asks of Salesforce: a domain, an External Client App, its secret."""

from __future__ import annotations

from jalon.connectors.contract import Account, Setting, SourceError
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.client import Answer, Client, spent
from jalon.connectors.transport.policy import Policy
from jalon.connectors.transport.tokens import Tokens

EXAMPLE = "https://acme.my.salesforce.com"
SETTINGS = (
    Setting(name="url", label="Your own domain (My Domain)", example=EXAMPLE),
    Setting(
        name="client_id",
        label="Consumer key",
        help="External Client App, client credentials flow, run as an API user.",
    ),
    Setting(name="client_secret", label="Consumer secret", secret=True),
)
_FORBIDDEN = 403


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that asks for its tokens by itself."""
    root = cleaned(account.setting("url"), example=EXAMPLE)
    tokens = Tokens(
        lambda: Client(root, vendor="Salesforce", judge=_judge, policy=policy),
        "/services/oauth2/token",
        identity=account.setting("client_id"),
        secret=account.setting("client_secret"),
    )
    return Client(root, vendor="Salesforce", keys=tokens, judge=_judge, policy=policy)


def _judge(answer: Answer) -> SourceError | None:
    """Return a spent daily quota, which is told by a 403."""
    if answer.status != _FORBIDDEN:
        return None
    daily = b"REQUEST_LIMIT_EXCEEDED" in answer.body
    return spent("Salesforce") if daily else None
