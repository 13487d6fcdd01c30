"""Dolibarr's objects to the canonical tables.

An opportunity is a project used as such. It has no owner: the field a company keeps it
in is chosen at set-up (`deals.owner_id`), else it is who made the project. Its status
is a number whose label no address gives: the codes of a new Dolibarr are known, others
are told by a person. Numbers are texts, dates Unix seconds.
"""

from __future__ import annotations

from typing import Any

from jalon.connectors.contract import Account, Flat, Payload, Stage
from jalon.connectors.transport.canonical import (
    ROLE,
    Cell,
    Stream,
    key,
    of_epoch,
    outcome,
    plain,
    with_own,
)

STREAMS = (
    Stream("users", "people", "person_id name email manager_id"),
    Stream(
        "thirdparties", "accounts", "account_id name sector country region created_on"
    ),
    Stream(
        "projects",
        "deals",
        "deal_id account_id owner_id name stage amount currency created_on "
        "expected_close_on closed_on outcome",
        f"{ROLE} reference probability",
    ),
)
TABLE_OF = {one.name: one.table for one in STREAMS}
_NEW = {"1": "PROSP", "2": "QUAL", "3": "PROPO", "4": "NEGO", "5": "PENDING"}
CODES = {**_NEW, "6": "WON", "7": "LOST"}


def flat(stream: str, payload: Payload, account: Account) -> Flat | None:
    """Return the cells of an object; a project that is no opportunity is left out."""
    if stream == "projects" and not is_opportunity(payload):
        return None
    return with_own(
        _CELLS[stream](payload, account),
        account,
        TABLE_OF[stream],
        lambda field: _own(payload, field),
    )


def is_opportunity(project: Payload) -> bool:
    """Return whether a project is followed as an opportunity."""
    return str(project.get("usage_opportunity") or "0") == "1"


def stage_of(project: Payload) -> Stage:
    """Return the stage of a project: its number, its code, what the code says."""
    number = str(project.get("opp_status") or project.get("fk_opp_status") or "")
    code = str(project.get("opp_status_code") or CODES.get(number) or number)
    told = str(project.get("opp_status_label") or code)
    won, lost = code == "WON", code == "LOST"
    role = "won" if won else "lost" if lost else "opportunity"
    return Stage(key=number, label=told, won=won, lost=lost, suggested=role)


def _own(payload: Payload, field: str) -> Any:  # noqa: ANN401 - a vendor's value
    extra = payload.get("array_options")
    options = extra if isinstance(extra, dict) else {}
    return options.get(f"options_{field}", options.get(field, payload.get(field)))


def _user(one: Payload, _account: Account) -> Flat:
    names = (one.get("firstname"), one.get("lastname"))
    return {
        "person_id": str(one["id"]),
        "name": " ".join(str(name) for name in names if name) or plain(one["login"]),
        "email": plain(one.get("email")),
        "manager_id": key(one.get("fk_user")),
    }


def _thirdparty(one: Payload, _account: Account) -> Flat:
    return {
        "account_id": str(one["id"]),
        "name": plain(one.get("name")),
        "sector": plain(one.get("typent_code")),
        "country": plain(one.get("country_code") or one.get("country")),
        "region": plain(one.get("state") or one.get("region")),
        "created_on": of_epoch(one.get("date_creation")),
    }


def _project(one: Payload, account: Account) -> Flat:
    stage = stage_of(one)
    role = account.choices.stages.get(stage.key, "")
    ended = outcome(won=stage.won, lost=stage.lost, role=role)
    closed = one.get("date_close") or _modified(one)
    return {
        "deal_id": str(one["id"]),
        "account_id": key(one.get("socid") or one.get("fk_soc")),
        "owner_id": key(one.get("user_author_id") or one.get("fk_user_creat")),
        "name": plain(one.get("title")),
        "stage": stage.label or None,
        "amount": _amount(one.get("opp_amount")),
        "currency": account.currency,
        "created_on": of_epoch(one.get("date_c") or one.get("datec")),
        "expected_close_on": of_epoch(one.get("date_end") or one.get("date_e")),
        "closed_on": of_epoch(closed) if ended != "open" else None,
        "outcome": ended,
        ROLE: role or None,
        "reference": plain(one.get("ref")),
        "probability": plain(one.get("opp_percent")),
    }


def _amount(value: object) -> Cell:
    """Return "1500.00000000" as "1500.00": a zero too many is not a thousand."""
    return None if value in {None, ""} else f"{float(str(value)):.2f}"


def _modified(one: Payload) -> object:
    return one.get("date_m") or one.get("date_modification") or one.get("tms")


_CELLS = {"users": _user, "thirdparties": _thirdparty, "projects": _project}
