"""The canonical tables: their columns, types and keys (the grain of each row).

Dates are calendar dates in the company's time zone; ranges are `first` (in) to
`after` (out). Rows are merged on the columns marked `key`. Every row also carries the
columns of `PROVENANCE`; what a source has besides is kept in `attributes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """What a cell holds, whatever the engine."""

    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    MONEY = "money"  # exact decimal, in the currency of its row
    NUMBER = "number"  # exact decimal without a currency
    COUNT = "count"  # whole number
    FLAG = "flag"  # yes or no
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table; `allowed` lists its only values, if any."""

    name: str
    type: ColumnType
    key: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of fact."""

    name: str
    columns: tuple[Column, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns that identify a row."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: If the table has no such column.
        """
        return {column.name: column for column in self.columns}[name]


OUTCOMES = ("open", "won", "lost")
DEAL_KINDS = ("new", "renewal", "upsell", "cross_sell")
ACTIVITY_KINDS = ("call", "meeting", "demo", "email", "proposal", "other")
SURVEYS = ("nps", "csat", "engagement")
TICKET_KINDS = ("complaint", "incident", "question")

PROVENANCE = (
    Column("source", ColumnType.TEXT),
    Column("source_id", ColumnType.TEXT),
    Column("attributes", ColumnType.JSON),
)

_TYPES = {
    "": ColumnType.TEXT,
    "date": ColumnType.DATE,
    "time": ColumnType.TIMESTAMP,
    "money": ColumnType.MONEY,
    "number": ColumnType.NUMBER,
    "count": ColumnType.COUNT,
    "flag": ColumnType.FLAG,
}
_ALLOWED = {
    ("deals", "outcome"): OUTCOMES,
    ("deals", "kind"): DEAL_KINDS,
    ("activities", "kind"): ACTIVITY_KINDS,
    ("answers", "survey"): SURVEYS,
    ("tickets", "kind"): TICKET_KINDS,
    ("stage_changes", "origin"): ("observed", "inferred"),
}


def _table(name: str, columns: str) -> Table:
    """Read `name*:type` words: a star marks the key, no type means text."""
    return Table(name, tuple(_column(name, word) for word in columns.split()))


def _column(table: str, word: str) -> Column:
    label, _, type_name = word.partition(":")
    name = label.removesuffix("*")
    allowed = _ALLOWED.get((table, name), ())
    return Column(name, _TYPES[type_name], label.endswith("*"), allowed)


_ALL = (
    _table(
        "people",
        "person_id* name email role manager_id team_id started_on:date left_on:date "
        "capacity:number",
    ),
    _table("teams", "team_id* name parent_id purpose"),
    _table("memberships", "person_id* team_id* first*:date after:date"),
    _table("absences", "person_id* first*:date after:date kind"),
    _table(
        "accounts",
        "account_id* name segment sector region country size owner_id channel "
        "created_on:date",
    ),
    _table(
        "leads",
        "lead_id* account_id owner_id channel segment sector region created_on:date "
        "marketing_qualified_on:date sales_qualified_on:date converted_on:date "
        "deal_id lost_on:date",
    ),
    _table(
        "deals",
        "deal_id* account_id owner_id name kind pipeline stage amount:money currency "
        "product_id channel created_on:date qualified_on:date expected_close_on:date "
        "closed_on:date outcome lost_reason competitor forecast_category "
        "segment sector region",
    ),
    _table("deal_shares", "deal_id* person_id* share:number"),
    _table(
        "stage_changes",
        "deal_id* at*:time stage amount:money expected_close_on:date owner_id origin",
    ),
    _table(
        "activities",
        "activity_id* kind person_id account_id lead_id deal_id done_at:time held:flag",
    ),
    _table(
        "order_lines",
        "order_id* line_id* account_id person_id deal_id product_id on:date "
        "quantity:number amount:money cost:money currency channel region "
        "segment sector country",
    ),
    _table(
        "products",
        "product_id* name line offer launched_on:date list_price:money cost:money",
    ),
    _table(
        "subscriptions",
        "subscription_id* account_id person_id product_id first:date after:date "
        "mrr:money currency renewal_due_on:date renewed:flag",
    ),
    _table(
        "answers",
        "answer_id* survey score:number scale:number comment lang account_id "
        "person_id answered_at:time segment sector region",
    ),
    _table("tickets", "ticket_id* account_id kind opened_at:time closed_at:time"),
    _table("spend", "first*:date after:date channel* segment* amount:money currency"),
    _table(
        "markets",
        "segment* sector* region* first*:date after:date size:money currency reference",
    ),
    _table("crm_usage", "person_id* on*:date logins:count updates:count"),
    _table("rates", "currency* on*:date rate:number"),
)

TABLES = {table.name: table for table in _ALL}
