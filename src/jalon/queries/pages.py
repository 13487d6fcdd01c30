"""What the first pages show, frozen: lines of objectives, an objective, its parts.

Figures are in the KPI's unit, a share as a fraction; `first` is inside a period,
`after` outside. Progress is the share of the way, 1 at the target.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal

from jalon.domain.objectives.graded import GRADED
from jalon.domain.objectives.sums import SumCheck
from jalon.domain.people.names import folded

PUBLISHED = frozenset({"agreed", "active", "reached", "missed", "abandoned"})
STATUSES = (
    "off_track",
    "watch",
    "on_track",
    "reached",
    "missed",
    "not_started",
    "no_data",
)
CARDS = 3
DEEPEST = 3  # how far a tree is indented


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """One action of the plan, with the name of who does it."""

    text: str
    owner: str = ""
    due: datetime.date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One objective as a card, a row or a branch shows it."""

    id: str
    statement: str
    kpi: str
    kpi_label: Mapping[str, str]
    unit: str
    currency: str
    direction: str
    flow: bool
    owner: str
    owner_name: str
    first: datetime.date
    after: datetime.date
    status: str
    lang: str = "fr"
    where: tuple[str, ...] = ()
    baseline: Decimal | None = None
    target: Decimal | None = None
    original_target: Decimal | None = None
    actual: Decimal | None = None
    expected: Decimal | None = None
    attainment: Decimal | None = None
    original_attainment: Decimal | None = None
    expected_progress: Decimal | None = None
    gap: Decimal | None = None
    minimum: Decimal | None = None
    excellent: Decimal | None = None
    landing: tuple[Decimal, Decimal, Decimal] | None = None
    probability: Decimal | None = None
    reason: str = ""
    since: datetime.date | None = None
    state: str = "active"
    horizon: str = "short"
    parent: str = ""
    weight: Decimal = Decimal(1)
    actions: tuple[ActionLine, ...] = ()
    snapshot: str = ""
    evaluated_on: datetime.date = datetime.date.min
    depth: int = 0
    nature: str = "quantitative"
    margin: Decimal | None = None  # a survey: half-width of its 95 % interval
    answers: Decimal | None = None

    def aim(self, lang: str) -> str:
        """Return what it aims at in few words: its KPI, or what a graded one states."""
        if self.kpi == GRADED and self.statement:
            return (self.statement[:1].upper() + self.statement[1:]).rstrip(".")
        return self.kpi_label.get(lang) or self.kpi

    @property
    def published(self) -> bool:
        """Return whether everybody in the company may see the result."""
        return self.state in PUBLISHED

    @property
    def last(self) -> datetime.date:
        """Return the last day of the period."""
        return self.after - datetime.timedelta(days=1)

    @property
    def level(self) -> str:
        """Return "company", "team" or "person"."""
        return self.owner.partition(":")[0]

    @property
    def lead(self) -> Decimal | None:
        """Return how far ahead of the path (below 0: behind), whichever is better."""
        if self.actual is None or self.expected is None:
            return None
        ahead = self.actual - self.expected
        return -ahead if self.direction == "down" else ahead

    @property
    def remaining(self) -> Decimal | None:
        """Return what is left to do; below 0, what is beyond the target."""
        if self.gap is None:
            return None
        return -self.gap if self.direction == "down" else self.gap

    @property
    def next_action(self) -> ActionLine | None:
        """Return the first action still to do, the soonest due first."""
        waiting = [action for action in self.actions if not action.done]
        return min(
            waiting, key=lambda action: action.due or datetime.date.max, default=None
        )

    def is_running(self, on: datetime.date) -> bool:
        """Return whether the day is inside the period."""
        return self.first <= on < self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list of objectives is narrowed to; "" is everything.

    `owner` is a key (`person:bob`) or a part of a name, accents and capitals aside.

    `when` is "now" (running on the day), "past", "coming" or "all".
    """

    status: str = ""
    owner: str = ""
    when: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """A target in its time: from which day, why, by whom."""

    value: Decimal | None
    former: Decimal | None
    since: datetime.date
    reason: str = ""
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A KPI in words; texts are by language."""

    key: str
    label: Mapping[str, str]
    question: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    formula: str = ""
    reference: str = ""

    @property
    def is_composed(self) -> bool:
        """Return whether the formula says more than one name."""
        return bool(self.formula) and not self.formula.isidentifier()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One objective, whole."""

    line: Line
    definition: Definition
    targets: tuple[TargetLine, ...]
    parent: Line | None = None
    children: tuple[Line, ...] = ()
    total: SumCheck | None = None
    actual_path: tuple[tuple[datetime.date, Decimal], ...] = ()
    expected_path: tuple[tuple[datetime.date, Decimal], ...] = ()


def running(lines: Iterable[Line], *, on: datetime.date) -> tuple[Line, ...]:
    """Return the lines whose period holds the day."""
    return tuple(line for line in lines if line.is_running(on))


def filtered(
    lines: Iterable[Line], filters: Filters, *, on: datetime.date
) -> tuple[Line, ...]:
    """Return the lines that pass every filter."""
    return tuple(
        line
        for line in lines
        if filters.status in {"", line.status}
        and _owned(line, filters.owner)
        and filters.when in {"all", _when(line, on)}
    )


def _owned(line: Line, owner: str) -> bool:
    return owner in {"", line.owner} or folded(owner) in folded(line.owner_name)


def _when(line: Line, on: datetime.date) -> str:
    if line.is_running(on):
        return "now"
    return "past" if line.after <= on else "coming"


def as_tree(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines, each child under its parent, with their depth.

    A line whose parent is not among them is a root; company, then teams, then people.
    """
    kept = {line.id: line for line in lines}
    children: dict[str, list[Line]] = defaultdict(list)
    for line in kept.values():
        children[line.parent if line.parent in kept else ""].append(line)
    found: list[Line] = []
    seen: set[str] = set()

    def walk(parent: str, depth: int) -> None:
        kpi = kept[parent].kpi if parent else ""
        for line in sorted(children[parent], key=lambda line: _rank(line, kpi)):
            if line.id not in seen:
                seen.add(line.id)
                found.append(_at_depth(line, min(depth, DEEPEST)))
                walk(line.id, depth + 1)

    walk("", 0)
    for line in kept.values():  # parents of each other: shown as roots, never lost
        if line.id not in seen:
            seen.add(line.id)
            found.append(_at_depth(line, 0))
            walk(line.id, 1)
    return tuple(found)


