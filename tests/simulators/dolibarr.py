# ruff: noqa: ARG002 -- every route has the same shape
"""Dolibarr as tried on its version 20: filters in its own syntax, 404 for no row.

A filter on a moment with colons lets everything through, as on MariaDB; numbers are
texts; the server's clock may be of another zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import Deal, World

LABELS = {"11": "PROSP", "12": "PROPO", "13": "WON", "14": "LOST"}


class DolibarrSimulator(Simulator):
    zone = timedelta(hours=2)
    sees_all = True

    def __init__(self, world: World) -> None:
        super().__init__(world)
        root = "/api/index.php"
        self.route("GET", f"{root}/status", self._status)
        self.route("GET", f"{root}/users/info", self._me)
        self.route("GET", rf"{root}/(users|thirdparties|projects)", self._list)

    def authorised(self, asked: Asked) -> bool:
        return asked.headers.get("dolapikey") == self.key

    def spent(self) -> Reply:
        return Reply(429, {}, {"Retry-After": "86400"})

    def _status(self, asked: Asked) -> Reply:
        return Reply(data={"success": {"code": 200, "dolibarr_version": "20.0.0"}})

    def _me(self, asked: Asked) -> Reply:
        told = {"login": "jalon", "admin": "0"}
        return Reply(
            data=told
            | {"rights": {"societe": {"client": {"voir": 1 if self.sees_all else 0}}}}
        )

    def _list(self, asked: Asked, kind: str) -> Reply:
        rows = self._rows(kind)
        for field, how, value in re.findall(
            r"\(t\.(\w+):(>=|>):('[^']*'|\d+)\)", asked.query.get("sqlfilters", "")
        ):
            rows = [
                one for one in rows if self._fits(one, field, how, value.strip("'"))
            ]
        by_date = asked.query.get("sortfield") == "t.tms"
        rows.sort(
            key=lambda one: (one["date_m"] if by_date else 0, int(one["id"])),
            reverse=asked.query.get("sortorder") == "DESC",
        )
        limit = int(asked.query.get("limit", 100))
        page = int(asked.query.get("page", 0))
        rows = rows[page * limit : (page + 1) * limit]
        return (
            Reply(data=rows)
            if rows
            else Reply(404, {"error": {"message": "No object found"}})
        )

    def _fits(self, one: dict[str, Any], field: str, how: str, value: str) -> bool:
        if field == "rowid":
            return int(one["id"]) > int(value)
        if ":" in value:
            return True  # MariaDB, silently
        at = datetime.fromtimestamp(one["date_m"], UTC) + self.zone
        return at.strftime("%Y%m%d%H%M%S") >= value.ljust(14, "0")

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        at = int(datetime(2026, 1, 2, 9, tzinfo=UTC).timestamp())
        if kind == "users":
            return [
                {
                    "id": str(i),
                    "login": f"p{i}",
                    "firstname": n.split()[0],
                    "lastname": n.split()[1],
                    "date_m": at,
                }
                for i, n in self.world.people.items()
            ]
        if kind == "thirdparties":
            return [
                {"id": str(i), "name": n, "date_m": at, "date_creation": at}
                for i, n in self.world.companies.items()
            ]
        plain = {
            "id": "1",
            "title": "Un chantier",
            "usage_opportunity": "0",
            "date_m": at,
        }
        return [plain, *(_project(one) for one in self.world.deals.values())]


def _project(deal: Deal) -> dict[str, Any]:
    return {
        "id": str(deal.id),
        "ref": f"PJ{deal.id}",
        "title": deal.name,
        "socid": str(deal.company),
        "usage_opportunity": "1",
        "opp_status": deal.stage,
        "opp_status_code": LABELS[deal.stage],
        "opp_status_label": {
            "11": "Découverte",
            "12": "Proposition",
            "13": "Signé",
            "14": "Sans suite",
        }[deal.stage],
        "opp_amount": f"{deal.amount:.8f}",
        "opp_percent": "40.00",
        "user_author_id": str(deal.owner),
        "date_c": int(deal.created.timestamp()),
        "date_end": int(deal.closes.timestamp()),
        "date_m": int(deal.modified.timestamp()),
        "array_options": {
            "options_commercial": str(deal.owner),
            "options_branche": "Industrie",
        },
    }
