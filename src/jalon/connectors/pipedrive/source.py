"""Pipedrive as a source: version 2 for records, version 1 for users, leads, moves.

Records are asked for by `updated_since`, with two minutes of overlap. A deal's change
log costs 20 tokens of the day's budget: it is asked only where the stage moved since it
was last read. Deleted deals are listed for 30 days; the sweep finds older ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jalon.connectors.contract import (
    Account,
    Checked,
    Finding,
    Flat,
    Gone,
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    RepeatedCursorError,
    RightsCutError,
    Rows,
    Said,
    Stage,
    State,
    VendorField,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.pipedrive.credentials import SETTINGS, client
from jalon.connectors.pipedrive.mapping import STREAMS, TABLE_OF, flat, moves
from jalon.connectors.transport.canonical import moment_of, straight
from jalon.connectors.transport.client import Client, NotThereError
from jalon.connectors.transport.policy import Policy

OVERLAP = timedelta(minutes=2)
PAGE = 500
NEEDED, OTHERS = ("organizations", "deals"), ("activities",)
_ENDLESS = "Pipedrive gives the same page of {kind} again and again."
_UNREADABLE = "This token may not read {kind}: they are left out."
_SEEN = "{kind}: {count}."
_NOT_ADMIN = (
    "This token is of {name}, who is no administrator: deals of others may be hidden. "
    "Use an administrator's."
)
_PROBE = (
    "Pipedrive gives {count} deals changed in the future: its cursor is not usable."
)


class Pipedrive:
    """The source; `policy` is how patient it is."""

    kind = "pipedrive"
    title = "Pipedrive"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the token sees, and whether it is an administrator's."""
        findings: list[Finding] = []
        counts: dict[str, int] = {}
        with client(account, self._policy) as asked:
            me = asked.get("/api/v1/users/me").get("data") or {}
            if not me.get("is_admin"):
                told = {"name": str(me.get("name", ""))}
                findings.append(Finding(Level.WARNING, _NOT_ADMIN, told))
            for kind in NEEDED:
                count = sum(len(page) for page in _pages(asked, kind))
                counts[TABLE_OF[kind]] = count
                told_kind = {"kind": kind, "count": count}
                findings.append(Finding(Level.FINE, _SEEN, told_kind))
            later = _stamp(at + timedelta(days=3650))
            ahead = sum(len(page) for page in _pages(asked, "deals", since=later))
            if ahead:
                findings.append(Finding(Level.REFUSED, _PROBE, {"count": ahead}))
            stages = tuple(_stages(asked).values())
            fields = tuple(_fields(asked))
        return Checked(
            tuple(findings),
            version="2",
            timezone=str(me.get("timezone_name", "")),
            currency=str(me.get("default_currency", "")),
            counts=counts,
            stages=stages,
            fields=fields,
        )

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield users, then each kind from its cursor on, and the moves of deals."""
        del at, room
        reached = dict(state)
        with client(account, self._policy) as asked:
            yield Rows("users", asked.get("/api/v1/users").get("data") or [])
            stages = _stages(asked)
            for kind in NEEDED:
                yield from _read(asked, kind, reached, stages)
            for kind in OTHERS:
                try:
                    yield from _read(asked, kind, reached, stages)
                except (RightsCutError, NotThereError):
                    yield Said(Finding(Level.WARNING, _UNREADABLE, {"kind": kind}))
            try:
                yield from (Rows("leads", page) for page in _leads(asked))
            except (RightsCutError, NotThereError):
                yield Said(Finding(Level.WARNING, _UNREADABLE, {"kind": "leads"}))
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of all deals and organisations, archived deals too."""
        del at
        with client(account, self._policy) as asked:
            for kind in NEEDED:
                yield Living(TABLE_OF[kind], [])
                for page in _pages(asked, kind):
                    yield Living(TABLE_OF[kind], [str(one["id"]) for one in page])
            for page in _pages(asked, "deals/archived"):
                yield Living("deals", [str(one["id"]) for one in page])

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return the pages of deals and organisations."""
        root = account.setting("url").rstrip("/")
        return {
            "deals": f"{root}/deal/{{id}}",
            "accounts": f"{root}/organization/{{id}}",
        }


SOURCE = Pipedrive()


def _read(
    asked: Client, kind: str, reached: dict[str, Any], stages: Mapping[str, Stage]
) -> Iterator[Piece]:
    """Yield a kind from its cursor on, and move the cursor to where it began."""
    since = str(reached.get(kind, ""))
    start = _newest(asked, kind)
    from_ = _stamp(moment_of(since) - OVERLAP) if since else ""
    for page in _pages(asked, kind, since=from_):
        yield from _pieces(asked, kind, page, since, stages)
    if kind == "deals":
        for page in _pages(asked, "deals/archived", since=from_):
            yield from _pieces(asked, kind, page, since, stages)
        gone = [
            str(one["id"])
            for page in _pages(asked, kind, since=from_, status="deleted")
            for one in page
        ]
        if gone:
            yield Gone("deals", gone)
    reached[kind] = max(since, start)


def _pieces(
    asked: Client,
    kind: str,
    page: Sequence[Payload],
    since: str,
    stages: Mapping[str, Stage],
) -> Iterator[Piece]:
    if kind != "deals":
        yield Rows(kind, page)
        return
    yield Rows(kind, [_with_labels(one, stages) for one in page])
    labels = {key: one.label for key, one in stages.items()}
    told: list[Mapping[str, Any]] = []
    for deal in page:
        moved = str(deal.get("stage_change_time") or "")
        edge = _stamp(moment_of(since) - OVERLAP) if since else ""
        if moved:
            if _comparable(moved) >= _comparable(edge):
                told += moves(deal, _log(asked, deal["id"]), labels)
        elif not since or _comparable(str(deal["add_time"])) >= _comparable(edge):
            told += moves(deal, [], labels)
    if told:
        yield Rows("stage_history", told)


def _comparable(text: str) -> str:
    return _stamp(moment_of(text)) if text else ""


def _with_labels(deal: Payload, stages: Mapping[str, Stage]) -> dict[str, Any]:
    stage = stages.get(str(deal.get("stage_id") or ""))
    label, pipeline = (stage.label, stage.pipeline) if stage else (None, None)
    return {**deal, "_stage": label, "_pipeline": pipeline}


def _newest(asked: Client, kind: str) -> str:
    """Return when a record of a kind last changed, by Pipedrive's clock."""
    found = asked.get(
        f"/api/v2/{kind}", limit=1, sort_by="update_time", sort_direction="desc"
    )
    rows = found.get("data") or []
    return str(rows[0]["update_time"]) if rows else ""


