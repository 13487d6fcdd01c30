"""HubSpot's goals: `goal_targets`, one a person and period, found by owner and days.

A goal that is there, whoever made it, has its amount changed and nothing else: what it
counts was chosen in HubSpot. One that is not there is made with a name, an amount, its
days and its owner; what it counts is then HubSpot's default for a goal of that kind.
Days are written as UTC moments, as HubSpot does.
https://developers.hubspot.com/docs/api-reference/latest/crm/objects/goals/guide
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from jalon.connectors.contract import Account
from jalon.connectors.hubspot import paging
from jalon.connectors.hubspot.credentials import client
from jalon.connectors.hubspot.paging import Kind
from jalon.connectors.transport.client import Question
from jalon.connectors.transport.policy import Policy
from jalon.connectors.write_back import Deed, Target, Write

PLACE = "goal_targets"
_GOALS = Kind(
    PLACE,
    (
        *("hs_goal_name", "hs_target_amount", "hs_start_datetime"),
        *("hs_end_datetime", "hubspot_owner_id"),
    ),
)


class HubSpotTargets:
    """Goals of HubSpot; `policy` is how patient reading them is."""

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()

    def planned(
        self, account: Account, targets: Sequence[Target], known: Mapping[str, str]
    ) -> tuple[Write, ...]:
        """Return what would be written; only reads."""
        with client(account, self._policy) as asked:
            goals = {
                str(one["id"]): one
                for page in paging.everything(asked, _GOALS)
                for one in page
            }
        return tuple(
            _planned(one, goals, known.get(one.objective, "")) for one in targets
        )

    def write(self, account: Account, write: Write) -> str:
        """Make or change one goal; asked once."""
        path = f"{paging.OBJECTS}/{PLACE}"
        question = Question(path, method="POST", data={"properties": write.values})
        if write.deed is Deed.UPDATE:
            question = Question(
                f"{path}/{write.remote}",
                method="PATCH",
                data={"properties": write.values},
            )
        with client(account, replace(self._policy, attempts=1)) as asked:
            return str(asked.ask(question)["id"])


TARGETS = HubSpotTargets()


def _planned(target: Target, goals: Mapping[str, Any], known: str) -> Write:
    amount = f"{target.amount:.2f}"
    there = goals.get(known) or _alike(target, goals.values())
    if there is None:
        values = {
            "hs_goal_name": target.title,
            "hs_target_amount": amount,
            "hs_start_datetime": _starts(target.first),
            "hs_end_datetime": _ends(target.last),
            "hubspot_owner_id": target.person,
        }
        return Write(target, Deed.CREATE, PLACE, values=values)
    before = Decimal(str(there["properties"].get("hs_target_amount") or 0))
    same = before == target.amount.quantize(Decimal("0.01"))
    return Write(
        target,
        Deed.SAME if same else Deed.UPDATE,
        PLACE,
        remote=str(there["id"]),
        before=before,
        values={} if same else {"hs_target_amount": amount},
    )


def _alike(target: Target, goals: Any) -> Any:  # noqa: ANN401 - a vendor's rows
    """Return the goal of that owner over the very same days, the first made."""
    found = [
        one
        for one in goals
        if str(one["properties"].get("hubspot_owner_id") or "") == target.person
        and _day(one, "hs_start_datetime") == target.first.isoformat()
        and _day(one, "hs_end_datetime") == target.last.isoformat()
    ]
    return min(found, key=lambda one: int(one["id"]), default=None)


def _day(goal: Mapping[str, Any], name: str) -> str:
    return str(goal["properties"].get(name) or "")[:10]


def _starts(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _ends(day: date) -> str:
    return f"{day.isoformat()}T23:59:59.999Z"
