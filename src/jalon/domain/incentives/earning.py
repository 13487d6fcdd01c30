"""What one component earns on what was measured: threshold, schedule, factors, cap.

The order is the order of the plan's words: what counts, the threshold, the brackets,
the multipliers, the gates, the floor, the cap. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jalon.domain.incentives.measuring import Measured
from jalon.domain.incentives.plan import (
    ONE,
    ZERO,
    Component,
    Gate,
    Matrix,
    Mode,
    Multiplier,
    On,
    Pays,
    Schedule,
    Tier,
)
from jalon.domain.incentives.schedule import Slice, factor, read_curve, slices
from jalon.domain.incentives.sentences import Figure, Step, money, plain, share, step
from jalon.domain.refusals import Refusal

Other = Callable[[str], Measured | None]  # a measure of the same person and period
_NO_PAY = (
    "Component {key} needs a target pay. Expected variable = 20000 in [plan] or in the "
    "component, or a column variable in the results."
)
_NO_MEASURE = (
    "Measure {measure} has no row for {whose}. Expected at least one line with it in "
    "the results."
)


@dataclass(frozen=True, slots=True)
class Earned:
    """An amount, not rounded, and its arithmetic."""

    amount: Decimal
    steps: tuple[Step, ...] = ()


def earned(component: Component, found: Measured, other: Other) -> Earned:
    """Return what the component earns.

    Raises:
        Refusal: If it needs a target pay nobody said.
    """
    value = _axis(component.on, found)
    if component.threshold is not None and value < component.threshold:
        below = step(
            "{value} is below the threshold {threshold}: nothing is earned.",
            value=_shown(value, component.on),
            threshold=_shown(component.threshold, component.on),
        )
        return Earned(ZERO, (*found.steps, below))
    counted, said = _limited(component, found)
    gross = _gross(component, counted, other)
    bent = bend(
        gross.amount,
        gates=component.gates,
        multipliers=component.multipliers,
        floor=component.floor,
        cap=least(component.cap, component.cap_share, found.variable),
        other=other,
    )
    return Earned(bent.amount, (*found.steps, *said, *gross.steps, *bent.steps))


def bend(
    amount: Decimal,
    *,
    gates: Sequence[Gate],
    multipliers: Sequence[Multiplier],
    floor: Decimal | None,
    cap: Decimal | None,
    other: Other,
) -> Earned:
    """Return an amount after its multipliers, gates, floor and cap, in that order."""
    steps: list[Step] = []
    for each in multipliers:
        amount = _multiplied(amount, each, other, steps)
    closed = False
    for gate in gates:
        reached = _reached(gate.measure, gate.on, other)
        if reached < gate.at_least:
            closed = True
            amount *= gate.otherwise
            steps.append(
                step(
                    "Gate closed, {measure} at {reached}, {least} needed: {kept} paid.",
                    measure=gate.measure,
                    reached=_shown(reached, gate.on),
                    least=_shown(gate.at_least, gate.on),
                    kept=share(gate.otherwise),
                )
            )
    if floor is not None and amount < floor and not closed:
        steps.append(step("Raised to the floor {floor}.", floor=money(floor)))
        amount = floor
    if cap is not None and amount > cap:
        steps.append(step("Held at the cap {cap}.", cap=money(cap)))
        amount = cap
    return Earned(amount, tuple(steps))


def least(
    cap: Decimal | None, cap_share: Decimal | None, variable: Decimal | None
) -> Decimal | None:
    """Return the lower of a cap in money and a cap in share of the target pay."""
    caps = [cap] if cap is not None else []
    if cap_share is not None and variable is not None:
        caps.append(cap_share * variable)
    return min(caps) if caps else None


def _axis(on: On, found: Measured) -> Decimal:
    if on is On.ACTUAL:
        return found.actual
    if on is On.RANK:
        return found.rank or ZERO
    return found.attainment or ZERO


def _shown(value: Decimal, on: On) -> Figure:
    return share(value) if on is On.ATTAINMENT else plain(value)


def _limited(
    component: Component, found: Measured
) -> tuple[Measured, tuple[Step, ...]]:
    """Return what counts: nothing above `counts_up_to`."""
    limit = component.counts_up_to
    if limit is None or _axis(component.on, found) <= limit:
        return found, ()
    said = step("Counted up to {limit} only.", limit=_shown(limit, component.on))
    if component.on is On.ACTUAL:
        reached = limit / found.target if found.target else found.attainment
        return replace(found, actual=limit, attainment=reached), (said,)
    actual = found.actual if found.target is None else limit * found.target
    return replace(found, actual=actual, attainment=limit), (said,)


def _gross(component: Component, found: Measured, other: Other) -> Earned:
    if component.pays is Pays.BONUS and found.variable is None:
        raise Refusal(_NO_PAY, key=component.key)
    if component.matrix is not None:
        return _in_matrix(component, component.matrix, found, other)
    if component.schedule.curve is not None:
        return _on_curve(component, found)
    if component.schedule.tiers:
        return _on_tiers(component, found)
    return _in_proportion(component, found)


def _in_proportion(component: Component, found: Measured) -> Earned:
    if component.pays is Pays.AMOUNT:
        amount = component.amount
        return Earned(amount, (step("Amount {amount}.", amount=money(amount)),))
    if component.pays is Pays.BONUS:
        variable, reached = found.variable or ZERO, found.attainment or ZERO
        said = step(
            "{variable} × {reached}.", variable=money(variable), reached=share(reached)
        )
        return Earned(variable * reached, (said,))
    return Earned(
        found.actual * component.rate,
        (_product(found.actual, component.rate, component.pays),),
    )


def _in_matrix(
    component: Component, matrix: Matrix, found: Measured, other: Other
) -> Earned:
    """Return what the cell of both measures gives."""
    own, beside = _axis(component.on, found), _reached(matrix.measure, matrix.on, other)
    row = sum(1 for level in matrix.rows if own >= level)
    column = sum(1 for level in matrix.columns if beside >= level)
    cell = matrix.gives[row - 1][column - 1] if row and column else ZERO
    said = step(
        "{own} with {measure} at {beside}: the table gives {cell}.",
        own=_shown(own, component.on),
        measure=matrix.measure,
        beside=_shown(beside, matrix.on),
        cell=money(cell) if component.pays is Pays.AMOUNT else share(cell),
    )
    if component.pays is Pays.AMOUNT:
        return Earned(cell, (said,))
    if component.pays is Pays.BONUS:
        variable = found.variable or ZERO
        paid = step(
            "{variable} × {reached}.", variable=money(variable), reached=share(cell)
        )
        return Earned(variable * cell, (said, paid))
    product = _product(found.actual, cell, component.pays)
    return Earned(found.actual * cell, (said, product))


def _on_curve(component: Component, found: Measured) -> Earned:
    curve = component.schedule.curve
    height = ZERO if curve is None else read_curve(_axis(component.on, found), curve)
    if component.pays is Pays.AMOUNT:
        return Earned(height, (step("Amount {amount}.", amount=money(height)),))
    if component.pays is Pays.BONUS:
        variable = found.variable or ZERO
        said = step(
            "The curve gives {height} of the target pay {variable}.",
            height=share(height),
            variable=money(variable),
        )
        return Earned(variable * height, (said,))
    rate = height * component.rate
    return Earned(found.actual * rate, (_product(found.actual, rate, component.pays),))


def _on_tiers(component: Component, found: Measured) -> Earned:
    """Return the sum of what each bracket pays.

    Brackets in attainment that pay on the actual are first scaled by the target, so
    that no quotient is rounded.
    """
    schedule, value = component.schedule, _axis(component.on, found)
    scaled = component.on is On.ATTAINMENT and component.pays in {Pays.RATE, Pays.UNIT}
    if scaled:
        if not found.target:
            return Earned(ZERO)
        schedule, value = _scaled(schedule, found.target), found.actual
    parts = slices(value, schedule)
    if not parts:
        return Earned(ZERO, (step("No bracket is reached: nothing is earned."),))
    paid = [_slice(part, component, found, on_actual=scaled) for part in parts]
    amount = sum((each.amount for each in paid), ZERO)
    return Earned(amount, tuple(said for each in paid for said in each.steps))


def _slice(
    part: Slice, component: Component, found: Measured, *, on_actual: bool
) -> Earned:
    tier = part.tier
    if tier.amount is not None or tier.share is not None:
        return _lump(part, component, found)
    actual_axis = on_actual or component.on is On.ACTUAL
    if component.pays is Pays.BONUS:
        reached = part.width
        if actual_axis:
            reached = part.width / found.target if found.target else ZERO
        variable, times = found.variable or ZERO, tier.times or ZERO
        said = step(
            "From {start} to {end}: {width} × {times} of {variable}.",
            start=_shown(part.start, component.on),
            end=_shown(part.end, component.on),
            width=share(reached),
            times=plain(times),
            variable=money(variable),
        )
        return Earned(variable * reached * times, (said,))
    rate = tier.rate if tier.rate is not None else component.rate * (tier.times or ZERO)
    said = step(
        "From {start} to {end}: {width} × {rate}.",
        start=plain(part.start),
        end=plain(part.end),
        width=plain(part.width),
        rate=_rate(rate, component.pays),
    )
    return Earned(part.width * rate, (said,))


def _lump(part: Slice, component: Component, found: Measured) -> Earned:
    """Return the amount of a bracket, in proportion of what is done if interpolated."""
    tier = part.tier
    amount = tier.amount
    if amount is None:
        amount = (tier.share or ZERO) * (found.variable or ZERO)
    done = ONE
    if component.schedule.mode is Mode.INTERPOLATED and tier.end is not None:
        done = part.width / (tier.end - tier.start)
    said = step(
        "Bracket from {start}: {amount} × {done}.",
        start=_shown(tier.start, component.on),
        amount=money(amount),
        done=share(done),
    )
    return Earned(amount * done, (said,))


def _scaled(schedule: Schedule, target: Decimal) -> Schedule:
    return replace(
        schedule, tiers=tuple(_scaled_tier(tier, target) for tier in schedule.tiers)
    )


def _scaled_tier(tier: Tier, target: Decimal) -> Tier:
    end = None if tier.end is None else tier.end * target
    return replace(tier, start=tier.start * target, end=end)


def _multiplied(
    amount: Decimal, each: Multiplier, other: Other, steps: list[Step]
) -> Decimal:
    reached = _reached(each.measure, each.on, other)
    times = factor(reached, each.schedule)
    steps.append(
        step(
            "Multiplied by {times}: {measure} at {reached}.",
            times=plain(times),
            measure=each.measure,
            reached=_shown(reached, each.on),
        )
    )
    return amount * times


def _reached(measure: str, on: On, other: Other) -> Decimal:
    found = other(measure)
    if found is None:
        raise Refusal(_NO_MEASURE, measure=measure, whose="this person and period")
    return _axis(on, found)


def _product(actual: Decimal, rate: Decimal, pays: Pays) -> Step:
    return step("{actual} × {rate}.", actual=plain(actual), rate=_rate(rate, pays))


def _rate(rate: Decimal, pays: Pays) -> Figure:
    return money(rate) if pays is Pays.UNIT else share(rate)
