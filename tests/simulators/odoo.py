# ruff: noqa: ARG002, PLR0911 -- routes have one shape; Odoo's None is False
"""Odoo's two doors on a little CRM: its domains, its links, its False, its rights.

A lost lead is archived at a probability of 0, in the stage it was lost in; nothing
remains of a deleted one. `False` stands for no value, moments have no zone.
"""

from __future__ import annotations

import json
import re
import xmlrpc.client
from datetime import UTC, datetime
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import BEGINS, STAGES, Deal, World

LOGIN, DATABASE, USER = "jalon@example.com", "acme", 2
GOALS = {
    "gamification.goal": ("user_id", "start_date", "end_date", "target_goal"),
    "gamification.goal.definition": ("name",),
}
_TYPES = {"write_date": "datetime"}


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class OdooSimulator(Simulator):
    version = "19.0"
    sees_all = True
    keeps_history = True

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.goals: dict[str, list[dict[str, Any]]] = {name: [] for name in GOALS}
        self.route("GET", "/web/version", self._version)
        self.route("POST", r"/json/2/([\w.]+)/(\w+)", self._json)
        self.route("POST", "/xmlrpc/2/(common|object)", self._xml)

    def open(self, asked: Asked) -> bool:
        if asked.path == "/web/version" or asked.path.startswith("/xmlrpc"):
            return True
        return asked.headers.get("authorization") == f"Bearer {self.key}"

    def spent(self) -> Reply:
        return Reply(429, {}, {"Retry-After": "86400"})

    def _version(self, asked: Asked) -> Reply:
        return Reply(
            data={"version_info": [int(self.version[:2]), 0], "version": self.version}
        )

    def _json(self, asked: Asked, model: str, method: str) -> Reply:
        try:
            return Reply(data=self._call(model, method, asked.json()))
        except PermissionError as error:
            return Reply(
                403, {"name": "odoo.exceptions.AccessError", "message": str(error)}
            )
        except LookupError as error:
            return Reply(404, {"message": str(error)})

    def _xml(self, asked: Asked, door: str) -> Reply:
        params, method = xmlrpc.client.loads(asked.body)
        if method == "authenticate":
            _, login, key, _ = params
            found: Any = USER if (login, key) == (LOGIN, self.key) else False
            return _answer(found)
        _, _, key, model, called, placed, named = params
        if key != self.key:
            return _answer(xmlrpc.client.Fault(3, "Access Denied"))
        names = {
            "search_read": ("domain",),
            "search_count": ("domain",),
            "has_group": ("ids", "group_ext_id"),
            "create": ("vals_list",),
            "write": ("ids", "vals"),
        }.get(called, ())
        given = dict(zip(names, placed, strict=False)) | named
        try:
            return _answer(self._call(model, called, given))
        except PermissionError as error:
            return _answer(xmlrpc.client.Fault(4, str(error)))
        except LookupError as error:
            return _answer(xmlrpc.client.Fault(1, f"Traceback… KeyError: {error}"))

    def _call(self, model: str, method: str, given: dict[str, Any]) -> Any:
        if model == "mail.tracking.value" and not self.keeps_history:
            raise PermissionError(model)
        if method == "context_get":
            return {"uid": USER, "tz": "Europe/Paris", "lang": "fr_FR"}
        if method == "has_group":
            return self.sees_all
        if method == "create":
            return _created(self.goals[model], given["vals_list"])
        if method == "write":
            return _changed(self.goals[model], given["ids"], given["vals"])
        return self._read(model, method, given)

    def _read(self, model: str, method: str, given: dict[str, Any]) -> Any:
        rows = self._rows(model)
        if method == "fields_get":
            return {
                name: {"type": _TYPES.get(name, "char"), "string": name}
                for name in _names(model, rows)
            }
        context = given.get("context") or {}
        if context.get("active_test", True):
            rows = [one for one in rows if one.get("active", True)]
        rows = [
            one
            for one in rows
            if all(_fits(one, test) for test in given.get("domain", []))
        ]
        if method == "search_count":
            return len(rows)
        field, _, way = str(given.get("order", "id")).partition(" ")
        rows.sort(key=lambda one: (one[field], one["id"]), reverse=way == "desc")
        rows = rows[: given["limit"]] if given.get("limit") else rows
        wanted = ["id", *given.get("fields", [])]
        if missing := [name for name in wanted if name not in _names(model, rows)]:
            raise LookupError(missing)
        return [{name: one[name] for name in wanted} for one in rows]

    def _rows(self, model: str) -> list[dict[str, Any]]:
        if model in GOALS:
            return _linked(self.goals[model])
        return self._known(model)

    def _known(self, model: str) -> list[dict[str, Any]]:
        at = "2026-01-02 09:00:00"
        world = self.world
        if model == "res.users":
            return [
                {
                    "id": i,
                    "name": n,
                    "email": f"p{i}@example.com",
                    "login": f"p{i}",
                    "share": False,
                    "active": True,
                    "write_date": at,
                }
                for i, n in world.people.items()
            ]
        if model == "res.partner":
            return [
                {
                    "id": i,
                    "name": n,
                    "industry_id": False,
                    "state_id": False,
                    "country_id": [75, "France"],
                    "user_id": False,
                    "is_company": True,
                    "create_date": at,
                    "write_date": at,
                }
                for i, n in world.companies.items()
            ]
        if model == "crm.team":
            return [{"id": 1, "name": "Ventes", "active": True}]
        if model == "crm.team.member":
            return [
                {
                    "id": i,
                    "user_id": [i, n],
                    "crm_team_id": [1, "Ventes"],
                    "active": True,
                    "create_date": at,
                    "write_date": at,
                }
                for i, n in world.people.items()
            ]
        if model == "crm.stage":
            return [
                {
                    "id": int(one.key),
                    "name": one.label,
                    "sequence": rank,
                    "is_won": one.won,
                }
                for rank, one in enumerate(STAGES)
            ]
        if model == "crm.lead":
            return [_lead(one, world) for one in world.deals.values()]
        if model in {"mail.tracking.value", "mail.message"}:
            return _tracks(world, model)
        raise LookupError(model)


