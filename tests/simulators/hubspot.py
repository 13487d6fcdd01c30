# ruff: noqa: ARG002 -- every route has the same shape
"""HubSpot as its documentation tells it: lists, search with its wall, batch reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import STAGES, Deal, World

WALL = 10_000
_VERSION = r"(?:v3|2026-09)"
_OBJECTS = rf"/crm/(?:objects/{_VERSION}|v3/objects)"


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class HubSpotSimulator(Simulator):
    wall = WALL
    without: tuple[str, ...] = ()  # kinds the key has no right to
    searched_most = 0

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._kept: dict[Any, list[dict[str, Any]]] = {}
        self.goals: dict[int, dict[str, str]] = {}
        self.route("GET", "/account-info/v3/details", self._details)
        self.route("GET", rf"/crm/(?:owners/{_VERSION}|v3/owners/?)", self._owners)
        self.route(
            "GET", rf"/crm/(?:pipelines/{_VERSION}|v3/pipelines)/deals", self._pipelines
        )
        self.route(
            "GET",
            rf"/crm/(?:properties/{_VERSION}|v3/properties)/(\w+)",
            self._properties,
        )
        self.route("GET", rf"{_OBJECTS}/(\w+)", self._list)
        self.route("POST", rf"{_OBJECTS}/goal_targets", self._set_goal)
        self.route("PATCH", rf"{_OBJECTS}/goal_targets/(\d+)", self._set_goal)
        self.route("POST", rf"{_OBJECTS}/(\w+)/search", self._search)
        self.route("POST", rf"{_OBJECTS}/(\w+)/batch/read", self._batch)
        self.route(
            "POST",
            rf"/crm/associations/{_VERSION}/(\w+)/companies/batch/read",
            self._ties,
        )

    def _details(self, asked: Asked) -> Reply:
        return Reply(
            data={"portalId": 1, "timeZone": "Europe/Paris", "companyCurrency": "EUR"}
        )

    def _owners(self, asked: Asked) -> Reply:
        archived = asked.query.get("archived") == "true"
        results = [
            {
                "id": str(id_),
                "userId": id_ + 9000,  # a deal bears the id, never this one
                "email": f"p{id_}@example.com",
                "firstName": name.split()[0],
                "lastName": name.split()[-1],
                "archived": False,
                "updatedAt": iso(self.world.now),
                "teams": [{"id": "7", "name": "Nord", "primary": True}],
            }
            for id_, name in self.world.people.items()
        ]
        return Reply(data={"results": [] if archived else results})

    def _pipelines(self, asked: Asked) -> Reply:
        stages = [
            {
                "id": one.key,
                "label": one.label,
                "displayOrder": rank,
                "metadata": {
                    "isClosed": "true" if one.won or one.lost else "false",
                    "probability": f"{one.sure / 100:.1f}",
                },
            }
            for rank, one in enumerate(STAGES)
        ]
        return Reply(
            data={"results": [{"id": "default", "label": "Ventes", "stages": stages}]}
        )

    def _properties(self, asked: Asked, kind: str) -> Reply:
        own = {
            "name": "branche",
            "label": "Branche du client",
            "type": "string",
            "hubspotDefined": False,
        }
        known = {
            "name": "dealname",
            "label": "Deal name",
            "type": "string",
            "hubspotDefined": True,
        }
        return Reply(data={"results": [known, own]})

    def _list(self, asked: Asked, kind: str) -> Reply:
        if kind in self.without:
            return Reply(403, {"category": "MISSING_SCOPES"})
        archived = asked.query.get("archived") == "true"
        history = asked.query.get("propertiesWithHistory", "")
        limit = int(asked.query.get("limit", 10))
        if limit > (50 if history else 100):
            return Reply(400, {"message": f"limit {limit}"})
        after = int(asked.query.get("after", 0))
        some = [one for one in self._all(kind, archived=archived) if one["id"] > after]
        page = some[:limit]
        data: dict[str, Any] = {
            "results": [self._shown(one, asked.query, history) for one in page]
        }
        if len(some) > limit:
            last = after if self.repeat_cursor and after else page[-1]["id"]
            data["paging"] = {"next": {"after": str(last)}}
        return Reply(data=data)

    def _set_goal(self, asked: Asked, id_: str = "") -> Reply:
        if "goals" in self.without:
            return Reply(403, {"category": "MISSING_SCOPES"})
        if id_ and int(id_) not in self.goals:
            return Reply(404, {"message": "no such goal"})
        number = int(id_) if id_ else 5000 + len(self.goals)
        given = asked.json()["properties"]
        self.goals[number] = {**self.goals.get(number, {}), **given}
        self._kept = {}
        return Reply(201, {"id": str(number), "properties": self.goals[number]})

    def _search(self, asked: Asked, kind: str) -> Reply:
        if kind in self.without:
            return Reply(403, {"category": "MISSING_SCOPES"})
        wanted = asked.json()
        limit, after = int(wanted.get("limit", 10)), int(wanted.get("after", 0))
        if limit > 200:
            return Reply(400, {"message": "limit"})
        found = [
            one
            for one in self._all(kind, archived=False)
            if all(
                _fits(one, test)
                for group in wanted.get("filterGroups", [])
                for test in group["filters"]
            )
        ]
        for sort in reversed(wanted.get("sorts", [])):
            name = sort["propertyName"]
            found.sort(
                key=lambda one: _value(one, name),
                reverse=sort["direction"] == "DESCENDING",
            )
        if after + limit > self.wall:
            return Reply(400, {"message": "There is a limit of 10,000 results"})
        page = found[after : after + limit]
        self.searched_most = max(self.searched_most, after + len(page))
        data: dict[str, Any] = {
            "total": len(found),
            "results": [self._shown(one, {}, "") for one in page],
        }
        if after + limit < len(found):
            data["paging"] = {"next": {"after": str(after + limit)}}
        return Reply(data=data)

    def _batch(self, asked: Asked, kind: str) -> Reply:
        wanted = asked.json()
        history = ",".join(wanted.get("propertiesWithHistory", []))
        if len(wanted["inputs"]) > (50 if history else 100):
            return Reply(400, {"message": "too many"})
        ids = {int(one["id"]) for one in wanted["inputs"]}
        found = [one for one in self._all(kind, archived=False) if one["id"] in ids]
        return Reply(
            data={
                "status": "COMPLETE",
                "results": [self._shown(one, {}, history) for one in found],
            }
        )

    def _ties(self, asked: Asked, kind: str) -> Reply:
        results = []
        for one in asked.json()["inputs"]:
            deal = self.world.deals.get(int(one["id"]))
            if deal is not None:
                results.append(
                    {"from": {"id": one["id"]}, "to": [{"toObjectId": deal.company}]}
                )
        return Reply(data={"results": results})

    def _all(self, kind: str, *, archived: bool) -> list[dict[str, Any]]:
        """Return the objects of a kind, in order of id; every change moves the clock."""
        key = (kind, archived, self.world.now)
        if key not in self._kept:
            self._kept = {one: v for one, v in self._kept.items() if one[2] == key[2]}
            self._kept[key] = self._made(kind, archived=archived)
        return self._kept[key]

    def _made(self, kind: str, *, archived: bool) -> list[dict[str, Any]]:
        if kind == "deals":
            if archived:
                deals = [deal for deal, _ in self.world.deleted.values()]
            else:
                deals = list(self.world.deals.values())
            return sorted((_deal(one) for one in deals), key=lambda one: one["id"])
        if kind == "goal_targets" and not archived:
            at = iso(self.world.now)
            dates = {"createdate": at, "hs_lastmodifieddate": at}
            return [
                {"id": id_, "properties": dates | one}
                for id_, one in self.goals.items()
            ]
        if kind == "companies" and not archived:
            return [_company(id_, name) for id_, name in self.world.companies.items()]
        return []

    def _shown(
        self, one: dict[str, Any], query: dict[str, str], history: str
    ) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": str(one["id"]),
            "properties": {
                name: value
                for name, value in one["properties"].items()
                if not name.startswith("_")
            },
            "createdAt": one["properties"]["createdate"],
            "updatedAt": one["properties"].get("hs_lastmodifieddate"),
            "archived": False,
        }
        if history:
            shown["propertiesWithHistory"] = {
                name: one["properties"]["_history"][name]
                for name in history.split(",")
                if name in one["properties"]["_history"]
            }
        if "companies" in query.get("associations", ""):
            shown["associations"] = {
                "companies": {
                    "results": [
                        {
                            "id": str(one["properties"]["_company"]),
                            "type": "deal_to_company",
                        }
                    ]
                }
            }
        return shown


def _deal(deal: Deal) -> dict[str, Any]:
    moves = [
        {"value": key, "timestamp": iso(at), "sourceType": "CRM_UI"}
        for at, key in reversed(deal.moves)
    ]
    return {
        "id": deal.id,
        "properties": {
            "hs_object_id": str(deal.id),
            "dealname": deal.name,
            "dealstage": deal.stage,
            "pipeline": "default",
            "amount": str(deal.amount),
            "deal_currency_code": "EUR",
            "closedate": iso(deal.closes),
            "createdate": iso(deal.created),
            "hubspot_owner_id": str(deal.owner),
            "hs_lastmodifieddate": iso(deal.modified),
            "hs_merged_object_ids": ";".join(str(one) for one in deal.taken) or None,
            "branche": "Industrie" if deal.id % 2 else "Services",
            "_history": {"dealstage": moves},
            "_company": deal.company,
        },
    }


def _company(id_: int, name: str) -> dict[str, Any]:
    at = "2026-01-02T09:00:00.000Z"
    told = {
        "name": name,
        "industry": "RETAIL",
        "createdate": at,
        "hs_lastmodifieddate": at,
        "hs_object_id": str(id_),
    }
    return {"id": id_, "properties": told}


def _value(one: dict[str, Any], name: str) -> float:
    if name == "hs_object_id":
        return float(one["id"])
    at = one["properties"].get(name)
    return datetime.fromisoformat(at).timestamp() * 1000 if at else 0.0


def _fits(one: dict[str, Any], test: dict[str, str]) -> bool:
    value, than = _value(one, test["propertyName"]), float(test["value"])
    return {"GTE": value >= than, "GT": value > than, "LTE": value <= than}[
        test["operator"]
    ]
