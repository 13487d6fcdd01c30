"""The path chart: what is drawn, and that it says it in words too."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.charts.path import PathChart, Words, narrow, path_chart
from jalon.charts.scale import Scale, month_starts, round_step, spread, ticks

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)
WORDS = Words(
    title="Revenue, 40 % of the target",
    actual="Actual",
    expected="Expected",
    target="Target",
    minimum="Minimum",
    excellent="Excellent",
    today="today",
)
CHART = PathChart(
    first=FIRST,
    last=LAST,
    today=datetime.date(2026, 2, 15),
    actual=((FIRST, Decimal(0)), (datetime.date(2026, 2, 15), Decimal(40))),
    expected=(
        (FIRST, Decimal(0)),
        (datetime.date(2026, 2, 15), Decimal(50)),
        (LAST, Decimal(100)),
    ),
    words=WORDS,
    say=str,
    say_day=str,
    targets=((FIRST, Decimal(120)), (datetime.date(2026, 2, 1), Decimal(100))),
    minimum=Decimal(80),
    excellent=Decimal(130),
    status="off_track",
)


@pytest.mark.parametrize("width", [350, 760])
def test_it_is_well_formed_and_says_what_it_shows(width: int) -> None:
    tree = ElementTree.fromstring(path_chart(CHART, width=width))  # noqa: S314 - ours

    assert tree.get("role") == "img"
    assert tree.get("aria-label") == WORDS.title


def test_it_carries_no_inline_style() -> None:
    assert "style=" not in path_chart(CHART)


def test_every_stroke_has_an_attribute_beside_its_class() -> None:
    for shape in re.findall(r"<(?:line|path|rect|circle)[^>]*>", path_chart(CHART)):
        assert 'class="' in shape
        assert 'stroke="' in shape or 'fill="' in shape


def test_the_gap_of_the_day_is_drawn_in_the_colour_of_its_state() -> None:
    assert 'class="gap-off_track"' in path_chart(CHART)


def test_a_target_given_up_is_a_step_before_the_one_in_force() -> None:
    line = re.search(r'class="target-line" d="([^"]+)"', path_chart(CHART))
    assert line
    heights = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", line[1])]

    assert len(heights) == 4
    assert heights[0] == heights[1] < heights[2] == heights[3]  # 120 stands above 100


def test_without_a_fact_there_is_no_line_and_no_fault() -> None:
    svg = path_chart(
        replace(CHART, actual=(), expected=(), targets=(), minimum=None, excellent=None)
    )

    assert 'class="actual"' not in svg


def test_once_ended_there_is_no_today() -> None:
    assert "today-word" not in path_chart(
        replace(CHART, today=datetime.date(2026, 5, 1))
    )


def test_on_a_phone_the_last_point_is_kept() -> None:
    many = tuple((FIRST + datetime.timedelta(days=d), Decimal(d)) for d in range(80))

    kept = narrow(replace(CHART, actual=many)).actual

    assert kept[-1] == many[-1]
    assert len(kept) <= 14


def test_words_are_escaped() -> None:
    svg = path_chart(
        replace(CHART, words=replace(WORDS, title="<script>", target="a < b"))
    )

    assert "<script>" not in svg
    assert "a &lt; b" in svg


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        pytest.param(0, 100, (0, 25, 50, 75, 100), id="a hundred"),
        pytest.param(0, 45000, (0, 20000, 40000, 60000), id="thousands"),
        pytest.param(0, 0, (0, 0.25), id="nothing"),
        pytest.param(0.21, 0.29, (0.2, 0.22, 0.24, 0.26, 0.28, 0.3), id="a rate"),
        pytest.param(-30, 50, (-40, -20, 0, 20, 40, 60), id="below zero"),
    ],
)
def test_an_axis_has_round_numbers(
    low: float, high: float, expected: tuple[float, ...]
) -> None:
    assert ticks(low, high) == pytest.approx(expected)


@given(st.decimals(-(10**9), 10**9, places=4), st.decimals(0, 10**9, places=4))
def test_an_axis_holds_its_ends(lowest: Decimal, length: Decimal) -> None:
    low, size = float(lowest), float(length)
    found = ticks(low, low + size)

    slack = 1e-6 * max(1.0, abs(low), size)
    assert found[0] <= low + slack
    assert found[-1] >= low + size - slack
    assert len(found) <= 9


@pytest.mark.parametrize(
    ("wanted", "step"), [(1, 1), (1.1, 2), (2.2, 2.5), (3, 5), (7, 10), (0.03, 0.05)]
)
def test_a_step_is_a_round_number_at_least_as_large(wanted: float, step: float) -> None:
    assert round_step(wanted) == pytest.approx(step)


def test_labels_are_pushed_apart_in_their_order() -> None:
    assert spread([10.0, 12.0, 50.0], least=15.0) == [10.0, 25.0, 50.0]


def test_months_are_thinned() -> None:
    year = month_starts(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31), most=4)

    assert [day.month for day in year] == [1, 4, 7, 10]


def test_a_scale_goes_both_ways() -> None:
    assert Scale(0, 10, 300, 20).place(5) == 160
    assert Scale(3, 3, 0, 10).place(3) == 0


def test_the_landing_is_a_fan_from_the_last_value_to_the_end() -> None:
    """Its three corners: the value of today, then P10 and P90 on the last day."""
    fan = replace(CHART, landing=(Decimal(70), Decimal(90), Decimal(130)))
    drawn = path_chart(fan)
    corners = re.search(r'class="fan" d="M([^"]+)Z"', drawn)
    assert corners is not None
    places = [
        tuple(float(one) for one in pair.split()[:2])
        for pair in corners[1].replace(",", " ").split("L")
    ]
    dot = re.findall(r'class="dot" cx="([\d.]+)" cy="([\d.]+)"', drawn)[-1]
    assert places[0] == tuple(float(one) for one in dot)
    assert places[1][0] == places[2][0] > places[0][0]
    assert places[1][1] > places[2][1]  # downwards: P10 lies under P90
    assert 'class="fan"' not in path_chart(CHART)


def test_a_share_near_nought_shows_nothing_below_it() -> None:
    level = replace(CHART, from_zero=False)
    assert ">-" not in path_chart(level)