def _at_depth(line: Line, depth: int) -> Line:
    """Return the line at a depth: `replace`, quick enough for a thousand lines."""
    if line.depth == depth:
        return line
    moved = object.__new__(Line)
    for name in _NAMES:
        object.__setattr__(moved, name, getattr(line, name))
    object.__setattr__(moved, "depth", depth)
    return moved


_NAMES = tuple(one.name for one in fields(Line))


def _rank(line: Line, kpi: str) -> tuple[bool, int, str, datetime.date, str]:
    """Return the order of brothers: the parent's own KPI first, then by level."""
    levels = ("company", "team", "person")
    level = levels.index(line.level) if line.level in levels else len(levels)
    return line.kpi != kpi, level, line.owner_name, line.after, line.id


def ancestors(lines: Iterable[Line], *, of: Iterable[str]) -> tuple[Line, ...]:
    """Return the named lines and everything above them, as a tree."""
    known = {line.id: line for line in lines}
    wanted: set[str] = set()
    waiting = [name for name in of if name in known]
    while waiting:
        name = waiting.pop()
        if name in known and name not in wanted:
            wanted.add(name)
            waiting.append(known[name].parent)
    return as_tree(known[name] for name in wanted)


def to_do(lines: Iterable[Line]) -> tuple[tuple[ActionLine, Line], ...]:
    """Return the actions still to do, the soonest due first, each with its line."""
    waiting = [
        (action, line) for line in lines for action in line.actions if not action.done
    ]
    return tuple(
        sorted(waiting, key=lambda pair: (pair[0].due or datetime.date.max, pair[1].id))
    )


def branch(lines: Iterable[Line], *, roots: Iterable[str]) -> tuple[Line, ...]:
    """Return the named lines and everything under them, as a tree."""
    everything = tuple(lines)
    wanted = set(roots)
    size = -1
    while size != len(wanted):
        size = len(wanted)
        wanted |= {line.id for line in everything if line.parent in wanted}
    return as_tree(line for line in everything if line.id in wanted)
