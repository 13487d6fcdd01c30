"""HubSpot as a source: the first run lists everything, the next ones what changed.

Deals, companies and owners must be readable; other kinds are left out, and said, where
the key has no right to them. Deletions come from the list of archived objects and, for
deals merged away, from the one that took them in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
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
from jalon.connectors.hubspot import paging
from jalon.connectors.hubspot.credentials import SETTINGS, client
from jalon.connectors.hubspot.mapping import (
    FOLLOWED,
    STREAMS,
    TABLE_OF,
    changes,
    flat,
    stage_of,
)
from jalon.connectors.hubspot.paging import Kind
from jalon.connectors.transport.canonical import own_fields, straight
from jalon.connectors.transport.client import Client, NotThereError
from jalon.connectors.transport.policy import Policy

_MERGED = "hs_merged_object_ids"
_DEALS = Kind(
    "deals",
    (
        *("dealname", "dealstage", "pipeline", "amount", "deal_currency_code"),
        *("closedate", "createdate", "dealtype", "hubspot_owner_id"),
        *("closed_lost_reason", "hs_analytics_source", "hs_lastmodifieddate"),
        *("hs_manual_forecast_category", _MERGED),
    ),
    history=FOLLOWED,
    associations=("companies",),
)
_COMPANIES = Kind(
    "companies",
    (
        *("name", "domain", "industry", "country", "state", "numberofemployees"),
        *("hubspot_owner_id", "hs_analytics_source", "createdate"),
        *("hs_lastmodifieddate", _MERGED),
    ),
)
_CONTACTS = Kind(
    "contacts",
    (
        *("associatedcompanyid", "hubspot_owner_id", "hs_analytics_source"),
        *("createdate", "lifecyclestage", "lastmodifieddate", _MERGED),
        *(
            name
            for stage in ("marketingqualifiedlead", "salesqualifiedlead", "customer")
            for name in (
                f"hs_v2_date_entered_{stage}",
                f"hs_lifecyclestage_{stage}_date",
            )
        ),
    ),
    modified="lastmodifieddate",
)
_TIED = ("companies", "deals")
_ABOUT = ("hs_timestamp", "hubspot_owner_id", "hs_lastmodifieddate")
_TICKET = ("hs_ticket_category", "createdate", "closed_date", "hs_lastmodifieddate")
_ANSWER = ("hs_survey_type", "hs_value", "hs_content", "hs_submission_timestamp")
NEEDED = (("companies", _COMPANIES), ("deals", _DEALS))
OTHERS = (
    ("contacts", _CONTACTS),
    ("activities/call", Kind("calls", (*_ABOUT, "hs_call_status"), (), _TIED)),
    (
        "activities/meeting",
        Kind("meetings", (*_ABOUT, "hs_meeting_outcome"), (), _TIED),
    ),
    ("activities/email", Kind("emails", _ABOUT, (), _TIED)),
    ("tickets", Kind("tickets", _TICKET, (), ("companies",))),
    ("answers", Kind("feedback_submissions", (*_ANSWER, "hs_lastmodifieddate"))),
)
_UNREADABLE = "This key may not read {kind}: they are left out."
_SEEN = "{kind}: {count}."
_PROBE = (
    "HubSpot says that {count} deals change in the future: its search is not usable."
)
_HISTORY = "The history of stages can be read."
_NO_STAGE = "No pipeline can be read: no deal would be won or lost."


class HubSpot:
    """The source; `policy` is how patient it is."""

    kind = "hubspot"
    title = "HubSpot"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the key sees, kind by kind."""
        with client(account, self._policy) as asked:
            details = asked.get("/account-info/v3/details")
            stages = tuple(_stages(asked).values())
            counts, findings = _counted(asked)
            later = int((at + timedelta(days=3650)).timestamp() * 1000)
            ahead = paging.count_since(asked, _DEALS, later)
            fields = tuple(_fields(asked))
            history = asked.get(
                f"{paging.OBJECTS}/deals", limit=1, propertiesWithHistory="dealstage"
            )
        if ahead:
            findings.append(Finding(Level.REFUSED, _PROBE, {"count": ahead}))
        if not stages:
            findings.append(Finding(Level.REFUSED, _NO_STAGE))
        if all("propertiesWithHistory" in one for one in history.get("results", [])):
            findings.append(Finding(Level.FINE, _HISTORY))
        return Checked(
            tuple(findings),
            version=paging.VERSION,
            timezone=str(details.get("timeZone", "")),
            currency=str(details.get("companyCurrency", "")),
            counts=counts,
            stages=stages,
            fields=fields,
        )

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield owners, teams, then each kind from its cursor on."""
        del at, room
        reached = dict(state)
        with client(account, self._policy) as asked:
            yield from _people(asked)
            stages = _stages(asked)
            for stream, kind in NEEDED:
                yield from _read(asked, account, stream, kind, reached, stages)
            for stream, kind in OTHERS:
                try:
                    yield from _read(asked, account, stream, kind, reached, stages)
                except (RightsCutError, NotThereError):
                    told = {"kind": kind.name}
                    yield Said(Finding(Level.WARNING, _UNREADABLE, told))
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of all deals and companies, and of contacts if readable."""
        del at
        with client(account, self._policy) as asked:
            for stream, kind in NEEDED:
                yield from _alive(asked, TABLE_OF[stream], kind)
            try:
                found = list(_alive(asked, "leads", _CONTACTS))
            except (RightsCutError, NotThereError):
                return
            yield from found

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return nothing: an address needs the portal's number, which no key tells."""
        del account
        return {}


