"""A heat map: one row a person, one column a week, the figure written in each square.

Colour never speaks alone: every square carries its figure. Five levels, from well
behind to well ahead; a square without a figure stays empty. Drawn at its natural size,
so that text is never scaled; the page scrolls it where it is wider than the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from jalon.charts.svg import element, label

LEVELS = (
    (Decimal("0.75"), "far-behind", "#f6b8b2"),
    (Decimal("0.9"), "behind", "#fde7e5"),
    (Decimal(1), "nearly", "#fdf0d9"),
    (Decimal("1.1"), "there", "#dff5ef"),
)
BEST = ("ahead", "#8fdcc6")
COLOURS = {name: colour for _, name, colour in LEVELS} | dict([BEST])
NAMES = 158
SQUARE, TALL, SPACE, TOP = 54, 32, 4, 26
LETTER = 7.2


@dataclass(frozen=True, slots=True)
class Square:
    """One figure: its share of what was expected (1 is on the path), and its text."""

    share: Decimal | None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Rows of squares under named columns; every text is in the reader's language."""

    title: str
    description: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Square]]]


def level(share: Decimal | None) -> str:
    """Return the name of the level of a share, "none" where there is no figure."""
    if share is None:
        return "none"
    return next((name for below, name, _ in LEVELS if share < below), BEST[0])


def heat_map(chart: HeatMap) -> str:
    """Return the SVG."""
    width = NAMES + len(chart.columns) * (SQUARE + SPACE)
    height = TOP + len(chart.rows) * (TALL + SPACE)
    inside = [
        element("title", escape(chart.title)),
        element("desc", escape(chart.description)),
        *(_column(rank, name) for rank, name in enumerate(chart.columns)),
    ]
    for rank, (name, squares) in enumerate(chart.rows):
        y = TOP + rank * (TALL + SPACE)
        inside.append(
            label(
                _short(name),
                x=0,
                y=y + TALL / 2 + 5,
                class_="heat-name",
                fill="#101828",
            )
        )
        inside += [_square(at, y, square) for at, square in enumerate(squares)]
    return element(
        "svg",
        *inside,
        class_="heat",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=chart.title,
    )


def _column(rank: int, name: str) -> str:
    return label(
        name,
        x=NAMES + rank * (SQUARE + SPACE) + SQUARE / 2,
        y=14,
        class_="axis",
        fill="#566073",
        text_anchor="middle",
    )


def _square(rank: int, y: float, square: Square) -> str:
    x = NAMES + rank * (SQUARE + SPACE)
    name = level(square.share)
    box = element(
        "rect",
        class_=f"heat-{name}",
        fill=COLOURS.get(name, "#f2f4f7"),
        x=x,
        y=y,
        width=SQUARE,
        height=TALL,
        rx=6,
    )
    if not square.said:
        return box
    return box + label(
        square.said,
        x=x + SQUARE / 2,
        y=y + TALL / 2 + 4,
        class_="heat-figure",
        fill="#101828",
        text_anchor="middle",
    )


def _short(name: str) -> str:
    most = int(NAMES / LETTER)
    return name if len(name) <= most else f"{name[: most - 1]}…"
