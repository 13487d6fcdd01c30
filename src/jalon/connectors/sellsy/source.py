"""Sellsy as a source: everything is read each time, five questions a second.

Its opportunities cannot be asked for by change. What it does not tell (moves,
deletions) is seen between two refreshes, and by the sweep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from jalon.connectors.contract import (
    Account,
    Checked,
    Finding,
    Flat,
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    RepeatedCursorError,
    Rows,
    Stage,
    State,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.sellsy.credentials import SETTINGS, client
from jalon.connectors.sellsy.mapping import STREAMS, TABLE_OF, flat
from jalon.connectors.transport.canonical import straight
from jalon.connectors.transport.client import Client
from jalon.connectors.transport.policy import Policy

PAGE = 100
KINDS = ("staffs", "companies", "opportunities")
_ENDLESS = "Sellsy gives the same page of {kind} again and again."
_SEEN = "{kind}: {count}."
_WHOLE = "Sellsy cannot tell what changed: everything is read each time."


class Sellsy:
    """The source; `policy` is how patient it is."""

    kind = "sellsy"
    title = "Sellsy"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the application sees."""
        del at
        counts: dict[str, int] = {}
        findings = [Finding(Level.WARNING, _WHOLE)]
        with client(account, self._policy) as asked:
            for kind in KINDS:
                count = sum(len(page) for page in _pages(asked, f"/{kind}"))
                counts[TABLE_OF[kind]] = count
                told = {"kind": kind, "count": count}
                findings.append(Finding(Level.FINE, _SEEN, told))
            stages = tuple(_stages(asked))
        return Checked(tuple(findings), version="2", counts=counts, stages=stages)

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield all there is."""
        del at, room
        with client(account, self._policy) as asked:
            for kind in KINDS:
                for page in _pages(asked, f"/{kind}"):
                    yield Rows(kind, page)
        yield Reached(dict(state))

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of all opportunities and companies."""
        del at
        with client(account, self._policy) as asked:
            for kind in ("companies", "opportunities"):
                yield Living(TABLE_OF[kind], [])
                for page in _pages(asked, f"/{kind}"):
                    yield Living(TABLE_OF[kind], [str(one["id"]) for one in page])

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return nothing: an address there depends on the account's server."""
        del account
        return {}


SOURCE = Sellsy()


def _stages(asked: Client) -> Iterator[Stage]:
    for pipelines in _pages(asked, "/opportunities/pipelines"):
        for pipeline in pipelines:
            path = f"/opportunities/pipelines/{pipeline['id']}/steps"
            for steps in _pages(asked, path):
                for step in steps:
                    yield Stage(
                        key=str(step["id"]),
                        label=str(step.get("name") or step["id"]),
                        pipeline=str(pipeline.get("name") or pipeline["id"]),
                        suggested="opportunity",
                    )


def _pages(asked: Client, path: str) -> Iterator[Sequence[Payload]]:
    """Yield the pages of a list: the offset given back is a cursor, asked as it is.

    Raises:
        RepeatedCursorError: If an offset comes back.
    """
    query: dict[str, str | int] = {"limit": PAGE, "order": "id", "direction": "asc"}
    seen = set[str]()
    while True:
        found = asked.get(path, **query)
        page = found.get("data") or []
        if page:
            yield page
        offset = str((found.get("pagination") or {}).get("offset") or "")
        if len(page) < PAGE or not offset:
            return
        if offset in seen:
            raise RepeatedCursorError(_ENDLESS, kind=path.rpartition("/")[2])
        seen.add(offset)
        query["offset"] = offset