SOURCE = HubSpot()


def _people(asked: Client) -> Iterator[Piece]:
    teams: dict[str, dict[str, str]] = {}
    for archived in ("false", "true"):
        query: dict[str, str | int] = {"limit": 100, "archived": archived}
        for page in paging.pages(asked, paging.OWNERS, query):
            yield Rows("owners", page)
            for team in (one for owner in page for one in owner.get("teams") or ()):
                name = str(team.get("name") or team["id"])
                teams[str(team["id"])] = {"team_id": str(team["id"]), "name": name}
    yield Rows("teams", list(teams.values()))


def _stages(asked: Client) -> dict[str, Stage]:
    found = asked.get(f"{paging.PIPELINES}/deals")
    return {
        str(stage["id"]): stage_of(pipeline, stage)
        for pipeline in found.get("results", [])
        for stage in pipeline.get("stages", [])
    }


def _read(
    asked: Client,
    account: Account,
    stream: str,
    kind: Kind,
    reached: dict[str, Any],
    stages: Mapping[str, Stage],
) -> Iterator[Piece]:
    """Yield a kind from its cursor on, and move the cursor to where it began."""
    name, _, what = stream.partition("/")
    wanted = _with_own(kind, account, TABLE_OF[name])
    since, start = str(reached.get(stream, "")), paging.newest(asked, wanted)
    pages = (
        paging.changed(asked, wanted, since)
        if since
        else paging.everything(asked, wanted)
    )
    for page in pages:
        yield from _pieces(name, what, page, stages)
    if not what:
        slim = replace(kind, properties=(_MERGED,), history=(), associations=())
        for page in paging.everything(asked, slim, archived=True):
            archived = [str(one["id"]) for one in page]
            yield Gone(TABLE_OF[name], [*archived, *_merged(page)])
    reached[stream] = max(since, start)


def _pieces(
    name: str,
    what: str,
    page: Sequence[Payload],
    stages: Mapping[str, Stage],
) -> Iterator[Piece]:
    if name == "deals":
        yield Rows(name, [_with_stage(one, stages) for one in page])
        labels = {key: one.label for key, one in stages.items()}
        moves = [change for one in page for change in changes(one, labels)]
        if moves:
            yield Rows("stage_history", moves)
    else:
        yield Rows(name, [{**one, "_kind": what} if what else one for one in page])
    merged = list(_merged(page))
    if merged:
        yield Gone(TABLE_OF[name], merged)


def _merged(page: Sequence[Payload]) -> Iterator[str]:
    """Yield the ids that the objects of a page took in."""
    for one in page:
        told = str((one.get("properties") or {}).get(_MERGED) or "")
        yield from (id_ for id_ in told.split(";") if id_ and id_ != str(one["id"]))


def _with_stage(deal: Payload, stages: Mapping[str, Stage]) -> dict[str, Any]:
    stage = stages.get(str(deal["properties"].get("dealstage") or ""))
    return {**deal, "_stage": asdict(stage) if stage else None}


def _with_own(kind: Kind, account: Account, table: str) -> Kind:
    chosen = own_fields(account, table).values()
    return replace(kind, properties=tuple(dict.fromkeys([*kind.properties, *chosen])))


def _alive(asked: Client, table: str, kind: Kind) -> Iterator[Living]:
    yield Living(table, [])
    for page in paging.everything(asked, kind, bare=True):
        yield Living(table, [str(one["id"]) for one in page])


def _counted(asked: Client) -> tuple[dict[str, int], list[Finding]]:
    counts: dict[str, int] = {}
    findings: list[Finding] = []
    for stream, kind in (*NEEDED, *OTHERS):
        needed = (stream, kind) in NEEDED
        try:
            count = paging.count_since(asked, kind, 0)
        except (RightsCutError, NotThereError):
            level = Level.REFUSED if needed else Level.WARNING
            findings.append(Finding(level, _UNREADABLE, {"kind": kind.name}))
            continue
        table = TABLE_OF[stream.partition("/")[0]]
        counts[table] = counts.get(table, 0) + count
        level = Level.FINE if count or not needed else Level.WARNING
        findings.append(Finding(level, _SEEN, {"kind": kind.name, "count": count}))
    return counts, findings


def _fields(asked: Client) -> Iterator[VendorField]:
    for stream, kind in (("deals", "deals"), ("companies", "companies")):
        found = asked.get(f"{paging.PROPERTIES}/{kind}")
        for one in found.get("results", []):
            if not one.get("hubspotDefined", False):
                name, told = str(one["name"]), str(one.get("label") or one["name"])
                kind_of = str(one.get("type", "text"))
                yield VendorField(name, told, TABLE_OF[stream], kind_of)
