"""Pipedrive's records to the canonical tables; won and lost by the deal's status.

`_stage` and `_pipeline` beside a deal are the labels of what it only holds the ids of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jalon.connectors.contract import Account, Flat, Payload
from jalon.connectors.transport.canonical import (
    ROLE,
    Stream,
    key,
    moment_of,
    outcome,
    plain,
    utc,
    with_own,
)

STREAMS = (
    Stream("users", "people", "person_id name email"),
    Stream("organizations", "accounts", "account_id name owner_id created_on country"),
    Stream("leads", "leads", "lead_id account_id owner_id channel created_on"),
    Stream(
        "deals",
        "deals",
        "deal_id account_id owner_id name pipeline stage amount currency channel "
        "created_on expected_close_on closed_on outcome lost_reason",
        ROLE,
    ),
    Stream(
        "stage_history",
        "stage_changes",
        "deal_id at stage amount expected_close_on owner_id origin",
    ),
    Stream(
        "activities",
        "activities",
        "activity_id kind person_id account_id deal_id lead_id done_at held",
    ),
)
TABLE_OF = {one.name: one.table for one in STREAMS}


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of a record."""
    if stream == "stage_history":
        return {name: plain(value) for name, value in payload.items()}
    return with_own(
        _CELLS[stream](payload, account),
        account,
        TABLE_OF[stream],
        (payload.get("custom_fields") or {}).get,
    )


def moves(
    deal: Payload, events: list[Mapping[str, Any]], labels: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the stages a deal went through, from its change log, oldest first.

    The log tells changes only: the stage a deal was made in is the former value of the
    first change, or the present stage where it never moved.
    """
    told = sorted(
        (one for one in events if one["field_key"] == "stage_id"),
        key=lambda one: str(one["time"]),
    )
    first = told[0]["old_value"] if told else deal["stage_id"]
    steps = [(deal["add_time"], first)]
    steps += [(one["time"], one["new_value"]) for one in told]
    for at, stage in steps:
        yield {
            "deal_id": str(deal["id"]),
            "at": utc(moment_of(str(at))),
            "stage": labels.get(str(stage), str(stage)),
            "amount": None,
            "expected_close_on": None,
            "owner_id": None,
            "origin": "observed",
        }


def _user(one: Payload, _account: Account) -> Flat:
    return {
        "person_id": str(one["id"]),
        "name": plain(one.get("name")),
        "email": plain(one.get("email")),
    }


def _organization(one: Payload, _account: Account) -> Flat:
    address = one.get("address")
    country = address.get("country") if isinstance(address, dict) else None
    return {
        "account_id": str(one["id"]),
        "name": plain(one.get("name")),
        "owner_id": key(one.get("owner_id")),
        "created_on": plain(one.get("add_time")),
        "country": plain(country),
    }


def _lead(one: Payload, _account: Account) -> Flat:
    return {
        "lead_id": str(one["id"]),
        "account_id": key(one.get("organization_id")),
        "owner_id": key(one.get("owner_id")),
        "channel": plain(one.get("source_name") or one.get("channel")),
        "created_on": plain(one.get("add_time")),
    }


def _deal(one: Payload, account: Account) -> Flat:
    stage, status = str(one.get("stage_id") or ""), one.get("status")
    role = account.choices.stages.get(stage, "")
    ended = outcome(won=status == "won", lost=status == "lost", role=role)
    closed = one.get("won_time") if status == "won" else one.get("lost_time")
    closed = closed or one.get("close_time") or one.get("stage_change_time")
    return {
        "deal_id": str(one["id"]),
        "account_id": key(one.get("org_id")),
        "owner_id": key(one.get("owner_id")),
        "name": plain(one.get("title")),
        "pipeline": plain(one.get("_pipeline")),
        "stage": plain(one.get("_stage")) or stage or None,
        "amount": plain(one.get("value")),
        "currency": plain(one.get("currency")) or account.currency,
        "channel": plain(one.get("channel")),
        "created_on": plain(one.get("add_time")),
        "expected_close_on": plain(one.get("expected_close_date")),
        "closed_on": plain(closed) if ended != "open" else None,
        "outcome": ended,
        "lost_reason": plain(one.get("lost_reason")),
        ROLE: role or None,
    }


def _activity(one: Payload, _account: Account) -> Flat:
    day, hour = one.get("due_date"), one.get("due_time") or "00:00"
    planned = f"{day}T{str(hour)[:5]}:00Z" if day else None
    return {
        "activity_id": str(one["id"]),
        "kind": plain(one.get("type")),
        "person_id": key(one.get("owner_id")),
        "account_id": key(one.get("org_id")),
        "deal_id": key(one.get("deal_id")),
        "lead_id": key(one.get("lead_id")),
        "done_at": plain(one.get("marked_as_done_time")) or planned,
        "held": bool(one.get("done")),
    }


_CELLS = {
    "users": _user,
    "organizations": _organization,
    "leads": _lead,
    "deals": _deal,
    "activities": _activity,
}
