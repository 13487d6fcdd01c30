"""The twelve KPIs in pandas, on the same rows held in memory.

Amounts are whole ten-thousandths of a euro and shares halves, so that sums are exact:
numerators and denominators come out as the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from benchmarks.sample import AFTER, FIRST

CUT = ["month", "person_id", "segment"]


@dataclass(frozen=True)
class Frames:
    """The tables the twelve need, with the columns they need."""

    deals: pd.DataFrame
    shares: pd.DataFrame
    accounts: pd.DataFrame
    rates: pd.DataFrame
    lines: pd.DataFrame
    activities: pd.DataFrame
    kept: dict[Hashable, pd.DataFrame] | None = None

    def once(self, key: Hashable, made: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return rows on the way to a figure; made once where they are kept."""
        if self.kept is None:
            return made()
        if key not in self.kept:
            self.kept[key] = made()
        return self.kept[key].copy(deep=False)


TABLES = {
    "deals": (
        "SELECT deal_id, account_id, owner_id, segment, currency, outcome, "
        "created_on, closed_on, CAST(amount * 100 AS BIGINT) AS cents FROM deals"
    ),
    "shares": (
        "SELECT deal_id, person_id, CAST(share * 2 AS BIGINT) AS halves "
        "FROM deal_shares"
    ),
    "accounts": "SELECT account_id, segment AS of_account FROM accounts",
    "rates": (
        'SELECT currency, "on" AS since, CAST(rate * 1000 AS BIGINT) AS rate FROM rates'
    ),
    "lines": (
        'SELECT account_id, person_id, segment, currency, "on", '
        "CAST(quantity AS BIGINT) AS quantity, "
        "CAST(amount * 100 AS BIGINT) AS cents, "
        "CAST(cost * 100 AS BIGINT) AS cost FROM order_lines"
    ),
    "activities": (
        "SELECT kind, person_id, account_id, deal_id, done_at, held FROM activities"
    ),
}


def loaded(
    connection: duckdb.DuckDBPyConnection, only: tuple[str, ...] = tuple(TABLES)
) -> Frames:
    """Read the tables into memory (those named; the others stay empty)."""
    return Frames(
        *(
            connection.execute(text if name in only else f"{text} LIMIT 0").df()
            for name, text in TABLES.items()
        )
    )


def needed(kpi: str) -> tuple[str, ...]:
    """Return the tables one of the twelve reads."""
    if kpi in {"calls", "meetings"}:
        return ("activities", "accounts")
    if kpi in {"gross_margin", "gross_margin_rate", "units_sold"}:
        return ("lines", "accounts", "rates")
    also = ("activities",) if kpi == "interactions_before_win" else ("rates",)
    return ("deals", "shares", "accounts", *also)


def _month(days: pd.Series) -> pd.Series:
    return days.dt.to_period("M").dt.start_time


def _converted(frame: pd.DataFrame, rates: pd.DataFrame, day: str) -> pd.Series:
    """Return the rate of each row in thousandths, by its currency and its day."""
    rate = pd.Series(1000, index=frame.index)
    for currency, known in rates.groupby("currency"):
        mine = (frame["currency"] == currency).to_numpy()
        place = known["since"].searchsorted(frame.loc[mine, day], side="right") - 1
        rate[mine] = known["rate"].to_numpy()[place]
    return rate


def _decided(
    frames: Frames, *, lost: bool = False, money: bool = False
) -> pd.DataFrame:
    """Return one row per deal and holder, with its month, segment and halves."""
    return frames.once(
        ("decided", lost, money), lambda: _decided_now(frames, lost=lost, money=money)
    )


def _decided_now(frames: Frames, *, lost: bool, money: bool) -> pd.DataFrame:
    deals = frames.deals
    inside = (deals["closed_on"] >= FIRST) & (deals["closed_on"] < AFTER)
    kept = deals[inside & deals["outcome"].isin(["won", "lost"] if lost else ["won"])]
    rows = kept.merge(frames.shares, on="deal_id", how="left")
    rows = rows.merge(frames.accounts, on="account_id", how="left")
    rows["halves"] = rows["halves"].fillna(2).astype("int64")
    rows["person_id"] = rows["person_id"].fillna(rows["owner_id"])
    rows["segment"] = rows["segment"].fillna(rows["of_account"])
    rows["month"] = _month(rows["closed_on"])
    if money:
        rate = _converted(rows, frames.rates, "closed_on")
        rows["above"] = rows["cents"] * rate * rows["halves"]
    return rows


def _sold(frames: Frames, *, costed: bool = False, money: bool = True) -> pd.DataFrame:
    """Return the order lines with their month and segment."""
    return frames.once(
        ("sold", costed, money), lambda: _sold_now(frames, costed=costed, money=money)
    )


