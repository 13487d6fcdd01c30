"""Odoo as a source: what was written since the cursor, ten minutes of overlap.

Odoo leaves no trace of what is deleted or merged away: the nightly sweep finds it. A
user who does not see all leads is refused, at set-up and at each run: Odoo would
answer, with fewer rows and no word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from jalon.connectors.odoo import calls
from jalon.connectors.odoo.calls import Odoo
from jalon.connectors.odoo.credentials import SETTINGS
from jalon.connectors.odoo.mapping import (
    STREAMS,
    flat,
    former_stages,
    is_put_away,
    made_in,
    moves,
)
from jalon.connectors.transport.canonical import own_fields, straight
from jalon.connectors.transport.client import NotThereError
from jalon.connectors.transport.policy import Policy

_SEES_ALL = "sales_team.group_sale_salesman_all_leads"
_USERS = ("name", "email", "login", "sale_team_id", "share", "active", "write_date")
_TEAMS = ("name", "active")
_MEMBERS = ("user_id", "crm_team_id", "active", "create_date", "write_date")
_PARTNERS = (
    *("name", "industry_id", "state_id", "country_id", "user_id", "is_company"),
    *("create_date", "write_date"),
)
_LEADS = (
    *("name", "type", "stage_id", "user_id", "team_id", "partner_id"),
    *("commercial_partner_id", "expected_revenue", "recurring_revenue"),
    *("probability", "won_status", "active", "company_currency", "date_open"),
    *("date_closed", "date_deadline", "date_conversion", "lost_reason_id"),
    *("source_id", "medium_id", "create_date", "write_date"),
)
_ORDERS = (
    *("name", "state", "partner_id", "user_id", "opportunity_id", "date_order"),
    *("currency_id", "write_date"),
)
_LINES = ("order_id", "product_id", "product_uom_qty", "price_subtotal", "margin")
_SOLD = {"sale", "done"}
_NARROW = (
    "This user of Odoo does not see all leads: give one whose access to Sales is "
    "“User: All Documents” or “Administrator”."
)
_UNREADABLE = "This user may not read {kind}: they are left out."
_NO_HISTORY = (
    "The history of stages is for settings administrators: without it, moves are "
    "those seen between two refreshes."
)
_HISTORY = "The history of stages can be read."
_SEEN = "{kind}: {count}."
_PROBE = "Odoo gives {count} leads changed in the future: its cursor is not usable."


class OdooSource:
    """The source; `policy` is how patient it is."""

    kind = "odoo"
    title = "Odoo"
    settings = SETTINGS

    def __init__(self, policy: Policy | None = None) -> None:
        self._policy = policy

    def check(self, account: Account, *, at: datetime) -> Checked:
        """Return what the user sees, and whether it is everything."""
        findings: list[Finding] = []
        with calls.client(account, self._policy) as client:
            odoo, version = calls.opened(client, account)
            context = odoo.call("res.users", "context_get")
            if not _sees_all(odoo, int(context.get("uid") or 0)):
                findings.append(Finding(Level.REFUSED, _NARROW))
            counts = {
                "deals": _count(odoo, "crm.lead", [["type", "=", "opportunity"]]),
                "leads": _count(odoo, "crm.lead", [["type", "=", "lead"]]),
                "accounts": _count(odoo, "res.partner", []),
                "people": _count(odoo, "res.users", [["share", "=", False]]),
            }
            for kind, count in counts.items():
                told = {"kind": kind, "count": count}
                findings.append(Finding(Level.FINE, _SEEN, told))
            later = calls.written(at + timedelta(days=3650))
            ahead = _count(odoo, "crm.lead", [["write_date", ">=", later]])
            if ahead:
                findings.append(Finding(Level.REFUSED, _PROBE, {"count": ahead}))
            told_moves = _history(odoo, "", limit=1) is not None
            level = Level.FINE if told_moves else Level.WARNING
            findings.append(Finding(level, _HISTORY if told_moves else _NO_HISTORY))
            stages, fields = tuple(_stages(odoo).values()), tuple(_fields(odoo))
        return Checked(
            tuple(findings),
            version=version,
            timezone=str(context.get("tz") or ""),
            counts=counts,
            stages=stages,
            fields=fields,
        )

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        """Yield users and teams, then what was written since each cursor."""
        del at, room
        reached = dict(state)
        with calls.client(account, self._policy) as client:
            odoo, _ = calls.opened(client, account)
            context = odoo.call("res.users", "context_get")
            if not _sees_all(odoo, int(context.get("uid") or 0)):
                raise RightsCutError(_NARROW)
            yield from _people(odoo)
            yield from _changed(odoo, account, "partners", reached)
            yield from _leads(odoo, account, reached)
            yield from _orders(odoo, reached)
        yield Reached(reached)

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        """Yield the ids of opportunities, leads, partners, and of orders if any."""
        del at
        with calls.client(account, self._policy) as client:
            odoo, _ = calls.opened(client, account)
            context = odoo.call("res.users", "context_get")
            if not _sees_all(odoo, int(context.get("uid") or 0)):
                raise RightsCutError(_NARROW)
            for table in ("deals", "leads", "accounts"):
                yield Living(table, [])
            wanted = ("type", "active", "probability", "won_status", "date_conversion")
            fields = calls.fields_of(odoo, "crm.lead", wanted)
            for page in calls.pages(odoo, "crm.lead", fields):
                deals = [one for one in page if one.get("type") != "lead"]
                kept = [str(one["id"]) for one in deals if not is_put_away(one)]
                yield Living("deals", kept)
                yield Living("leads", [str(one["id"]) for one in page])
            for page in calls.pages(odoo, "res.partner", ["id"]):
                yield Living("accounts", [str(one["id"]) for one in page])

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        """Return the cells of a payload."""
        return flat(stream, payload, account)

    def mapping(self, account: Account) -> FileMapping:
        """Return the mapping of the streams, with the fields chosen."""
        return straight(STREAMS, account)

    def links(self, account: Account) -> Mapping[str, str]:
        """Return the pages of leads and partners."""
        root = account.setting("url").rstrip("/")
        form = f"{root}/web#id={{id}}&view_type=form&model="
        return {"deals": f"{form}crm.lead", "accounts": f"{form}res.partner"}


SOURCE = OdooSource()


def _sees_all(odoo: Odoo, user: int) -> bool:
    """Return whether a user sees all leads; before 18 the method takes no record."""
    try:
        found = odoo.call("res.users", "has_group", ids=[user], group_ext_id=_SEES_ALL)
    except (NotThereError, RightsCutError):
        found = odoo.call("res.users", "has_group", group_ext_id=_SEES_ALL, ids=None)
    return bool(found)


def _people(odoo: Odoo) -> Iterator[Piece]:
    fields = calls.fields_of(odoo, "res.users", _USERS)
    for page in calls.pages(odoo, "res.users", fields, [["share", "=", False]]):
        yield Rows("users", page)
    for page in calls.pages(odoo, "crm.team", _TEAMS):
        yield Rows("teams", page)
    try:
        members = list(calls.pages(odoo, "crm.team.member", _MEMBERS))
    except (NotThereError, RightsCutError):
        return  # before 15 a user has one team and no dates
    for page in members:
        yield Rows("members", [_member(one) for one in page if one["user_id"]])


def _member(one: Payload) -> dict[str, Any]:
    left = None if one.get("active", True) else str(one["write_date"])[:10]
    return {
        "person_id": str(one["user_id"][0]),
        "team_id": str(one["crm_team_id"][0]),
        "first": str(one["create_date"])[:10],
        "after": left,
    }


def _changed(
    odoo: Odoo, account: Account, stream: str, reached: dict[str, Any]
) -> Iterator[Piece]:
    cursor = str(reached.get(stream, ""))
    start = calls.newest(odoo, "res.partner")
    wanted = (*_PARTNERS, *own_fields(account, "accounts").values())
    fields = calls.fields_of(odoo, "res.partner", wanted)
    for page in calls.pages(odoo, "res.partner", fields, calls.since(cursor)):
        yield Rows(stream, page)
    reached[stream] = max(cursor, start)


def _leads(odoo: Odoo, account: Account, reached: dict[str, Any]) -> Iterator[Piece]:
    """Yield leads, opportunities and their moves since the cursor."""
    cursor = str(reached.get("deals", ""))
    start = calls.newest(odoo, "crm.lead")
    own = [*own_fields(account, "deals").values()]
    fields = calls.fields_of(odoo, "crm.lead", (*_LEADS, *own))
    stages = _stages(odoo)
    labels = {int(key): one.label for key, one in stages.items()}
    made_since = str(calls.since(cursor)[0][2]) if cursor else ""
    made: list[Payload] = []
    for page in calls.pages(odoo, "crm.lead", fields, calls.since(cursor)):
        rows = [_with_flag(one, stages) for one in page]
        yield Rows("leads", rows)
        yield Rows("deals", rows)
        away = [str(one["id"]) for one in rows if is_put_away(one)]
        if away:
            yield Gone("deals", away)
        made += (_made(one) for one in rows if str(one["create_date"]) >= made_since)
    yield from _moves(odoo, made, cursor, labels)
    reached["deals"] = max(cursor, start)


def _moves(
    odoo: Odoo, made: Sequence[Payload], cursor: str, labels: Mapping[int, str]
) -> Iterator[Piece]:
    """Yield the moves since the cursor, and where the deals made since then were made.

    They are read after the deals: a deal that moves meanwhile is then seen to move, and
    not taken for one that was made in its new stage.
    """
    tracks = _history(odoo, cursor)
    if tracks is None:
        yield Said(Finding(Level.WARNING, _NO_HISTORY))
        return
    former = former_stages(tracks, labels)
    yield Rows("stage_history", list(made_in(made, former)))
    yield Rows("stage_history", list(moves(tracks, labels)))


def _made(lead: Payload) -> Payload:
    return {name: lead.get(name) for name in ("id", "type", "create_date", "stage_id")}


def _with_flag(lead: Payload, stages: Mapping[str, Stage]) -> dict[str, Any]:
    stage = lead.get("stage_id")
    found = stages.get(str(stage[0])) if stage else None
    return {**lead, "_is_won": bool(found and found.won)}


def _history(odoo: Odoo, cursor: str, limit: int = 0) -> list[dict[str, Any]] | None:
    """Return the tracked changes of stage since a cursor, None where not readable."""
    model = "mail.tracking.value"
    try:
        known = calls.fields_of(odoo, model, ("field_id", "field"))
        if not known:
            return None
        domain: list[list[object]] = [
            [f"{known[0]}.name", "=", "stage_id"],
            [f"{known[0]}.model", "=", "crm.lead"],
            *calls.since(cursor, "create_date"),
        ]
        if limit:
            odoo.call(model, "search_count", domain=domain)
            return []
        fields = (
            *("old_value_integer", "new_value_integer", "old_value_char"),
            *("new_value_char", "create_date", "mail_message_id"),
        )
        found = [
            one for page in calls.pages(odoo, model, fields, domain) for one in page
        ]
        return _with_lead(odoo, found)
    except (NotThereError, RightsCutError):
        return None


def _with_lead(odoo: Odoo, tracks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = sorted({int(one["mail_message_id"][0]) for one in tracks})
    leads: dict[int, int] = {}
    for start in range(0, len(ids), calls.PAGE):
        some = ids[start : start + calls.PAGE]
        domain: list[list[object]] = [["id", "in", some], ["model", "=", "crm.lead"]]
        for page in calls.pages(odoo, "mail.message", ["res_id"], domain):
            leads |= {int(one["id"]): int(one["res_id"]) for one in page}
    return [
        {**one, "_lead": leads[int(one["mail_message_id"][0])]}
        for one in sorted(tracks, key=lambda one: (str(one["create_date"]), one["id"]))
        if int(one["mail_message_id"][0]) in leads
    ]


def _orders(odoo: Odoo, reached: dict[str, Any]) -> Iterator[Piece]:
    """Yield the lines of confirmed orders; an order that is cancelled leaves."""
    cursor = str(reached.get("orders", ""))
    try:
        fields = calls.fields_of(odoo, "sale.order", _ORDERS)
        start = calls.newest(odoo, "sale.order")
        changed = calls.pages(odoo, "sale.order", fields, calls.since(cursor))
        pages = list(changed)
    except (NotThereError, RightsCutError):
        yield Said(Finding(Level.WARNING, _UNREADABLE, {"kind": "sale.order"}))
        return
    lines = calls.fields_of(odoo, "sale.order.line", (*_LINES, "display_type"))
    for page in pages:
        orders = {one["id"]: one for one in page}
        gone = [str(one["id"]) for one in page if one["state"] not in _SOLD]
        sold = [one["id"] for one in page if one["state"] in _SOLD]
        yield Gone(
            "order_lines", [*gone, *map(str, sold)]
        )  # lines taken out of one too
        domain = [["order_id", "in", sold]]
        for rows in calls.pages(odoo, "sale.order.line", lines, domain) if sold else ():
            yield Rows(
                "orders",
                [
                    {**one, "_order": orders[one["order_id"][0]]}
                    for one in rows
                    if not one.get("display_type")
                ],
            )
    reached["orders"] = max(cursor, start)


def _stages(odoo: Odoo) -> dict[str, Stage]:
    rows = [
        one
        for page in calls.pages(odoo, "crm.stage", ["name", "sequence", "is_won"])
        for one in page
    ]
    return {
        str(one["id"]): Stage(
            key=str(one["id"]),
            label=str(one["name"]),
            won=bool(one.get("is_won")),
            suggested="won" if one.get("is_won") else "opportunity",
        )
        for one in sorted(rows, key=lambda one: (one["sequence"], one["id"]))
    }


def _fields(odoo: Odoo) -> Iterator[VendorField]:
    for model, table in (("crm.lead", "deals"), ("res.partner", "accounts")):
        found = odoo.call(model, "fields_get", attributes=["string", "type"])
        for name, one in sorted(found.items()):
            if name.startswith("x_"):
                told = str(one.get("string") or name)
                yield VendorField(name, told, table, str(one.get("type", "char")))


def _count(odoo: Odoo, model: str, domain: calls.Domain) -> int:
    told = {"domain": list(domain), "context": {"active_test": False}}
    return int(odoo.call(model, "search_count", **told))
