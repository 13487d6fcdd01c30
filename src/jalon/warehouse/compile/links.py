"""How each canonical table reaches a person, an account, a product, a deal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jalon.domain.facts.tables import PROVENANCE, TABLES, Column, ColumnType
from jalon.domain.kpis.algebra import STAGE_ENTRIES

TIME = ("day", "week", "month", "quarter", "year")
ACCOUNT = ("segment", "sector", "region", "country", "size", "channel")
PEOPLE = ("person", "team", "manager")
PRODUCT = ("product", "line", "offer")
DEAL = ("kind", "stage", "pipeline", "lost_reason", "competitor", "forecast_category")
DIMENSIONS = (*PEOPLE, "company", *ACCOUNT, "account", *PRODUCT, *DEAL, "survey")
_LEVEL = re.compile(r"team:([1-9][0-9]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """The columns that lead from a table to others; "" where none does."""

    person: str = ""
    account: str = ""
    product: str = ""
    deal: str = ""


LINKS = {
    "people": Link(person="person_id"),
    "memberships": Link(person="person_id"),
    "absences": Link(person="person_id"),
    "accounts": Link(person="owner_id", account="account_id"),
    "leads": Link(person="owner_id", account="account_id", deal="deal_id"),
    "deals": Link("owner_id", "account_id", "product_id", "deal_id"),
    STAGE_ENTRIES: Link("owner_id", "account_id", "product_id", "deal_id"),
    "deal_shares": Link(person="person_id", deal="deal_id"),
    "stage_changes": Link(person="owner_id", deal="deal_id"),
    "activities": Link(person="person_id", account="account_id", deal="deal_id"),
    "order_lines": Link("person_id", "account_id", "product_id", "deal_id"),
    "products": Link(product="product_id"),
    "subscriptions": Link("person_id", "account_id", "product_id"),
    "answers": Link(person="person_id", account="account_id"),
    "tickets": Link(account="account_id"),
    "crm_usage": Link(person="person_id"),
}


def link(table: str) -> Link:
    """Return the links of a table; a table about nobody has none."""
    return LINKS.get(table, Link())


def level_of(name: str) -> int | None:
    """Return the level of the team tree a dimension names: 2 for "team:2".

    Level 1 is the teams without parent. None where the name is no level.
    """
    found = _LEVEL.fullmatch(name)
    return int(found[1]) if found else None


def without_level(name: str) -> str:
    """Return the dimension, "team" for each of its levels."""
    return "team" if level_of(name) else name


def carries(table: str, name: str) -> bool:
    """Return whether the rows of a table can be cut by a dimension."""
    ties, name = link(table), without_level(name)
    reached = {
        **dict.fromkeys(PEOPLE, ties.person or ties.account),
        **dict.fromkeys((*ACCOUNT, "account"), ties.account),
        **dict.fromkeys(PRODUCT, ties.product or ties.deal),
        **dict.fromkeys(DEAL, ties.deal),
        "company": "company",
    }
    return bool(reached.get(name)) or type_of(table, name) is not None


def type_of(table: str, column: str) -> ColumnType | None:
    """Return the type of a column of a canonical table, None where it has none."""
    for found in (*columns_of(table), *PROVENANCE):
        if found.name == column:
            return found.type
    return None


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a table; deals followed by stage have two more."""
    if table != STAGE_ENTRIES:
        return TABLES[table].columns
    days = (Column(name, ColumnType.DATE) for name in ("entered_on", "reached_on"))
    return (*TABLES["deals"].columns, *days)
