"""A waterfall laid flat: from one total to another, each part where it begins and ends.

Rows read from top to bottom on a phone as on a desk; gains go right, losses left. The
figure of each row is written at its end, with its sign; the last row is what the parts
make of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from jalon.charts.scale import Scale
from jalon.charts.svg import element, label

ROW, BAR, TOP = 38, 18, 6
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody adds to the gap; below 0, what they take from it."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """From `start`, through the parts, to `end`; texts in the reader's language."""

    title: str
    description: str
    start: Part
    parts: Sequence[Part]
    end: Part
    say: Callable[[Decimal], str]
    say_signed: Callable[[Decimal], str]


def waterfall(chart: Waterfall, *, width: int, names: int, figures: int) -> str:
    """Return the SVG; `names` and `figures` are the room of the texts on both sides."""
    levels = [chart.start.amount]
    for part in chart.parts:
        levels.append(levels[-1] + part.amount)
    low, high = _bounds([*levels, chart.end.amount])
    across = Scale(low, high, names + 6.0, width - figures - 6.0)
    frame = _Frame(chart, across, float(width))
    floor, last = _floor(low), len(chart.parts) + 1
    rows = [
        _row(frame, 0, chart.start, (floor, chart.start.amount), "total"),
        *(
            _row(
                frame,
                rank + 1,
                part,
                (levels[rank], levels[rank + 1]),
                "gain" if part.amount >= 0 else "loss",
            )
            for rank, part in enumerate(chart.parts)
        ),
        _row(frame, last, chart.end, (floor, chart.end.amount), "total"),
    ]
    height = TOP + ROW * (len(chart.parts) + 2)
    return element(
        "svg",
        element("title", escape(chart.title)),
        element("desc", escape(chart.description)),
        *rows,
        class_="waterfall",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=chart.title,
    )


def _bounds(levels: Sequence[Decimal]) -> tuple[float, float]:
    """Return the ends of the axis; far from zero it is cut, so that parts are seen."""
    low, high = float(min(levels)), float(max(levels))
    reach = (high - low) or abs(high) or 1.0
    low = low - 0.6 * reach if low - 0.6 * reach > 0 else min(low, 0.0)
    return low, high


def _floor(low: float) -> Decimal:
    return Decimal(str(low))


@dataclass(frozen=True, slots=True)
class _Frame:
    chart: Waterfall
    across: Scale
    width: float


def _row(
    frame: _Frame, rank: int, part: Part, ends: tuple[Decimal, Decimal], kind: str
) -> str:
    y = TOP + rank * ROW
    left, right = sorted(frame.across.place(end) for end in ends)
    chart = frame.chart
    colours = {"total": "#566073", "gain": "#0b6b5d", "loss": "#b3261e"}
    said = chart.say if kind == "total" else chart.say_signed
    return "".join(
        (
            label(
                part.name,
                x=0,
                y=y + 20,
                class_=f"fall-name fall-{kind}",
                fill="#101828",
            ),
            element(
                "rect",
                class_=f"fall-bar fall-bar-{kind}",
                fill=colours[kind],
                x=left,
                y=y + (ROW - BAR) / 2 - 4,
                width=max(right - left, 2.0),
                height=BAR,
                rx=4,
            ),
            label(
                said(part.amount),
                x=frame.width,
                y=y + 20,
                class_=f"fall-figure fall-text-{kind}",
                fill=colours[kind],
                text_anchor="end",
            ),
        )
    )
