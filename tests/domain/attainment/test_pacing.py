"""The pipeline needed: remaining ÷ the win rate of the past."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.attainment.pacing import (
    LEAST_CLOSED,
    PastRate,
    coverage,
    pipeline_needed,
)

D = Decimal


def test_what_remains_is_divided_by_the_win_rate() -> None:
    need = pipeline_needed(D(30_000), past=PastRate(D(30), D(120)), pipeline=D(90_000))

    assert need.rate == D("0.25")
    assert need.needed == D(120_000)
    assert need.missing == D(30_000)


def test_more_pipeline_than_needed_is_an_excess() -> None:
    need = pipeline_needed(D(10_000), past=PastRate(D(10), D(20)), pipeline=D(50_000))

    assert need.missing == D(-30_000)


@pytest.mark.parametrize("remaining", [D(0), D(-500)])
def test_nothing_left_needs_nothing(remaining: Decimal) -> None:
    need = pipeline_needed(remaining, past=PastRate(D(5), D(50)), pipeline=D(1))

    assert (need.needed, need.reason) == (D(0), "pacing.nothing_left")


@pytest.mark.parametrize(
    ("past", "reason"),
    [
        pytest.param(None, "pacing.too_few_closed", id="no past at all"),
        pytest.param(
            PastRate(D(9), D(LEAST_CLOSED - 1)), "pacing.too_few_closed", id="too few"
        ),
        pytest.param(
            PastRate(D(0), D(LEAST_CLOSED)), "pacing.nothing_won", id="never won"
        ),
    ],
)
def test_a_rate_that_means_nothing_gives_no_number(
    past: PastRate | None, reason: str
) -> None:
    need = pipeline_needed(D(1000), past=past, pipeline=D(1))

    assert need.needed is None
    assert need.missing is None
    assert need.reason == reason


@pytest.mark.parametrize(
    ("pipeline", "remaining", "expected"),
    [
        pytest.param(D(90), D(30), D(3), id="three times"),
        pytest.param(D(0), D(30), D(0), id="none open covers nothing"),
        pytest.param(D(90), D(0), None, id="nothing left: no denominator"),
        pytest.param(D(90), D(-10), None, id="beyond the target"),
        pytest.param(None, D(30), None, id="unknown pipeline"),
    ],
)
def test_coverage_is_pipeline_over_what_remains(
    pipeline: Decimal | None, remaining: Decimal, expected: Decimal | None
) -> None:
    assert coverage(pipeline, remaining) == expected
