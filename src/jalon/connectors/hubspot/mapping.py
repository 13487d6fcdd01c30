"""HubSpot's objects to the canonical tables; won and lost by the stage's own flags.

`_stage` beside a deal is its stage as the pipelines describe it: HubSpot's objects only
hold its id. A stage is won where it is closed at a probability of 1, lost where it is
closed at another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jalon.connectors.contract import Account, Flat, Payload, Stage
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
    Stream("teams", "teams", "team_id name"),
    Stream("owners", "people", "person_id name email team_id left_on"),
    Stream(
        "companies",
        "accounts",
        "account_id name sector country region size owner_id channel created_on",
    ),
    Stream(
        "contacts",
        "leads",
        "lead_id account_id owner_id channel created_on marketing_qualified_on "
        "sales_qualified_on converted_on",
        "lifecycle",
    ),
    Stream(
        "deals",
        "deals",
        "deal_id account_id owner_id name kind pipeline stage amount currency channel "
        "created_on expected_close_on closed_on outcome lost_reason forecast_category",
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
        "activity_id kind person_id account_id deal_id done_at held",
    ),
    Stream("tickets", "tickets", "ticket_id account_id kind opened_at closed_at"),
    Stream("answers", "answers", "answer_id survey score scale comment answered_at"),
)
TABLE_OF = {one.name: one.table for one in STREAMS}
FOLLOWED = ("dealstage", "amount", "closedate", "hubspot_owner_id")
_KINDS = {"newbusiness": "new", "existingbusiness": "upsell", "renewal": "renewal"}
_FORECAST = "hs_manual_forecast_category"


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of an object, of an owner, of a team or of a change."""
    if stream in {"stage_history", "teams"}:
        return {name: plain(value) for name, value in payload.items()}
    if stream == "owners":
        return _owner(payload)
    told: Mapping[str, Any] = payload.get("properties") or {}
    cells = _CELLS[stream](payload, told, account)
    return with_own(cells, account, TABLE_OF[stream], told.get)


def stage_of(pipeline: Mapping[str, Any], stage: Mapping[str, Any]) -> Stage:
    """Return a stage as its pipeline describes it."""
    told = stage.get("metadata") or {}
    closed = str(told.get("isClosed", "")).lower() == "true"
    sure = float(told.get("probability") or 0) >= 1
    won, lost = closed and sure, closed and not sure
    return Stage(
        key=str(stage["id"]),
        label=str(stage.get("label") or stage["id"]),
        pipeline=str(pipeline.get("label") or pipeline.get("id") or ""),
        won=won,
        lost=lost,
        suggested="won" if won else "lost" if lost else "opportunity",
    )


def changes(
    deal: Mapping[str, Any], labels: Mapping[str, str]
) -> Iterator[dict[str, Cell]]:
    """Yield what a deal was after each of its changes, oldest first."""
    events: dict[str, dict[str, str]] = {}
    for name in FOLLOWED:
        for one in (deal.get("propertiesWithHistory") or {}).get(name, ()):
            events.setdefault(str(one["timestamp"]), {})[name] = str(one["value"] or "")
    known: dict[str, str] = {}
    for at in sorted(events):
        known |= events[at]
        if "dealstage" in known:
            yield {
                "deal_id": str(deal["id"]),
                "at": at,
                "stage": labels.get(known["dealstage"], known["dealstage"]),
                "amount": known.get("amount") or None,
                "expected_close_on": known.get("closedate") or None,
                "owner_id": known.get("hubspot_owner_id") or None,
                "origin": "observed",
            }


def _owner(owner: Payload) -> Flat:
    names = (owner.get("firstName"), owner.get("lastName"))
    name = " ".join(str(one) for one in names if one)
    teams = owner.get("teams") or ()
    first = [one for one in teams if one.get("primary")] or list(teams)
    return {
        "person_id": str(owner["id"]),
        "name": name or str(owner.get("email") or owner["id"]),
        "email": plain(owner.get("email")),
        "team_id": str(first[0]["id"]) if first else None,
        "left_on": plain(owner.get("updatedAt")) if owner.get("archived") else None,
    }


def _company(payload: Payload, told: Mapping[str, Any], _account: Account) -> Flat:
    return {
        "account_id": str(payload["id"]),
        "name": plain(told.get("name")) or plain(told.get("domain")),
        "sector": plain(told.get("industry")),
        "country": plain(told.get("country")),
        "region": plain(told.get("state")),
        "size": plain(told.get("numberofemployees")),
        "owner_id": key(told.get("hubspot_owner_id")),
        "channel": plain(told.get("hs_analytics_source")),
        "created_on": plain(told.get("createdate")),
    }


