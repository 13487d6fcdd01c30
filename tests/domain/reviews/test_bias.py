"""How far our own targets were from what came, by hand."""

from __future__ import annotations

import pytest

from jalon.domain.reviews.bias import Past, bias


def test_the_last_four_revenue_targets_were_eleven_percent_too_high() -> None:
    past = [Past(500, 700), *(Past(111, 100) for _ in range(4))]

    found = bias(past, flow=True)

    assert found is not None
    assert found.number == 4
    assert found.off == pytest.approx(0.11)
    assert found.relative
    assert found.ambitious
    assert found.reached == 0


def test_a_rate_is_off_by_points() -> None:
    found = bias([Past(0.30, 0.25), Past(0.28, 0.27)], flow=False)

    assert found is not None
    assert not found.relative
    assert found.off == pytest.approx(0.03)


def test_a_cycle_asked_too_short_is_ambitious() -> None:
    found = bias([Past(40, 50), Past(45, 45)], flow=False, down=True)

    assert found is not None
    assert found.off < 0
    assert found.ambitious
    assert found.reached == 1


def test_one_target_is_no_habit() -> None:
    assert bias([Past(100, 90)], flow=True) is None


def test_targets_within_three_percent_are_told_as_right() -> None:
    found = bias([Past(102, 100), Past(101, 100)], flow=True)

    assert found is not None
    assert found.slight
