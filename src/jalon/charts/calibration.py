"""Chances said beside how many came true: on the diagonal, a forecast is honest.

Each point is a group of chances, its size by how many they are; the figures stand in
the table beside it, so that nothing is told by the chart alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from jalon.charts.svg import element, label

LEFT, BOTTOM, TOP, RIGHT = 56, 44, 12, 18
LEAST, MOST = 4.0, 13.0  # radius of a point
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Point:
    """A group: the mean chance said, the share that came true, how many."""

    said: float
    came: float
    count: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The points and the words around them."""

    title: str
    across: str
    up: str
    points: Sequence[Point]
    say: Callable[[float], str]


def calibration(chart: Calibration, *, size: int) -> str:
    """Return the SVG of a square plot, `size` wide."""
    side = size - LEFT - RIGHT
    height = side + TOP + BOTTOM

    def place(said: float, came: float) -> tuple[float, float]:
        return LEFT + said * side, TOP + (1 - came) * side

    grid = "".join(_ticks(chart, place))
    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    diagonal = element(
        "line",
        x1=x0,
        y1=y0,
        x2=x1,
        y2=y1,
        class_="calibration-honest",
        stroke="#566073",
        stroke_width=1.5,
        stroke_dasharray="5 4",
    )
    most = max((one.count for one in chart.points), default=1)
    dots = "".join(
        element(
            "circle",
            element("title", escape(one.text)),
            cx=place(one.said, one.came)[0],
            cy=place(one.said, one.came)[1],
            r=LEAST + (MOST - LEAST) * math.sqrt(one.count / most),
            class_="calibration-dot",
            fill="#3448c5",
            fill_opacity=0.75,
        )
        for one in chart.points
    )
    words = label(
        chart.across,
        x=LEFT + side / 2,
        y=height - 6,
        class_="calibration-word",
        fill="#566073",
        text_anchor="middle",
    ) + label(
        chart.up,
        x=0,
        y=0,
        class_="calibration-word",
        fill="#566073",
        text_anchor="middle",
        transform=f"translate(14 {TOP + side / 2:.0f}) rotate(-90)",
    )
    return element(
        "svg",
        element("title", escape(chart.title)),
        grid,
        diagonal,
        dots,
        words,
        class_="calibration",
        viewBox=f"0 0 {size} {height}",
        role="img",
        aria_label=chart.title,
    )


def _ticks(
    chart: Calibration, place: Callable[[float, float], tuple[float, float]]
) -> Sequence[str]:
    found = []
    for tick in TICKS:
        (left, y), (right, _) = place(0, tick), place(1, tick)
        found.append(
            element(
                "line",
                x1=left,
                y1=y,
                x2=right,
                y2=y,
                class_="calibration-grid",
                stroke="#e4e7ec",
            )
        )
        found.append(
            label(
                chart.say(tick),
                x=left - 8,
                y=y + 4,
                class_="calibration-word",
                fill="#566073",
                text_anchor="end",
            )
        )
        x, bottom = place(tick, 0)
        found.append(
            label(
                chart.say(tick),
                x=x,
                y=bottom + 18,
                class_="calibration-word",
                fill="#566073",
                text_anchor="middle",
            )
        )
    return found
