"""What set-up asks of HubSpot: a service key, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from jalon.connectors.contract import Account, LimitReachedError, Setting, SourceError
from jalon.connectors.transport.address import cleaned
from jalon.connectors.transport.client import Answer, Client, spent
from jalon.connectors.transport.policy import Policy

API = "https://api.hubapi.com"
SETTINGS = (
    Setting(
        name="key",
        label="Service key",
        help="Settings → Integrations → Service keys; tick the read rights of the CRM.",
        example="pat-eu1-…",
        secret=True,
    ),
    Setting(
        name="url",
        label="Address of the API, if it is not HubSpot's own",
        example=API,
        required=False,
    ),
)


def client(account: Account, policy: Policy | None) -> Client:
    """Return a client that bears the account's key."""
    key = account.setting("key")

    def keys(renew: bool) -> Mapping[str, str]:  # noqa: FBT001 - the client's shape
        return {} if renew else {"Authorization": f"Bearer {key}"}

    url = cleaned(account.setting("url") or API, example=API)
    return Client(url, vendor="HubSpot", keys=keys, judge=_judge, policy=policy)


def _judge(answer: Answer) -> SourceError | None:
    """Return a spent daily quota; a burst is told by its status alone."""
    if answer.status != LIMITED:
        return None
    try:
        body = answer.json()
    except ValueError:
        return None
    named = body.get("policyName") if isinstance(body, dict) else None
    daily = str(named or "").upper() == "DAILY"
    found: LimitReachedError | None = spent("HubSpot") if daily else None
    return found


LIMITED = 429
