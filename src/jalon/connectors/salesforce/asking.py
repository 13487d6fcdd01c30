"""Questions to Salesforce, in SOQL: fixed shapes, fields that were described, by id.

A question is always asked above the last id seen: pages neither shift nor expire.
Deleted records are asked for too, while they are in the recycle bin (15 days).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from jalon.connectors.contract import Payload, RepeatedCursorError
from jalon.connectors.transport.canonical import moment_of
from jalon.connectors.transport.client import Client

VERSION = "v62.0"
DATA = f"/services/data/{VERSION}"
PAGE = 2000
LATE = timedelta(minutes=10)  # a transaction that is committed late is read again
_ENDLESS = "Salesforce gives the same page of {kind} again and again."


def fields_of(asked: Client, kind: str, wanted: Sequence[str]) -> list[str]:
    """Return those of the wanted fields that this user sees on this object."""
    found = asked.get(f"{DATA}/sobjects/{kind}/describe")
    names = {str(one["name"]) for one in found.get("fields", [])}
    return [name for name in wanted if name in names]


def pages(
    asked: Client,
    kind: str,
    fields: Sequence[str],
    *,
    test: str = "",
    gone: bool = True,
) -> Iterator[Sequence[Payload]]:
    """Yield the records of an object that pass a test, by id; deleted ones if `gone`.

    Raises:
        RepeatedCursorError: If a page does not go on from the former.
    """
    last = ""
    names = ", ".join(dict.fromkeys(["Id", *fields]))
    door = "queryAll" if gone else "query"
    while True:
        tests = [test] if test else []
        tests += [f"Id > '{last}'"] if last else []
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        soql = f"SELECT {names} FROM {kind}{where} ORDER BY Id LIMIT {PAGE}"  # noqa: S608 - described names
        rows = list(_all(asked, door, soql))
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        highest = max(str(one["Id"]) for one in rows)
        if highest <= last:
            raise RepeatedCursorError(_ENDLESS, kind=kind)
        last = highest


def newest(asked: Client, kind: str, field: str = "SystemModstamp") -> str:
    """Return when a record last changed, by Salesforce's clock; "" if there is none."""
    soql = f"SELECT {field} FROM {kind} ORDER BY {field} DESC LIMIT 1"  # noqa: S608 - our names
    rows = list(_all(asked, "queryAll", soql))
    return str(rows[0][field]) if rows else ""


def count(asked: Client, kind: str, test: str = "") -> int:
    """Return how many records pass a test."""
    where = f" WHERE {test}" if test else ""
    soql = f"SELECT COUNT() FROM {kind}{where}"  # noqa: S608 - our names
    return int(asked.get(f"{DATA}/query", q=soql).get("totalSize", 0))


def since(cursor: str, field: str = "SystemModstamp") -> str:
    """Return the test of what changed since a cursor, less what is committed late."""
    return f"{field} >= {stamp(moment_of(cursor) - LATE)}" if cursor else ""


def stamp(at: datetime) -> str:
    """Return a moment as SOQL writes it, without quotes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _all(asked: Client, door: str, soql: str) -> Iterator[Payload]:
    """Yield the records of an answer, which may come in several parts."""
    found = asked.get(f"{DATA}/{door}", q=soql)
    seen = set[str]()
    while True:
        yield from found.get("records", [])
        following = str(found.get("nextRecordsUrl") or "")
        if not following:
            return
        if following in seen:
            raise RepeatedCursorError(_ENDLESS, kind=door)
        seen.add(following)
        found = asked.get(following)
