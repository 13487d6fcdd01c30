"""From components to a figure: the divisions, medians and margins, exact in Decimal.

No denominator gives no value, with a reason (a code): `no_denominator`, `too_few`,
`missing_rate`, `not_started`, `not_carried`, `no_facts` (nothing of the kind was ever
imported), `needs_target`, `needs_actual`, `needs_remaining`, `needs_forecast`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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


def figure(
    formula: Node,
    inputs: Mapping[str, Input],
    *,
    beside: Mapping[str, Node] | None = None,
    minimum: int = 0,
) -> Figure:
    """Return the figure of a formula; under `minimum` as denominator, none."""
    numerator, denominator = _sides(formula, inputs)
    others = {name: quiet(node, inputs) for name, node in (beside or {}).items()}
    try:
        if numerator is None or denominator is None:
            value = evaluated(formula, inputs)
        else:
            value = _divided(numerator, denominator)
    except NoValueError as error:
        return Figure(None, numerator, denominator, error.reason, others)
    if minimum and (denominator or 0) < minimum:
        return Figure(None, None, denominator, TOO_FEW, {})
    return Figure(value, numerator, denominator, None, others)


def evaluated(node: Node, inputs: Mapping[str, Input]) -> Decimal:
    """Return the value of a formula.

    Raises:
        NoValueError: If it divides by zero or looks at no value at all.
    """
    match node:
        case Number(value):
            return value
        case Name(name):
            found = inputs[name]
            assert isinstance(found, Decimal)  # noqa: S101 - values() goes to median()
            return found
        case Binary(sign, left, right):
            return _combined(sign, evaluated(left, inputs), evaluated(right, inputs))
        case Call(function, arguments):
            return _called(function, arguments, inputs)
    raise AssertionError(node)


def quiet(node: Node, inputs: Mapping[str, Input]) -> Decimal | None:
    """Return the value of a formula, or None where there is none."""
    try:
        return evaluated(node, inputs)
    except NoValueError:
        return None


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


def _sides(
    formula: Node, inputs: Mapping[str, Input]
) -> tuple[Decimal | None, Decimal | None]:
    match formula:
        case Binary("/", left, right):
            return quiet(left, inputs), quiet(right, inputs)
    return None, None


def _combined(sign: str, left: Decimal, right: Decimal) -> Decimal:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return _divided(left, right)


def _divided(above: Decimal, below: Decimal) -> Decimal:
    if not below:
        raise NoValueError(NO_DENOMINATOR)
    return above / below


def _called(
    function: str, arguments: tuple[Node, ...], inputs: Mapping[str, Input]
) -> Decimal:
    if function in {"median", "restricted_mean"}:
        name = next(one.name for one in arguments if isinstance(one, Name))
        values = inputs[name]
        assert not isinstance(values, Decimal)  # noqa: S101 - a `values` component
        return median(values) if function == "median" else restricted_mean(values)
    terms = [evaluated(one, inputs) for one in arguments]
    match function:
        case "abs":
            return abs(terms[0])
        case "least":
            return min(terms)
        case "greatest":
            return max(terms)
    return terms[0]
