"""Dolibarr as a source: objects by id, changes by day, deletions by sweep.

Its filter on a moment with colons silently lets everything through on MariaDB: the day
is sent as eight digits, one day early (its server's clock may be of another zone), and
set-up asks with a future day that nothing comes. An empty list is answered by 404.
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
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    RepeatedCursorError,
    RightsCutError,
    Rows,
    Stage,
    State,
    VendorField,
)
from jalon.connectors.dolibarr.credentials import SETTINGS, client
from jalon.connectors.dolibarr.mapping import (
    CODES,
    STREAMS,
    TABLE_OF,
    flat,
    is_opportunity,
    stage_of,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.transport.canonical import straight
from jalon.connectors.transport.client import Client, NotThereError
from jalon.connectors.transport.policy import Policy

PAGE = 100
EARLY = timedelta(days=1)
EMPTY = 404
KINDS = ("users", "thirdparties", "projects")
_ENDLESS = "Dolibarr gives the same page of {kind} again and again."
_SEEN = "{kind}: {count}."
_NARROW = (
    "The user {name} of Dolibarr sees only their own third parties: give them the "
    "right to see all of them, or use an administrator's key."
)
_PROBE = (
    "Dolibarr lets {count} projects through a filter on a future day: its filter is "
    "not usable; everything will be read each time."
)
_NO_OWNER = (
    "Opportunities of Dolibarr have no owner: say which field keeps it, or who made "
    "the project is taken."
)


class Dolibarr:
    """The source; `policy` is how patient it is."""

    kind = "dolibarr"
    title = "Dolibarr"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the user sees, and whether it is everything."""
        findings: list[Finding] = []
        counts: dict[str, int] = {}
        stages: dict[str, Stage] = {}
        fields: dict[str, VendorField] = {}
        with client(account, self._policy) as asked:
            version = str(_success(asked).get("dolibarr_version", ""))
            narrow = _narrow(asked)
            if narrow:
                findings.append(Finding(Level.REFUSED, _NARROW, {"name": narrow}))
            for kind in KINDS:
                rows = [one for page in _pages(asked, kind) for one in page]
                if kind == "projects":
                    rows = [one for one in rows if is_opportunity(one)]
                    stages = {one.key: one for one in map(stage_of, rows) if one.key}
                    fields = _fields(rows)
                counts[TABLE_OF[kind]] = len(rows)
                told = {"kind": kind, "count": len(rows)}
                findings.append(Finding(Level.FINE, _SEEN, told))
            ahead = sum(
                len(page)
                for page in _pages(asked, "projects", at + timedelta(days=3650))
            )
            if ahead:
                findings.append(Finding(Level.WARNING, _PROBE, {"count": ahead}))
        if "deals.owner_id" not in account.choices.fields:
            findings.append(Finding(Level.WARNING, _NO_OWNER))
        if not stages:
            made = ({"opp_status": number} for number in CODES)
            stages = {one.key: one for one in map(stage_of, made)}
        return Checked(
            tuple(findings),
            version=version,
            counts=counts,
            stages=tuple(stages[one] for one in sorted(stages)),
            fields=tuple(fields.values()),
        )

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield what changed since the day of each cursor."""
        del at, room
        reached = dict(state)
        with client(account, self._policy) as asked:
            narrow = _narrow(asked)
            if narrow:
                raise RightsCutError(_NARROW, name=narrow)
            for kind in KINDS:
                cursor = int(reached.get(kind, 0))
                start = _newest(asked, kind)
                since = datetime.fromtimestamp(cursor, UTC) - EARLY if cursor else None
                for page in _pages(asked, kind, since):
                    yield Rows(kind, page)
                reached[kind] = max(cursor, start)
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of all opportunities and third parties."""
        del at
        with client(account, self._policy) as asked:
            narrow = _narrow(asked)
            if narrow:
                raise RightsCutError(_NARROW, name=narrow)
            for kind in ("thirdparties", "projects"):
                yield Living(TABLE_OF[kind], [])
                for page in _pages(asked, kind):
                    kept = [
                        str(one["id"])
                        for one in page
                        if kind != "projects" or is_opportunity(one)
                    ]
                    yield Living(TABLE_OF[kind], kept)

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return the pages of projects and third parties."""
        root = account.setting("url").rstrip("/")
        return {
            "deals": f"{root}/projet/card.php?id={{id}}",
            "accounts": f"{root}/societe/card.php?socid={{id}}",
        }


SOURCE = Dolibarr()


def _success(asked: Client) -> Mapping[str, Any]:
    found = asked.get("/status").get("success")
    return found if isinstance(found, dict) else {}


def _narrow(asked: Client) -> str:
    """Return the user's login where they see only their own third parties, else ""."""
    me = asked.get("/users/info", includepermissions=1)
    rights = me.get("rights") or {}
    client_rights = (rights.get("societe") or {}).get("client") or {}
    everything = client_rights.get("voir") or str(me.get("admin") or "0") == "1"
    return "" if everything else str(me.get("login") or "?")


def _newest(asked: Client, kind: str) -> int:
    """Return when an object last changed, in Unix seconds by Dolibarr's clock."""
    found = _list(asked, kind, sortfield="t.tms", sortorder="DESC", limit=1)
    if not found:
        return 0
    told = found[0].get("date_m") or found[0].get("date_modification")
    return int(float(str(told or found[0].get("tms") or 0)))


def _pages(
    asked: Client, kind: str, since: datetime | None = None
) -> Iterator[Sequence[Payload]]:
    """Yield the objects of a kind, by id: a page is asked above the last id seen.

    Raises:
        RepeatedCursorError: If a page does not go on from the former.
    """
    last = 0
    while True:
        filters = f"(t.rowid:>:{last})"
        if since is not None:
            filters += f" and (t.tms:>=:'{since:%Y%m%d}')"
        query: dict[str, str | int] = {"sortfield": "t.rowid", "sortorder": "ASC"}
        page = _list(asked, kind, **query, limit=PAGE, sqlfilters=filters)
        if page:
            yield page
        if len(page) < PAGE:
            return
        ids = [int(one["id"]) for one in page]
        if max(ids) <= last:
            raise RepeatedCursorError(_ENDLESS, kind=kind)
        last = max(ids)


def _list(asked: Client, kind: str, **query: str | int) -> list[Payload]:
    try:
        found = asked.get(f"/{kind}", **query)
    except NotThereError as error:
        if error.answer.status == EMPTY:
            return []
        raise
    return list(found)


def _fields(rows: Sequence[Payload]) -> dict[str, VendorField]:
    """Return the extra fields that projects show; their labels are not given."""
    found: dict[str, VendorField] = {}
    for one in rows:
        extra = one.get("array_options")
        for name in extra if isinstance(extra, dict) else ():
            short = str(name).removeprefix("options_")
            found[short] = VendorField(short, short)
    return found
