# ruff: noqa: ARG002 -- every route has the same shape
"""Sellsy's version 2: tokens that expire, offsets that are opaque, no filter on changes."""

from __future__ import annotations

import base64
from typing import Any

from tests.simulators.hubspot import iso
from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import STAGES, Deal, World


class SellsySimulator(Simulator):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tokens, self.used = 0, False
        self.route("POST", "/oauth2/access-tokens", self._grant)
        self.route("GET", "/opportunities/pipelines", self._pipelines)
        self.route("GET", r"/opportunities/pipelines/5/steps", self._steps)
        self.route("GET", "/(staffs|companies|opportunities)", self._list)

    def open(self, asked: Asked) -> bool:
        if asked.path.startswith("/oauth2"):
            return True
        found = asked.headers.get("authorization") == f"Bearer token-{self.tokens}"
        self.used = self.used or found
        return found

    def expire(self) -> None:
        """Let a token end that was of use; one just given is good."""
        if self.used:
            self.tokens, self.used = self.tokens + 1, False

    def spent(self) -> Reply:
        return Reply(429, {}, {"Retry-After": "86400"})

    def _grant(self, asked: Asked) -> Reply:
        if f"client_secret={self.key}" not in asked.body.decode():
            return Reply(400, {"error": "invalid_client", "hint": self.key})
        self.tokens += 1
        return Reply(data={"access_token": f"token-{self.tokens}", "expires_in": 3600})

    def _pipelines(self, asked: Asked) -> Reply:
        return Reply(data={"data": [{"id": 5, "name": "Ventes"}], "pagination": {}})

    def _steps(self, asked: Asked) -> Reply:
        return Reply(
            data={
                "data": [{"id": int(one.key), "name": one.label} for one in STAGES],
                "pagination": {},
            }
        )

    def _list(self, asked: Asked, kind: str) -> Reply:
        if int(asked.query.get("limit", 25)) > 100:
            return Reply(400, {"error": "limit"})
        rows = self._rows(kind)
        after = int(base64.b64decode(asked.query.get("offset", "") or b"MA=="))
        some = [one for one in rows if one["id"] > after]
        limit = int(asked.query.get("limit", 25))
        page = some[:limit]
        last = (
            after if self.repeat_cursor and after else page[-1]["id"] if page else after
        )
        offset = base64.b64encode(str(last).encode()).decode()
        return Reply(
            data={
                "data": page,
                "pagination": {
                    "limit": limit,
                    "count": len(page),
                    "total": len(rows),
                    "offset": offset,
                },
            }
        )

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        if kind == "staffs":
            return [
                {
                    "id": i,
                    "firstname": n.split()[0],
                    "lastname": n.split()[1],
                    "email": f"p{i}@example.com",
                }
                for i, n in self.world.people.items()
            ]
        if kind == "companies":
            return [
                {"id": i, "name": n, "created": "2026-01-02T10:00:00+01:00"}
                for i, n in self.world.companies.items()
            ]
        return [
            _opportunity(one)
            for one in sorted(self.world.deals.values(), key=lambda one: one.id)
        ]


def _opportunity(deal: Deal) -> dict[str, Any]:
    stage = next(one for one in STAGES if one.key == deal.stage)
    return {
        "id": deal.id,
        "name": deal.name,
        "status": "won" if stage.won else "lost" if stage.lost else "open",
        "pipeline": {"id": 5, "name": "Ventes"},
        "step": {"id": int(stage.key), "name": stage.label},
        "amount": {"value": str(deal.amount), "currency": "EUR"},
        "owner": {"id": deal.owner, "type": "staff"},
        "related": [{"id": deal.company, "type": "company"}],
        "created": iso(deal.created),
        "due_date": deal.closes.date().isoformat(),
        "updated_status": iso(deal.modified),
    }
