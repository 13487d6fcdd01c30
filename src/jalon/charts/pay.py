"""How pay is spread, and pay against attainment: bars of people, points of shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jalon.charts.scale import ticks
from jalon.charts.svg import element, label

WIDTH, HEIGHT = 420, 220
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 14, 34
INK, SOFT, LINE = "#3b4fc4", "#566073", "#d5dae3"
TICKS = 4


def histogram(
    bins: Sequence[tuple[str, int]], *, ends: tuple[str, str], title: str
) -> str:
    """Return bars: what each says, and how many are in it; `ends` are the axis's."""
    most = max((count for _, count in bins), default=0) or 1
    wide = (WIDTH - LEFT - RIGHT) / max(len(bins), 1)
    tall = HEIGHT - TOP - BOTTOM
    shapes = [_axis()]
    for rank, (said, count) in enumerate(bins):
        high = tall * count / most
        x, y = LEFT + rank * wide, TOP + tall - high
        shapes.append(
            element(
                "rect",
                element("title", _text(said)),
                class_="bar-fill",
                fill=INK,
                x=x + 2,
                y=y,
                width=wide - 4,
                height=high,
                rx=2,
            )
        )
        if count:
            shapes.append(
                _said(str(count), x=x + wide / 2, y=max(y - 4, 10), anchor="middle")
            )
    shapes.append(_said(ends[0], x=LEFT, y=HEIGHT - 14, anchor="start"))
    shapes.append(_said(ends[1], x=WIDTH - RIGHT, y=HEIGHT - 14, anchor="end"))
    return _drawing(shapes, title)


def scatter(
    points: Sequence[tuple[str, float, float]],
    *,
    title: str,
    x: str,
    y: str,
    say: Callable[[float], str] = "{:.0%}".format,
) -> str:
    """Return a point a person: their name, attainment and pay, 1 at the target.

    `say` writes a share as people read it.
    """
    most = max([1.0, *(value for _, a, b in points for value in (a, b))]) * 1.08
    shapes = [_axis()]
    for share in ticks(0, most, count=TICKS)[1:]:
        if share > most:
            break
        shapes.append(_said(say(share), x=LEFT - 5, y=_y(share, most) + 4))
        shapes.append(_said(say(share), x=_x(share, most), y=HEIGHT - 18, anchor="end"))
    shapes.append(
        element(
            "line",
            class_="target-line",
            stroke=SOFT,
            stroke_dasharray="3 4",
            x1=_x(0, most),
            y1=_y(0, most),
            x2=_x(most, most),
            y2=_y(most, most),
        )
    )
    shapes += [
        element(
            "circle",
            element("title", _text(f"{name}: {say(a)}, {say(b)}")),
            class_="bar-fill",
            fill=INK,
            fill_opacity="0.8",
            cx=_x(max(a, 0), most),
            cy=_y(max(b, 0), most),
            r=4.5,
        )
        for name, a, b in points
    ]
    shapes.append(_said(x, x=WIDTH - RIGHT, y=HEIGHT - 4, anchor="end"))
    shapes.append(_said(y, x=LEFT + 4, y=TOP - 2, anchor="start"))
    return _drawing(shapes, title)


def _x(value: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * value / most


def _y(value: float, most: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most)


def _axis() -> str:
    floor = HEIGHT - BOTTOM
    return element(
        "line",
        class_="axis",
        stroke=LINE,
        x1=LEFT,
        y1=floor,
        x2=WIDTH - RIGHT,
        y2=floor,
    )


def _said(text: str, *, x: float, y: float, anchor: str = "end") -> str:
    return label(
        text,
        x=x,
        y=y,
        class_="pay-word",
        fill=SOFT,
        font_size="11",
        text_anchor=anchor,
    )


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _drawing(shapes: Sequence[str], title: str) -> str:
    return element(
        "svg",
        *shapes,
        class_="chart",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width="100%",
        role="img",
        aria_label=title,
    )
