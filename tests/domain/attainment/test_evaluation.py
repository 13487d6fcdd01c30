"""One evaluation, from what was read to every figure shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from jalon.domain.attainment.evaluation import Evaluation, Observation, evaluated
from jalon.domain.attainment.phasing import day_weights, way
from jalon.domain.attainment.status import Status
from jalon.domain.objectives.objective import (
    Bands,
    DatedTarget,
    Direction,
    Objective,
    Phasing,
    PhasingKind,
    Revision,
)
from jalon.domain.periods import Period, WorkingDays

HUNDRED_DAYS = Period(date(2026, 1, 1), date(2026, 4, 11))
FIFTIETH = date(2026, 2, 19)
EVEN = Phasing(PhasingKind.EVEN)
REVENUE = Objective(
    id="o",
    kpi="revenue",
    owner="company",
    period=HUNDRED_DAYS,
    direction=Direction.UP,
    original_target=Decimal(120),
    phasing=EVEN,
)


def on(
    day: date, objective: Objective, value: str | None, *, flow: bool = True
) -> Evaluation:
    weights = day_weights(
        objective.period,
        phasing=objective.phasing,
        working_days=WorkingDays(),
        season={},
    )
    return evaluated(
        objective,
        Observation(value=None if value is None else Decimal(value)),
        on=day,
        snapshot="g00000001",
        way=way(objective.period, weights),
        flow=flow,
    )


def test_half_way_half_is_expected() -> None:
    found = on(FIFTIETH, REVENUE, "54")

    assert found.expected == Decimal(60)
    assert found.attainment == Decimal("0.45")
    assert found.gap == Decimal(66)
    assert found.status is Status.WATCH


def test_a_lowered_target_is_followed_and_both_are_kept() -> None:
    revision = Revision(
        former=Decimal(120),
        new=Decimal(90),
        effective_on=date(2026, 2, 20),
        reason="market",
    )
    lowered = replace(REVENUE, revisions=(revision,))

    before = on(FIFTIETH, lowered, "45")
    after = on(date(2026, 2, 20), lowered, "45.9")

    assert (before.target, after.target) == (Decimal(120), Decimal(90))
    assert after.original_target == Decimal(120)
    assert after.joined_target == Decimal(105)
    assert (before.status, after.status) == (Status.OFF_TRACK, Status.ON_TRACK)


def test_a_plan_expects_its_own_stretches() -> None:
    plan = (
        DatedTarget(date(2026, 1, 1), Decimal(20)),
        DatedTarget(FIFTIETH, Decimal(100)),
    )

    planned = replace(REVENUE, plan=plan)

    assert on(date(2026, 2, 18), planned, "20").expected == Decimal(20)
    assert on(date(2026, 4, 10), planned, "20").expected == Decimal(120)


def test_a_level_follows_the_levels_of_its_plan() -> None:
    plan = (
        DatedTarget(date(2026, 1, 1), Decimal("0.22")),
        DatedTarget(FIFTIETH, Decimal("0.28")),
    )
    planned = replace(REVENUE, plan=plan, original_target=Decimal("0.28"))

    assert on(date(2026, 2, 18), planned, "0.25", flow=False).target == Decimal("0.22")
    assert on(FIFTIETH, planned, "0.25", flow=False).target == Decimal("0.28")


def test_a_level_goes_from_its_baseline_to_its_target() -> None:
    rate = replace(REVENUE, baseline=Decimal("0.22"), original_target=Decimal("0.28"))

    found = on(FIFTIETH, rate, "0.25", flow=False)

    assert found.expected == Decimal("0.25")
    assert found.attainment == Decimal("0.5")
    assert found.status is Status.ON_TRACK


def test_a_level_above_its_target_is_not_reached_before_the_end() -> None:
    rate = replace(REVENUE, original_target=Decimal("0.28"))

    assert on(FIFTIETH, rate, "0.30", flow=False).status is Status.ON_TRACK
    assert on(date(2026, 4, 11), rate, "0.30", flow=False).status is Status.REACHED


def test_to_maintain_a_band_for_nine_weeks_in_ten_reaches_it() -> None:
    band = replace(
        REVENUE,
        direction=Direction.MAINTAIN,
        original_target=None,
        bands=Bands(Decimal("0.90"), Decimal("0.95")),
    )
    weights = day_weights(
        HUNDRED_DAYS, phasing=EVEN, working_days=WorkingDays(), season={}
    )
    readings = (*[Decimal("0.92")] * 9, Decimal("0.80"))

    found = evaluated(
        band,
        Observation(value=Decimal("0.80"), readings=readings),
        on=date(2026, 4, 11),
        snapshot="g00000001",
        way=way(HUNDRED_DAYS, weights),
        flow=False,
    )

    assert found.attainment == Decimal("0.9")
    assert found.status is Status.REACHED


def test_before_the_first_day_nothing_is_told() -> None:
    found = on(date(2025, 12, 31), REVENUE, "10")

    assert (found.actual, found.gap) == (None, None)
    assert (found.status, found.reason) == (Status.NOT_STARTED, "reason.not_started")