def _sold_now(frames: Frames, *, costed: bool, money: bool) -> pd.DataFrame:
    rows = frames.lines
    rows = rows[(rows["on"] >= FIRST) & (rows["on"] < AFTER)]
    rows = rows[rows["cost"].notna()] if costed else rows
    rows = rows.merge(frames.accounts, on="account_id", how="left")
    rows["segment"] = rows["segment"].fillna(rows["of_account"])
    rows["month"] = _month(rows["on"])
    if money:
        rate = _converted(rows, frames.rates, "on")
        rows["above"] = (rows["cents"] - rows["cost"]) * rate
        rows["below"] = rows["cents"] * rate
    return rows


def _done(frames: Frames, kind: str) -> pd.DataFrame:
    rows = frames.activities
    rows = rows[(rows["done_at"] >= FIRST) & (rows["done_at"] < AFTER)]
    rows = rows[(rows["kind"] == kind) & rows["held"].fillna(value=True).astype(bool)]
    rows = rows.merge(frames.accounts, on="account_id", how="left")
    rows["month"] = _month(rows["done_at"])
    return rows.rename(columns={"of_account": "segment"})


def _summed(rows: pd.DataFrame, **columns: str) -> pd.DataFrame:
    return rows.groupby(CUT, sort=False).agg(
        **{name: (column, "sum") for name, column in columns.items()}
    )


def revenue(frames: Frames) -> pd.DataFrame:
    return _summed(_decided(frames, money=True), above="above")


def deals_won(frames: Frames) -> pd.DataFrame:
    return _summed(_decided(frames), above="halves")


def win_rate(frames: Frames) -> pd.DataFrame:
    rows = _decided(frames, lost=True)
    rows["won"] = rows["halves"].where(rows["outcome"] == "won", 0)
    return _summed(rows, above="won", below="halves")


def average_basket(frames: Frames) -> pd.DataFrame:
    return _summed(_decided(frames, money=True), above="above", below="halves")


def sales_cycle_days(frames: Frames) -> pd.DataFrame:
    rows = _decided(frames)
    rows = rows[rows["closed_on"] >= rows["created_on"]]
    rows["days"] = (rows["closed_on"] - rows["created_on"]).dt.days
    rows["weighed"] = rows["days"] * rows["halves"]
    sums = _summed(rows, above="weighed", below="halves")
    return sums.join(rows.groupby(CUT, sort=False)["days"].median())


def revenue_per_customer(frames: Frames) -> pd.DataFrame:
    rows = _decided(frames, money=True)
    sums = _summed(rows, above="above")
    return sums.join(rows.groupby(CUT, sort=False)["account_id"].nunique())


def gross_margin(frames: Frames) -> pd.DataFrame:
    return _summed(_sold(frames, costed=True), above="above")


def gross_margin_rate(frames: Frames) -> pd.DataFrame:
    return _summed(_sold(frames, costed=True), above="above", below="below")


def units_sold(frames: Frames) -> pd.DataFrame:
    return _summed(_sold(frames, money=False), above="quantity")


def calls(frames: Frames) -> pd.DataFrame:
    return _done(frames, "call").groupby(CUT, sort=False).size().to_frame("above")


def meetings(frames: Frames) -> pd.DataFrame:
    return _done(frames, "meeting").groupby(CUT, sort=False).size().to_frame("above")


def interactions_before_win(frames: Frames) -> pd.DataFrame:
    rows = _decided(frames)
    held = frames.activities["held"].fillna(value=True).astype(bool)
    closes = frames.deals.loc[
        frames.deals["outcome"] == "won", ["deal_id", "closed_on"]
    ]
    done = frames.activities.loc[held, ["deal_id", "done_at"]].dropna(subset="deal_id")
    done = done.merge(closes, on="deal_id")
    done = done[done["done_at"].dt.normalize() <= done["closed_on"]]
    times = done.groupby("deal_id").size().rename("times")
    rows = rows.merge(times, left_on="deal_id", right_index=True, how="left")
    rows["above"] = rows["times"].fillna(0).astype("int64") * rows["halves"]
    return _summed(rows, above="above", below="halves")


# What one unit of the numerator and of the denominator is worth here.
UNITS = {
    "revenue": (200_000, 1),
    "deals_won": (2, 1),
    "win_rate": (2, 2),
    "average_basket": (200_000, 2),
    "sales_cycle_days": (2, 2),
    "revenue_per_customer": (200_000, 1),
    "gross_margin": (100_000, 1),
    "gross_margin_rate": (100_000, 100_000),
    "units_sold": (1, 1),
    "calls": (1, 1),
    "meetings": (1, 1),
    "interactions_before_win": (2, 2),
}
KPIS: dict[str, Callable[[Frames], pd.DataFrame]] = {
    one.__name__: one
    for one in (
        revenue,
        deals_won,
        win_rate,
        average_basket,
        sales_cycle_days,
        revenue_per_customer,
        gross_margin,
        gross_margin_rate,
        units_sold,
        calls,
        meetings,
        interactions_before_win,
    )
}


def together(frames: Frames) -> None:
    """Answer the twelve, rows on their way made once for all that need them."""
    sharing = replace(frames, kept={})
    for kpi in KPIS.values():
        kpi(sharing)