def _pages(
    asked: Client, kind: str, *, since: str = "", **more: str
) -> Iterator[Sequence[Payload]]:
    """Yield the pages of a kind, by id, from each cursor to the next.

    Raises:
        RepeatedCursorError: If a cursor comes back.
    """
    query: dict[str, str | int] = {"limit": PAGE, "sort_by": "id", **more}
    if since:
        query["updated_since"] = since
    seen = set[str]()
    while True:
        found = asked.get(f"/api/v2/{kind}", **query)
        yield found.get("data") or []
        cursor = str((found.get("additional_data") or {}).get("next_cursor") or "")
        if not cursor:
            return
        if cursor in seen:
            raise RepeatedCursorError(_ENDLESS, kind=kind)
        seen.add(cursor)
        query["cursor"] = cursor


def _leads(asked: Client) -> Iterator[Sequence[Payload]]:
    """Yield the pages of leads, which version 1 walks by their number."""
    start = 0
    while True:
        found = asked.get("/api/v1/leads", start=start, limit=PAGE)
        rows = found.get("data") or []
        yield rows
        told = (found.get("additional_data") or {}).get("pagination") or {}
        if not rows or not told.get("more_items_in_collection"):
            return
        start += PAGE


def _log(asked: Client, deal: object) -> list[Mapping[str, Any]]:
    """Return the change log of a deal.

    Raises:
        RepeatedCursorError: If a cursor comes back.
    """
    path, cursor = f"/api/v1/deals/{deal}/changelog", ""
    found: list[Mapping[str, Any]] = []
    seen = set[str]()
    while True:
        query: dict[str, str | int] = {"limit": PAGE}
        answer = asked.get(path, **(query | ({"cursor": cursor} if cursor else {})))
        found += answer.get("data") or []
        cursor = str((answer.get("additional_data") or {}).get("next_cursor") or "")
        if not cursor:
            return found
        if cursor in seen:
            raise RepeatedCursorError(_ENDLESS, kind="changelog")
        seen.add(cursor)


def _stages(asked: Client) -> dict[str, Stage]:
    pipelines = {
        str(one["id"]): str(one["name"])
        for page in _pages(asked, "pipelines")
        for one in page
    }
    return {
        str(one["id"]): Stage(
            key=str(one["id"]),
            label=str(one["name"]),
            pipeline=pipelines.get(str(one.get("pipeline_id")), ""),
            suggested="opportunity",
        )
        for page in _pages(asked, "stages")
        for one in page
    }


def _fields(asked: Client) -> Iterator[VendorField]:
    for kind in ("deal", "organization"):
        found = asked.get(f"/api/v1/{kind}Fields", limit=PAGE).get("data") or []
        for one in found:
            if one.get("edit_flag"):
                table = "deals" if kind == "deal" else "accounts"
                name, told = str(one["key"]), str(one.get("name") or one["key"])
                yield VendorField(name, told, table, str(one.get("field_type", "text")))


def _stamp(at: datetime) -> str:
    """Return a moment as Pipedrive reads it: RFC 3339 without fractions."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
