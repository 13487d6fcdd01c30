"""A cascade as it is asked: a target, a tree of nodes, and how to share.

Amounts are Decimals in the KPI's unit; a share is a fraction of 1. `None` means that
nothing was said, never 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from jalon.domain.cascade.rates import AMOUNT, SCORE, SHARE, Scale, Way

ONE = Decimal(1)
TOP = ""
DEFAULT_CONFIDENCE = Decimal("0.8")
_ADDITIVE = frozenset({"sum", "distinct", "stock"})
_SCALES = {"share": SHARE, "score": SCORE}
_STEPS = {"money": Decimal("0.01"), "count": ONE}
_MEANS = frozenset({"share", "score", "day", "days", "month", "ratio"})


class Method(StrEnum):
    """What an additive target is shared by, or how an effort on a rate is asked."""

    HISTORY = "history"
    CAPACITY = "capacity"
    POTENTIAL = "potential"
    EQUAL = "equal"
    WEIGHTS = "weights"
    EFFORT = "effort"
    HEADROOM = "headroom"
    POINTS = "points"


WAYS = {
    Method.HISTORY: Way.EFFORT,
    Method.EFFORT: Way.EFFORT,
    Method.POTENTIAL: Way.HEADROOM,
    Method.HEADROOM: Way.HEADROOM,
    Method.EQUAL: Way.POINTS,
    Method.POINTS: Way.POINTS,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """How a KPI goes down a tree: by sums in whole steps, or by weighted means.

    `step` is the smallest amount handed out; None leaves amounts unrounded. A share
    that may pass 1 (net revenue retention, a growth) is `beyond_one`.
    """

    kpi: str
    unit: str
    additive: bool
    step: Decimal | None
    beyond_one: bool = False

    @property
    def scale(self) -> Scale:
        """Return the scale a rate of this unit lives on."""
        if self.beyond_one:
            return AMOUNT
        return _SCALES.get(self.unit, AMOUNT)


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree: company, team, person, or a lever with a KPI of its own.

    `history` is the past amount, or the present rate; `potential` the amount open to
    it, or the best rate seen. `ramp` and `presence` are shares of full work, `growth` a
    factor. `volume` is the denominator it carries. `variance` says outright what
    `confidence` (0 to 1) says by the rule of `spread`.
    """

    id: str
    parent: str = TOP
    kpi: str = ""
    unit: str = ""
    weight: Decimal | None = None
    history: Decimal | None = None
    capacity: Decimal | None = None
    potential: Decimal | None = None
    growth: Decimal = ONE
    ramp: Decimal = ONE
    presence: Decimal = ONE
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    locked: Decimal | None = None
    proposed: Decimal | None = None
    confidence: Decimal | None = None
    variance: Decimal | None = None
    volume: Decimal | None = None
    attainments: tuple[Decimal, ...] = ()

    @property
    def relief(self) -> Decimal:
        """Return the factor of growth, ramp of a new hire, absences and part-time."""
        return self.growth * self.ramp * self.presence


@dataclass(frozen=True, slots=True)
class Cushion:
    """What is handed out beyond the target, so that it is reached in spite of misses.

    `levels` is a share for each level, the last one repeated; `probability` asks for
    the smallest share on the first level with which the sum reaches the target that
    often, judged on the past attainments of the leaves.
    """

    levels: tuple[Decimal, ...] = ()
    probability: Decimal | None = None

    def at(self, depth: int) -> Decimal:
        """Return the share added when a node of that depth shares its target out."""
        if not self.levels:
            return Decimal(0)
        return self.levels[min(depth, len(self.levels) - 1)]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked: the KPI's measure, the target, the method and the nodes."""

    measure: Measure
    target: Decimal
    method: Method = Method.HISTORY
    cushion: Cushion = field(default_factory=Cushion)
    nodes: tuple[Node, ...] = ()


def measured(
    kpi: str,
    *,
    unit: str = "",
    kind: str = "",
    volumes: bool = False,
    step: Decimal | None = None,
) -> Measure:
    """Return how a KPI goes down: `kind` from the catalogue decides, then the unit.

    A KPI nobody knows is a mean where its nodes carry volumes. Rates keep their digits,
    so that their weighted mean is the parent's: a step is for amounts.
    """
    additive = kind in _ADDITIVE if kind else unit not in _MEANS and not volumes
    found = (step or _STEPS.get(unit)) if additive else None
    return Measure(kpi, unit, additive, found)


def children_of(nodes: Iterable[Node]) -> Mapping[str, tuple[Node, ...]]:
    """Return the children by parent, in the order given; under `TOP`, the roots."""
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        found[node.parent].append(node)
    return {parent: tuple(children) for parent, children in found.items()}
