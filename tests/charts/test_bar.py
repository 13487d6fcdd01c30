"""The bar of an objective: places are percentages of its width."""

from __future__ import annotations

import re
from decimal import Decimal

from jalon.charts.bar import bar


def place(svg: str, class_: str, attribute: str) -> str | None:
    """Return an attribute of the shape of a class."""
    found = re.search(rf'<rect class="{class_}"[^>]*? {attribute}="([^"]+)"', svg)
    return found and found[1]


def test_half_done_fills_half() -> None:
    svg = bar(Decimal("0.5"), expected=Decimal("0.6"), title="x")

    assert place(svg, "bar-fill", "width") == "50.0%"
    assert place(svg, "bar-today", "x") == "60.0%"
    assert place(svg, "bar-target", "x") is None


def test_past_the_target_the_bar_is_full_and_marks_where_the_target_stood() -> None:
    svg = bar(Decimal("1.25"), expected=Decimal(1), title="x")

    assert place(svg, "bar-fill", "width") == "100.0%"
    assert place(svg, "bar-target", "x") == "80.0%"


def test_going_the_wrong_way_fills_nothing() -> None:
    assert (
        place(bar(Decimal("-1.5"), expected=None, title="x"), "bar-fill", "width")
        is None
    )


def test_without_a_value_there_is_the_track_alone() -> None:
    assert bar(None, expected=None, title="x").count("<rect") == 1


def test_once_the_period_is_over_there_is_no_today() -> None:
    assert (
        place(
            bar(Decimal(1), expected=Decimal(1), title="x", over=True), "bar-today", "x"
        )
        is None
    )


def test_the_title_is_escaped() -> None:
    assert 'aria-label="&lt;b&gt; &amp; &quot;c&quot;"' in bar(
        None, expected=None, title='<b> & "c"'
    )
