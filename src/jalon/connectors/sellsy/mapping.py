"""Sellsy's records to the canonical tables; won and lost by their status."""

from __future__ import annotations

from typing import Any

from jalon.connectors.contract import Account, Flat, Payload
from jalon.connectors.transport.canonical import (
    ROLE,
    Cell,
    Stream,
    key,
    outcome,
    plain,
    with_own,
)

STREAMS = (
    Stream("staffs", "people", "person_id name email"),
    Stream("companies", "accounts", "account_id name owner_id created_on"),
    Stream(
        "opportunities",
        "deals",
        "deal_id account_id owner_id name pipeline stage amount currency channel "
        "created_on expected_close_on closed_on outcome",
        ROLE,
    ),
)
TABLE_OF = {one.name: one.table for one in STREAMS}


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of a record."""
    return with_own(
        _CELLS[stream](payload, account),
        account,
        TABLE_OF[stream],
        lambda field: _own(payload, field),
    )


def _staff(one: Payload, _account: Account) -> Flat:
    names = (one.get("firstname"), one.get("lastname"))
    return {
        "person_id": str(one["id"]),
        "name": " ".join(str(name) for name in names if name),
        "email": plain(one.get("email")),
    }


def _company(one: Payload, _account: Account) -> Flat:
    return {
        "account_id": str(one["id"]),
        "name": plain(one.get("name")),
        "owner_id": _id(one.get("owner")) or _id(one.get("owner_id")),
        "created_on": plain(one.get("created")),
    }


def _opportunity(one: Payload, account: Account) -> Flat:
    stage = _id(one.get("step")) or _id(one.get("step_id")) or ""
    role = account.choices.stages.get(stage, "")
    status = one.get("status")
    ended = outcome(won=status == "won", lost=status == "lost", role=role)
    closed = one.get("updated_status") or one.get("updated")
    return {
        "deal_id": str(one["id"]),
        "account_id": _account_of(one),
        "owner_id": _id(one.get("owner")) or _id(one.get("owner_id")),
        "name": plain(one.get("name")),
        "pipeline": plain(one.get("pipeline")),
        "stage": plain(one.get("step")) or stage or None,
        "amount": _amount(one.get("amount")),
        "currency": plain(one.get("currency")) or account.currency,
        "channel": plain(one.get("source")),
        "created_on": plain(one.get("created")),
        "expected_close_on": plain(one.get("due_date")),
        "closed_on": plain(closed) if ended != "open" else None,
        "outcome": ended,
        ROLE: role or None,
    }


def _account_of(one: Payload) -> str | None:
    found = _id(one.get("company")) or _id(one.get("company_id"))
    ties = (tie for tie in one.get("related") or () if tie.get("type") == "company")
    return found or next((_id(tie) for tie in ties), None)


def _amount(value: object) -> Cell:
    if isinstance(value, dict):
        return plain(value.get("value"))
    return plain(value)


def _id(value: object) -> str | None:
    return key(value.get("id")) if isinstance(value, dict) else key(value)


def _own(payload: Payload, field: str) -> Any:  # noqa: ANN401 - a vendor's value
    held = (payload.get("_embed") or {}).get("custom_fields") or ()
    for one in held:
        if str(one.get("code") or one.get("id")) == field:
            return one.get("value")
    return payload.get(field)


_CELLS = {"staffs": _staff, "companies": _company, "opportunities": _opportunity}
