"""What set-up asks of Sellsy: a private API application, its id and its secret."""

from __future__ import annotations

from jalon.connectors.contract import Account, Setting
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.client import Client
from jalon.connectors.transport.policy import Policy
from jalon.connectors.transport.tokens import Tokens

API, LOGIN = "https://api.sellsy.com/v2", "https://login.sellsy.com"
SETTINGS = (
    Setting(
        name="client_id",
        label="Client ID",
        help="Settings → Developer portal → API V2 → Create an application (private).",
    ),
    Setting(name="client_secret", label="Client secret", secret=True),
    Setting(
        name="url",
        label="Address of the API, if it is not Sellsy's own",
        example=API,
        required=False,
    ),
    Setting(
        name="login_url",
        label="Address of the login, if it is not Sellsy's own",
        example=LOGIN,
        required=False,
    ),
)
PER_SECOND = 4.0  # Sellsy allows five


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that asks for its tokens by itself."""
    own = policy or Policy(per_second=PER_SECOND)
    url = account.setting("url")
    login = account.setting("login_url") or (url or LOGIN)
    at = cleaned(login, example=LOGIN)
    tokens = Tokens(
        lambda: Client(at, vendor="Sellsy", policy=own),
        "/oauth2/access-tokens",
        identity=account.setting("client_id"),
        secret=account.setting("client_secret"),
    )
    root = cleaned(url or API, example=API)
    return Client(root, vendor="Sellsy", keys=tokens, policy=own)
