"""Odoo's records to the canonical tables; won and lost by `won_status` or its parts.

In Odoo `False` is no value, a link is [id, label], moments are UTC without a zone. A
record that is archived without being lost is left out, as Odoo's own pipeline does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jalon.connectors.contract import Account, Flat, Payload
from jalon.connectors.transport.canonical import (
    ROLE,
    Cell,
    Stream,
    moment_of,
    outcome,
    plain,
    utc,
    with_own,
)

STREAMS = (
    Stream("teams", "teams", "team_id name"),
    Stream("users", "people", "person_id name email team_id"),
    Stream("members", "memberships", "person_id team_id first after"),
    Stream(
        "partners",
        "accounts",
        "account_id name sector region country owner_id created_on",
    ),
    Stream(
        "leads",
        "leads",
        "lead_id account_id owner_id channel created_on converted_on deal_id lost_on",
    ),
    Stream(
        "deals",
        "deals",
        "deal_id account_id owner_id name stage amount currency channel created_on "
        "expected_close_on closed_on outcome lost_reason",
        f"{ROLE} team recurring_revenue",
    ),
    Stream("stage_history", "stage_changes", "deal_id at stage origin"),
    Stream(
        "orders",
        "order_lines",
        "order_id line_id account_id person_id deal_id product_id on quantity amount "
        "cost currency",
    ),
)
TABLE_OF = {one.name: one.table for one in STREAMS}


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of a record."""
    if stream in {"stage_history", "members"}:
        return {name: plain(value) for name, value in payload.items()}
    cells = _CELLS[stream](payload, account)
    if cells is None:
        return None
    return with_own(
        cells, account, TABLE_OF[stream], lambda field: label(payload.get(field))
    )


def is_lost(lead: Payload) -> bool:
    """Return whether a lead is lost: archived at a probability of 0."""
    if lead.get("won_status"):
        return str(lead["won_status"]) == "lost"
    return not lead.get("active", True) and not float(lead.get("probability") or 0)


def is_put_away(lead: Payload) -> bool:
    """Return whether a lead is archived without being lost."""
    return not lead.get("active", True) and not is_lost(lead)


def is_won(lead: Payload) -> bool:
    """Return whether a lead is won: its status, else the flag of its stage."""
    if lead.get("won_status"):
        return str(lead["won_status"]) == "won"
    return bool(lead.get("_is_won")) and bool(lead.get("active", True))


def moves(
    tracks: Iterable[Mapping[str, Any]], labels: Mapping[int, str]
) -> Iterator[Mapping[str, Cell]]:
    """Yield the stages that deals entered, as Odoo tracked them."""
    for one in tracks:
        new = int(one["new_value_integer"])
        now = labels.get(new) or str(one.get("new_value_char") or new)
        yield _move(one["_lead"], one["create_date"], now)


def former_stages(
    tracks: Iterable[Mapping[str, Any]], labels: Mapping[int, str]
) -> dict[str, str]:
    """Return the stage each deal was in before the first of its tracks, in order."""
    found: dict[str, str] = {}
    for one in tracks:
        former = int(one["old_value_integer"])
        was = labels.get(former) or str(one.get("old_value_char") or former)
        found.setdefault(str(one["_lead"]), was)
    return found


def made_in(
    deals: Iterable[Payload], former: Mapping[str, str]
) -> Iterator[Mapping[str, Cell]]:
    """Yield the stage that each deal was made in.

    It is the one before its first track, the present one where it has none.
    """
    for deal in deals:
        if deal.get("type") != "lead":
            present = label(deal.get("stage_id"))
            yield _move(
                deal["id"],
                deal["create_date"],
                former.get(str(deal["id"])) or str(present),
            )


def label(value: object) -> Cell:
    """Return a value as a cell: the label of a link, nothing for False."""
    if value is False:
        return None
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004
        return str(value[1])
    return plain(value)


def _id(value: object) -> str | None:
    if isinstance(value, list | tuple):
        return str(value[0]) if value else None
    return str(value) if value else None


