"""Progress of one objective: how far, and a tick where it should be today.

The bar runs from the start (0, or the baseline) to the target; past the target it grows
and a mark shows where the target stood. Places are percentages, so it fits any width.
"""

from __future__ import annotations

from decimal import Decimal

from jalon.charts.svg import element

HEIGHT = 22
THICK, MIDDLE = 7, 11
LEAST = Decimal("0.004")


def bar(
    progress: Decimal | None,
    *,
    expected: Decimal | None,
    title: str,
    over: bool = False,
) -> str:
    """Return the SVG of a bar.

    Args:
        progress: Share of the way done, 1 at the target; None where there is no value.
        expected: Share of the way that should be done today; None draws no tick.
        title: What the picture says, in words.
        over: Whether the period is over, so that the tick is the target itself.
    """
    end = max(Decimal(1), progress or Decimal(0), expected or Decimal(0))
    done = max(progress or Decimal(0), Decimal(0)) / end
    shapes = [_strip("bar-track", "#e7eaf0", Decimal(1))]
    if done > LEAST:
        shapes.append(_strip("bar-fill", "#3b4fc4", done))
    if end > 1:
        shapes.append(_tick("bar-target", "#566073", 1 / end, height=13))
    if expected is not None and not over:
        share = max(expected, Decimal(0)) / end
        shapes.append(_tick("bar-today", "#101828", share, height=HEIGHT))
    return element(
        "svg",
        *shapes,
        class_="bar",
        width="100%",
        height=HEIGHT,
        role="img",
        aria_label=title,
    )


def _strip(class_: str, colour: str, share: Decimal) -> str:
    return element(
        "rect",
        class_=class_,
        fill=colour,
        x="0",
        y=MIDDLE - THICK / 2,
        width=_percent(share),
        height=THICK,
        rx=THICK / 2,
    )


def _tick(class_: str, colour: str, share: Decimal, *, height: int) -> str:
    inside = min(max(share, Decimal("0.004")), Decimal("0.996"))
    return element(
        "rect",
        class_=class_,
        fill=colour,
        x=_percent(inside),
        y=MIDDLE - height / 2,
        width=3,
        height=height,
        rx=1.5,
        transform="translate(-1.5 0)",
    )


def _percent(share: Decimal) -> str:
    return f"{float(share) * 100:.1f}%"