def _created(rows: list[dict[str, Any]], given: list[dict[str, Any]]) -> list[int]:
    ids = [len(rows) + rank for rank in range(1, len(given) + 1)]
    rows += [{**one, "id": id_} for id_, one in zip(ids, given, strict=True)]
    return ids


def _changed(rows: list[dict[str, Any]], ids: list[int], given: dict[str, Any]) -> bool:
    for one in rows:
        if one["id"] in ids:
            one.update(given)
    return True


def _linked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with their links as Odoo shows them: [id, label]."""
    return [
        {
            name: [value, "…"] if name.endswith("_id") else value
            for name, value in one.items()
        }
        for one in rows
    ]


def _names(model: str, rows: list[dict[str, Any]]) -> list[str]:
    if rows:
        return list(rows[0])
    if model in GOALS:
        return ["id", *GOALS[model]]
    return [
        "id",
        "write_date",
        "field_id",
        "old_value_integer",
        "new_value_integer",
        "old_value_char",
        "new_value_char",
        "create_date",
        "mail_message_id",
        "res_id",
    ]


def _lead(deal: Deal, world: World) -> dict[str, Any]:
    stage = world.stage(deal.stage)
    return {
        "id": deal.id,
        "name": deal.name,
        "type": "opportunity",
        "stage_id": [int(stage.key), stage.label],
        "user_id": [deal.owner, world.people[deal.owner]],
        "partner_id": [deal.company, world.companies[deal.company]],
        "expected_revenue": float(deal.amount),
        "probability": float(stage.sure),
        "won_status": "won" if stage.won else "lost" if stage.lost else "pending",
        "active": not stage.lost,
        "company_currency": [1, "EUR"],
        "date_closed": written(deal.modified) if stage.won or stage.lost else False,
        "date_deadline": deal.closes.date().isoformat(),
        "lost_reason_id": False,
        "source_id": False,
        "create_date": written(deal.created),
        "write_date": written(deal.modified),
    }


def _tracks(world: World, model: str) -> list[dict[str, Any]]:
    moves = [
        (at, deal.id, before, after)
        for deal in world.deals.values()
        for (_, before), (at, after) in zip(deal.moves, deal.moves[1:], strict=False)
    ]
    rows = []
    for at, deal, before, after in sorted(moves):
        id_ = int((at - BEGINS).total_seconds() * 10)  # XML-RPC holds 32 bits
        if model == "mail.message":
            rows.append({"id": id_, "res_id": deal, "model": "crm.lead"})
            continue
        rows.append(
            {
                "id": id_,
                "field_id": [901, "Stage"],
                "field_id.name": "stage_id",
                "field_id.model": "crm.lead",
                "old_value_integer": int(before),
                "new_value_integer": int(after),
                "old_value_char": world.stage(before).label,
                "new_value_char": world.stage(after).label,
                "create_date": written(at),
                "mail_message_id": [id_, "message"],
            }
        )
    return rows


def _fits(one: dict[str, Any], test: list[Any]) -> bool:
    field, how, than = test
    value = one[field]
    value = value[0] if isinstance(value, list) else value
    tests = {
        "=": lambda: value == than,
        ">=": lambda: value >= than,
        ">": lambda: value > than,
        "in": lambda: value in than,
    }
    return bool(tests[how]())


def _answer(value: Any) -> Reply:
    if isinstance(value, xmlrpc.client.Fault):
        return Reply(raw=xmlrpc.client.dumps(value).encode())
    plain = json.loads(json.dumps(value))
    text = xmlrpc.client.dumps((plain,), methodresponse=True, allow_none=False)
    return Reply(raw=re.sub(r"<\?xml.*?\?>\s*", "<?xml version='1.0'?>", text).encode())


class OldOdooSimulator(OdooSimulator):
    """Odoo 16: no JSON-2, no `won_status`, `/web/version` unknown."""

    version = "16.0"

    def _version(self, asked: Asked) -> Reply:
        return Reply(404, raw=b"<html>Not found</html>")

    def _json(self, asked: Asked, model: str, method: str) -> Reply:
        return Reply(404, raw=b"<html>Not found</html>")

    def _rows(self, model: str) -> list[dict[str, Any]]:
        rows = super()._rows(model)
        return [{k: v for k, v in one.items() if k != "won_status"} for one in rows]
