"""Two small drawings of a stage: the share that moves on, the days spent there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from jalon.charts.scale import Scale
from jalon.charts.svg import element, polyline

WIDTH, BAR, CURVE = 240, 22, 52
BLUE, GREY, INK = "#3b4fc4", "#e7eaf0", "#101828"


def share_bar(
    share: float, interval: tuple[float, float], before: float | None, *, title: str
) -> str:
    """Return a bar from 0 to 1, its interval as a line, a tick where it was before."""
    across = Scale(0.0, 1.0, 0.0, float(WIDTH))
    low, high = (across.place(end) for end in interval)
    middle = BAR / 2
    tick = ""
    if before is not None:
        place = across.place(before)
        tick = element(
            "line",
            class_="stage-before",
            stroke=INK,
            stroke_width=2,
            x1=place,
            x2=place,
            y1=1,
            y2=BAR - 1,
        )
    return element(
        "svg",
        element("title", escape(title)),
        _block("stage-track", GREY, 0.0, float(WIDTH)),
        _block("stage-fill", BLUE, 0.0, across.place(share)),
        element(
            "line",
            class_="stage-interval",
            stroke=INK,
            stroke_width=2,
            x1=low,
            x2=high,
            y1=middle,
            y2=middle,
        ),
        tick,
        class_="stage-share",
        viewBox=f"0 0 {WIDTH} {BAR}",
        role="img",
        aria_label=title,
    )


def still_there(
    days: Sequence[int],
    still: Sequence[float],
    between: tuple[Sequence[float], Sequence[float]],
    *,
    until: int,
    title: str,
) -> str:
    """Return the share still in the stage, day after day, as a stepped surface.

    Its interval is a band along it: `between` holds its low and its high ends.
    """
    points = _steps(days, still, until)
    low, high = (_steps(days, end, until) for end in between)
    shape = polyline([(0.0, float(CURVE)), *points, (float(WIDTH), float(CURVE))])
    band = polyline([*high, *reversed(low)])
    return element(
        "svg",
        element("title", escape(title)),
        element("path", class_="stage-area", fill="#c9d1f7", d=f"{shape}Z"),
        element("path", class_="stage-band", fill="#a5b0ee", d=f"{band}Z"),
        element(
            "path",
            class_="stage-line",
            fill="none",
            stroke=BLUE,
            stroke_width=2,
            d=polyline(points),
        ),
        class_="stage-curve",
        viewBox=f"0 0 {WIDTH} {CURVE}",
        role="img",
        aria_label=title,
    )


def _steps(
    days: Sequence[int], shares: Sequence[float], until: int
) -> list[tuple[float, float]]:
    """Return the corners of a share that falls in steps, until a day."""
    across = Scale(0.0, float(max(until, 1)), 0.0, float(WIDTH))
    up = Scale(0.0, 1.0, float(CURVE), 2.0)
    points: list[tuple[float, float]] = []
    level = 1.0
    for day, share in zip(days, shares, strict=True):
        if day > until:
            break
        points += [(across.place(day), up.place(level))] if points else []
        points.append((across.place(day), up.place(share)))
        level = share
    return [*points, (float(WIDTH), up.place(level))]


def _block(class_: str, fill: str, left: float, right: float) -> str:
    return element(
        "rect",
        class_=class_,
        fill=fill,
        x=left,
        y=4,
        width=max(right - left, 1.0),
        height=BAR - 8,
        rx=4,
    )
