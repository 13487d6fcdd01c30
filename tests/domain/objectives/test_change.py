"""Changes as people write them: +15 %, +6 pt, x1.15."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jalon.domain.objectives.change import (
    AmbiguousChangeError,
    UnreadableChangeError,
    read_change,
)


@pytest.mark.parametrize(
    ("written", "baseline", "rate", "target"),
    [
        pytest.param("+15 %", "1150000", False, "1322500", id="a part more money"),
        pytest.param("-10%", "200", False, "180", id="a part less"),
        pytest.param("+12,5 %", "800", False, "900", id="a decimal comma"),
        pytest.param("+6 pt", "0.22", True, "0.28", id="points on a share"),
        pytest.param("+6 points", "0.22", True, "0.28", id="points in full"),
        pytest.param("+50 pt", "-10", False, "40", id="points of a score"),
        pytest.param("x1.15", "0.20", True, "0.23", id="relative, on a share"),
        pytest.param("×2", "100", False, "200", id="twice"),
        pytest.param("+1 200", "100", False, "1300", id="an amount, spaced"),
        pytest.param("+10 %", "-100", False, "-90", id="better than a loss"),
    ],
)
def test_a_change_gives_the_target(
    written: str, baseline: str, rate: bool, target: str
) -> None:
    assert read_change(written, rate=rate).of(Decimal(baseline)) == Decimal(target)


def test_a_bare_percentage_of_a_rate_is_refused_since_it_has_two_readings() -> None:
    with pytest.raises(AmbiguousChangeError):
        read_change("+15 %", rate=True)


@pytest.mark.parametrize("written", ["more", "15", "+", "+ten %", "15 %"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(UnreadableChangeError):
        read_change(written, rate=False)
