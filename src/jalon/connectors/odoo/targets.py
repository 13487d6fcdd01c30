"""Odoo's goals: `gamification.goal`, one a user and period, by a definition of ours.

The definition, "Jalon – revenue", is filled by hand as Odoo says it ("manually"): Odoo
shows the target, Jalon counts. It is made with the first goal. Goals of other
definitions are never touched. Without the module "gamification" nothing can be written,
which is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jalon.connectors.contract import Account, Finding, Level, RightsCutError
from jalon.connectors.odoo import calls
from jalon.connectors.odoo.calls import Odoo
from jalon.connectors.transport.client import NotThereError
from jalon.connectors.transport.policy import Policy
from jalon.connectors.write_back import Deed, Target, Write

PLACE, KINDS = "gamification.goal", "gamification.goal.definition"
NAME = "Jalon – revenue"
_FIELDS = ("user_id", "start_date", "end_date", "target_goal")
_NO_GOALS = (
    "This Odoo has no goals, or this user may not read them: install the module "
    "“Gamification” and give the user its rights."
)


class OdooTargets:
    """Goals of Odoo; `policy` is how patient reading them is."""

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy or Policy()

    def planned(
        self, account: Account, targets: Sequence[Target], known: Mapping[str, str]
    ) -> tuple[Write, ...]:
        """Return what would be written; only reads."""
        with calls.client(account, self._policy) as client:
            odoo, _ = calls.opened(client, account)
            try:
                goals = _goals(odoo)
            except (NotThereError, RightsCutError):
                why = Finding(Level.REFUSED, _NO_GOALS)
                return tuple(
                    Write(one, Deed.IMPOSSIBLE, PLACE, why=why) for one in targets
                )
        return tuple(
            _planned(one, goals, known.get(one.objective, "")) for one in targets
        )

    def write(self, account: Account, write: Write) -> str:
        """Make or change one goal; asked once."""
        once = replace(self._policy, attempts=1)
        with calls.client(account, once) as client:
            odoo, _ = calls.opened(client, account)
            if write.deed is Deed.UPDATE:
                amount = float(write.target.amount)
                values: dict[str, object] = {"target_goal": amount}
                odoo.call(PLACE, "write", ids=[int(write.remote)], vals=values)
                return write.remote
            values = {
                "definition_id": _definition(odoo) or _defined(odoo),
                "user_id": int(write.target.person),
                "start_date": write.target.first.isoformat(),
                "end_date": write.target.last.isoformat(),
                "target_goal": float(write.target.amount),
            }
            return _made(odoo, PLACE, values)


TARGETS = OdooTargets()


def _goals(odoo: Odoo) -> list[dict[str, Any]]:
    definition = _definition(odoo)
    if not definition:
        return []
    domain = [["definition_id", "=", definition]]
    found = calls.pages(odoo, PLACE, _FIELDS, domain)
    return [one for page in found for one in page]


def _definition(odoo: Odoo) -> int:
    """Return the id of our definition, 0 where there is none."""
    found = odoo.call(
        KINDS,
        "search_read",
        domain=[["name", "=", NAME]],
        fields=["name"],
        limit=1,
        order="id",
    )
    return int(found[0]["id"]) if found else 0


def _defined(odoo: Odoo) -> int:
    values = {
        "name": NAME,
        "computation_mode": "manually",
        "display_mode": "progress",
        "condition": "higher",
        "monetary": True,
    }
    return int(_made(odoo, KINDS, values))


def _made(odoo: Odoo, model: str, values: Mapping[str, object]) -> str:
    found = odoo.call(model, "create", vals_list=[dict(values)])
    return str(found[0] if isinstance(found, list) else found)


def _planned(target: Target, goals: Sequence[dict[str, Any]], known: str) -> Write:
    there = next((one for one in goals if str(one["id"]) == known), None)
    there = there or next((one for one in goals if _is_alike(one, target)), None)
    if there is None:
        values = {
            "definition_id": NAME,
            "user_id": target.person,
            "start_date": target.first.isoformat(),
            "end_date": target.last.isoformat(),
            "target_goal": f"{target.amount:.2f}",
        }
        return Write(target, Deed.CREATE, PLACE, values=values)
    before = Decimal(str(there["target_goal"])).quantize(Decimal("0.01"))
    same = before == target.amount.quantize(Decimal("0.01"))
    return Write(
        target,
        Deed.SAME if same else Deed.UPDATE,
        PLACE,
        remote=str(there["id"]),
        before=before,
        values={} if same else {"target_goal": f"{target.amount:.2f}"},
    )


def _is_alike(goal: Mapping[str, Any], target: Target) -> bool:
    user = goal["user_id"][0] if goal["user_id"] else 0
    return (str(user), goal["start_date"], goal["end_date"]) == (
        target.person,
        target.first.isoformat(),
        target.last.isoformat(),
    )
