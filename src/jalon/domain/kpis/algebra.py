"""A KPI is a formula over components, each a sum or a count over dated facts.

One TOML file is one KPI; its name is the key. Everything a file may say:

    kind = "ratio"            # sum ratio mean share distinct stock cohort score
                              # growth product: how it rolls up, shown to people
    unit = "share"            # money share point count day month score ratio
    better = "up"             # up | down
    label.fr, label.en, question.fr, question.en        # required
    excluded.fr, excluded.en                            # what is left out, and why
    caution.fr, caution.en    # how it misleads when read carelessly
    reference = "…"                                     # required: where it comes from
    formula = "won / (won + lost)"   # names: components, or keys of other KPIs
    minimum = 5               # under this denominator: no value (reason too_few)
    margin = true             # score of -1/0/+1 tickets: margin of error beside it;
                              # needs components promoters, detractors, answers
    [parameters]              # given on the command line as --where from=…
    from = "…"
    [beside]                  # second figures shown beside the value
    median = "median(days)"
    [example]                 # checked by a test: components given, value expected
    given = { won = 30, lost = 70 }
    value = "0.3"

    [components.won]
    from = "deals"            # a canonical table
    each = "activities"       # optional: one row per activity of the deal (deals only)
    dated = "closed_on"       # the date that puts a row in a period (a timestamp gives
                              # its day); `product.…`, `account.…`, `deal.…` reach the
                              # row's product, account or deal
    where = ["outcome=won", "activities.done_at<=@closed_on", "account_id!="]
                              # = != < <= > >=; a|b for several; nothing = empty;
                              # @… = an expression of columns: "launched_on>=@on-365"
    # one measure:
    count = true              # rows (a shared deal counts by its share for a person)
    sum = "amount"            # or "amount - cost", "closed_on - created_on" (days),
                              # "coalesce(amount, product.list_price)",
                              # "attributes.visits"; never a division
    distinct = "account_id"   # how many different ones
    values = "closed_on - created_on"    # all values, for median(…);
                              # with `ended = "after"`: durations for
                              # restricted_mean(…); one that runs on counts up to `on`
    # other ways than `dated` to belong to a period:
    live = ["first", "after"] # stock: rows live on the period's last day
    live = ["on", "on + 365"] # … an order keeps a customer live for a year
    at = "start"              # … on the eve of the period instead of its last day
    every = "week"            # … once for each Monday of the period; "month" for
                              # each first of a month
    spread = ["first", "after"]          # a range: its sum is spread over its days
    from = "stage_entries"    # deals with `entered_on` and `reached_on`: the first day
    stages = ["{from}", "{to}"]   # at one stage, at another, or beyond (parameters;
                              # empty: the first stage, the won stage)
    # narrowing:
    first_of = "account_id"   # only the first such row of each account, ever
    idle_months = 12          # … or the first after so many months without one
    having = { each = "account_id", distinct = "order_id", at_least = 2 }
    having = { each = "person_id", sum = "updates", at_least = 3, per = "week" }
                              # counts the accounts (person-weeks) that reach it
    [components.kept]         # cohort: one row per account, with its value at the
    from = "subscriptions"    # eve (`start`) and on the last day (`end`) of the
    live = ["first", "after"] # period, and `before`, the number of earlier rows
    cohort = { by = "account_id", value = "mrr" }
    where = ["start>0"]
    sum = "least(start, end)" # or count = true
    # relations between components:
    [components.before]
    same_as = "now"           # the same component …
    shift = "N-1"             # … a year earlier (or "previous": the period before)
    [components.all]
    whole_of = "slice"        # the same component without filters nor slices
    [components.target]
    given = "target"          # handed in by the caller (an objective, a forecast)

    [components.opened]       # options of a few components
    forward = true            # future days count (expected closes)
    or = [ { from = "order_lines", live = ["on", "on + 365"] } ]
                              # distinct over several tables

    [basis.deals.amount]      # components that depend on the revenue basis
    [basis.orders.amount]

Ranges are half-open; money is converted at the rate of the row's date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jalon.domain.kpis.conditions import Condition
from jalon.domain.kpis.expression import Node
from jalon.domain.quantities import Unit


class Kind(StrEnum):
    """How a KPI rolls up."""

    SUM = "sum"
    RATIO = "ratio"
    MEAN = "mean"
    SHARE = "share"
    DISTINCT = "distinct"
    STOCK = "stock"
    COHORT = "cohort"
    SCORE = "score"
    GROWTH = "growth"
    PRODUCT = "product"


class Measure(StrEnum):
    """What a component adds up."""

    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"
    VALUES = "values"


class Timing(StrEnum):
    """How a row belongs to a period."""

    DATED = "dated"  # its date is inside
    LIVE = "live"  # it is live on the last day (or on the eve)
    COHORT = "cohort"  # one row per entity: value at the eve, value on the last day
    SPREAD = "spread"  # its range overlaps; the sum is spread over its days


BASES = ("deals", "orders")
STAGE_ENTRIES = "stage_entries"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Whom a cohort follows, and the value it carries."""

    by: str
    value: Node


@dataclass(frozen=True, slots=True)
class Having:
    """A threshold to reach: `each` entity (per week) with `at_least` so much."""

    each: str
    measure: Measure
    of: Node
    at_least: int
    per: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Which rows, and how they belong to a period. `dates` is one or two columns."""

    table: str
    timing: Timing
    dates: tuple[Node, ...]
    each: str = ""
    at: str = "end"
    every: str = ""
    first_of: str = ""
    idle_months: int = 0
    cohort: Cohort | None = None
    having: Having | None = None
    forward: bool = False
    shift: str = ""
    whole: bool = False
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One sum or count over facts.

    `given` names what the caller must hand in; such a component has no source.
    """

    name: str
    measure: Measure = Measure.COUNT
    of: Node | None = None
    source: Source | None = None
    where: tuple[Condition, ...] = ()
    ended: str = ""
    others: tuple[tuple[Source, tuple[Condition, ...]], ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One entry of the catalogue; texts are by language, "fr" and "en"."""

    key: str
    kind: Kind
    unit: Unit
    better: str
    label: Mapping[str, str]
    question: Mapping[str, str]
    formula: Node
    formula_text: str
    reference: str
    components: Mapping[str, Component] = field(default_factory=dict)
    by_basis: Mapping[str, Mapping[str, Component]] = field(default_factory=dict)
    beside: Mapping[str, Node] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    caution: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, object] = field(default_factory=dict)
    minimum: int = 0
    margin: bool = False
    own: bool = False

    def components_on(self, basis: str) -> dict[str, Component]:
        """Return the components, with those of the revenue basis."""
        return {**self.components, **self.by_basis.get(basis, {})}
