"""Salesforce as a source: what was stamped since the cursor, deleted records too.

Users, accounts, opportunities and their history must be readable; other objects are
left out, and said, where the user does not see them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
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
    RightsCutError,
    Rows,
    Said,
    Stage,
    State,
    VendorField,
)
from jalon.connectors.files.mapping import FileMapping
from jalon.connectors.salesforce import asking
from jalon.connectors.salesforce.credentials import SETTINGS, client
from jalon.connectors.salesforce.mapping import FIELDS, STREAMS, TABLE_OF, flat
from jalon.connectors.transport.canonical import own_fields, straight
from jalon.connectors.transport.client import Client, NotThereError
from jalon.connectors.transport.policy import Policy

NEEDED = ("User", "Account", "Opportunity", "OpportunityHistory")
OTHERS = ("Lead", "Task", "Case")
SWEPT = ("Account", "Opportunity")
_STAMPS = {"OpportunityHistory": "CreatedDate"}
_UNREADABLE = "This user may not read {kind}: they are left out."
_SEEN = "{kind}: {count}."
_PROBE = (
    "Salesforce gives {count} opportunities changed in the future: its cursor is not "
    "usable."
)
_NO_AMOUNT = (
    "This user does not see the field {field} of opportunities: give them the right to "
    "read it."
)


class Salesforce:
    """The source; `policy` is how patient it is."""

    kind = "salesforce"
    title = "Salesforce"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the user sees, object by object and field by field."""
        findings: list[Finding] = []
        counts: dict[str, int] = {}
        with client(account, self._policy) as asked:
            for kind in (*NEEDED, *OTHERS):
                needed = kind in NEEDED
                try:
                    count = asking.count(asked, kind)
                except (RightsCutError, NotThereError):
                    level = Level.REFUSED if needed else Level.WARNING
                    findings.append(Finding(level, _UNREADABLE, {"kind": kind}))
                    continue
                counts[TABLE_OF[kind]] = count
                told = {"kind": kind, "count": count}
                findings.append(Finding(Level.FINE, _SEEN, told))
            findings += _hidden(asked)
            later = asking.stamp(at + timedelta(days=3650))
            ahead = asking.count(asked, "Opportunity", f"SystemModstamp >= {later}")
            if ahead:
                findings.append(Finding(Level.REFUSED, _PROBE, {"count": ahead}))
            stages, fields = tuple(_stages(asked)), tuple(_fields(asked))
        return Checked(
            tuple(findings),
            version=asking.VERSION,
            counts=counts,
            stages=stages,
            fields=fields,
        )

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield each object from its cursor on."""
        del at, room
        reached = dict(state)
        with client(account, self._policy) as asked:
            for kind in NEEDED:
                yield from _read(asked, account, kind, reached)
            for kind in OTHERS:
                try:
                    yield from _read(asked, account, kind, reached)
                except (RightsCutError, NotThereError):
                    yield Said(Finding(Level.WARNING, _UNREADABLE, {"kind": kind}))
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of all opportunities and accounts."""
        del at
        with client(account, self._policy) as asked:
            for kind in SWEPT:
                yield Living(TABLE_OF[kind], [])
                for page in asking.pages(asked, kind, (), gone=False):
                    yield Living(TABLE_OF[kind], [str(one["Id"]) for one in page])

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return the pages of opportunities, accounts and leads."""
        root = account.setting("url").rstrip("/")
        return dict.fromkeys(("deals", "accounts", "leads"), f"{root}/{{id}}")


SOURCE = Salesforce()


def _read(
    asked: Client, account: Account, kind: str, reached: dict[str, Any]
) -> Iterator[Piece]:
    """Yield an object from its cursor on, and move the cursor to where it began."""
    stamp = _STAMPS.get(kind, "SystemModstamp")
    cursor = str(reached.get(kind, ""))
    start = asking.newest(asked, kind, stamp)
    own = own_fields(account, TABLE_OF[kind]).values()
    fields = asking.fields_of(asked, kind, (*FIELDS[kind], *own))
    for page in asking.pages(asked, kind, fields, test=asking.since(cursor, stamp)):
        yield Rows(kind, page)
        gone = [str(one["Id"]) for one in page if one.get("IsDeleted")]
        if gone:
            yield Gone(TABLE_OF[kind], gone)
    reached[kind] = max(cursor, start)


def _hidden(asked: Client) -> Iterator[Finding]:
    """Yield the fields that a deal cannot do without and that the user does not see."""
    wanted = ("Amount", "StageName", "CloseDate", "IsWon", "IsClosed", "OwnerId")
    seen = asking.fields_of(asked, "Opportunity", wanted)
    for name in wanted:
        if name not in seen:
            yield Finding(Level.REFUSED, _NO_AMOUNT, {"field": name})


def _stages(asked: Client) -> Iterator[Stage]:
    fields = ("ApiName", "MasterLabel", "IsWon", "IsClosed", "SortOrder")
    found = asking.pages(asked, "OpportunityStage", fields, gone=False)
    rows = sorted(
        (one for page in found for one in page), key=lambda one: one["SortOrder"]
    )
    for one in rows:
        won, closed = bool(one["IsWon"]), bool(one["IsClosed"])
        lost = closed and not won
        role = "won" if won else "lost" if lost else "opportunity"
        name = str(one.get("ApiName") or one["MasterLabel"])
        yield Stage(name, str(one["MasterLabel"]), won=won, lost=lost, suggested=role)


def _fields(asked: Client) -> Iterator[VendorField]:
    for kind in ("Opportunity", "Account"):
        found = asked.get(f"{asking.DATA}/sobjects/{kind}/describe")
        for one in found.get("fields", []):
            if one.get("custom"):
                name, told = str(one["name"]), str(one.get("label") or one["name"])
                yield VendorField(name, told, TABLE_OF[kind], str(one.get("type", "")))
