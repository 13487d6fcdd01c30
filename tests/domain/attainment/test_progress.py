"""How much is done: the examples of the trade, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.attainment.progress import inside_band, progress
from jalon.domain.objectives.objective import Bands, Direction

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("actual", "target", "baseline", "direction", "flow", "expected"),
    [
        pytest.param("80", "100", None, UP, True, "0.8", id="actual over target"),
        pytest.param("130", "100", None, UP, True, "1.3", id="above 100 % is shown"),
        pytest.param("-20", "100", None, UP, True, "-0.2", id="a credit note lowers it"),
        pytest.param("1000", "1200", "1000", UP, True, None, id="revenue against N-1"),
        pytest.param("100", "0", "200", DOWN, True, "0.5", id="200 to 0 at 100"),
        pytest.param("38", "35", "45", DOWN, False, "0.7", id="45 to 35 days at 38"),
        pytest.param("0.25", "0.28", "0.22", UP, False, "0.5", id="22 to 28 % at 25 %"),
        pytest.param("0.10", "0.05", None, DOWN, False, "0.5", id="down, no baseline"),
        pytest.param("0.9", "0.92", "0.91", UP, False, "-1", id="fell behind its baseline"),
    ],
)  # fmt: skip
def test_attainment(
    actual: str,
    target: str,
    baseline: str | None,
    direction: Direction,
    flow: bool,
    expected: str | None,
) -> None:
    found = progress(
        Decimal(actual),
        target=Decimal(target),
        baseline=None if baseline is None else Decimal(baseline),
        direction=direction,
        flow=flow,
    )

    by_hand = Decimal(1000) / 1200 if expected is None else Decimal(expected)
    assert found.attainment == by_hand


@pytest.mark.parametrize(
    ("actual", "target", "baseline", "reason"),
    [
        pytest.param(None, "1", None, "reason.no_value", id="no value"),
        pytest.param("1", None, None, "reason.no_target", id="no target yet"),
        pytest.param("1", "0", None, "reason.target_is_zero", id="target of nothing"),
        pytest.param("1", "2", "2", "reason.target_is_baseline", id="no way to go"),
    ],
)
def test_without_a_denominator_there_is_a_reason_and_no_figure(
    actual: str | None, target: str | None, baseline: str | None, reason: str
) -> None:
    found = progress(
        actual and Decimal(actual),  # type: ignore[arg-type]
        target=target and Decimal(target),  # type: ignore[arg-type]
        baseline=baseline and Decimal(baseline),  # type: ignore[arg-type]
        direction=UP,
        flow=False,
    )

    assert (found.attainment, found.reason) == (None, reason)


def test_to_maintain_is_to_stay_inside_the_band() -> None:
    readings = [Decimal(v) for v in ("0.89", "0.90", "0.95", "0.96")]

    found = inside_band(readings, bands=Bands(Decimal("0.90"), Decimal("0.95")))

    assert found.attainment == Decimal("0.5")
