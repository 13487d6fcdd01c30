"""How HubSpot's objects are walked: lists by `after`, changes by search on the id.

A search never gives more than 10,000 results, whatever the page: changes are asked for
above the last id seen, page after page, so that the wall is never met. Its index lags
behind the objects: the cursor goes back two minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from jalon.connectors.contract import RepeatedCursorError
from jalon.connectors.transport.canonical import moment_of
from jalon.connectors.transport.client import Client

VERSION = "2026-09"  # of HubSpot's API; v1 to v3 end in September 2027
OBJECTS = f"/crm/objects/{VERSION}"
PIPELINES = f"/crm/pipelines/{VERSION}"
PROPERTIES = f"/crm/properties/{VERSION}"
OWNERS = f"/crm/owners/{VERSION}"
LAG = timedelta(minutes=2)
LIST_PAGE, SEARCH_PAGE, HISTORY_PAGE = 100, 200, 50
_ENDLESS = "HubSpot gives the same page of {kind} again and again."

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its properties, those whose history is read, its cursor."""

    name: str  # HubSpot's own: "deals"
    properties: tuple[str, ...]
    history: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()
    modified: str = "hs_lastmodifieddate"


def everything(
    client: Client, kind: Kind, *, archived: bool = False, bare: bool = False
) -> Iterator[Sequence[Object]]:
    """Yield the pages of all the objects of a kind; `bare` leaves their properties."""
    query: dict[str, str | int] = {"archived": "true" if archived else "false"}
    query["limit"] = LIST_PAGE
    if not bare:
        query["properties"] = ",".join(kind.properties)
        if kind.associations:
            query["associations"] = ",".join(kind.associations)
        if kind.history:
            query["propertiesWithHistory"] = ",".join(kind.history)
            query["limit"] = HISTORY_PAGE
    yield from pages(client, f"{OBJECTS}/{kind.name}", query)


def pages(
    client: Client, path: str, query: Mapping[str, str | int]
) -> Iterator[Sequence[Object]]:
    """Yield the pages of a list, each from the cursor the former gave.

    Raises:
        RepeatedCursorError: If a cursor comes back.
    """
    after, seen = "", set[str]()
    while True:
        asked = {**query, "after": after} if after else query
        found = client.get(path, **asked)
        yield found.get("results", [])
        after = str(((found.get("paging") or {}).get("next") or {}).get("after") or "")
        if not after:
            return
        if after in seen:
            raise RepeatedCursorError(_ENDLESS, kind=path.rpartition("/")[2])
        seen.add(after)


def newest(client: Client, kind: Kind) -> str:
    """Return when an object last changed, by HubSpot's clock; "" where there is none.

    Asked before anything is read, it is where the next run starts: what changes while
    we read changes after it.
    """
    found = client.post(
        f"{OBJECTS}/{kind.name}/search",
        {
            "filterGroups": [],
            "properties": [kind.modified],
            "sorts": [{"propertyName": kind.modified, "direction": "DESCENDING"}],
            "limit": 1,
        },
    )
    results = found.get("results", [])
    return str(results[0]["properties"][kind.modified]) if results else ""


def count_since(client: Client, kind: Kind, since_ms: int) -> int:
    """Return how many objects changed at or after a moment, in milliseconds."""
    found = client.post(f"{OBJECTS}/{kind.name}/search", _asked(kind, since_ms, 0, 1))
    return int(found.get("total", 0))


def changed(client: Client, kind: Kind, since: str) -> Iterator[Sequence[Object]]:
    """Yield the objects changed since a cursor, less the lag of the index.

    Raises:
        RepeatedCursorError: If a page does not go on from the former.
    """
    start = int((moment_of(since) - LAG).timestamp() * 1000)
    last = 0
    while True:
        asked = _asked(kind, start, last, SEARCH_PAGE)
        found = client.post(f"{OBJECTS}/{kind.name}/search", asked)
        results = found.get("results", [])
        if not results:
            return
        ids = [int(one["id"]) for one in results]
        if max(ids) <= last:
            raise RepeatedCursorError(_ENDLESS, kind=kind.name)
        last = max(ids)
        fresh = results
        if kind.history or kind.associations:
            fresh = _whole(client, kind, [str(one) for one in dict.fromkeys(ids)])
        yield fresh


def _asked(kind: Kind, since_ms: int, last: int, limit: int) -> dict[str, object]:
    filters = [
        {"propertyName": kind.modified, "operator": "GTE", "value": str(since_ms)},
        {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "properties": list(kind.properties),
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": limit,
    }


def _whole(client: Client, kind: Kind, ids: Sequence[str]) -> list[Object]:
    """Return objects with their history and ties, which a search does not give."""
    found: list[Object] = []
    for start in range(0, len(ids), HISTORY_PAGE):
        some = ids[start : start + HISTORY_PAGE]
        answer = client.post(
            f"{OBJECTS}/{kind.name}/batch/read",
            {
                "properties": list(kind.properties),
                "propertiesWithHistory": list(kind.history),
                "inputs": [{"id": one} for one in some],
            },
        )
        results = answer.get("results", [])
        for to in kind.associations:
            results = _associated(client, kind, to, results)
        found += results
    return found


def _associated(
    client: Client, kind: Kind, to: str, results: Sequence[Object]
) -> list[Object]:
    """Return objects with the ids of another kind they are tied to, as a list gives."""
    if not results:
        return []
    answer = client.post(
        f"/crm/associations/{VERSION}/{kind.name}/{to}/batch/read",
        {"inputs": [{"id": str(one["id"])} for one in results]},
    )
    ties = {
        str(one["from"]["id"]): [{"id": str(t["toObjectId"])} for t in one["to"]]
        for one in answer.get("results", [])
    }
    return [
        {
            **one,
            "associations": {
                **one.get("associations", {}),
                to: {"results": ties.get(str(one["id"]), [])},
            },
        }
        for one in results
    ]
