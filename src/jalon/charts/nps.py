"""An NPS as a line: the interval, the value on it, zero marked; −100 to 100."""

from __future__ import annotations

from decimal import Decimal

from jalon.charts.scale import Scale
from jalon.charts.svg import element
from jalon.domain.feedback.surveys import INTERVAL_UNDER

WIDTH, HEIGHT = 220, 18
MIDDLE = HEIGHT / 2
INK, FAINT = "#3b4fc4", "#98a1b3"


def nps_line(value: Decimal, margin: Decimal, answers: int, *, words: str) -> str:
    """Return the drawing; the value's dot is left out where answers are too few."""
    scale = Scale(-100, 100, 6, WIDTH - 6)
    low = scale.place(max(value - margin, Decimal(-100)))
    high = scale.place(min(value + margin, Decimal(100)))
    zero = scale.place(0)
    parts = [
        element(
            "line",
            class_="nps-track",
            x1=scale.start,
            x2=scale.end,
            y1=MIDDLE,
            y2=MIDDLE,
            stroke=FAINT,
            stroke_width=1,
        ),
        element(
            "line",
            class_="nps-zero",
            x1=zero,
            x2=zero,
            y1=3.0,
            y2=HEIGHT - 3.0,
            stroke=FAINT,
            stroke_width=1,
        ),
        element(
            "line",
            class_="nps-interval",
            x1=low,
            x2=max(high, low + 1),
            y1=MIDDLE,
            y2=MIDDLE,
            stroke=INK,
            stroke_width=5,
            stroke_opacity=0.35,
            stroke_linecap="round",
        ),
    ]
    if answers >= INTERVAL_UNDER:
        place = scale.place(value)
        parts.append(
            element("circle", class_="nps-dot", cx=place, cy=MIDDLE, r=4, fill=INK)
        )
    return element(
        "svg",
        *parts,
        class_="nps-line",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_label=words,
    )
