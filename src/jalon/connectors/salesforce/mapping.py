"""Salesforce's records to the canonical tables; IsWon and IsClosed decide, no label."""

from __future__ import annotations

from jalon.connectors.contract import Account, Flat, Payload
from jalon.connectors.transport.canonical import (
    ROLE,
    Stream,
    key,
    outcome,
    plain,
    with_own,
)

STREAMS = (
    Stream("User", "people", "person_id name email role manager_id"),
    Stream(
        "Account",
        "accounts",
        "account_id name sector country region size owner_id channel created_on",
    ),
    Stream(
        "Lead",
        "leads",
        "lead_id account_id owner_id channel sector created_on converted_on deal_id",
        "status",
    ),
    Stream(
        "Opportunity",
        "deals",
        "deal_id account_id owner_id name kind stage amount currency channel "
        "created_on expected_close_on closed_on outcome forecast_category",
        f"{ROLE} type",
    ),
    Stream(
        "OpportunityHistory",
        "stage_changes",
        "deal_id at stage amount expected_close_on origin",
    ),
    Stream(
        "Task",
        "activities",
        "activity_id kind person_id account_id deal_id done_at held",
    ),
    Stream("Case", "tickets", "ticket_id account_id kind opened_at closed_at"),
)
TABLE_OF = {one.name: one.table for one in STREAMS}
FIELDS = {
    "User": ("Name", "Email", "IsActive", "ManagerId", "Title", "SystemModstamp"),
    "Account": (
        *("Name", "Industry", "BillingCountry", "BillingState", "NumberOfEmployees"),
        *("OwnerId", "AccountSource", "CreatedDate", "IsDeleted", "SystemModstamp"),
    ),
    "Lead": (
        *("OwnerId", "LeadSource", "Industry", "CreatedDate", "ConvertedDate"),
        *("ConvertedAccountId", "ConvertedOpportunityId", "Status", "IsDeleted"),
        "SystemModstamp",
    ),
    "Opportunity": (
        *("Name", "AccountId", "OwnerId", "StageName", "Amount", "CurrencyIsoCode"),
        *("Type", "LeadSource", "CreatedDate", "CloseDate", "IsWon", "IsClosed"),
        *("ForecastCategoryName", "IsDeleted", "SystemModstamp"),
    ),
    "OpportunityHistory": (
        *("OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate"),
    ),
    "Task": (
        *("OwnerId", "AccountId", "WhatId", "ActivityDate", "TaskSubtype", "Type"),
        *("IsClosed", "IsDeleted", "SystemModstamp"),
    ),
    "Case": (
        *("AccountId", "Type", "CreatedDate", "ClosedDate", "IsDeleted"),
        "SystemModstamp",
    ),
}
_KINDS = {"new": "new", "existing": "upsell", "renewal": "renewal"}
_OPPORTUNITY = "006"  # how the ids of opportunities begin


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of a record; one that is deleted has none."""
    if payload.get("IsDeleted"):
        return None
    cells = _CELLS[stream](payload, account)
    return with_own(cells, account, TABLE_OF[stream], payload.get)


def _user(one: Payload, _account: Account) -> Flat:
    return {
        "person_id": str(one["Id"]),
        "name": plain(one.get("Name")),
        "email": plain(one.get("Email")),
        "role": plain(one.get("Title")),
        "manager_id": key(one.get("ManagerId")),
    }


def _account(one: Payload, _account: Account) -> Flat:
    return {
        "account_id": str(one["Id"]),
        "name": plain(one.get("Name")),
        "sector": plain(one.get("Industry")),
        "country": plain(one.get("BillingCountry")),
        "region": plain(one.get("BillingState")),
        "size": plain(one.get("NumberOfEmployees")),
        "owner_id": key(one.get("OwnerId")),
        "channel": plain(one.get("AccountSource")),
        "created_on": plain(one.get("CreatedDate")),
    }


def _lead(one: Payload, _account: Account) -> Flat:
    return {
        "lead_id": str(one["Id"]),
        "account_id": key(one.get("ConvertedAccountId")),
        "owner_id": key(one.get("OwnerId")),
        "channel": plain(one.get("LeadSource")),
        "sector": plain(one.get("Industry")),
        "created_on": plain(one.get("CreatedDate")),
        "converted_on": plain(one.get("ConvertedDate")),
        "deal_id": key(one.get("ConvertedOpportunityId")),
        "status": plain(one.get("Status")),
    }


def _opportunity(one: Payload, account: Account) -> Flat:
    stage = str(one.get("StageName") or "")
    role = account.choices.stages.get(stage, "")
    won = bool(one.get("IsWon"))
    ended = outcome(won=won, lost=bool(one.get("IsClosed")) and not won, role=role)
    close, told = plain(one.get("CloseDate")), str(one.get("Type") or "")
    first = told.lower().split(" ")[0]
    return {
        "deal_id": str(one["Id"]),
        "account_id": key(one.get("AccountId")),
        "owner_id": key(one.get("OwnerId")),
        "name": plain(one.get("Name")),
        "kind": _KINDS.get(first),
        "stage": stage or None,
        "amount": plain(one.get("Amount")),
        "currency": plain(one.get("CurrencyIsoCode")) or account.currency,
        "channel": plain(one.get("LeadSource")),
        "created_on": plain(one.get("CreatedDate")),
        "expected_close_on": close if ended == "open" else None,
        "closed_on": close if ended != "open" else None,
        "outcome": ended,
        "forecast_category": plain(one.get("ForecastCategoryName")),
        ROLE: role or None,
        "type": told or None,
    }


def _history(one: Payload, _account: Account) -> Flat:
    return {
        "deal_id": str(one["OpportunityId"]),
        "at": plain(one.get("CreatedDate")),
        "stage": plain(one.get("StageName")),
        "amount": plain(one.get("Amount")),
        "expected_close_on": plain(one.get("CloseDate")),
        "origin": "observed",
    }


def _task(one: Payload, _account: Account) -> Flat:
    about = str(one.get("WhatId") or "")
    subtype = str(one.get("TaskSubtype") or "").lower()
    return {
        "activity_id": str(one["Id"]),
        "kind": subtype if subtype in {"call", "email"} else plain(one.get("Type")),
        "person_id": key(one.get("OwnerId")),
        "account_id": key(one.get("AccountId")),
        "deal_id": about if about.startswith(_OPPORTUNITY) else None,
        "done_at": plain(one.get("ActivityDate")),
        "held": bool(one.get("IsClosed")),
    }


def _case(one: Payload, _account: Account) -> Flat:
    return {
        "ticket_id": str(one["Id"]),
        "account_id": key(one.get("AccountId")),
        "kind": plain(one.get("Type")),
        "opened_at": plain(one.get("CreatedDate")),
        "closed_at": plain(one.get("ClosedDate")),
    }


_CELLS = {
    "User": _user,
    "Account": _account,
    "Lead": _lead,
    "Opportunity": _opportunity,
    "OpportunityHistory": _history,
    "Task": _task,
    "Case": _case,
}
