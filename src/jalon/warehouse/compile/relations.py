"""Relations derived from a table: one team a day, rates by range, holders of deals."""

from __future__ import annotations

from sqlglot import exp

from jalon.warehouse.compile.names import column, table_named, wide


def memberships() -> exp.Expression:
    """Return memberships cut so that a person is in one team a day: the last joined."""
    following = exp.Window(
        this=exp.Lead(this=column("m", "first")),
        partition_by=[column("m", "person_id")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=column("m", "first")),
                exp.Ordered(this=column("m", "team_id")),
            ]
        ),
    )
    never = exp.cast(exp.Literal.string("9999-12-31"), exp.DataType.Type.DATE)
    after = exp.Least(
        this=exp.Coalesce(this=column("m", "after"), expressions=[never]),
        expressions=[exp.Coalesce(this=following, expressions=[never.copy()])],
    )
    query = exp.select(
        column("m", "person_id"),
        column("m", "team_id"),
        column("m", "first"),
        exp.alias_(after, "after", quoted=True),
        copy=False,
    ).from_(table_named("memberships", "m"), copy=False)
    return query.subquery("member", copy=False)


def rates() -> exp.Expression:
    """Return each rate with the days it holds: until the next one of its currency."""
    following = exp.Window(
        this=exp.Lead(this=column("r", "on")),
        partition_by=[column("r", "currency")],
        order=exp.Order(expressions=[exp.Ordered(this=column("r", "on"))]),
    )
    never = exp.cast(exp.Literal.string("9999-12-31"), exp.DataType.Type.DATE)
    query = exp.select(
        column("r", "currency"),
        exp.alias_(column("r", "on"), "first", quoted=True),
        exp.alias_(
            exp.Coalesce(this=following, expressions=[never]), "after", quoted=True
        ),
        column("r", "rate"),
        copy=False,
    ).from_(table_named("rates", "r"), copy=False)
    return query.subquery("rate", copy=False)


def holders() -> exp.Expression:
    """Return who holds each shared deal and how much; what is left is its owner's.

    Deals that nobody shares are not here: the join is as small as sharing is rare.
    """
    total = exp.Sum(this=column("c", "share"))
    partly = (
        exp.select(column("c", "deal_id"), exp.alias_(total, "total"), copy=False)
        .from_(table_named("deal_shares", "c"), copy=False)
        .group_by(exp.Literal.number(1), copy=False)
        .having(exp.LT(this=total.copy(), expression=exp.Literal.number(1)), copy=False)
    )
    left = exp.Sub(this=wide(exp.Literal.number(1)), expression=column("held", "total"))
    rest = (
        exp.select(
            column("d", "deal_id"),
            exp.alias_(column("d", "owner_id"), "person_id"),
            exp.alias_(left, "share"),
            copy=False,
        )
        .from_(table_named("deals", "d"), copy=False)
        .join(
            partly.subquery("held", copy=False),
            on=exp.EQ(
                this=column("d", "deal_id"), expression=column("held", "deal_id")
            ),
            copy=False,
        )
    )
    shares = exp.select(
        column("x", "deal_id"),
        column("x", "person_id"),
        column("x", "share"),
        copy=False,
    ).from_(table_named("deal_shares", "x"), copy=False)
    return exp.union(shares, rest, distinct=False, copy=False).subquery(
        "holder", copy=False
    )