def _at(value: object) -> str | None:
    return utc(moment_of(str(value))) if value else None


def _move(deal: object, at: object, stage: str) -> Mapping[str, Cell]:
    told = {"deal_id": str(deal), "at": _at(at), "stage": stage}
    return {**told, "origin": "observed"}


def _team(one: Payload, _account: Account) -> Flat:
    return {"team_id": str(one["id"]), "name": label(one.get("name"))}


def _user(one: Payload, _account: Account) -> Flat:
    return {
        "person_id": str(one["id"]),
        "name": label(one.get("name")),
        "email": label(one.get("email")) or label(one.get("login")),
        "team_id": _id(one.get("sale_team_id")),
    }


def _partner(one: Payload, _account: Account) -> Flat:
    return {
        "account_id": str(one["id"]),
        "name": label(one.get("name")),
        "sector": label(one.get("industry_id")),
        "region": label(one.get("state_id")),
        "country": label(one.get("country_id")),
        "owner_id": _id(one.get("user_id")),
        "created_on": _at(one.get("create_date")),
    }


def _lead(one: Payload, _account: Account) -> Flat | None:
    converted = _at(one.get("date_conversion"))
    if one.get("type") != "lead" and not converted:
        return None
    is_deal = one.get("type") != "lead"
    lost = is_lost(one) and not is_deal
    return {
        "lead_id": str(one["id"]),
        "account_id": _account_of(one),
        "owner_id": _id(one.get("user_id")),
        "channel": label(one.get("source_id")),
        "created_on": _at(one.get("create_date")),
        "converted_on": converted if is_deal else None,
        "deal_id": str(one["id"]) if is_deal else None,
        "lost_on": _at(one.get("date_closed") or one["write_date"]) if lost else None,
    }


def _deal(one: Payload, account: Account) -> Flat | None:
    if one.get("type") == "lead" or is_put_away(one):
        return None
    role = account.choices.stages.get(_id(one.get("stage_id")) or "", "")
    ended = outcome(won=is_won(one), lost=is_lost(one), role=role)
    closed = _at(one.get("date_closed") or one.get("write_date"))
    return {
        "deal_id": str(one["id"]),
        "account_id": _account_of(one),
        "owner_id": _id(one.get("user_id")),
        "name": label(one.get("name")),
        "stage": label(one.get("stage_id")),
        "amount": label(one.get("expected_revenue")),
        "currency": label(one.get("company_currency")) or account.currency,
        "channel": label(one.get("source_id")),
        "created_on": _at(one.get("create_date")),
        "expected_close_on": label(one.get("date_deadline")),
        "closed_on": closed if ended != "open" else None,
        "outcome": ended,
        "lost_reason": label(one.get("lost_reason_id")),
        ROLE: role or None,
        "team": label(one.get("team_id")),
        "recurring_revenue": label(one.get("recurring_revenue")),
    }


def _order(one: Payload, account: Account) -> Flat:
    order = one["_order"]
    return {
        "order_id": str(order["id"]),
        "line_id": str(one["id"]),
        "account_id": _id(order.get("partner_id")),
        "person_id": _id(order.get("user_id")),
        "deal_id": _id(order.get("opportunity_id")),
        "product_id": label(one.get("product_id")),
        "on": _at(order.get("date_order")),
        "quantity": label(one.get("product_uom_qty")),
        "amount": label(one.get("price_subtotal")),
        "cost": _cost(one),
        "currency": label(order.get("currency_id")) or account.currency,
    }


def _cost(one: Payload) -> Cell:
    """Return what a line cost: its margin tells, in the currency of the order."""
    if "margin" not in one:
        return None
    amount, margin = float(one["price_subtotal"]), float(one["margin"])
    return f"{amount - margin:.2f}"


def _account_of(one: Payload) -> str | None:
    return _id(one.get("commercial_partner_id")) or _id(one.get("partner_id"))


_CELLS = {
    "teams": _team,
    "users": _user,
    "partners": _partner,
    "leads": _lead,
    "deals": _deal,
    "orders": _order,
}
