"""A pay plan as frozen records: components that earn, and what then bends their total.

Money, rates and shares are exact decimals; a share is a fraction (0.28 is 28 %). The
file that describes a plan is documented in `docs/guide/en/plans.md`, with one example
for each mechanism; `reading` makes these records of it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

ZERO, ONE, CENT = Decimal(0), Decimal(1), Decimal("0.01")


class Pays(StrEnum):
    """What a component multiplies."""

    BONUS = "bonus"  # the person's target pay
    RATE = "rate"  # each unit of the actual: 0.05 is 5 % of euros
    UNIT = "unit"  # each unit of the actual: 50 is 50 € a piece
    AMOUNT = "amount"  # nothing: the bracket reached gives an amount


class Mode(StrEnum):
    """What the rate of a bracket applies to."""

    WHOLE = "whole"  # the bracket reached counts for all, from the first unit
    OVERAGE = "overage"  # the bracket reached counts for all above the first bracket
    MARGINAL = "marginal"  # each bracket counts for what lies in it
    INTERPOLATED = "interpolated"  # amounts: each bracket in proportion of what is done


class Counted(StrEnum):
    """What is put through the schedule at once."""

    EACH = "each"  # each row alone
    RUNNING = "running"  # each row, on the running total of its period
    RUNNING_YEAR = "running_year"  # each row, on the running total of its year
    PERIOD = "period"  # the total of the period
    YEAR = "year"  # the total of the year so far, less what is already paid


class On(StrEnum):
    """What brackets, thresholds and gates are measured in."""

    ATTAINMENT = "attainment"
    ACTUAL = "actual"
    RANK = "rank"  # 1 is who did most in the period; equals share the better place


class Ends(StrEnum):
    """Whether the upper end of a bracket belongs to it."""

    OPEN = "open"  # 100 % is already in the bracket that starts there
    CLOSED = "closed"  # 100 % is still in the bracket that ends there


class Beyond(StrEnum):
    """What a curve does past its last point."""

    FLAT = "flat"
    EXTEND = "extend"
    ZERO = "zero"


class Of(StrEnum):
    """Whose rows a measure counts."""

    OWN = "own"
    TEAM = "team"


class Pool(StrEnum):
    """How what a team earns is shared between its members."""

    EQUAL = "equal"
    ACTUAL = "actual"  # in proportion of what each did
    VARIABLE = "variable"  # in proportion of their target pays


@dataclass(frozen=True, slots=True)
class Tier:
    """A bracket and what it gives: exactly one of rate, times, share, amount."""

    start: Decimal
    end: Decimal | None
    rate: Decimal | None = None  # money for one unit of the actual
    times: Decimal | None = None  # multiplies the attainment, or the component's rate
    share: Decimal | None = None  # of the target pay
    amount: Decimal | None = None  # money
    retroactive: bool = False  # once reached, all below is paid as this bracket


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between points (x, y); nothing below the first point."""

    points: tuple[tuple[Decimal, Decimal], ...]
    beyond: Beyond = Beyond.FLAT


@dataclass(frozen=True, slots=True)
class Schedule:
    """Brackets or a curve; empty: paid in proportion."""

    tiers: tuple[Tier, ...] = ()
    curve: Curve | None = None
    mode: Mode = Mode.MARGINAL
    ends: Ends = Ends.OPEN


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition: the measure reaches `at_least`, else only `otherwise` is paid."""

    measure: str
    at_least: Decimal
    on: On = On.ATTAINMENT
    otherwise: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A factor read from another measure: team, quality, NPS."""

    measure: str
    schedule: Schedule
    on: On = On.ATTAINMENT


@dataclass(frozen=True, slots=True)
class Matrix:
    """What two measures give together: a cell for the row and the column reached.

    Rows are levels of the component's own measure, columns of another; below the first
    of either nothing is given. A cell is a share of the target pay, a rate or an
    amount, as the component pays.
    """

    measure: str
    rows: tuple[Decimal, ...]
    columns: tuple[Decimal, ...]
    gives: tuple[tuple[Decimal, ...], ...]
    on: On = On.ATTAINMENT  # of the columns


@dataclass(frozen=True, slots=True)
class Component:
    """One rule that earns money from one measure."""

    key: str
    measure: str
    pays: Pays
    label: str = ""
    of: Of = Of.OWN
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    who: tuple[tuple[str, tuple[str, ...]], ...] = ()  # only those with such a row
    counted: Counted = Counted.PERIOD
    on: On = On.ATTAINMENT
    schedule: Schedule = field(default_factory=Schedule)
    matrix: Matrix | None = None
    pool: Pool | None = None  # the team's amount is shared; else each gets it whole
    weight: Decimal = ONE  # of the plan's target pay
    variable: Decimal | None = None  # target pay of this component
    rate: Decimal = ONE
    amount: Decimal = ZERO
    minimum_each: Decimal | None = None  # smaller rows do not count
    minimum_inclusive: bool = True
    maximum_each: Decimal | None = None  # of a larger row, only so much counts
    threshold: Decimal | None = None  # below, nothing; from there, all counts
    counts_up_to: Decimal | None = None  # what is above does not count
    gates: tuple[Gate, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None
    cap_share: Decimal | None = None  # of the target pay


@dataclass(frozen=True, slots=True)
class Total:
    """What bends the sum of a person's components in a period."""

    gates: tuple[Gate, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    floor: Decimal | None = None
    cap: Decimal | None = None
    cap_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """An advance each period; what is not earned is owed if it is recoverable."""

    amount: Decimal
    recoverable: bool = True
    periods: int | None = None  # only the first ones
    recovered_up_to: Decimal | None = None  # at most this much owed is taken a period


@dataclass(frozen=True, slots=True)
class Clawback:
    """What is taken back of pay on a sale that is cancelled."""

    rate: Decimal = ONE
    within_months: int | None = None  # later, nothing is taken back
    prorated: bool = False  # in proportion of the months not served
    source: str = ""  # "subscriptions": customers who stop are cancelled sales


@dataclass(frozen=True, slots=True)
class Payment:
    """A part of what is earned and what it waits for: signature, collection, a day.

    A day is written as 2026-12-31; before it, nothing of this part is due.
    """

    when: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Proration:
    """How presence shortens target pay and targets.

    `whole` is the number of days or months of a full period; None: the period's own.
    """

    basis: str = "days"
    whole: Decimal | None = None
    reduces_variable: bool = True
    reduces_target: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """The money of the plan for one unit of another, and which day's rate it is."""

    kind: str = "plan"
    rates: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """The step figures are rounded to, and how halves go."""

    to: Decimal = CENT
    mode: str = "half_up"


@dataclass(frozen=True, slots=True)
class Plan:
    """A pay plan, in force from `first` until before `after`."""

    name: str
    components: tuple[Component, ...]
    currency: str = "EUR"
    first: datetime.date | None = None
    after: datetime.date | None = None
    variable: Decimal | None = None  # target pay of a full period, at 100 %
    covers: str = "period"  # what variable and targets are for: the period or the year
    year_opens: int = 1  # the month the year to date begins anew
    total: Total = field(default_factory=Total)
    draw: Draw | None = None
    clawback: Clawback = field(default_factory=Clawback)
    payments: tuple[Payment, ...] = ()
    proration: Proration = field(default_factory=Proration)
    rates: Rates = field(default_factory=Rates)
    rounding: Rounding = field(default_factory=Rounding)