def _contact(payload: Payload, told: Mapping[str, Any], _account: Account) -> Flat:
    return {
        "lead_id": str(payload["id"]),
        "account_id": key(told.get("associatedcompanyid")),
        "owner_id": key(told.get("hubspot_owner_id")),
        "channel": plain(told.get("hs_analytics_source")),
        "created_on": plain(told.get("createdate")),
        "marketing_qualified_on": _entered(told, "marketingqualifiedlead"),
        "sales_qualified_on": _entered(told, "salesqualifiedlead"),
        "converted_on": _entered(told, "customer"),
        "lifecycle": plain(told.get("lifecyclestage")),
    }


def _entered(told: Mapping[str, Any], stage: str) -> Cell:
    new = told.get(f"hs_v2_date_entered_{stage}")
    return plain(new or told.get(f"hs_lifecyclestage_{stage}_date"))


def _deal(payload: Payload, told: Mapping[str, Any], account: Account) -> Flat:
    stage = payload.get("_stage") or {}
    given = str(told.get("dealstage") or "")
    role = account.choices.stages.get(given, "")
    ended = outcome(won=bool(stage.get("won")), lost=bool(stage.get("lost")), role=role)
    close = plain(told.get("closedate"))
    kind = str(told.get("dealtype") or "")
    return {
        "deal_id": str(payload["id"]),
        "account_id": _tied(payload, "companies"),
        "owner_id": key(told.get("hubspot_owner_id")),
        "name": plain(told.get("dealname")),
        "kind": _KINDS.get(kind),
        "pipeline": plain(stage.get("pipeline")) or plain(told.get("pipeline")),
        "stage": plain(stage.get("label")) or given or None,
        "amount": plain(told.get("amount")),
        "currency": plain(told.get("deal_currency_code")) or account.currency,
        "channel": plain(told.get("hs_analytics_source")),
        "created_on": plain(told.get("createdate")),
        "expected_close_on": close if ended == "open" else None,
        "closed_on": close if ended != "open" else None,
        "outcome": ended,
        "lost_reason": plain(told.get("closed_lost_reason")),
        "forecast_category": plain(told.get(_FORECAST)),
        ROLE: role or None,
    }


def _activity(payload: Payload, told: Mapping[str, Any], _account: Account) -> Flat:
    kind = str(payload["_kind"])
    done = told.get("hs_call_status") or told.get("hs_meeting_outcome")
    return {
        "activity_id": f"{kind}-{payload['id']}",
        "kind": kind,
        "person_id": key(told.get("hubspot_owner_id")),
        "account_id": _tied(payload, "companies"),
        "deal_id": _tied(payload, "deals"),
        "done_at": plain(told.get("hs_timestamp")),
        "held": done in {None, "", "COMPLETED"},
    }


def _ticket(payload: Payload, told: Mapping[str, Any], _account: Account) -> Flat:
    category = str(told.get("hs_ticket_category") or "")
    asks = category in {"GENERAL_INQUIRY", "FEATURE_REQUEST"}
    return {
        "ticket_id": str(payload["id"]),
        "account_id": _tied(payload, "companies"),
        "kind": "question" if asks else plain(category) or "incident",
        "opened_at": plain(told.get("createdate")),
        "closed_at": plain(told.get("closed_date")),
    }


def _answer(payload: Payload, told: Mapping[str, Any], _account: Account) -> Flat:
    survey = str(told.get("hs_survey_type") or "").lower()
    return {
        "answer_id": str(payload["id"]),
        "survey": "nps" if survey == "nps" else "csat",
        "score": plain(told.get("hs_value")),
        "scale": "10" if survey == "nps" else "5",
        "comment": plain(told.get("hs_content")),
        "answered_at": plain(told.get("hs_submission_timestamp")),
    }


_CELLS = {
    "companies": _company,
    "contacts": _contact,
    "deals": _deal,
    "activities": _activity,
    "tickets": _ticket,
    "answers": _answer,
}


def _tied(payload: Payload, to: str) -> str | None:
    ties = ((payload.get("associations") or {}).get(to) or {}).get("results") or ()
    return str(ties[0]["id"]) if ties else None
