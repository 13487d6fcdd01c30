"""What was usually done, as a strip: quartile band, best, baseline, and the target.

Values lie on one scale from the least to the greatest of them; places are percentages,
so it fits any width. Each mark also has its word in the table beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jalon.charts.svg import element

HEIGHT, MIDDLE, THICK = 34, 17, 10
EDGE = Decimal("0.03")


@dataclass(frozen=True, slots=True)
class Usual:
    """The values to place; None draws nothing."""

    low: Decimal
    high: Decimal
    middle: Decimal
    best: Decimal
    baseline: Decimal | None
    target: Decimal | None


def usual_strip(usual: Usual, *, title: str) -> str:
    """Return the SVG of a strip; `title` says it in words."""
    values = [usual.low, usual.high, usual.middle, usual.best]
    values += [v for v in (usual.baseline, usual.target) if v is not None]
    least, most = min(values), max(values)
    span = (most - least) or Decimal(1)

    def place(value: Decimal) -> Decimal:
        return EDGE + (value - least) / span * (1 - 2 * EDGE)

    left, right = sorted((place(usual.low), place(usual.high)))
    shapes = [
        _strip("bar-track", "#e7eaf0", Decimal(0), Decimal(1)),
        _strip("usual-band", "#c9d1f7", left, right),
        _mark("usual-middle", "#3b4fc4", place(usual.middle), THICK),
        _mark("usual-best", "#566073", place(usual.best), THICK + 6),
    ]
    if usual.baseline is not None:
        shapes.append(_dot("usual-baseline", "#566073", place(usual.baseline)))
    if usual.target is not None:
        shapes.append(_mark("bar-today", "#101828", place(usual.target), HEIGHT))
    return element(
        "svg",
        *shapes,
        class_="bar",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_label=title,
    )


def _strip(class_: str, colour: str, left: Decimal, right: Decimal) -> str:
    return element(
        "rect",
        class_=class_,
        fill=colour,
        x=_percent(left),
        y=MIDDLE - THICK / 2,
        width=_percent(right - left),
        height=THICK,
        rx=THICK / 2,
    )


def _mark(class_: str, colour: str, place: Decimal, height: int) -> str:
    return element(
        "rect",
        class_=class_,
        fill=colour,
        x=_percent(place),
        y=MIDDLE - height / 2,
        width=3,
        height=height,
        rx=1.5,
        transform="translate(-1.5 0)",
    )


def _dot(class_: str, colour: str, place: Decimal) -> str:
    return element(
        "circle", class_=class_, fill=colour, cx=_percent(place), cy=MIDDLE, r=5
    )


def _percent(share: Decimal) -> str:
    return f"{float(share) * 100:.1f}%"
