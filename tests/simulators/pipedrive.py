# ruff: noqa: ARG002 -- every route has the same shape
"""Pipedrive as its documentation tells it: opaque cursors, a change log, a day's budget.

Stages have no flag of their own there: a deal's status says won or lost.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import STAGES, Deal, World


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class PipedriveSimulator(Simulator):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.logs = 0
        self.route("GET", "/api/v1/users/me", self._me)
        self.route("GET", "/api/v1/users", self._users)
        self.route("GET", "/api/v1/leads", self._none)
        self.route("GET", r"/api/v1/(?:deal|organization)Fields", self._fields)
        self.route("GET", r"/api/v1/deals/(\d+)/changelog", self._log)
        self.route("GET", r"/api/v2/(deals/archived|\w+)", self._list)

    def authorised(self, asked: Asked) -> bool:
        return asked.headers.get("x-api-token") == self.key

    def spent(self) -> Reply:
        return Reply(429, {"success": False}, {"x-daily-requests-left": "0"})

    def _me(self, asked: Asked) -> Reply:
        me = {"name": "Alice Martin", "is_admin": 1, "timezone_name": "Europe/Paris"}
        return Reply(data={"data": me | {"default_currency": "EUR"}})

    def _users(self, asked: Asked) -> Reply:
        users = [
            {
                "id": id_,
                "name": name,
                "email": f"p{id_}@example.com",
                "active_flag": True,
            }
            for id_, name in self.world.people.items()
        ]
        return Reply(data={"success": True, "data": users})

    def _none(self, asked: Asked) -> Reply:
        return Reply(data={"success": True, "data": None})

    def _fields(self, asked: Asked) -> Reply:
        own = {
            "key": "a" * 40,
            "name": "Branche",
            "field_type": "varchar",
            "edit_flag": True,
        }
        return Reply(
            data={"data": [own, {"key": "title", "name": "Titre", "edit_flag": False}]}
        )

    def _log(self, asked: Asked, deal: str) -> Reply:
        self.logs += 1
        found = self.world.deals.get(int(deal))
        if found is None:
            return Reply(data={"success": True, "data": []})
        events = [
            {
                "field_key": "stage_id",
                "old_value": before,
                "new_value": after,
                "time": stamp(at),
            }
            for (_, before), (at, after) in zip(
                found.moves, found.moves[1:], strict=False
            )
        ]
        return Reply(data={"success": True, "data": list(reversed(events))})

    def _list(self, asked: Asked, kind: str) -> Reply:
        query = asked.query
        limit = int(query.get("limit", 100))
        if limit > 500:
            return Reply(400, {"success": False, "error": "limit"})
        rows = self._rows(kind, query.get("status", ""))
        if since := query.get("updated_since"):
            if "." in since:
                return Reply(400, {"success": False, "error": "no milliseconds"})
            rows = [one for one in rows if one["update_time"] >= since]
        by = query.get("sort_by", "id")
        rows.sort(
            key=lambda one: (one[by], one["id"]),
            reverse=query.get("sort_direction") == "desc",
        )
        after = int(base64.b64decode(query.get("cursor", "") or b"MA=="))
        some = [one for one in rows if one["id"] > after] if after else rows
        page = some[: min(limit, self.page)]
        more = None
        if len(some) > len(page) and limit > 1:
            last = after if self.repeat_cursor and after else page[-1]["id"]
            more = base64.b64encode(str(last).encode()).decode()
        return Reply(
            data={
                "success": True,
                "data": page,
                "additional_data": {"next_cursor": more},
            }
        )

    page = 40  # smaller pages than asked: a vendor may

    def _rows(self, kind: str, status: str) -> list[dict[str, Any]]:
        if kind == "deals" and status == "deleted":
            return [
                _deal(one) | {"update_time": stamp(at), "status": "deleted"}
                for one, at in self._removed()
            ]
        if kind == "deals":
            return [_deal(one) for one in self.world.deals.values()]
        at = "2026-01-02T09:00:00Z"
        if kind == "organizations":
            return [
                {
                    "id": id_,
                    "name": name,
                    "owner_id": 1,
                    "add_time": at,
                    "update_time": at,
                }
                for id_, name in self.world.companies.items()
            ]
        if kind == "pipelines":
            return [{"id": 1, "name": "Ventes", "update_time": at}]
        if kind == "stages":
            return [
                {
                    "id": int(one.key),
                    "name": one.label,
                    "pipeline_id": 1,
                    "update_time": at,
                }
                for one in STAGES
            ]
        return []

    def _removed(self) -> list[tuple[Deal, datetime]]:
        return list(self.world.deleted.values())


def _deal(deal: Deal) -> dict[str, Any]:
    stage = next(one for one in STAGES if one.key == deal.stage)
    status = "won" if stage.won else "lost" if stage.lost else "open"
    moved = deal.moves[-1][0] if len(deal.moves) > 1 else None
    return {
        "id": deal.id,
        "title": deal.name,
        "value": float(deal.amount),
        "currency": "EUR",
        "stage_id": int(deal.stage),
        "pipeline_id": 1,
        "status": status,
        "owner_id": deal.owner,
        "org_id": deal.company,
        "add_time": stamp(deal.created),
        "update_time": stamp(deal.modified),
        "stage_change_time": stamp(moved) if moved else None,
        "won_time": stamp(deal.modified) if stage.won else None,
        "lost_time": stamp(deal.modified) if stage.lost else None,
        "expected_close_date": deal.closes.date().isoformat(),
        "custom_fields": {"a" * 40: "Industrie"},
    }
