"""The twelve KPIs in polars, lazily, on the same rows held in memory.

Units are those of `by_pandas`: numerators and denominators come out as the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb
import polars as pl

from benchmarks.by_pandas import TABLES
from benchmarks.sample import AFTER, FIRST

CUT = ["month", "person_id", "segment"]
Frames = dict[str, pl.LazyFrame]


def loaded(
    connection: duckdb.DuckDBPyConnection, only: tuple[str, ...] = tuple(TABLES)
) -> Frames:
    """Read the tables into memory (those named)."""
    return {
        name: pl.from_arrow(connection.sql(text).to_arrow_table()).lazy()
        for name, text in TABLES.items()
        if name in only
    }


def _inside(day: str) -> pl.Expr:
    first, after = date.fromisoformat(FIRST), date.fromisoformat(AFTER)
    return (pl.col(day) >= first) & (pl.col(day) < after)


def _month(day: str) -> pl.Expr:
    return pl.col(day).dt.truncate("1mo").cast(pl.Date).alias("month")


def _segment(rows: pl.LazyFrame, frames: Frames) -> pl.LazyFrame:
    rows = rows.join(frames["accounts"], on="account_id", how="left")
    return rows.with_columns(pl.coalesce("segment", "of_account").alias("segment"))


def _rated(rows: pl.LazyFrame, frames: Frames, day: str) -> pl.LazyFrame:
    """Return the rows with the rate of their currency on their day, in thousandths."""
    rates = frames["rates"].sort("since").rename({"rate": "known"})
    rows = rows.sort(day).join_asof(
        rates, left_on=day, right_on="since", by="currency", check_sortedness=False
    )
    return rows.with_columns(pl.col("known").fill_null(1000).alias("rate"))


def _decided(
    frames: Frames, *, lost: bool = False, money: bool = False
) -> pl.LazyFrame:
    outcomes = ["won", "lost"] if lost else ["won"]
    rows = frames["deals"].filter(
        _inside("closed_on") & pl.col("outcome").is_in(outcomes)
    )
    rows = _segment(rows.join(frames["shares"], on="deal_id", how="left"), frames)
    rows = rows.with_columns(
        pl.col("halves").fill_null(2),
        pl.coalesce("person_id", "owner_id").alias("person_id"),
        _month("closed_on"),
    )
    if money:
        rows = _rated(rows, frames, "closed_on")
        amount = pl.col("cents") * pl.col("rate") * pl.col("halves")
        rows = rows.with_columns(amount.alias("above"))
    return rows


def _sold(frames: Frames, *, costed: bool = False, money: bool = True) -> pl.LazyFrame:
    rows = frames["lines"].filter(_inside("on"))
    rows = rows.filter(pl.col("cost").is_not_null()) if costed else rows
    rows = _segment(rows, frames).with_columns(_month("on"))
    if money:
        rows = _rated(rows, frames, "on").with_columns(
            ((pl.col("cents") - pl.col("cost")) * pl.col("rate")).alias("above"),
            (pl.col("cents") * pl.col("rate")).alias("below"),
        )
    return rows


def _done(frames: Frames, kind: str) -> pl.LazyFrame:
    rows = frames["activities"].filter(
        _inside("done_at")
        & (pl.col("kind") == kind)
        & pl.col("held").fill_null(value=True)
    )
    rows = rows.join(frames["accounts"], on="account_id", how="left")
    return rows.rename({"of_account": "segment"}).with_columns(_month("done_at"))


def _summed(rows: pl.LazyFrame, *sums: pl.Expr) -> pl.DataFrame:
    return rows.group_by(CUT).agg(*sums).collect()


def _cycle(frames: Frames) -> pl.DataFrame:
    rows = _decided(frames).filter(pl.col("closed_on") >= pl.col("created_on"))
    days = (pl.col("closed_on") - pl.col("created_on")).dt.total_days()
    return _summed(
        rows.with_columns(days.alias("days")),
        (pl.col("days") * pl.col("halves")).sum().alias("above"),
        pl.col("halves").sum().alias("below"),
        pl.col("days").median().alias("middle"),
    )


def _interactions(frames: Frames) -> pl.DataFrame:
    closes = frames["deals"].filter(pl.col("outcome") == "won")
    done = frames["activities"].filter(
        pl.col("held").fill_null(value=True) & pl.col("deal_id").is_not_null()
    )
    done = done.select("deal_id", "done_at").join(
        closes.select("deal_id", "closed_on"), on="deal_id"
    )
    done = done.filter(pl.col("done_at").dt.date() <= pl.col("closed_on").dt.date())
    times = done.group_by("deal_id").agg(pl.len().cast(pl.Int64).alias("times"))
    rows = _decided(frames).join(times, on="deal_id", how="left")
    return _summed(
        rows,
        (pl.col("times").fill_null(0) * pl.col("halves")).sum().alias("above"),
        pl.col("halves").sum().alias("below"),
    )


_ABOVE, _BELOW = pl.col("above").sum(), pl.col("below").sum()
_HALVES = pl.col("halves").sum()
_COUNT = pl.len().cast(pl.Int64).alias("above")
KPIS: dict[str, Callable[[Frames], pl.DataFrame]] = {
    "revenue": lambda found: _summed(_decided(found, money=True), _ABOVE),
    "deals_won": lambda found: _summed(_decided(found), _HALVES),
    "win_rate": lambda found: _summed(
        _decided(found, lost=True),
        pl.col("halves").filter(pl.col("outcome") == "won").sum().alias("above"),
        _HALVES,
    ),
    "average_basket": lambda found: _summed(
        _decided(found, money=True), _ABOVE, _HALVES
    ),
    "sales_cycle_days": _cycle,
    "revenue_per_customer": lambda found: _summed(
        _decided(found, money=True),
        _ABOVE,
        pl.col("account_id").n_unique().cast(pl.Int64).alias("below"),
    ),
    "gross_margin": lambda found: _summed(_sold(found, costed=True), _ABOVE),
    "gross_margin_rate": lambda found: _summed(
        _sold(found, costed=True), _ABOVE, _BELOW
    ),
    "units_sold": lambda found: _summed(
        _sold(found, money=False), pl.col("quantity").sum()
    ),
    "calls": lambda found: _summed(_done(found, "call"), _COUNT),
    "meetings": lambda found: _summed(_done(found, "meeting"), _COUNT),
    "interactions_before_win": _interactions,
}
