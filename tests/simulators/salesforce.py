# ruff: noqa: ARG002 -- every route has the same shape
"""Salesforce's REST doors and the few shapes of SOQL we ask, on a little CRM.

Ids are texts of 18 characters; deleted records stay in `queryAll`; an answer of more
than a few rows comes in parts; a spent day is a 403.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.world import STAGES, Deal, World

_SOQL = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<kind>\w+)(?: WHERE (?P<where>.+?))?"
    r"(?: ORDER BY (?P<by>\w+)(?P<down> DESC)?)?(?: LIMIT (?P<limit>\d+))?"
)
_TEST = re.compile(r"(\w+) (>=|>) '?([^' ]+)'?")


def stamp(at: datetime) -> str:
    return (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{at.microsecond // 1000:03d}+0000"
    )


def sfid(prefix: str, number: int) -> str:
    return f"{prefix}{number:015d}"


class SalesforceSimulator(Simulator):
    part = 25
    hidden: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tokens, self.used = 0, False
        self.parts: dict[str, list[dict[str, Any]]] = {}
        data = r"/services/data/v62\.0"
        self.route("POST", "/services/oauth2/token", self._grant)
        self.route("GET", rf"{data}/sobjects/(\w+)/describe", self._describe)
        self.route("GET", rf"{data}/(query|queryAll)", self._query)
        self.route("GET", rf"{data}/query/(\S+)", self._more)

    def open(self, asked: Asked) -> bool:
        if asked.path.endswith("/token"):
            return True
        found = asked.headers.get("authorization") == f"Bearer token-{self.tokens}"
        self.used = self.used or found
        return found

    def expire(self) -> None:
        """Let a token end that was of use; one just given is good."""
        if self.used:
            self.tokens, self.used = self.tokens + 1, False

    def spent(self) -> Reply:
        return Reply(
            403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests"}]
        )

    def _grant(self, asked: Asked) -> Reply:
        if f"client_secret={self.key}" not in asked.body.decode():
            return Reply(
                400, {"error": "invalid_client", "error_description": self.key}
            )
        self.tokens += 1
        return Reply(data={"access_token": f"token-{self.tokens}"})

    def _describe(self, asked: Asked, kind: str) -> Reply:
        names = [name for name in _NAMES.get(kind, ()) if name not in self.hidden]
        if not names:
            return Reply(404, [{"errorCode": "NOT_FOUND"}])
        fields = [
            {"name": one, "label": one, "type": "string", "custom": one.endswith("__c")}
            for one in names
        ]
        return Reply(data={"fields": fields})

    def _query(self, asked: Asked, door: str) -> Reply:
        found = _SOQL.fullmatch(asked.query["q"])
        if not found or found["kind"] not in _NAMES:
            return Reply(
                400, [{"errorCode": "INVALID_TYPE", "message": asked.query["q"]}]
            )
        rows = self._rows(found["kind"])
        if door == "query":
            rows = [one for one in rows if not one.get("IsDeleted")]
        for field, how, than in _TEST.findall(found["where"] or ""):
            value = than if field == "Id" else _moment(than)
            rows = [one for one in rows if _compare(one[field], how, value, field)]
        if found["fields"] == "COUNT()":
            return Reply(data={"totalSize": len(rows), "done": True, "records": []})
        names = found["fields"].split(", ")
        if unknown := [
            one
            for one in names
            if one not in _NAMES[found["kind"]] or one in self.hidden
        ]:
            return Reply(400, [{"errorCode": "INVALID_FIELD", "message": str(unknown)}])
        if found["by"]:
            rows.sort(key=lambda one: one[found["by"]], reverse=bool(found["down"]))
        rows = rows[: int(found["limit"] or 2000)]
        return self._parted([{name: one[name] for name in names} for one in rows])

    def _parted(self, rows: list[dict[str, Any]]) -> Reply:
        now, later = rows[: self.part], rows[self.part :]
        data: dict[str, Any] = {
            "done": not later,
            "records": now,
            "totalSize": len(rows),
        }
        if later:
            key = f"01g-{len(self.parts)}"
            self.parts[key] = later
            data["nextRecordsUrl"] = f"/services/data/v62.0/query/{key}"
        return Reply(data=data)

    def _more(self, asked: Asked, key: str) -> Reply:
        if self.repeat_cursor:
            data = {
                "done": False,
                "records": self.parts[key][:1],
                "nextRecordsUrl": asked.path,
            }
            return Reply(data=data)
        return self._parted(self.parts[key])

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        world, at = self.world, "2026-01-02T09:00:00.000+0000"
        blank = dict.fromkeys(_NAMES[kind], None)
        if kind == "User":
            return [
                blank
                | {"Id": str(i), "Name": n, "IsActive": True, "SystemModstamp": at}
                for i, n in world.people.items()
            ]
        if kind == "Account":
            return [
                blank
                | {
                    "Id": str(i),
                    "Name": n,
                    "IsDeleted": False,
                    "CreatedDate": at,
                    "SystemModstamp": at,
                }
                for i, n in world.companies.items()
            ]
        if kind == "OpportunityStage":
            return [
                {
                    "Id": one.key,
                    "ApiName": one.label,
                    "MasterLabel": one.label,
                    "IsWon": one.won,
                    "IsClosed": one.won or one.lost,
                    "SortOrder": rank,
                }
                for rank, one in enumerate(STAGES)
            ]
        if kind == "Opportunity":
            alive = [
                _opportunity(one, one.modified, gone=False)
                for one in world.deals.values()
            ]
            return alive + [
                _opportunity(one, at_, gone=True) for one, at_ in world.deleted.values()
            ]
        if kind == "OpportunityHistory":
            return [
                {
                    "Id": f"{sfid('008', deal.id)}{rank:03d}",
                    "OpportunityId": str(deal.id),
                    "StageName": world.stage(stage).label,
                    "Amount": float(deal.amount),
                    "CloseDate": deal.closes.date().isoformat(),
                    "CreatedDate": stamp(moved),
                }
                for deal in world.deals.values()
                for rank, (moved, stage) in enumerate(deal.moves)
            ]
        return []


_NAMES = {
    "User": ("Id", "Name", "Email", "IsActive", "ManagerId", "Title", "SystemModstamp"),
    "Account": (
        "Id",
        "Name",
        "Industry",
        "BillingCountry",
        "OwnerId",
        "CreatedDate",
        "IsDeleted",
        "SystemModstamp",
    ),
    "Opportunity": (
        *(
            "Id",
            "Name",
            "AccountId",
            "OwnerId",
            "StageName",
            "Amount",
            "Type",
            "LeadSource",
        ),
        *(
            "CreatedDate",
            "CloseDate",
            "IsWon",
            "IsClosed",
            "IsDeleted",
            "SystemModstamp",
            "Branche__c",
        ),
    ),
    "OpportunityHistory": (
        "Id",
        "OpportunityId",
        "StageName",
        "Amount",
        "CloseDate",
        "CreatedDate",
    ),
    "OpportunityStage": (
        "Id",
        "ApiName",
        "MasterLabel",
        "IsWon",
        "IsClosed",
        "SortOrder",
    ),
    "Lead": ("Id", "OwnerId", "CreatedDate", "IsDeleted", "SystemModstamp"),
}


def _opportunity(deal: Deal, at: datetime, *, gone: bool) -> dict[str, Any]:
    stage = next(one for one in STAGES if one.key == deal.stage)
    return {
        "Id": str(deal.id),
        "Name": deal.name,
        "AccountId": str(deal.company),
        "OwnerId": str(deal.owner),
        "StageName": stage.label,
        "Amount": float(deal.amount),
        "Type": "New Business",
        "LeadSource": None,
        "CreatedDate": stamp(deal.created),
        "CloseDate": deal.closes.date().isoformat(),
        "IsWon": stage.won,
        "IsClosed": stage.won or stage.lost,
        "IsDeleted": gone,
        "SystemModstamp": stamp(at),
        "Branche__c": "Industrie",
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _compare(value: str, how: str, than: Any, field: str) -> bool:
    own: Any = value if field == "Id" else _moment(value)
    return bool(own >= than if how == ">=" else own > than)
