"""From components to a figure: the divisions, medians and margins, exact in Decimal.

No denominator gives no value, with a reason (a code): `no_denominator`, `too_few`,
`missing_rate`, `not_started`, `not_carried`, `no_facts` (nothing of the kind was ever
imported), `needs_target`, `needs_actual`, `needs_remaining`, `needs_forecast`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import add, itemgetter, mul, sub
from typing import cast

from jalon.domain.kpis.expression import Binary, Call, Name, Node, Number

NO_DENOMINATOR = "no_denominator"
TOO_FEW = "too_few"
MISSING_RATE = "missing_rate"
NOT_STARTED = "not_started"
NOT_CARRIED = "not_carried"
NO_VALUES = "no_values"
NO_FACTS = "no_facts"
Z_95 = Decimal("1.96")
INTERVAL_UNDER = 30


@dataclass(frozen=True, slots=True)
class Counted:
    """A value met `times` times; `ended` is False for a duration still running."""

    value: Decimal
    times: Decimal
    ended: bool = True


Input = Decimal | Sequence[Counted]
Inputs = Mapping[str, Input]
Worked = Callable[[Inputs], Decimal]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, the two sums it divides, and second figures; or the reason of none."""

    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None
    beside: Mapping[str, Decimal | None] = field(default_factory=dict)


class NoValueError(ValueError):
    """There is no value, for the reason given as a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Formula:
    """A formula made ready once, to be worked out for many groups."""

    def __init__(
        self,
        node: Node,
        *,
        beside: Mapping[str, Node] | None = None,
        minimum: int = 0,
    ) -> None:
        """Read the formula; under `minimum` as denominator it has no value."""
        self._whole = _worked(node)
        self._sides: tuple[Worked, Worked] | None = None
        if isinstance(node, Binary) and node.operator == "/":
            self._sides = _worked(node.left), _worked(node.right)
        self._beside = {name: _worked(one) for name, one in (beside or {}).items()}
        self._minimum = minimum

    def figure(self, inputs: Inputs) -> Figure:
        """Return the figure of these inputs, or the reason there is none."""
        numerator = denominator = None
        others = {name: _quiet(one, inputs) for name, one in self._beside.items()}
        if self._sides is not None:
            numerator, denominator = (_quiet(side, inputs) for side in self._sides)
        if self._minimum and (denominator or 0) < self._minimum:
            return Figure(None, reason=TOO_FEW)  # not even how many
        try:
            if numerator is None or denominator is None:
                value = self._whole(inputs)
            else:
                value = _divided(numerator, denominator)
        except NoValueError as error:
            return Figure(None, numerator, denominator, error.reason, others)
        return Figure(value, numerator, denominator, None, others)


def figure(
    formula: Node,
    inputs: Inputs,
    *,
    beside: Mapping[str, Node] | None = None,
    minimum: int = 0,
) -> Figure:
    """Return the figure of a formula; under `minimum` as denominator, none."""
    return Formula(formula, beside=beside, minimum=minimum).figure(inputs)


def median(values: Sequence[Counted]) -> Decimal:
    """Return the middle value (the mean of the two middle ones)."""
    ordered = sorted(values, key=lambda one: one.value)
    total = sum((one.times for one in ordered), Decimal(0))
    if total <= 0:
        raise NoValueError(NO_VALUES)
    seen = Decimal(0)
    lower: Decimal | None = None
    for one in ordered:
        seen += one.times
        if lower is not None:
            return (lower + one.value) / 2
        if 2 * seen > total:
            return one.value
        if 2 * seen == total:
            lower = one.value
    raise NoValueError(NO_VALUES)


def restricted_mean(values: Sequence[Counted]) -> Decimal:
    """Return the mean duration by Kaplan-Meier, up to the longest one seen.

    Durations still running count as long as they were seen (censored), never as ended.
    """
    at_risk = sum((one.times for one in values), Decimal(0))
    if at_risk <= 0:
        raise NoValueError(NO_VALUES)
    surviving, area, before = Decimal(1), Decimal(0), Decimal(0)
    for moment in sorted({one.value for one in values}):
        area += surviving * (moment - before)
        before = moment
        here = [one for one in values if one.value == moment]
        ended = sum((one.times for one in here if one.ended), Decimal(0))
        surviving *= 1 - ended / at_risk
        at_risk -= sum((one.times for one in here), Decimal(0))
    return area


def score_margin(promoters: Decimal, detractors: Decimal, answers: Decimal) -> Decimal:
    """Return the half-width of the 95 % interval of 100 (p - d), in points.

    Variance 100² (p + d - (p - d)²) ÷ n (cybaea, 2016).
    """
    if answers <= 0:
        raise NoValueError(NO_DENOMINATOR)
    p, d = promoters / answers, detractors / answers
    variance = Decimal(10000) * (p + d - (p - d) ** 2) / answers
    return Z_95 * variance.sqrt()


def _quiet(worked: Worked, inputs: Inputs) -> Decimal | None:
    """Return the value of a formula, or None where there is none."""
    try:
        return worked(inputs)
    except NoValueError:
        return None


def _worked(node: Node) -> Worked:
    """Return the function that works a formula out.

    It raises NoValueError where it divides by zero or looks at no value at all.
    """
    match node:
        case Number(value):
            return lambda _: value
        case Name(name):
            return cast("Worked", itemgetter(name))  # values() only go to median()
        case Binary(sign, left, right):
            sign_of = _SIGNS[sign]
            above, below = _worked(left), _worked(right)
            return lambda inputs: sign_of(above(inputs), below(inputs))
        case Call(function, arguments):
            return _called(function, arguments)
    raise AssertionError(node)


def _called(function: str, arguments: tuple[Node, ...]) -> Worked:
    if function in _OF_VALUES:
        of_values = _OF_VALUES[function]
        name = next(one.name for one in arguments if isinstance(one, Name))
        return lambda inputs: of_values(cast("Sequence[Counted]", inputs[name]))
    terms = [_worked(one) for one in arguments]
    of_terms = _OF_TERMS.get(function, _first)
    return lambda inputs: of_terms([term(inputs) for term in terms])


def _divided(above: Decimal, below: Decimal) -> Decimal:
    if not below:
        raise NoValueError(NO_DENOMINATOR)
    return above / below


def _first(terms: list[Decimal]) -> Decimal:
    return terms[0]


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
}
_OF_VALUES = {"median": median, "restricted_mean": restricted_mean}
_OF_TERMS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "abs": lambda terms: abs(terms[0]),
    "least": min,
    "greatest": max,
}
